//! Content transfer encodings (RFC 2045 6): base64, quoted-printable, the identities, and uuencode as found in old mail.

mod base64;
mod encode;
mod quoted_printable;
mod stream;
mod uuencode;

use std::borrow::Cow;

pub(crate) use encode::{push_base64, push_escape};
pub(crate) use quoted_printable::escape;

pub use stream::{Decoder, MAX_LINE};

pub use encode::{LINE_LENGTH, base64, quoted_printable, quoted_printable_binary};

/// The encoding of a body, from Content-Transfer-Encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Encoding {
    /// `7bit`, also where the field is missing (RFC 2045 6.1).
    #[default]
    SevenBit,
    /// `8bit`
    EightBit,
    /// `binary`
    Binary,
    /// `base64`
    Base64,
    /// `quoted-printable`
    QuotedPrintable,
    /// `x-uuencode` and its like, from before MIME.
    UuEncode,
    /// Anything else: the octets have to be left alone (RFC 2045 6.4).
    Unknown,
}

impl Encoding {
    /// Reads a Content-Transfer-Encoding value; blanks, quotes, comments and what follows the name do not matter.
    ///
    /// ```
    /// use mailwright_message_model::transfer::Encoding;
    /// assert_eq!(Encoding::parse(b" \"BASE64\"; (sic)\r\n"), Encoding::Base64);
    /// assert_eq!(Encoding::parse(b"rot13"), Encoding::Unknown);
    /// ```
    #[must_use]
    pub fn parse(value: &[u8]) -> Self {
        let mut rest = value;
        loop {
            rest = match rest {
                [b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'', behind @ ..] => behind,
                [b'(', ..] => match memchr::memchr(b')', rest).and_then(|close| rest.get(close + 1..)) {
                    Some(behind) => behind,
                    None => break,
                },
                _ => break,
            };
        }
        let name = rest
            .split(|octet| matches!(octet, b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b';' | b',' | b'('))
            .next()
            .unwrap_or_default();
        NAMES
            .iter()
            .find(|(known, _)| name.eq_ignore_ascii_case(known))
            .map_or(Self::Unknown, |(_, encoding)| *encoding)
    }

    /// Whether the octets of the body are the content.
    #[must_use]
    pub const fn is_identity(self) -> bool {
        matches!(self, Self::SevenBit | Self::EightBit | Self::Binary | Self::Unknown)
    }
}

/// RFC 2045 6.1, and spellings of the wild.
const NAMES: [(&[u8], Encoding); 13] = [
    (b"7bit", Encoding::SevenBit),
    (b"8bit", Encoding::EightBit),
    (b"base64", Encoding::Base64),
    (b"quoted-printable", Encoding::QuotedPrintable),
    (b"binary", Encoding::Binary),
    (b"7-bit", Encoding::SevenBit),
    (b"8-bit", Encoding::EightBit),
    (b"base-64", Encoding::Base64),
    (b"quoted_printable", Encoding::QuotedPrintable),
    (b"x-uuencode", Encoding::UuEncode),
    (b"uuencode", Encoding::UuEncode),
    (b"x-uue", Encoding::UuEncode),
    (b"uue", Encoding::UuEncode),
];

/// A decoded body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decoded<'a> {
    /// The content; borrowed from the body where the encoding is an identity.
    pub bytes: Cow<'a, [u8]>,
    /// The first thing that did not follow the encoding's rules.
    pub problem: Option<Problem>,
}

/// Something in an encoded body that its encoding does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Problem {
    /// What it is.
    pub kind: ProblemKind,
    /// Its offset in the encoded body.
    pub at: usize,
}

/// What a [`Problem`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum ProblemKind {
    /// An octet outside of the alphabet; skipped (RFC 2045 6.8).
    StrayOctet,
    /// The last group of base64 is short of padding, or of more than that.
    Truncated,
    /// Base64 goes on behind padding; decoded as a run of its own.
    DataAfterPadding,
    /// Text behind the encoded data, as the footer of a mailing list; left out.
    TrailingText,
    /// A `=` without two hexadecimal digits behind; kept as it is (RFC 2045 6.7).
    BadEscape,
    /// No `begin` line of uuencode; the octets are kept as they are.
    NoBegin,
}

/// Decodes `body`. Never fails: what does not follow the rules is skipped or kept, as the RFC or else practice has it,
/// and reported as [`Decoded::problem`].
///
/// ```
/// use mailwright_message_model::transfer::{Encoding, decode};
/// let decoded = decode(Encoding::Base64, b"aGVs\r\nbG8=\r\n");
/// assert_eq!((&*decoded.bytes, decoded.problem), (b"hello".as_slice(), None));
/// ```
#[must_use]
pub fn decode(encoding: Encoding, body: &[u8]) -> Decoded<'_> {
    match encoding {
        Encoding::Base64 => base64::decode(body),
        Encoding::QuotedPrintable => quoted_printable::decode(body),
        Encoding::UuEncode => uuencode::decode(body),
        Encoding::SevenBit | Encoding::EightBit | Encoding::Binary | Encoding::Unknown => {
            Decoded { bytes: Cow::Borrowed(body), problem: None }
        }
    }
}

/// Keeps the first problem.
#[derive(Debug, Default)]
struct Problems(Option<Problem>);

impl Problems {
    fn add(&mut self, kind: ProblemKind, at: usize) {
        self.0.get_or_insert(Problem { kind, at });
    }
}

#[cfg(test)]
mod tests;
