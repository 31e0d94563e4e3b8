//! DER that is made of the vectors' numbers, for the crate reads nothing else.

/// A SEQUENCE of elements.
pub(super) fn sequence(elements: &[&[u8]]) -> Vec<u8> {
    element(0x30, &elements.concat())
}

/// An OCTET STRING.
pub(super) fn octets(content: &[u8]) -> Vec<u8> {
    element(0x04, content)
}

/// An INTEGER that is not negative.
pub(super) fn integer(number: &[u8]) -> Vec<u8> {
    let digits = digits(number);
    let sign: &[u8] = if digits.first().is_none_or(|first| first & 0x80 != 0) { &[0] } else { &[] };
    element(0x02, &[sign, digits].concat())
}

pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let octets = content.len().to_be_bytes();
    let length = match digits(&octets) {
        [] => vec![0],
        [short @ ..=0x7f] => vec![*short],
        [first] => vec![0x81, *first],
        [first, second] => vec![0x82, *first, *second],
        // No vector is that long.
        _ => vec![0xff],
    };
    [&[tag], length.as_slice(), content].concat()
}

/// A number without leading zeros.
fn digits(number: &[u8]) -> &[u8] {
    number.get(number.iter().take_while(|octet| **octet == 0).count()..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn lengths_and_signs_are_those_of_x690() {
        assert_eq!(super::integer(&[0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(super::integer(&[]), [2, 1, 0]);
        assert_eq!(super::octets(&[7; 200])[..3], [4, 0x81, 200]);
        assert_eq!(super::octets(&[7; 300])[..4], [4, 0x82, 1, 44]);
    }
}
