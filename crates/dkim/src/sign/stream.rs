//! Signing a message that arrives in chunks, in memory for its header only.

use super::{SignError, SignErrorKind, SignatureField, Signer};
use crate::algorithm::HashAlgorithm;
use crate::body_hash::{BodyHashes, Hashed, Wanted};
use crate::canon::Canonicalization;
use crate::crypto::Digest;
use crate::header::{Arriving, Header};
use crate::line_ends::Normalizer;
use crate::policy::{Limits, LineEnds};

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
}

/// One view of the message, by line breaks. Nothing is kept where nothing is wanted.
pub(crate) struct Pass {
    normalizer: Option<Normalizer>,
    arriving: Arriving,
    hashes: BodyHashes,
}

/// The hash of a whole body, and the octets of its canonical form.
pub(crate) struct Whole {
    pub(crate) digest: Digest,
    pub(crate) octets: u64,
}

impl<'s> SignStream<'s> {
    /// Before the first octet; `now` is in seconds since 1970.
    #[must_use]
    pub fn new(signers: &'s [Signer], now: u64) -> Self {
        let mut as_is = Pass::new(LineEnds::AsIs);
        let mut normalized = Pass::new(LineEnds::Normalize);
        for signer in signers {
            let pass = match signer.line_ends {
                LineEnds::AsIs => &mut as_is,
                LineEnds::Normalize => &mut normalized,
            };
            pass.want(signer.canonicalization.body);
        }
        Self { signers, now, as_is, normalized }
    }

    /// Takes the next octets of the message.
    pub fn write(&mut self, chunk: &[u8]) {
        self.as_is.write(chunk);
        self.normalized.write(chunk);
    }

    /// At the end of the message: one field for each signer, in their order.
    ///
    /// # Errors
    /// As [`Signer::sign`]; all or nothing.
    pub fn finish(self) -> Result<Vec<SignatureField>, SignError> {
        let as_is = self.as_is.finish();
        let normalized = self.normalized.finish();
        let sign = |signer: &Signer| {
            let (header, hashed) = match signer.line_ends {
                LineEnds::AsIs => &as_is,
                LineEnds::Normalize => &normalized,
            };
            check(header)?;
            let body = Pass::whole(hashed, signer.canonicalization.body)?;
            signer.field(header, body.digest, body.octets, self.now)
        };
        self.signers.iter().map(sign).collect()
    }
}

impl Pass {
    pub(crate) fn new(line_ends: LineEnds) -> Self {
        Self {
            normalizer: (line_ends == LineEnds::Normalize).then(Normalizer::default),
            arriving: Arriving::new(Limits::HEADER_BYTES),
            hashes: BodyHashes::default(),
        }
    }

    /// Asks for the SHA-256 of the whole body.
    pub(crate) fn want(&mut self, canon: Canonicalization) {
        self.hashes.want(canon, HashAlgorithm::Sha256, None);
    }

    pub(crate) fn write(&mut self, chunk: &[u8]) {
        let Self { normalizer, arriving, hashes } = self;
        if hashes.is_empty() {
            return;
        }
        let mut take = |run: &[u8]| {
            if let Some(body) = arriving.take(run) {
                hashes.write(body);
            }
        };
        match normalizer {
            Some(normalizer) => normalizer.write(chunk, &mut take),
            None => take(chunk),
        }
    }

    pub(crate) fn finish(mut self) -> (Header<'static>, Hashed) {
        if let Some(normalizer) = self.normalizer.take() {
            normalizer.finish(&mut |run| self.write(run));
        }
        (self.arriving.header(), self.hashes.finish())
    }

    /// What was [wanted](Self::want).
    pub(crate) fn whole(hashed: &Hashed, canon: Canonicalization) -> Result<Whole, SignError> {
        let found = hashed.get(Wanted::whole(canon, HashAlgorithm::Sha256));
        let whole = found.and_then(|(digest, octets)| Some(Whole { digest: digest?, octets }));
        whole.ok_or_else(|| SignError::new(SignErrorKind::Key, "no body hash"))
    }
}

/// What a message must have to be signed.
pub(crate) fn check(header: &Header<'_>) -> Result<(), SignError> {
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
