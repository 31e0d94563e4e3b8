//! One encoded word (RFC 2047 2), and runs of them.

use std::borrow::Cow;

use crate::charset;
use crate::transfer;

/// An encoded word, taken apart but not yet decoded.
pub(super) struct Word<'a> {
    /// With the language of RFC 2231 5 behind a star.
    charset: &'a [u8],
    octets: Cow<'a, [u8]>,
}

impl<'a> Word<'a> {
    /// The word that `octets` start with, and its length. Reads no further than the next `=?` behind the first octets,
    /// so that looking at each `=?` of a text is linear.
    pub(super) fn parse(octets: &'a [u8]) -> Option<(Self, usize)> {
        let rest = octets.strip_prefix(b"=?")?;
        let end = rest.iter().position(|octet| !is_charset(*octet))?;
        let (charset, rest) = rest.split_at_checked(end)?;
        // One character names no charset, and `=?=` is common in links.
        if charset.iter().take_while(|octet| **octet != b'*').count() < 2 {
            return None;
        }
        let (data, decoded) = match rest {
            [b'?', b'b' | b'B', b'?', data @ ..] => {
                let length = memchr::memchr(b'?', data)?;
                let (data, behind) = data.split_at_checked(length)?;
                if !behind.starts_with(b"?=") || !is_base64(data) {
                    return None;
                }
                (behind.get(2..)?, transfer::decode(transfer::Encoding::Base64, data).bytes)
            }
            [b'?', b'q' | b'Q', b'?', data @ ..] => {
                let (decoded, behind) = q(data)?;
                (behind, Cow::Owned(decoded))
            }
            _ => return None,
        };
        Some((Self { charset, octets: decoded }, octets.len() - data.len()))
    }
}

/// The text of a `Q` word and what stands behind its `?=` (RFC 2047 4.2). Blanks are not allowed in it, yet common; a word
/// that was folded in its middle loses the fold.
fn q(data: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut out = Vec::with_capacity(data.len().min(super::MAX_WORD));
    let mut rest = data;
    loop {
        rest = match rest {
            [b'?', b'=', rest @ ..] => return Some((out, rest)),
            [b'=', b'?', b'=', rest @ ..] => return Some((out, rest)),
            &[b'=', high, low, ref rest @ ..] => {
                out.push(transfer::escape(high, low)?);
                rest
            }
            [b'_', rest @ ..] => {
                out.push(b' ');
                rest
            }
            [b'\r', rest @ ..] => rest,
            [b'\n', rest @ ..] => {
                let mut rest = rest;
                while let [b' ' | b'\t', behind @ ..] = rest {
                    rest = behind;
                }
                rest
            }
            [b'=', ..] | [] => return None,
            [octet, rest @ ..] => {
                out.push(*octet);
                rest
            }
        };
    }
}

/// RFC 2047 2: a token, but tolerant of what no charset name holds anyway; with the star of RFC 2231 5.
fn is_charset(octet: u8) -> bool {
    octet.is_ascii_graphic()
        && !matches!(octet, b'?' | b'=' | b'(' | b')' | b'<' | b'>' | b'@' | b',' | b';' | b'"')
}

fn is_base64(data: &[u8]) -> bool {
    data.iter().all(|octet| {
        octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'=' | b' ' | b'\t' | b'\r' | b'\n')
    })
}

/// Adjacent words of one charset, whose octets are decoded together.
#[derive(Default)]
pub(super) struct Run {
    charset: Vec<u8>,
    octets: Vec<u8>,
}

impl Run {
    /// Adds a word; what cannot be joined with it is decoded first.
    pub(super) fn push(&mut self, word: &Word<'_>, text: &mut String) {
        // With its language (RFC 2231 5): words in two languages are two texts.
        if !self.charset.eq_ignore_ascii_case(word.charset) || !charset::joins(&self.charset) {
            self.flush(text);
            self.charset.clear();
            self.charset.extend_from_slice(word.charset);
        }
        self.octets.extend_from_slice(&word.octets);
    }

    /// Decodes what has been gathered.
    pub(super) fn flush(&mut self, text: &mut String) {
        if !self.octets.is_empty() {
            text.push_str(&charset::decode_or_lossy(Some(&self.charset), &self.octets));
            self.octets.clear();
        }
        self.charset.clear();
    }
}
