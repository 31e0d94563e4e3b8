//! DKIM-Quoted-Printable (RFC 6376 2.11): `=` and two upper-case hex digits, white space ignored.

use std::borrow::Cow;

use crate::tags::is_fws;

/// Undoes the encoding. A `=` without two hex digits is kept as it stands, and its offset is told.
pub(crate) fn decode(text: &[u8]) -> (Cow<'_, [u8]>, Option<usize>) {
    if !text.iter().any(|&b| b == b'=' || is_fws(b)) {
        return (Cow::Borrowed(text), None);
    }
    let mut out = Vec::with_capacity(text.len());
    let (mut at, mut bad) = (0usize, None);
    while let Some(rest) = text.get(at..) {
        at += match rest {
            [] => break,
            [b'=', high, low, ..] if let (Some(high), Some(low)) = (hex(*high), hex(*low)) => {
                out.push(high << 4 | low);
                3
            }
            [octet, ..] => {
                if *octet == b'=' {
                    bad = bad.or(Some(at));
                }
                if !is_fws(*octet) {
                    out.push(*octet);
                }
                1
            }
        };
    }
    (Cow::Owned(out), bad)
}

/// [`decode`] for people: octets that are no UTF-8 become U+FFFD.
pub(crate) fn decode_text(text: &[u8]) -> Cow<'_, str> {
    match decode(text).0 {
        Cow::Borrowed(octets) => String::from_utf8_lossy(octets),
        Cow::Owned(octets) => Cow::Owned(String::from_utf8_lossy(&octets).into_owned()),
    }
}

/// Appends the encoded form. `|` and `:` are encoded as well, which `z=` needs (RFC 6376 3.5).
pub(crate) fn encode(octets: &[u8], out: &mut String) {
    for &octet in octets {
        // RFC 6376 2.11: dkim-safe-char = %x21-3A / %x3C / %x3E-7E
        if matches!(octet, 0x21..=0x39 | 0x3c | 0x3e..=0x7b | 0x7d | 0x7e) {
            out.push(char::from(octet));
        } else {
            out.push('=');
            for nibble in [octet >> 4, octet & 15] {
                out.push(char::from(if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 }));
            }
        }
    }
}

fn hex(digit: u8) -> Option<u8> {
    // RFC 6376 2.11 has upper case only; lower case is read as well.
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        let (plain, bad) = decode(b"a=20b=3B\r\n =c3=A9");
        assert_eq!((&*plain, bad), ("a b;é".as_bytes(), None));
        assert_eq!(decode(b"a=2").1, Some(1));
        let mut out = String::new();
        encode("a|b:c;d=e é\r\n".as_bytes(), &mut out);
        assert_eq!(out, "a=7Cb=3Ac=3Bd=3De=20=C3=A9=0D=0A");
        assert_eq!(&*decode(out.as_bytes()).0, "a|b:c;d=e é\r\n".as_bytes());
    }
}
