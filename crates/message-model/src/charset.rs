//! Octets of a named charset to text.
//!
//! US-ASCII and UTF-8 are done here and borrow; the tables of all others are those of mail-parser.

use std::borrow::Cow;

use mail_parser::decoders::charsets::DecoderFnc;
use mail_parser::decoders::charsets::map::charset_decoder;

/// Decodes `octets` as `charset`; `None` where the charset is unknown.
#[must_use]
pub fn decode<'a>(charset: &[u8], octets: &'a [u8]) -> Option<Cow<'a, str>> {
    let charset = charset.trim_ascii();
    if charset.eq_ignore_ascii_case(b"utf-8") || charset.eq_ignore_ascii_case(b"utf8") {
        return Some(String::from_utf8_lossy(octets));
    }
    let decoder: DecoderFnc = charset_decoder(charset)?;
    Some(Cow::Owned(decoder(octets)))
}

/// UTF-8 where `octets` are valid UTF-8, else windows-1252.
#[must_use]
pub fn decode_lossy(octets: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(octets) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => decode(b"windows-1252", octets).unwrap_or_default(),
    }
}
