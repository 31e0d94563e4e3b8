//! RFC 5256 2.1 step 1: the subject as text.

use std::borrow::Cow;

use mailwright_message_model::{charset, transfer};
use memchr::{memchr, memmem};

/// The text of `value` with its encoded words decoded (RFC 2047), as Dovecot has it: words are found wherever they stand,
/// blanks between them are dropped, each is decoded by itself, and an unknown charset is read as UTF-8.
pub(super) fn decode(value: &[u8]) -> Cow<'_, str> {
    let finder = memmem::Finder::new(b"=?");
    if finder.find(value).is_none() {
        return String::from_utf8_lossy(value);
    }
    let mut text = String::with_capacity(value.len());
    // what was not yet put into the text, and where in it the next word is looked for
    let (mut plain, mut from) = (value, 0);
    while let Some(at) = finder.find(plain.get(from..).unwrap_or_default()).map(|at| from + at) {
        let (before, word) = plain.split_at_checked(at).unwrap_or((plain, &[]));
        let Some((decoded, behind)) = word.get(2..).and_then(decode_word) else {
            from = at + 2;
            continue;
        };
        // RFC 2047 6.2: blanks between words are not shown
        if !before.iter().all(u8::is_ascii_whitespace) {
            text.push_str(&String::from_utf8_lossy(before));
        }
        text.push_str(&decoded);
        (plain, from) = (behind, 0);
    }
    text.push_str(&String::from_utf8_lossy(plain));
    Cow::Owned(text)
}

/// The text of the encoded word whose `=?` stands in front of `octets`, and what follows it.
fn decode_word(octets: &[u8]) -> Option<(String, &[u8])> {
    let (charset, rest) = split_at_question(octets)?;
    let (encoding, rest) = split_at_question(rest)?;
    let (data, rest) = split_at_question(rest)?;
    let behind = rest.strip_prefix(b"=")?;
    let octets = match encoding.first()? {
        b'q' | b'Q' => decode_q(data),
        b'b' | b'B' => transfer::decode(transfer::Encoding::Base64, data).bytes.into_owned(),
        _ => return None,
    };
    let text = if is_latin1(charset) {
        octets.iter().map(|octet| char::from(*octet)).collect()
    } else {
        match charset::decode(charset, &octets) {
            Some(text) if !is_ascii(charset) => text.into_owned(),
            _ => String::from_utf8_lossy(&octets).into_owned(),
        }
    };
    Some((text, behind))
}

fn split_at_question(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let (before, from) = octets.split_at_checked(memchr(b'?', octets)?)?;
    Some((before, from.get(1..)?))
}

/// RFC 2047 4.2; an escape that is none stays as it is.
fn decode_q(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some((octet, behind)) = rest.split_first() {
        rest = behind;
        match (octet, behind) {
            (b'_', _) => out.push(b' '),
            (b'=', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    rest = after;
                }
                _ => out.push(b'='),
            },
            _ => out.push(*octet),
        }
    }
    out
}

fn hex(octet: u8) -> Option<u8> {
    char::from(octet).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// ISO 8859-1 itself, not windows-1252 under its name.
fn is_latin1(charset: &[u8]) -> bool {
    const NAMES: &[&[u8]] = &[b"iso-8859-1", b"iso8859-1", b"iso_8859-1", b"latin1", b"l1", b"cp819"];
    NAMES.iter().any(|name| charset.eq_ignore_ascii_case(name))
}

fn is_ascii(charset: &[u8]) -> bool {
    charset.eq_ignore_ascii_case(b"us-ascii") || charset.eq_ignore_ascii_case(b"ascii")
}

/// `text` with every run of white space as one space and none at the ends.
pub(super) fn collapse(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_collapsed(&text) {
        return text;
    }
    let mut collapsed = String::with_capacity(text.len());
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    Cow::Owned(collapsed)
}

fn is_collapsed(text: &str) -> bool {
    // a space in front of the text stands for its beginning
    let before = std::iter::once(b' ').chain(text.bytes());
    let mut pairs = before.zip(text.bytes());
    let is_white = |octet: u8| matches!(octet, b'\t' | b'\r' | b'\n');
    !text.ends_with(' ') && pairs.all(|(left, right)| !is_white(right) && (left, right) != (b' ', b' '))
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}
