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
        match of_ring(digest) {
            Some(algorithm) => Self::Ring(ring::digest::Context::new(algorithm)),
            None => Self::Sha224(sha2::Sha224::new()),
        }
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

/// Makes `value`, which is as long as the digest's values, its own digest, so many times.
pub(crate) fn digest_again(digest: Digest, value: &mut [u8], times: u64) {
    for _ in 0..times {
        match of_ring(digest) {
            Some(algorithm) => {
                let next = ring::digest::digest(algorithm, value);
                value.iter_mut().zip(next.as_ref()).for_each(|(octet, next)| *octet = *next);
            }
            None => {
                let next = sha2::Sha224::digest(&*value);
                value.iter_mut().zip(next).for_each(|(octet, next)| *octet = next);
            }
        }
    }
}

fn of_ring(digest: Digest) -> Option<&'static ring::digest::Algorithm> {
    match digest {
        Digest::Sha1 => Some(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY),
        Digest::Sha224 => None,
        Digest::Sha256 => Some(&ring::digest::SHA256),
        Digest::Sha384 => Some(&ring::digest::SHA384),
        Digest::Sha512 => Some(&ring::digest::SHA512),
    }
}
