//! From the octets of names and values to text.

use std::borrow::Cow;

use super::pieces::Piece;
use crate::charset;

/// `octets` as lower-case text; borrowed where they are already.
pub(super) fn lower(octets: &[u8]) -> Cow<'_, str> {
    let mut text = charset::decode_lossy(octets);
    if text.bytes().any(|octet| octet.is_ascii_uppercase()) {
        text.to_mut().make_ascii_lowercase();
    }
    text
}

/// The value's octets: quoted pairs resolved (RFC 822 3.3) and line breaks of folding taken off.
pub(super) fn unquote<'a>(piece: &Piece<'a>) -> Cow<'a, [u8]> {
    if !piece.quoted || memchr::memchr3(b'\\', b'\r', b'\n', piece.value).is_none() {
        return Cow::Borrowed(piece.value);
    }
    let mut octets = Vec::with_capacity(piece.value.len());
    let mut escaped = false;
    for &octet in piece.value {
        match octet {
            b'\\' if !escaped => {
                escaped = true;
                continue;
            }
            b'\r' | b'\n' => {}
            _ => octets.push(octet),
        }
        escaped = false;
    }
    Cow::Owned(octets)
}

/// RFC 2231 4: resolves percent escapes; octets with one that is no escape are no percent encoding and stay.
pub(super) fn percent(octets: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    if memchr::memchr(b'%', &octets).is_none() {
        return octets;
    }
    let mut decoded = Vec::with_capacity(octets.len());
    let mut rest = octets.iter().copied();
    while let Some(octet) = rest.next() {
        if octet != b'%' {
            decoded.push(octet);
            continue;
        }
        match (rest.next().and_then(hex), rest.next().and_then(hex)) {
            (Some(high), Some(low)) => decoded.push(high << 4 | low),
            _ => return octets,
        }
    }
    Cow::Owned(decoded)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
