//! The cipher for content, from what the recipients can read (RFC 8551 2.7).

use std::fmt;

use crate::algorithm::Cipher;
use crate::capabilities::Capabilities;

/// The cipher, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CipherChoice {
    /// The cipher.
    pub cipher: Cipher,
    /// Why this one.
    pub why: CipherReason,
}

/// Why a cipher was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum CipherReason {
    /// Nothing is known of what the recipients can read.
    NothingKnown,
    /// All of whom something is known can read it.
    Common,
    /// They name no AES that all can read. This one every reader since S/MIME 3.2 must know.
    NoneInCommon,
}

/// What is considered, in the order that is liked here. Others are for the caller to ask for: Triple DES has blocks of 64 bits.
const CONSIDERED: [Cipher; 6] = [
    Cipher::Aes256Gcm,
    Cipher::Aes128Gcm,
    Cipher::Aes192Gcm,
    Cipher::Aes256Cbc,
    Cipher::Aes128Cbc,
    Cipher::Aes192Cbc,
];

/// Chooses the cipher for recipients with these capabilities, `None` for one of whom nothing is known.
///
/// One that authenticates is taken where all can read one; among several the one that the recipients like best, as the sum of
/// the places in their lists says. Of whom nothing is known is taken to read what S/MIME 4.0 asks for.
///
/// ```
/// use mailwright_smime::store::choose_cipher;
/// use mailwright_smime::{Capabilities, Cipher};
///
/// let old = Capabilities::of_ciphers([Cipher::Aes128Cbc, Cipher::TripleDesCbc]);
/// assert_eq!(choose_cipher([None]).cipher, Cipher::Aes256Gcm);
/// assert_eq!(choose_cipher([None, Some(&old)]).cipher, Cipher::Aes128Cbc);
/// ```
pub fn choose_cipher<'c>(capabilities: impl IntoIterator<Item = Option<&'c Capabilities>>) -> CipherChoice {
    let lists = capabilities.into_iter().flatten().map(|list| list.ciphers().collect::<Vec<_>>());
    // One who names no cipher says nothing of ciphers.
    let lists: Vec<Vec<Cipher>> = lists.filter(|list| !list.is_empty()).collect();
    if lists.is_empty() {
        // RFC 8551 2.7.1.2
        return CipherChoice { cipher: Cipher::Aes256Gcm, why: CipherReason::NothingKnown };
    }
    let places = |cipher: &Cipher| {
        let place = |list: &Vec<Cipher>| list.iter().position(|known| known == cipher);
        lists.iter().try_fold(0usize, |sum, list| Some(sum.saturating_add(place(list)?)))
    };
    // RFC 8551 2.7.1.1, and 2.7: the weakest of several recipients decides for all.
    let common =
        CONSIDERED.iter().filter_map(|cipher| Some((!cipher.is_authenticated(), places(cipher)?, *cipher)));
    match common.min_by_key(|(plain, places, _)| (*plain, *places)) {
        Some((_, _, cipher)) => CipherChoice { cipher, why: CipherReason::Common },
        None => CipherChoice { cipher: Cipher::Aes128Cbc, why: CipherReason::NoneInCommon },
    }
}

impl fmt::Display for CipherChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.why {
            CipherReason::NothingKnown => {
                "nothing is known of what the recipients can read (RFC 8551 2.7.1.2)"
            }
            CipherReason::Common => "all recipients can read it (RFC 8551 2.7.1.1)",
            CipherReason::NoneInCommon => "the recipients name none in common (RFC 8551 2.7)",
        };
        write!(f, "{}: {why}", self.cipher)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ciphers: &[Cipher]) -> Capabilities {
        Capabilities::of_ciphers(ciphers.iter().copied())
    }

    #[test]
    fn what_authenticates_is_taken_where_all_can_read_it() {
        let (one, other) = (
            of(&[Cipher::Aes256Cbc, Cipher::Aes128Gcm]),
            of(&[Cipher::Aes256Gcm, Cipher::Aes128Gcm, Cipher::Aes256Cbc]),
        );
        assert_eq!(choose_cipher([Some(&one), Some(&other), None]).cipher, Cipher::Aes128Gcm);
        assert_eq!(choose_cipher([Some(&other)]).cipher, Cipher::Aes256Gcm);
    }

    #[test]
    fn the_recipients_taste_decides_among_equals() {
        assert_eq!(
            choose_cipher([Some(&of(&[Cipher::Aes128Gcm, Cipher::Aes256Gcm]))]).cipher,
            Cipher::Aes128Gcm
        );
    }

    #[test]
    fn without_anything_in_common_it_is_what_all_must_know() {
        let (old, other) = (of(&[Cipher::TripleDesCbc]), of(&[Cipher::Aes256Gcm]));
        let choice = choose_cipher([Some(&old), Some(&other)]);
        assert_eq!(choice, CipherChoice { cipher: Cipher::Aes128Cbc, why: CipherReason::NoneInCommon });
        assert_eq!(choose_cipher([Some(&of(&[]))]).why, CipherReason::NothingKnown);
    }
}
