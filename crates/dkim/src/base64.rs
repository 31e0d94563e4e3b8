//! Base64 as tags have it (RFC 6376 2.10): white space anywhere, padding optional, nothing else.

use crate::tags::is_fws;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// No digit: a bit that no value of a group has.
const NONE: u32 = 1 << 24;

/// The value of each octet that is a digit.
const VALUES: [u32; 256] = values(0);

/// That of the digits of a group of four, at their places.
const GROUP: [[u32; 256]; 4] = [values(18), values(12), values(6), VALUES];

#[expect(clippy::indexing_slicing, reason = "at compile time")]
const fn values(place: u32) -> [u32; 256] {
    let mut values = [NONE; 256];
    let mut value: u32 = 0;
    while value < 64 {
        values[ALPHABET[value as usize] as usize] = value << place;
        value += 1;
    }
    values
}

fn value_of(octet: u8, values: &[u32; 256]) -> u32 {
    values.get(usize::from(octet)).copied().unwrap_or(NONE)
}

/// Decodes, or gives the offset of what is wrong. A text of white space alone is empty.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, usize> {
    let mut out = vec![0; text.len() / 4 * 3 + 3];
    // What has been written of it.
    let mut len = 0;
    let (mut bits, mut digits, mut padding) = (0u32, 0u8, 0u8);
    let mut rest = text;
    loop {
        if digits == 0 && padding == 0 {
            let groups = whole_groups(rest, out.get_mut(len..).unwrap_or_default());
            len += 3 * groups;
            rest = rest.get(4 * groups..).unwrap_or_default();
        }
        let at = text.len() - rest.len();
        let Some((&octet, behind)) = rest.split_first() else { break };
        rest = behind;
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
        let value = value_of(octet, &VALUES);
        if value == NONE || padding > 0 {
            return Err(at);
        }
        bits = bits << 6 | value;
        digits += 1;
        if digits == 4 {
            write(bits, 3, &mut out, &mut len);
            (bits, digits) = (0, 0);
        }
    }
    if padding > 0 && digits + padding != 4 {
        return Err(text.len());
    }
    // RFC 4648 3.5: the bits that are left over are zero; one text stands for one value.
    match digits {
        0 => {}
        2 if bits & 0x0f == 0 => write(bits << 12, 1, &mut out, &mut len),
        3 if bits & 0x03 == 0 => write(bits << 6, 2, &mut out, &mut len),
        _ => return Err(text.len()),
    }
    out.truncate(len);
    Ok(out)
}

/// Decodes the groups at the start that have no white space within, as most have, and says how many there are.
fn whole_groups(text: &[u8], out: &mut [u8]) -> usize {
    let (groups, _) = text.as_chunks::<4>();
    let (room, _) = out.as_chunks_mut::<3>();
    let mut whole = 0;
    let [first, second, third, fourth] = &GROUP;
    for (&[a, b, c, d], place) in groups.iter().zip(room) {
        let bits = value_of(a, first) | value_of(b, second) | value_of(c, third) | value_of(d, fourth);
        if bits >= NONE {
            break;
        }
        let [_, octets @ ..] = bits.to_be_bytes();
        *place = octets;
        whole += 1;
    }
    whole
}

/// Writes the first `count` octets of a group of 24 bits.
fn write(bits: u32, count: usize, out: &mut [u8], len: &mut usize) {
    let [_, octets @ ..] = bits.to_be_bytes();
    for (place, octet) in out.iter_mut().skip(*len).zip(octets).take(count) {
        *place = octet;
    }
    *len += count;
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
