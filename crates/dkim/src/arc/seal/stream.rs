//! Sealing a message that arrives in chunks, in memory for its header only.

use super::{ArcSet, SealError, Sealer};
use crate::arc::chain::Chain;
use crate::arc::findings::Findings;
use crate::canon::Canonicalization;
use crate::sign::stream::Pass;

/// Takes a message as it leaves, in chunks of any size; the set is that of the whole message.
///
/// The header is held ([`Limits::HEADER_BYTES`](crate::Limits::HEADER_BYTES) at most), the body is not.
///
/// ```
/// use mailwright_dkim::arc::{self, Findings, Sealer};
/// use mailwright_dkim::{Policy, key::PrivateKey};
/// # let zone = mailwright_dns::Zone::new();
/// let (message, now) = (b"From: a@example.net\r\n\r\nhello\r\n", 1_700_000_000);
/// let sealer = Sealer::new("lists.example.org", "arc", PrivateKey::ed25519(&[7; 32])?)?;
/// let chain = arc::verify(message, &zone, &Policy::default(), now);
/// let findings = Findings::of_message(message, "mx.example.org")?;
///
/// let mut stream = sealer.stream();
/// message.chunks(5).for_each(|chunk| stream.write(chunk));
/// assert_eq!(stream.finish(&chain, &findings, now)?, sealer.seal(message, &chain, &findings, now)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SealStream<'s> {
    sealer: &'s Sealer,
    pass: Pass,
}

impl<'s> SealStream<'s> {
    pub(super) fn new(sealer: &'s Sealer) -> Self {
        let mut pass = Pass::new(sealer.line_ends);
        pass.want(Canonicalization::Relaxed);
        Self { sealer, pass }
    }

    /// Takes the next octets of the message.
    pub fn write(&mut self, chunk: &[u8]) {
        self.pass.write(chunk);
    }

    /// At the end of the message.
    ///
    /// # Errors
    /// As [`Sealer::seal`].
    pub fn finish(self, chain: &Chain, findings: &Findings, now: u64) -> Result<Option<ArcSet>, SealError> {
        let (header, hashed) = self.pass.finish();
        let body = Pass::whole(&hashed, Canonicalization::Relaxed)?;
        self.sealer.set(&header, body.digest, chain, findings, now)
    }
}
