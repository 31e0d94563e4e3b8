//! Comments, white space and atoms as Dovecot reads them in identifiers and dates.

/// What follows the comments and white space at the start of `octets` (RFC 5322 3.2.2), and whether every comment ends.
pub(crate) fn skip(octets: &[u8]) -> (&[u8], bool) {
    let mut rest = octets;
    let mut depth = 0_usize;
    while let Some((octet, mut behind)) = rest.split_first() {
        match octet {
            b'(' => depth += 1,
            b')' if depth > 0 => depth -= 1,
            b'\\' if depth > 0 => behind = behind.split_first().map_or(behind, |(_, behind)| behind),
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ if depth > 0 => {}
            _ => break,
        }
        rest = behind;
    }
    (rest, depth == 0)
}

/// The atom at the start of `octets`, which may be empty, and what follows.
pub(crate) fn atom(octets: &[u8]) -> (&[u8], &[u8]) {
    let length = octets.iter().position(|octet| !is_atext(*octet)).unwrap_or(octets.len());
    octets.split_at_checked(length).unwrap_or((octets, &[]))
}

/// RFC 5322 3.2.3 atext, and what RFC 6532 adds.
fn is_atext(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || octet >= 0x80 || b"!#$%&'*+-/=?^_`{|}~".contains(&octet)
}
