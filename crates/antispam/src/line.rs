//! Where in a text something is wrong.

use crate::{Error, ErrorKind, Place};

/// An error at an octet of `text`, placed by its line.
pub(crate) fn in_text(kind: ErrorKind, text: &str, offset: usize) -> Error {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    let breaks = memchr::memchr_iter(b'\n', before).count();
    Error::new(kind).at(Place::Line(breaks.saturating_add(1)))
}
