//! Base64 as tags have it (RFC 6376 2.10): white space anywhere, padding optional, nothing else.

use crate::tags::is_fws;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value of a digit.
const fn value_of(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// Decodes, or gives the offset of what is wrong. A text of white space alone is empty.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut bits, mut digits, mut padding) = (0u32, 0u8, 0u8);
    for (at, &octet) in text.iter().enumerate() {
        if is_fws(octet) {
            continue;
        }
        if octet == b'=' {
            // RFC 6376 2.10: at most two, and only to fill the last group.
            if digits < 2 || digits + padding >= 4 {
                return Err(at);
            }
            padding += 1;
            continue;
        }
        let Some(value) = value_of(octet).filter(|_| padding == 0) else { return Err(at) };
        bits = bits << 6 | u32::from(value);
        digits += 1;
        if digits == 4 {
            let [_, a, b, c] = bits.to_be_bytes();
            out.extend_from_slice(&[a, b, c]);
            (bits, digits) = (0, 0);
        }
    }
    if padding > 0 && digits + padding != 4 {
        return Err(text.len());
    }
    // RFC 4648 3.5: the bits that are left over are zero; one text stands for one value.
    match digits {
        0 => {}
        2 if bits & 0x0f == 0 => out.extend(u8::try_from(bits >> 4)),
        3 if bits & 0x03 == 0 => {
            let [_, _, a, b] = (bits >> 2).to_be_bytes();
            out.extend_from_slice(&[a, b]);
        }
        _ => return Err(text.len()),
    }
    Ok(out)
}

/// Encodes without line breaks.
pub(crate) fn encode(octets: &[u8]) -> String {
    let digit = |value: u32| {
        char::from(usize::try_from(value & 63).ok().and_then(|at| ALPHABET.get(at)).copied().unwrap_or(b'A'))
    };
    let mut out = String::with_capacity(octets.len().div_ceil(3) * 4);
    for group in octets.chunks(3) {
        let octet = |n: usize| group.get(n).copied().map_or(0, u32::from);
        let bits = octet(0) << 16 | octet(1) << 8 | octet(2);
        out.push(digit(bits >> 18));
        out.push(digit(bits >> 12));
        out.push(if group.len() > 1 { digit(bits >> 6) } else { '=' });
        out.push(if group.len() > 2 { digit(bits) } else { '=' });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648() {
        // RFC 4648 10
        for (plain, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(plain.as_bytes()), text);
            assert_eq!(decode(text.as_bytes()), Ok(plain.into()));
            assert_eq!(decode(text.trim_end_matches('=').as_bytes()), Ok(plain.into()));
        }
    }

    #[test]
    fn what_is_no_base64() {
        assert_eq!(decode(b"Zm\r\n 9v"), Ok(b"foo".to_vec()));
        for text in ["Z", "Zg=", "Zg===", "Z===", "=", "Zm9v=", "Zh==", "Zm9=", "Zg==Zg==", "Zm-v", "Zm9v\0"]
        {
            assert!(decode(text.as_bytes()).is_err(), "{text}");
        }
    }
}
