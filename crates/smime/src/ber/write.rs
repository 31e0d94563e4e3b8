//! DER written: lengths known, as few octets as do.

use super::Identifier;

/// Identifier and length octets (X.690 10.1).
pub(crate) fn push_header(written: &mut Vec<u8>, identifier: Identifier, length: u64) {
    written.extend_from_slice(identifier.octets());
    match u8::try_from(length) {
        Ok(short @ 0..0x80) => written.push(short),
        _ => {
            let octets = length.to_be_bytes();
            let zeros = octets.iter().take_while(|octet| **octet == 0).count();
            let octets = octets.get(zeros..).unwrap_or(&octets);
            written.push(0x80 | u8::try_from(octets.len()).unwrap_or(8));
            written.extend_from_slice(octets);
        }
    }
}

/// The headers of elements that stand one in the other, from the outside in: each with the octets in it before the next, and
/// how many come behind that. In the innermost stand `content` octets.
pub(crate) fn headers(around: &[(Identifier, Vec<u8>, usize)], content: usize) -> Vec<u8> {
    let mut length = content;
    let mut headers = Vec::with_capacity(around.len());
    for (identifier, before, behind) in around.iter().rev() {
        let inside = length.saturating_add(before.len()).saturating_add(*behind);
        let mut header = Vec::new();
        push_header(&mut header, *identifier, inside as u64);
        length = inside.saturating_add(header.len());
        header.extend_from_slice(before);
        headers.push(header);
    }
    headers.reverse();
    headers.concat()
}

/// An element with this content.
pub(crate) fn element(identifier: Identifier, content: &[u8]) -> Vec<u8> {
    let mut written = Vec::with_capacity(content.len().saturating_add(8));
    push_header(&mut written, identifier, content.len() as u64);
    written.extend_from_slice(content);
    written
}

/// A SEQUENCE of elements that are written already.
pub(crate) fn sequence(elements: &[&[u8]]) -> Vec<u8> {
    element(Identifier::SEQUENCE, &elements.concat())
}

/// A SET OF elements that are written already, in the order of DER (X.690 11.6).
pub(crate) fn set_of(mut elements: Vec<Vec<u8>>) -> Vec<u8> {
    elements.sort_unstable();
    element(Identifier::SET, &elements.concat())
}

/// An OBJECT IDENTIFIER.
pub(crate) fn oid(oid: crate::Oid<'_>) -> Vec<u8> {
    element(Identifier::OID, oid.octets())
}

/// An OCTET STRING.
pub(crate) fn octets(content: &[u8]) -> Vec<u8> {
    element(Identifier::OCTETS, content)
}

/// An INTEGER that is not negative.
pub(crate) fn integer(value: u64) -> Vec<u8> {
    let octets = value.to_be_bytes();
    let zeros = octets.iter().take_while(|octet| **octet == 0).count().min(7);
    let digits = octets.get(zeros..).unwrap_or(&octets);
    if digits.first().is_some_and(|first| first & 0x80 != 0) {
        element(Identifier::INTEGER, &[&[0], digits].concat())
    } else {
        element(Identifier::INTEGER, digits)
    }
}
