//! Encoded words, written (RFC 2047 2 to 5).

use crate::transfer;

/// Characters of an encoded word at most (RFC 2047 2).
pub const MAX_WORD: usize = 75;

/// What `=?utf-8?Q?` and `?=` leave of a word.
const ROOM: usize = MAX_WORD - "=?utf-8?Q??=".len();

/// Where the words will stand; decides what a `Q` word may show as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Unstructured text (RFC 2047 5 (1)).
    Text,
    /// A phrase, as a display name (RFC 2047 5 (3)).
    Phrase,
}

/// `text` as encoded words in UTF-8: each of [`MAX_WORD`] characters at most, all in `Q` or all in `B`, whichever is
/// shorter, and no character split between two (RFC 2047 5). To be written with a blank or a fold between them, which
/// readers take off. Nothing for an empty text.
///
/// ```
/// use mailwright_message_model::encoded_word::{Place, encode};
/// assert_eq!(encode("a café at noon", Place::Text), ["=?utf-8?Q?a_caf=C3=A9_at_noon?="]);
/// ```
#[must_use]
pub fn encode(text: &str, place: Place) -> Vec<String> {
    let q_length: usize = text.bytes().map(|octet| width(octet, place)).sum();
    let b_length = text.len().div_ceil(3) * 4;
    let is_q = q_length <= b_length;
    let (room, letter) = if is_q { (ROOM, 'Q') } else { (ROOM / 4 * 3, 'B') };
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut used = 0;
        let end = rest.char_indices().find_map(|(at, character)| {
            let octets = rest.get(at..at + character.len_utf8()).unwrap_or_default();
            used += if is_q { octets.bytes().map(|octet| width(octet, place)).sum() } else { octets.len() };
            (used > room).then_some(at)
        });
        let Some((piece, behind)) = rest.split_at_checked(end.unwrap_or(rest.len())) else {
            break;
        };
        rest = behind;
        let mut word = format!("=?utf-8?{letter}?");
        if is_q {
            piece.bytes().for_each(|octet| push_q(&mut word, octet, place));
        } else {
            transfer::push_base64(&mut word, piece.as_bytes());
        }
        word.push_str("?=");
        words.push(word);
    }
    words
}

fn push_q(word: &mut String, octet: u8, place: Place) {
    match octet {
        b' ' => word.push('_'),
        _ if is_plain(octet, place) => word.push(char::from(octet)),
        _ => transfer::push_escape(word, octet),
    }
}

fn width(octet: u8, place: Place) -> usize {
    if octet == b' ' || is_plain(octet, place) { 1 } else { 3 }
}

fn is_plain(octet: u8, place: Place) -> bool {
    match place {
        // RFC 2047 4.2 (3)
        Place::Text => octet.is_ascii_graphic() && !matches!(octet, b'=' | b'?' | b'_'),
        // RFC 2047 5 (3)
        Place::Phrase => octet.is_ascii_alphanumeric() || matches!(octet, b'!' | b'*' | b'+' | b'-' | b'/'),
    }
}
