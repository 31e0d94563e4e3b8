//! Keys and MACs from a password by PKCS #12 itself (RFC 7292 appendix B), and HMAC.

use blake2::Digest as _;

use crate::algorithm::{AlgorithmIdentifier, Digest};
use crate::backend::{Hasher, Secret, digest_again};
use crate::error::Error;
use crate::oid::oids;

oids! {
    BLAKE2B512 = "1.3.6.1.4.1.1722.12.2.1.16";
}

/// What a derived octet string is for (RFC 7292 B.3).
#[derive(Clone, Copy, Debug)]
pub(super) enum Use {
    Key = 1,
    Vector = 2,
    Mac = 3,
}

/// A digest of MACs. OpenSSL writes BLAKE2b on request, which nothing else here needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MacDigest {
    Known(Digest),
    Blake2b512,
}

impl MacDigest {
    pub(super) fn read(identifier: &AlgorithmIdentifier<'_>) -> Result<Self, Error> {
        if identifier.oid() == BLAKE2B512 && identifier.no_parameters() {
            return Ok(Self::Blake2b512);
        }
        Digest::from_identifier(identifier).map(Self::Known)
    }

    fn hash(self, parts: &[&[u8]]) -> Secret {
        match self {
            Self::Known(digest) => {
                let mut hasher = Hasher::new(digest);
                parts.iter().for_each(|part| hasher.update(part));
                Secret::new(hasher.finish())
            }
            Self::Blake2b512 => {
                let mut hasher = blake2::Blake2b512::new();
                parts.iter().for_each(|part| hasher.update(part));
                Secret::new(hasher.finalize().to_vec())
            }
        }
    }

    /// Makes a value its own digest, so many times.
    fn again(self, value: &mut [u8], times: u64) {
        match self {
            Self::Known(digest) => digest_again(digest, value, times),
            Self::Blake2b512 => {
                for _ in 0..times {
                    let next = self.hash(&[value]);
                    value.iter_mut().zip(next.iter()).for_each(|(octet, next)| *octet = *next);
                }
            }
        }
    }

    /// Octets of the blocks that it works on.
    const fn block(self) -> usize {
        match self {
            Self::Known(Digest::Sha1 | Digest::Sha224 | Digest::Sha256) => 64,
            _ => 128,
        }
    }

    pub(super) const fn octets(self) -> usize {
        match self {
            Self::Known(digest) => digest.octets(),
            Self::Blake2b512 => 64,
        }
    }

    /// HMAC (RFC 2104 2).
    pub(super) fn hmac(self, key: &[u8], content: &[u8]) -> Secret {
        let mut block = if key.len() > self.block() { self.hash(&[key]) } else { Secret::new(key.to_vec()) };
        block.resize(self.block(), 0);
        let pad = |with: u8| Secret::new(block.iter().map(|octet| octet ^ with).collect());
        self.hash(&[&pad(0x5c), &self.hash(&[&pad(0x36), content])])
    }
}

/// The password as the derivation takes it: UTF-16 with a zero at its end (RFC 7292 B.1).
pub(super) fn wide(password: &str) -> Secret {
    let units = password.encode_utf16().chain([0]);
    Secret::new(units.flat_map(u16::to_be_bytes).collect())
}

/// RFC 7292 B.2. `password` is [`wide`].
pub(super) fn derive(
    digest: MacDigest,
    purpose: Use,
    password: &[u8],
    salt: &[u8],
    iterations: u64,
    octets: usize,
) -> Secret {
    let block = digest.block();
    let filled = |text: &[u8]| {
        text.iter().copied().cycle().take(text.len().next_multiple_of(block)).collect::<Vec<u8>>()
    };
    let diversifier = vec![purpose as u8; block];
    let mut input = Secret::new([filled(salt), filled(password)].concat());
    let mut derived = Secret::new(Vec::with_capacity(octets.saturating_add(digest.octets())));
    while derived.len() < octets {
        let mut round = digest.hash(&[&diversifier, &input]);
        digest.again(&mut round, iterations.saturating_sub(1));
        derived.extend_from_slice(&round);
        for chunk in input.chunks_mut(block) {
            add(chunk, &round);
        }
    }
    derived.truncate(octets);
    derived
}

/// Adds the octets of `round`, repeated, and one (RFC 7292 B.2 step 6 C).
fn add(chunk: &mut [u8], round: &[u8]) {
    let repeated: Secret = Secret::new(round.iter().copied().cycle().take(chunk.len()).collect());
    let mut carry = 1u16;
    for (octet, more) in chunk.iter_mut().zip(repeated.iter()).rev() {
        let [high, low] = (u16::from(*octet) + u16::from(*more) + carry).to_be_bytes();
        *octet = low;
        carry = u16::from(high);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(octets: &[u8]) -> String {
        octets.iter().map(|octet| format!("{octet:02x}")).collect()
    }

    #[test]
    fn hmac_of_rfc_4231() {
        // Test case 2, and test case 6, whose key is longer than a block.
        let mac = MacDigest::Known(Digest::Sha256).hmac(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex(&mac), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        let text = b"Test Using Larger Than Block-Size Key - Hash Key First";
        let mac = MacDigest::Known(Digest::Sha224).hmac(&[0xaa; 131], text);
        assert_eq!(hex(&mac), "95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e");
    }

    #[test]
    fn the_password_ends_in_a_zero() {
        assert_eq!(wide("").as_slice(), [0, 0]);
        assert_eq!(wide("Be\u{df}").as_slice(), [0, b'B', 0, b'e', 0, 0xdf, 0, 0]);
    }
}
