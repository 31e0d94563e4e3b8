//! Digests in one go and in pieces.

use sha2::Digest as _;

use crate::algorithm::Digest;

/// A digest being made of pieces.
#[derive(Clone)]
pub(crate) enum Hasher {
    Ring(ring::digest::Context),
    /// `ring` has no SHA-224.
    Sha224(sha2::Sha224),
}

impl Hasher {
    pub(crate) fn new(digest: Digest) -> Self {
        let algorithm = match digest {
            Digest::Sha1 => &ring::digest::SHA1_FOR_LEGACY_USE_ONLY,
            Digest::Sha224 => return Self::Sha224(sha2::Sha224::new()),
            Digest::Sha256 => &ring::digest::SHA256,
            Digest::Sha384 => &ring::digest::SHA384,
            Digest::Sha512 => &ring::digest::SHA512,
        };
        Self::Ring(ring::digest::Context::new(algorithm))
    }

    pub(crate) fn update(&mut self, octets: &[u8]) {
        match self {
            Self::Ring(context) => context.update(octets),
            Self::Sha224(context) => context.update(octets),
        }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        match self {
            Self::Ring(context) => context.finish().as_ref().to_vec(),
            Self::Sha224(context) => context.finalize().to_vec(),
        }
    }
}

/// The digest of `octets`.
pub(crate) fn digest(digest: Digest, octets: &[u8]) -> Vec<u8> {
    let mut hasher = Hasher::new(digest);
    hasher.update(octets);
    hasher.finish()
}
