//! Content-Length as a hint: where it leads, and whether a message may end there.

use memchr::memchr;

use super::{HEADER_OCTETS, MARKER};

/// Where a message ends, in octets from the start of the bytes looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// At the LF in front of a marker line.
    Separator(usize),
    /// At the end of the file.
    File,
}

/// Octets that [`lands`] must see behind the place: two line breaks and the beginning of a marker.
pub(super) const LOOK_AHEAD: usize = 4 + MARKER.len();

/// The end of the body that begins behind the empty line of `message`, by its Content-Length: octets from the start of
/// `message`. The bytes may go on behind the end: only their header is read. `None` without header end or field.
pub(super) fn hint(message: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let head = message.get(..HEADER_OCTETS).unwrap_or(message);
    let (mut at, mut length) = (0, None);
    loop {
        let rest = head.get(at..)?;
        let line = rest.get(..memchr(b'\n', rest)?)?;
        at += line.len() + 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return at.checked_add(length?);
        }
        let (name, value) = line.split_at_checked(NAME.len()).unwrap_or_default();
        if length.is_none() && name.eq_ignore_ascii_case(NAME) {
            length = std::str::from_utf8(value).ok().and_then(|value| value.trim().parse().ok());
        }
    }
}

/// Where a message of `bytes` ends if its body was counted up to `place`: directly at a marker line, with one or two
/// line breaks between, or at the end of the file (where `last` says that the bytes are all there is).
pub(super) fn lands(bytes: &[u8], place: usize, last: bool) -> Option<End> {
    let mut at = place;
    for _ in 0..3 {
        let rest = bytes.get(at..)?;
        let line_starts = at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\n');
        if line_starts && rest.starts_with(MARKER) {
            return Some(End::Separator(at - 1));
        }
        if rest.is_empty() {
            return last.then_some(End::File);
        }
        let after = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"))?;
        at = bytes.len() - after.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_counts_from_the_empty_line() {
        assert_eq!(hint(b"A: b\nCONTENT-LENGTH: 5\n\nbody"), Some(29));
        assert_eq!(hint(b"Content-Length: 5\r\n\r\n"), Some(26));
        assert_eq!(hint(b"Content-Length: 5\nA: b\n"), None);
        assert_eq!(hint(b"A: b\n\nContent-Length: 5\n\n"), None);
        assert_eq!(hint(b"Content-Length: -5\n\n"), None);
        assert_eq!(hint(b"Content-Length: 18446744073709551615\n\n"), None);
    }

    #[test]
    fn a_place_must_be_a_marker_or_the_end() {
        assert_eq!(lands(b"body\nFrom x", 5, true), Some(End::Separator(4)));
        assert_eq!(lands(b"body\nFrom x", 4, true), Some(End::Separator(4)));
        assert_eq!(lands(b"body\n\nFrom x", 4, true), Some(End::Separator(5)));
        assert_eq!(lands(b"body\r\n\r\nFrom x", 4, true), Some(End::Separator(7)));
        assert_eq!(lands(b"body\n\n\nFrom x", 4, true), None);
        assert_eq!(lands(b"bodyFrom x", 4, true), None);
        assert_eq!(lands(b"body\n", 4, true), Some(End::File));
        assert_eq!(lands(b"body\n", 4, false), None);
        assert_eq!(lands(b"body\n", 6, true), None);
    }
}
