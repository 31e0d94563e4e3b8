//! Unstructured text and encoded words (RFC 2047), read and written.
//!
//! Adjacent words of one charset are joined before the charset is decoded, so that a character split between two words
//! comes out whole. A word needs no blanks around it, as mail in the wild has it (RFC 2047 5 wants them); the text then
//! has a blank there. What is no complete word stays as it is.

mod encode;
mod value;
mod word;

use std::borrow::Cow;

use crate::charset;
use word::{Run, Word};

pub use encode::{MAX_WORD, Place, encode};
pub(crate) use value::decode_value;

/// The text of an unstructured field value: unfolded, trimmed, encoded words decoded.
///
/// Blanks inside of a line stay, a fold is one blank, and so is what stands between a word and other text. Octets beyond
/// ASCII are UTF-8 where they are valid, else windows-1252.
///
/// ```
/// use mailwright_message_model::encoded_word::decode;
/// assert_eq!(decode(b" =?utf-8?Q?caf=C3?=\r\n =?utf-8?Q?=A9_noir?= today\r\n"), "café noir today");
/// ```
#[must_use]
pub fn decode(value: &[u8]) -> Cow<'_, str> {
    let value = trim(value);
    if memchr::memchr2(b'\n', b'=', value).is_none() {
        return charset::decode_lossy(value);
    }
    let mut text = Text::default();
    let mut rest = value;
    // Where the text since the last word or fold starts.
    let mut plain = value;
    while let Some(found) = memchr::memchr2(b'\n', b'=', rest) {
        let at = plain.len() - rest.len() + found;
        let Some((before, from)) = plain.split_at_checked(at) else {
            break;
        };
        let behind = if from.starts_with(b"\n") {
            from.get(1..)
        } else {
            match Word::parse(from) {
                Some((word, length)) => {
                    text.plain(before);
                    text.word(&word);
                    plain = from.get(length..).unwrap_or_default();
                    rest = plain;
                    continue;
                }
                None => {
                    rest = from.get(1..).unwrap_or_default();
                    continue;
                }
            }
        };
        text.plain(before);
        plain = behind.unwrap_or_default();
        rest = plain;
    }
    if text.is_empty() {
        return charset::decode_lossy(plain);
    }
    text.plain(plain);
    Cow::Owned(text.finish())
}

/// The text of a phrase, as in a display name or a group name (RFC 2047 5 (3)): as [`decode`], and quoted strings lose
/// their quotes and escapes. Encoded words inside of quotes are decoded as well: RFC 2047 5 forbids them there, yet many
/// write them.
///
/// ```
/// use mailwright_message_model::encoded_word::decode_phrase;
/// assert_eq!(decode_phrase(b"\"Doe, \\\"J\\\"\" =?utf-8?q?J=C3=B6rg?="), "Doe, \"J\" Jörg");
/// ```
#[must_use]
pub fn decode_phrase(value: &[u8]) -> Cow<'_, str> {
    if memchr::memchr(b'"', value).is_none() {
        return decode(value);
    }
    let mut octets = Vec::with_capacity(value.len());
    let mut quoted = false;
    let mut rest = value;
    while let Some((&octet, behind)) = rest.split_first() {
        rest = behind;
        match octet {
            b'"' => quoted = !quoted,
            b'\\' if quoted => {
                if let Some((&escaped, behind)) = behind.split_first() {
                    octets.push(escaped);
                    rest = behind;
                }
            }
            // A quote in the text of a word opens nothing.
            b'=' if !quoted => {
                let whole = value.get(value.len() - behind.len() - 1..).unwrap_or_default();
                let length = extent(whole).unwrap_or(1);
                let (word, behind) = whole.split_at_checked(length).unwrap_or_default();
                octets.extend_from_slice(word);
                rest = behind;
            }
            _ => octets.push(octet),
        }
    }
    Cow::Owned(decode(&octets).into_owned())
}

/// Octets of the encoded word that `octets` start with.
pub(crate) fn extent(octets: &[u8]) -> Option<usize> {
    Word::parse(octets).map(|(_, length)| length)
}

/// Text put together of lines and words.
#[derive(Default)]
struct Text {
    text: String,
    run: Run,
    after_word: bool,
    started: bool,
}

impl Text {
    fn is_empty(&self) -> bool {
        !self.started
    }

    fn plain(&mut self, octets: &[u8]) {
        let octets = trim(octets);
        if octets.is_empty() {
            return;
        }
        self.run.flush(&mut self.text);
        if self.started {
            self.text.push(' ');
        }
        self.text.push_str(&charset::decode_lossy(octets));
        self.after_word = false;
        self.started = true;
    }

    fn word(&mut self, word: &Word<'_>) {
        if self.started && !self.after_word {
            self.text.push(' ');
        }
        // RFC 2047 6.2: blanks between adjacent words are not shown.
        self.run.push(word, &mut self.text);
        self.after_word = true;
        self.started = true;
    }

    fn finish(mut self) -> String {
        self.run.flush(&mut self.text);
        self.text
    }
}

fn trim(mut octets: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] = octets {
        octets = rest;
    }
    while let [rest @ .., b' ' | b'\t' | b'\r' | b'\n'] = octets {
        octets = rest;
    }
    octets
}

#[cfg(test)]
mod tests;
