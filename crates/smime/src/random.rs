//! Random octets, from the caller.

use std::fmt;

use ring::rand::SecureRandom as _;

/// Where random octets come from: content keys, vectors, ephemeral keys. They must be such as no one can foretell.
pub trait Random {
    /// Fills `octets`.
    ///
    /// # Errors
    ///
    /// [`NoRandom`]: there are none to be had.
    fn fill(&mut self, octets: &mut [u8]) -> Result<(), NoRandom>;
}

/// There are no random octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRandom;

impl fmt::Display for NoRandom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no random octets are to be had")
    }
}

impl std::error::Error for NoRandom {}

/// The random octets of the operating system.
#[derive(Clone, Debug)]
pub struct SystemRandom(ring::rand::SystemRandom);

impl SystemRandom {
    /// Those of the operating system.
    #[must_use]
    pub fn new() -> Self {
        Self(ring::rand::SystemRandom::new())
    }
}

impl Default for SystemRandom {
    fn default() -> Self {
        Self::new()
    }
}

impl Random for SystemRandom {
    fn fill(&mut self, octets: &mut [u8]) -> Result<(), NoRandom> {
        self.0.fill(octets).map_err(|_| NoRandom)
    }
}

/// The same for the crates of RustCrypto.
pub(crate) struct Rng<'r>(pub(crate) &'r mut dyn Random);

impl rsa::rand_core::TryRng for Rng<'_> {
    type Error = NoRandom;

    fn try_next_u32(&mut self) -> Result<u32, NoRandom> {
        let mut octets = [0; 4];
        self.0.fill(&mut octets).map(|()| u32::from_le_bytes(octets))
    }

    fn try_next_u64(&mut self) -> Result<u64, NoRandom> {
        let mut octets = [0; 8];
        self.0.fill(&mut octets).map(|()| u64::from_le_bytes(octets))
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), NoRandom> {
        self.0.fill(octets)
    }
}

impl rsa::rand_core::TryCryptoRng for Rng<'_> {}
