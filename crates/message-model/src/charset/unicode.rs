//! UTF-7, UTF-16 and UTF-32.

const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// RFC 2152.
pub(super) fn utf7(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len());
    let mut rest = octets;
    let mut units = Vec::new();
    while let Some((&octet, behind)) = rest.split_first() {
        rest = behind;
        match octet {
            b'+' => {
                let length = rest.iter().take_while(|octet| sextet(**octet).is_some()).count();
                let (shifted, behind) = rest.split_at_checked(length).unwrap_or_default();
                // A hyphen that ends the run belongs to it; `+-` is a plus.
                let hyphen = behind.strip_prefix(b"-");
                rest = hyphen.unwrap_or(behind);
                match (shifted, hyphen) {
                    ([], Some(_)) => text.push('+'),
                    ([], None) => text.push(REPLACEMENT),
                    _ => push_shifted(&mut text, shifted, &mut units),
                }
            }
            _ if octet.is_ascii() => text.push(char::from(octet)),
            _ => text.push(REPLACEMENT),
        }
    }
    text
}

fn push_shifted(text: &mut String, shifted: &[u8], units: &mut Vec<u16>) {
    units.clear();
    let mut bits = 0_u32;
    let mut count = 0;
    for value in shifted.iter().filter_map(|octet| sextet(*octet)) {
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 16 {
            count -= 16;
            let [_, _, unit @ ..] = (bits >> count).to_be_bytes();
            units.push(u16::from_be_bytes(unit));
            bits &= (1 << count) - 1;
        }
    }
    push_utf16(text, units.iter().copied());
    // RFC 2152, rule 2: fewer than six bits may be left over, and they are zero.
    if count >= 6 || bits != 0 {
        text.push(REPLACEMENT);
    }
}

fn sextet(octet: u8) -> Option<u8> {
    Some(match octet {
        b'A'..=b'Z' => octet - b'A',
        b'a'..=b'z' => octet - b'a' + 26,
        b'0'..=b'9' => octet - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// RFC 2781 4.3: by the byte order mark, else big-endian.
pub(super) fn utf16(octets: &[u8]) -> String {
    match octets {
        [0xff, 0xfe, octets @ ..] => utf16_le(octets),
        [0xfe, 0xff, octets @ ..] => utf16_be(octets),
        _ => utf16_be(octets),
    }
}

pub(super) fn utf16_be(octets: &[u8]) -> String {
    utf16_with(octets, u16::from_be_bytes)
}

pub(super) fn utf16_le(octets: &[u8]) -> String {
    utf16_with(octets, u16::from_le_bytes)
}

fn utf16_with(octets: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, rest) = octets.as_chunks::<2>();
    let mut text = String::with_capacity(octets.len());
    push_utf16(&mut text, pairs.iter().map(|pair| unit(*pair)));
    if !rest.is_empty() {
        text.push(REPLACEMENT);
    }
    text
}

fn push_utf16(text: &mut String, units: impl Iterator<Item = u16>) {
    text.extend(char::decode_utf16(units).map(|decoded| decoded.unwrap_or(REPLACEMENT)));
}

/// UTF-32 by its byte order mark, else big-endian.
pub(super) fn utf32_be(octets: &[u8]) -> String {
    match octets {
        [0xff, 0xfe, 0, 0, octets @ ..] => utf32_le(octets),
        [0, 0, 0xfe, 0xff, octets @ ..] => utf32_with(octets, u32::from_be_bytes),
        _ => utf32_with(octets, u32::from_be_bytes),
    }
}

pub(super) fn utf32_le(octets: &[u8]) -> String {
    utf32_with(octets.strip_prefix(b"\xff\xfe\0\0").unwrap_or(octets), u32::from_le_bytes)
}

fn utf32_with(octets: &[u8], unit: fn([u8; 4]) -> u32) -> String {
    let (units, rest) = octets.as_chunks::<4>();
    let mut text: String =
        units.iter().map(|octets| char::from_u32(unit(*octets)).unwrap_or(REPLACEMENT)).collect();
    if !rest.is_empty() {
        text.push(REPLACEMENT);
    }
    text
}
