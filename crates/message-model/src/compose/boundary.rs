//! Boundaries that occur in no part (RFC 2046 5.1.1).

use std::collections::HashSet;

use memchr::memmem;

/// What a boundary begins with. `=_` occurs in no body that is quoted-printable (RFC 2045 6.7) or base64.
const PREFIX: &str = "=_mw";

/// Hexadecimal digits behind [`PREFIX`].
const DIGITS: usize = 16;

/// The boundaries of one message: the same digits in all of them, and a number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Boundaries {
    digits: u64,
}

impl Boundaries {
    /// Boundaries by `seed` that occur in none of `contents`. They are found in one pass: all digits that occur behind
    /// the prefix are collected, and the first that are not among them are taken.
    pub(super) fn new<'c>(seed: u64, contents: impl Iterator<Item = &'c [u8]>) -> Self {
        let finder = memmem::Finder::new(PREFIX);
        let mut taken = HashSet::new();
        for content in contents {
            for at in finder.find_iter(content) {
                let digits = content.get(at + PREFIX.len()..).and_then(|rest| rest.get(..DIGITS));
                let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
                taken.extend(digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()));
            }
        }
        let mut turns = seed;
        loop {
            let digits = mix(turns);
            if !taken.contains(&digits) {
                return Self { digits };
            }
            turns = turns.wrapping_add(1);
        }
    }

    /// The boundary number `number`. The last `_` keeps one from being the beginning of another.
    pub(super) fn get(self, number: usize) -> String {
        format!("{PREFIX}{:0DIGITS$x}_{number}_", self.digits)
    }
}

/// A permutation of 64 bits (the finaliser of splitmix64), so that seeds that follow each other look unlike.
fn mix(seed: u64) -> u64 {
    let mut bits = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_occurs_is_not_taken() {
        let first = Boundaries::new(7, std::iter::empty()).get(0);
        let second = Boundaries::new(7, std::iter::once(first.as_bytes())).get(0);
        let upper = second.to_uppercase().replace("=_MW", PREFIX);
        let third = Boundaries::new(7, [first.as_bytes(), upper.as_bytes()].into_iter()).get(0);
        assert!(first != second && second != third && first != third);
        // RFC 2046 5.1.1: at most 70 characters.
        assert!(Boundaries { digits: 0 }.get(usize::MAX).len() <= 70);
    }
}
