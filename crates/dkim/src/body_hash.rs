//! Body hashes of several signatures in one pass (RFC 6376 3.7).
//!
//! Each canonicalisation runs once, each hash algorithm over it once. Signatures with different `l=` share even that: the
//! state of the hash is copied where one of them ends.

use crate::algorithm::HashAlgorithm;
use crate::canon::{Body, Canonicalization};
use crate::crypto::{Backend, Crypto, Digest};

/// Octets that are canonicalised and then hashed, so that the hash finds them in the cache.
const PART: usize = 16 << 10;

/// The body hashes that are wanted, while the body arrives.
#[derive(Default)]
pub(crate) struct BodyHashes {
    lanes: Vec<Lane>,
}

/// Names a body hash that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    canon: Canonicalization,
    hash: HashAlgorithm,
    limit: Option<u64>,
}

impl Wanted {
    /// The hash of the whole body.
    pub(crate) const fn whole(canon: Canonicalization, hash: HashAlgorithm) -> Self {
        Self { canon, hash, limit: None }
    }
}

/// One canonicalisation.
struct Lane {
    canon: Canonicalization,
    body: Body,
    out: Hashing,
}

/// What stands between the canonical octets and the hashes.
struct Hashing {
    hashes: Vec<Running>,
    total: u64,
}

/// One hash over one canonicalisation.
struct Running {
    algorithm: HashAlgorithm,
    /// `None` when all that was asked for is known.
    state: Option<<Crypto as Backend>::Hash>,
    /// Whether somebody wants the whole body.
    whole: bool,
    /// The hash of the whole body, where it is wanted and has ended.
    digest: Option<Digest>,
    hashed: u64,
    /// The lengths at which somebody stops (`l=`), and the hash there.
    marks: Vec<(u64, Option<Digest>)>,
}

/// The hashes of a body that has ended.
pub(crate) struct Hashed(Vec<(Canonicalization, Hashing)>);

impl BodyHashes {
    /// Asks for a hash; only before the first octet of the body.
    pub(crate) fn want(
        &mut self,
        canon: Canonicalization,
        hash: HashAlgorithm,
        limit: Option<u64>,
    ) -> Wanted {
        let wanted = Wanted { canon, hash, limit };
        let lane = match self.lanes.iter_mut().position(|lane| lane.canon == canon) {
            Some(at) => self.lanes.get_mut(at),
            None => {
                let out = Hashing { hashes: Vec::new(), total: 0 };
                self.lanes.push(Lane { canon, body: Body::new(canon), out });
                self.lanes.last_mut()
            }
        };
        if let Some(lane) = lane {
            lane.out.want(hash, limit);
        }
        wanted
    }

    /// Whether no hash was asked for, so that the body need not be read.
    pub(crate) fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    pub(crate) fn write(&mut self, chunk: &[u8]) {
        for part in chunk.chunks(PART) {
            for Lane { body, out, .. } in &mut self.lanes {
                body.write(part, &mut |run| out.take(run));
            }
        }
    }

    pub(crate) fn finish(self) -> Hashed {
        let end = |Lane { canon, body, mut out }: Lane| {
            body.finish(&mut |run| out.take(run));
            for running in &mut out.hashes {
                running.digest = running.state.take().filter(|_| running.whole).map(Crypto::finish);
            }
            (canon, out)
        };
        Hashed(self.lanes.into_iter().map(end).collect())
    }
}

impl Hashed {
    /// How often the body was canonicalised and hashed.
    #[cfg(all(test, feature = "arc"))]
    pub(crate) fn passes(&self) -> usize {
        self.0.iter().map(|(_, found)| found.hashes.len()).sum()
    }

    /// The hash, `None` where the body is shorter than the limit; and the octets of the canonical body.
    pub(crate) fn get(&self, wanted: Wanted) -> Option<(Option<Digest>, u64)> {
        let (_, found) = self.0.iter().find(|(canon, _)| *canon == wanted.canon)?;
        let running = found.hashes.iter().find(|running| running.algorithm == wanted.hash)?;
        let digest = match wanted.limit {
            None => running.digest,
            Some(limit) => {
                running.marks.iter().find(|(mark, _)| *mark == limit).and_then(|(_, digest)| *digest)
            }
        };
        Some((digest, found.total))
    }
}

impl Hashing {
    fn want(&mut self, algorithm: HashAlgorithm, limit: Option<u64>) {
        let at = self.hashes.iter().position(|running| running.algorithm == algorithm).unwrap_or_else(|| {
            let state = Some(Crypto::hash(algorithm));
            self.hashes.push(Running {
                algorithm,
                state,
                whole: false,
                digest: None,
                hashed: 0,
                marks: Vec::new(),
            });
            self.hashes.len() - 1
        });
        let Some(running) = self.hashes.get_mut(at) else { return };
        match limit {
            None => running.whole = true,
            Some(limit) => {
                // In ascending order, each once.
                if let Err(at) = running.marks.binary_search_by_key(&limit, |(mark, _)| *mark) {
                    let empty = (limit == 0).then(|| Crypto::finish(Crypto::hash(algorithm)));
                    running.marks.insert(at, (limit, empty));
                }
            }
        }
    }

    #[inline]
    fn take(&mut self, run: &[u8]) {
        self.total = self.total.saturating_add(run.len() as u64);
        for running in &mut self.hashes {
            running.update(run);
        }
    }
}

impl Running {
    fn update(&mut self, run: &[u8]) {
        let mut run = run;
        let Some(state) = &mut self.state else { return };
        for (mark, digest) in self.marks.iter_mut().filter(|(_, digest)| digest.is_none()) {
            let left = usize::try_from(*mark - self.hashed).unwrap_or(usize::MAX);
            let Some((before, behind)) = run.split_at_checked(left) else { break };
            Crypto::update(state, before);
            *digest = Some(Crypto::finish(state.clone()));
            self.hashed = *mark;
            run = behind;
        }
        if !self.whole && self.marks.iter().all(|(_, digest)| digest.is_some()) {
            self.state = None;
            return;
        }
        Crypto::update(state, run);
        self.hashed = self.hashed.saturating_add(run.len() as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64;
    use crate::crypto::sha256;

    fn hash_of(body: &[u8], canon: Canonicalization, limit: Option<u64>) -> Option<String> {
        let mut hashes = BodyHashes::default();
        let wanted = hashes.want(canon, HashAlgorithm::Sha256, limit);
        hashes.write(body);
        hashes.finish().get(wanted)?.0.map(|digest| base64::encode(digest.as_bytes()))
    }

    #[test]
    fn empty_bodies() {
        // RFC 6376 3.4.3 and 3.4.4
        assert_eq!(
            hash_of(b"", Canonicalization::Simple, None).unwrap(),
            "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY="
        );
        assert_eq!(
            hash_of(b"", Canonicalization::Relaxed, None).unwrap(),
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
    }

    #[test]
    fn one_pass_for_several_lengths() {
        let body: Vec<u8> = (0..5000).flat_map(|n| format!("line {n}  \r\n").into_bytes()).collect();
        let canonical: Vec<u8> = (0..5000).flat_map(|n| format!("line {n}\r\n").into_bytes()).collect();
        let total = canonical.len();
        let limits =
            [Some(total as u64), Some(700), Some(0), Some(20_001), Some(total as u64 + 1), None, Some(700)];
        for without_whole in [false, true] {
            for size in [1, 100, 100_000] {
                let mut hashes = BodyHashes::default();
                let wanted: Vec<Wanted> = limits
                    .into_iter()
                    .filter(|limit| limit.is_some() || !without_whole)
                    .map(|limit| hashes.want(Canonicalization::Relaxed, HashAlgorithm::Sha256, limit))
                    .collect();
                body.chunks(size).for_each(|chunk| hashes.write(chunk));
                let hashed = hashes.finish();
                for wanted in wanted {
                    let (digest, all) = hashed.get(wanted).unwrap();
                    assert_eq!(all, total as u64);
                    let len = wanted.limit.map_or(total, |limit| usize::try_from(limit).unwrap());
                    assert!(digest == canonical.get(..len).map(sha256), "{wanted:?} {size}");
                }
            }
        }
    }
}
