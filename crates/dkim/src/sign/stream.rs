//! Signing a message that arrives in chunks, in memory for its header only.

use std::mem;

use super::{SignError, SignErrorKind, SignatureField, Signer};
use crate::algorithm::HashAlgorithm;
use crate::body_hash::{BodyHashes, Wanted};
use crate::header::{self, Header};
use crate::line_ends::Normalizer;
use crate::policy::LineEnds;

/// Signs a message in chunks of any size, with any number of keys; the fields are those of the whole message.
///
/// The header is held ([`Limits::HEADER_BYTES`](crate::Limits::HEADER_BYTES) at most), the body is not. Signers that treat
/// [line breaks](Signer::line_ends) differently share no pass.
///
/// ```
/// use mailwright_dkim::{Signer, key::PrivateKey, sign::SignStream};
/// let signer = Signer::new("example.org", "may", PrivateKey::ed25519(&[7; 32])?)?;
/// let mut stream = SignStream::new(core::slice::from_ref(&signer), 1_700_000_000);
/// for chunk in [&b"From: ann@example.org\r\n\r"[..], b"\nLun", b"ch?\r\n"] {
///     stream.write(chunk);
/// }
/// let whole = signer.sign(b"From: ann@example.org\r\n\r\nLunch?\r\n", 1_700_000_000)?;
/// assert_eq!(stream.finish()?, [whole]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SignStream<'s> {
    signers: &'s [Signer],
    now: u64,
    as_is: Pass,
    normalized: Pass,
    normalizer: Normalizer,
}

/// One view of the message, by line breaks.
struct Pass {
    used: bool,
    head: Vec<u8>,
    in_body: bool,
    hashes: BodyHashes,
}

impl<'s> SignStream<'s> {
    /// Before the first octet; `now` is in seconds since 1970.
    #[must_use]
    pub fn new(signers: &'s [Signer], now: u64) -> Self {
        let mut as_is = Pass::new();
        let mut normalized = Pass::new();
        for signer in signers {
            let pass = match signer.line_ends {
                LineEnds::AsIs => &mut as_is,
                LineEnds::Normalize => &mut normalized,
            };
            pass.want(signer);
        }
        Self { signers, now, as_is, normalized, normalizer: Normalizer::default() }
    }

    /// Takes the next octets of the message.
    pub fn write(&mut self, chunk: &[u8]) {
        self.as_is.write(chunk);
        if self.normalized.used {
            self.normalizer.write(chunk, &mut |run| self.normalized.write(run));
        }
    }

    /// At the end of the message: one field for each signer, in their order.
    ///
    /// # Errors
    /// As [`Signer::sign`]; all or nothing.
    pub fn finish(mut self) -> Result<Vec<SignatureField>, SignError> {
        if self.normalized.used {
            mem::take(&mut self.normalizer).finish(&mut |run| self.normalized.write(run));
        }
        let as_is = self.as_is.finish();
        let normalized = self.normalized.finish();
        let sign = |signer: &Signer| {
            let (header, hashed) = match signer.line_ends {
                LineEnds::AsIs => &as_is,
                LineEnds::Normalize => &normalized,
            };
            check(header)?;
            let (digest, total) = hashed.get(signer.wanted()).unwrap_or((None, 0));
            let digest = digest.ok_or_else(|| SignError::new(SignErrorKind::Key, "no body hash"))?;
            signer.field(header, digest, total, self.now)
        };
        self.signers.iter().map(sign).collect()
    }
}

impl Signer {
    fn wanted(&self) -> Wanted {
        Wanted::whole(self.canonicalization.body, HashAlgorithm::Sha256)
    }
}

impl Pass {
    fn new() -> Self {
        Self { used: false, head: Vec::new(), in_body: false, hashes: BodyHashes::default() }
    }

    fn want(&mut self, signer: &Signer) {
        self.used = true;
        self.hashes.want(signer.canonicalization.body, HashAlgorithm::Sha256, None);
    }

    fn write(&mut self, chunk: &[u8]) {
        if !self.used {
            return;
        }
        if self.in_body {
            self.hashes.write(chunk);
            return;
        }
        // As in Verifier: the empty line may have begun in the last chunk, and one octet beyond the limit tells enough.
        let before = self.head.len();
        let room = Signer::HEADER_BYTES.saturating_add(1).saturating_sub(before);
        self.head.extend_from_slice(chunk.get(..room).unwrap_or(chunk));
        let end = header::body_start(&self.head, before.saturating_sub(2));
        if end.is_none() && self.head.len() <= Signer::HEADER_BYTES {
            return;
        }
        let end = end.unwrap_or(self.head.len());
        self.head.truncate(end);
        self.in_body = true;
        self.hashes.write(chunk.get(end.saturating_sub(before)..).unwrap_or_default());
    }

    fn finish(self) -> (Header<'static>, crate::body_hash::Hashed) {
        (Header::new(self.head.into(), Signer::HEADER_BYTES), self.hashes.finish())
    }
}

/// What a message must have to be signed.
fn check(header: &Header<'_>) -> Result<(), SignError> {
    if header.cut {
        return Err(SignError::new(SignErrorKind::HeaderTooLong, ""));
    }
    match header.named("From").take(2).count() {
        0 => Err(SignError::new(SignErrorKind::NoFrom, "")),
        _ if header.span(0).start > 0 => Err(SignError::new(SignErrorKind::Start, "")),
        1 => Ok(()),
        _ => Err(SignError::new(SignErrorKind::ManyFrom, "")),
    }
}
