//! Keyed hashing of tokens.

use std::fmt;

/// What tokens are hashed with: who does not know it can neither aim at the place of a token nor tell tokens from a model.
///
/// A model that several share, or that strangers can read, wants a key of 16 random octets; the model keeps it. The key of
/// [`Key::default`] is known to all.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key {
    seed: [u8; 16],
    start: u64,
    step: u64,
    end: u64,
    gram: u64,
}

impl Key {
    /// A key of 16 octets, which should be random.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)]
    pub const fn new(seed: [u8; 16]) -> Self {
        let whole = u128::from_le_bytes(seed);
        // The halves, each moved by a digit string of pi, so that a key of zeros works too.
        let low = (whole as u64) ^ 0x243f_6a88_85a3_08d3;
        let high = ((whole >> 64) as u64) ^ 0x1319_8a2e_0370_7344;
        let start = fold(low, 0xa409_3822_299f_31d1);
        let step = fold(high ^ start, 0x082e_fa98_ec4e_6c89) | 1;
        let end = fold(low ^ step, 0x4528_21e6_38d0_1377) | 1;
        let gram = fold(high ^ end, 0xbe54_66cf_34e9_0c6d) | 1;
        Self { seed, start, step, end, gram }
    }

    /// The octets that it was made of: as secret as the key.
    #[must_use]
    pub const fn seed(&self) -> &[u8; 16] {
        &self.seed
    }

    /// The hash of a token in the place `salt`.
    pub(crate) fn token(&self, salt: u64, octets: &[u8]) -> u64 {
        let (words, rest) = octets.as_chunks::<8>();
        let mut hash = self.start ^ salt;
        for word in words {
            hash = fold(hash ^ u64::from_le_bytes(*word), self.step);
        }
        let last = rest.iter().fold(0, |last: u64, octet| last << 8 | u64::from(*octet));
        fold(hash ^ last, self.end ^ (octets.len() as u64) << 32)
    }

    /// The hash of a token that has a number in it.
    pub(crate) fn number(&self, hash: u64, number: u64) -> u64 {
        fold(hash ^ number, self.end)
    }

    /// The hash of two tokens in this order, so many words apart.
    pub(crate) fn pair(&self, first: u64, second: u64, apart: u64) -> u64 {
        fold(first.rotate_left(23) ^ second, self.step.wrapping_add(apart << 1))
    }

    /// The hash of four octets: multiply-shift, which is universal in its upper bits.
    pub(crate) const fn gram(&self, octets: u32) -> u64 {
        (octets as u64 ^ self.start).wrapping_mul(self.gram)
    }
}

impl Default for Key {
    fn default() -> Self {
        Self::new([0; 16])
    }
}

/// Never shows the key.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

/// Both halves of the product: every bit of the result hangs on every bit of both.
#[allow(clippy::cast_possible_truncation)]
const fn fold(one: u64, other: u64) -> u64 {
    let product = one as u128 * other as u128;
    (product as u64) ^ ((product >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_place_and_length_count() {
        let (one, two) = (Key::default(), Key::new([1; 16]));
        let tokens: [&[u8]; 6] = [b"", b"\0", b"free", b"free\0", b"abcdefgh", b"abcdefghi"];
        let mut seen = std::collections::BTreeSet::new();
        for key in [one, two] {
            for salt in [0, 1] {
                seen.extend(tokens.map(|token| key.token(salt, token)));
            }
        }
        assert_eq!(seen.len(), 24);
        assert_ne!(one.pair(1, 2, 1), one.pair(2, 1, 1));
        assert_ne!(one.pair(1, 2, 1), one.pair(1, 2, 2));
        assert_eq!(format!("{two:?}"), "Key");
    }
}
