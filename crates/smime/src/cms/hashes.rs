//! Several digests of one content, in one pass.

use crate::algorithm::Digest;
use crate::backend::Hasher;

/// Digests being made.
#[derive(Clone, Default)]
pub(crate) struct Hashing(Vec<(Digest, Hasher)>);

/// Digests of a content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hashes(Vec<(Digest, Vec<u8>)>);

impl Hashing {
    pub(crate) fn new(digests: impl IntoIterator<Item = Digest>) -> Self {
        let mut hashing = Self::default();
        for digest in digests {
            if hashing.0.iter().all(|(known, _)| *known != digest) {
                hashing.0.push((digest, Hasher::new(digest)));
            }
        }
        hashing
    }

    pub(crate) fn update(&mut self, octets: &[u8]) {
        // What fits the first cache is hashed by all before the next: the content passes through memory once.
        let pieces = if self.0.len() > 1 { PIECE } else { usize::MAX };
        for piece in octets.chunks(pieces) {
            self.0.iter_mut().for_each(|(_, hasher)| hasher.update(piece));
        }
    }

    pub(crate) fn finish(self) -> Hashes {
        Hashes(self.0.into_iter().map(|(digest, hasher)| (digest, hasher.finish())).collect())
    }
}

const PIECE: usize = 16 << 10;

impl Hashes {
    pub(crate) fn get(&self, digest: Digest) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| *known == digest).map(|(_, value)| value.as_slice())
    }
}
