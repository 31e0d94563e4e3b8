//! What the tree parser needs of a Content-Type, without allocation in all usual cases.

use std::borrow::Cow;

use super::extended::{self, Segment};
use super::pieces::{self, Piece, Pieces};
use super::{MAX_PARAMETERS, value};

/// Longest boundary (RFC 2046 5.1.1).
pub(crate) const MAX_BOUNDARY: usize = 70;

/// Type, subtype and boundary of an entity.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scan<'a> {
    /// As written, without blanks and comments; empty where there is none.
    pub(crate) type_: &'a [u8],
    /// As written; empty where there is none.
    pub(crate) subtype: &'a [u8],
    /// For `multipart` only: the first boundary, unquoted, not empty, without blanks at its end. A plain parameter goes
    /// before one in the form of RFC 2231.
    pub(crate) boundary: Option<Cow<'a, [u8]>>,
    pub(crate) doubts: Doubts,
}

/// What other readers of the same value may see differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Doubts {
    /// No type or no subtype: counts as `text/plain` (RFC 2045 5.2).
    pub(crate) unusable_type: bool,
    /// Type or subtype hold what no token may, or no `;` follows them (RFC 2045 5.1), as in `plain/format`.
    pub(crate) odd_type: bool,
    /// More than one boundary of the same form.
    pub(crate) duplicate_boundary: bool,
    /// A plain boundary and one in the form of RFC 2231.
    pub(crate) mixed_boundary: bool,
    /// Only written in the form of RFC 2231, which some readers do not know.
    pub(crate) extended_boundary: bool,
    /// Over 70 octets (RFC 2046 5.1.1).
    pub(crate) long_boundary: bool,
    /// Blanks at its end, which are taken off (RFC 2046 5.1.1).
    pub(crate) boundary_ends_blank: bool,
    /// Octets that RFC 2046 5.1.1 does not allow, or nothing at all.
    pub(crate) illegal_boundary: bool,
}

/// Reads a Content-Type value for the tree.
pub(crate) fn scan(value: &[u8]) -> Scan<'_> {
    let (head, mut pieces) = pieces::head(value);
    let mut scan =
        Scan { type_: head.type_, subtype: head.subtype, boundary: None, doubts: Doubts::default() };
    scan.doubts.unusable_type = scan.type_.is_empty() || scan.subtype.is_empty();
    scan.doubts.odd_type =
        !scan.type_.iter().chain(scan.subtype).all(|&octet| is_token(octet)) || !pieces.at_separator();
    if scan.type_.eq_ignore_ascii_case(b"multipart") {
        scan.find_boundary(pieces);
    }
    scan
}

impl<'a> Scan<'a> {
    fn find_boundary(&mut self, pieces: Pieces<'a>) {
        let mut plain: Option<Piece<'a>> = None;
        let mut extended = Vec::new();
        for piece in pieces.filter(|piece| may_be_boundary(piece.name)) {
            let segment = Segment::new(piece);
            if segment.name != "boundary" {
                continue;
            }
            if !segment.starred {
                self.doubts.duplicate_boundary |= plain.is_some();
                plain = plain.or(Some(piece));
            } else if extended.len() < MAX_PARAMETERS {
                extended.push(segment);
            }
        }
        self.doubts.mixed_boundary = plain.is_some() && !extended.is_empty();
        let boundary = match plain {
            Some(piece) => value::unquote(&piece),
            None => {
                extended.sort_by(extended::by_name_and_position);
                let starts = extended.iter().filter(|segment| segment.position == 0).count();
                self.doubts.duplicate_boundary |= starts > 1;
                let Some((start, further)) = extended.split_first() else {
                    return;
                };
                self.doubts.extended_boundary = true;
                extended::octets(start, further.iter().filter(|segment| segment.position > 0)).octets
            }
        };
        self.judge(boundary);
    }

    fn judge(&mut self, boundary: Cow<'a, [u8]>) {
        let kept = boundary.trim_ascii_end().len();
        self.doubts.boundary_ends_blank = kept < boundary.len();
        let boundary = match boundary {
            Cow::Borrowed(octets) => Cow::Borrowed(octets.get(..kept).unwrap_or(octets)),
            Cow::Owned(mut octets) => {
                octets.truncate(kept);
                Cow::Owned(octets)
            }
        };
        self.doubts.long_boundary = boundary.len() > MAX_BOUNDARY;
        self.doubts.illegal_boundary = boundary.is_empty() || !boundary.iter().all(|&octet| is_bchar(octet));
        self.boundary = (!boundary.is_empty()).then_some(boundary);
    }
}

fn may_be_boundary(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"boundary")
        || name.iter().any(|&octet| matches!(octet, b'*' | b' ' | b'\t' | b'\r'))
            && name.windows(8).any(|window| window.eq_ignore_ascii_case(b"boundary"))
}

/// RFC 2046 5.1.1, bchars.
fn is_bchar(octet: u8) -> bool {
    matches!(octet, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b' ' | b'\'' | b'(' | b')' | b'+'..=b'/' | b':' | b'=' | b'?' | b'_')
}

/// RFC 2045 5.1, token.
fn is_token(octet: u8) -> bool {
    matches!(octet, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'0'..=b'9' | b'A'..=b'Z' | b'^'..=b'~')
}
