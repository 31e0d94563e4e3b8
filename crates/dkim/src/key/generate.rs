//! New RSA keys, by the crate `rsa`: `ring` makes none.

use core::fmt;

use rsa::pkcs8::EncodePrivateKey as _;
use rsa::rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use super::PrivateKey;
use super::private::{PrivateKeyError, pem};

/// Sizes that sign here and that receivers verify: RFC 8301 3.2 wants 2048 bits at least, and `ring` signs with 4096 at most.
const SIZES: [u32; 3] = [2048, 3072, 4096];

impl PrivateKey {
    /// A new RSA key of 2048, 3072 or 4096 bits in PKCS#8, as PEM text for [`PrivateKey::from_pem`].
    ///
    /// `fill` fills a slice with random octets that nobody can guess, those of the operating system say. It is asked for some
    /// tens of kilobytes. A record of more than 2048 bits takes more than one string of DNS and, from some 4096 on, no longer fits
    /// the answers that every resolver takes by UDP.
    ///
    /// # Errors
    /// [`PrivateKeyError::Rsa`] for another size, [`PrivateKeyError::Library`] where `fill` fails.
    pub fn generate_rsa_pem<E>(
        bits: u32,
        fill: impl FnMut(&mut [u8]) -> Result<(), E>,
    ) -> Result<Zeroizing<String>, PrivateKeyError> {
        let size = usize::try_from(bits).ok().filter(|_| SIZES.contains(&bits));
        let size = size.ok_or(PrivateKeyError::Rsa { bits })?;
        let key = rsa::PrivateKey::new(&mut Random(fill), size).map_err(|_| PrivateKeyError::Library)?;
        let octets = key.to_pkcs8_der().map_err(|_| PrivateKeyError::Library)?;
        Ok(pem(octets.as_bytes()))
    }
}

/// The caller's random octets as `rsa` wants them.
struct Random<F>(F);

/// The caller has none.
#[derive(Debug)]
struct NoRandom;

impl<E, F: FnMut(&mut [u8]) -> Result<(), E>> TryRng for Random<F> {
    type Error = NoRandom;

    fn try_next_u32(&mut self) -> Result<u32, NoRandom> {
        let mut octets = [0; 4];
        self.try_fill_bytes(&mut octets)?;
        Ok(u32::from_le_bytes(octets))
    }

    fn try_next_u64(&mut self) -> Result<u64, NoRandom> {
        let mut octets = [0; 8];
        self.try_fill_bytes(&mut octets)?;
        Ok(u64::from_le_bytes(octets))
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), NoRandom> {
        (self.0)(octets).map_err(|_| NoRandom)
    }
}

impl<E, F: FnMut(&mut [u8]) -> Result<(), E>> TryCryptoRng for Random<F> {}

impl fmt::Display for NoRandom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no random octets")
    }
}

impl std::error::Error for NoRandom {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{Backend, Crypto};

    /// Octets of the system.
    fn system(octets: &mut [u8]) -> Result<(), ()> {
        for chunk in octets.chunks_mut(32) {
            let random = Crypto::random().ok_or(())?;
            chunk.iter_mut().zip(random).for_each(|(to, from)| *to = from);
        }
        Ok(())
    }

    #[test]
    fn new_keys_sign() {
        let pem = PrivateKey::generate_rsa_pem(2048, system).unwrap();
        let key = PrivateKey::from_pem(&pem).unwrap();
        assert_eq!(key.public_key().bits(), 2048);
        let message = b"From: a@example.org\r\n\r\n";
        assert!(crate::Signer::new("example.org", "s", key).unwrap().sign(message, 0).is_ok());
    }

    #[test]
    fn what_makes_no_key() {
        for bits in [0, 512, 1024, 2047, 8192, u32::MAX] {
            let error = PrivateKey::generate_rsa_pem(bits, system).unwrap_err();
            assert_eq!(error, PrivateKeyError::Rsa { bits });
        }
        let error = PrivateKey::generate_rsa_pem(2048, |_| Err("none")).unwrap_err();
        assert_eq!(error, PrivateKeyError::Library);
    }
}
