//! The transfer encoding of a body, chosen by what it holds (RFC 2045 6, RFC 2049 3).

use std::borrow::Cow;

use memchr::memmem;

use crate::transfer::{self, Encoding};

use super::fold::LINE_MUST;
use super::{ComposeError, ComposeErrorKind, Transport};

/// Content as it stands in the message.
#[derive(Debug)]
pub(super) struct Encoded<'c> {
    pub(super) octets: Cow<'c, [u8]>,
    pub(super) encoding: Encoding,
}

/// What a type allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Readable where it can be.
    Text,
    /// Encoded in any case.
    Binary,
    /// Never encoded: `message/*` (RFC 2045 6.4), but for `message/global` and its like (RFC 6532 3.5, RFC 6533).
    Identity,
}

impl Kind {
    /// The kind of `type_/subtype`.
    pub(super) fn of(type_: &str, subtype: &str) -> Self {
        let is_global = subtype.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("global"));
        if type_.eq_ignore_ascii_case("text") {
            Self::Text
        } else if type_.eq_ignore_ascii_case("message") {
            if is_global { Self::Text } else { Self::Identity }
        } else {
            Self::Binary
        }
    }
}

/// Encodes `content`, as `wanted` if that is given.
pub(super) fn encode(
    content: &[u8],
    kind: Kind,
    wanted: Option<Encoding>,
    transport: Transport,
) -> Result<Encoded<'_>, ComposeError> {
    let survey = Survey::new(content);
    let identity = if survey.high == 0 { Encoding::SevenBit } else { Encoding::EightBit };
    let encoding = match (wanted, kind) {
        (Some(Encoding::Base64 | Encoding::QuotedPrintable), Kind::Identity) => {
            return Err(ComposeErrorKind::Encoding.into());
        }
        (Some(wanted), _) => wanted,
        (None, Kind::Identity) => identity,
        (None, Kind::Text) => survey.text_encoding(content, transport),
        (None, Kind::Binary) => Encoding::Base64,
    };
    let octets = match encoding {
        Encoding::SevenBit | Encoding::EightBit => {
            survey.check(encoding, transport)?;
            Cow::Borrowed(content)
        }
        Encoding::QuotedPrintable if survey.is_lines => {
            Cow::Owned(transfer::quoted_printable(content).into_bytes())
        }
        Encoding::QuotedPrintable => Cow::Owned(transfer::quoted_printable_binary(content).into_bytes()),
        Encoding::Base64 => {
            let mut octets = transfer::base64(content).into_bytes();
            // The delimiter behind the part brings the line break of the last line.
            octets.truncate(octets.strip_suffix(b"\r\n").map_or(0, <[u8]>::len));
            Cow::Owned(octets)
        }
        // What BDAT and BINARYMIME would need is not offered (RFC 3030), the others are not for sending.
        _ => return Err(ComposeErrorKind::Encoding.into()),
    };
    Ok(Encoded { octets, encoding })
}

/// What content is made of.
struct Survey {
    /// Whether all line breaks are CRLF, and there is no NUL.
    is_lines: bool,
    has_long_line: bool,
    /// Octets above 127.
    high: usize,
}

impl Survey {
    fn new(content: &[u8]) -> Self {
        let mut survey = Self { is_lines: !content.contains(&0), has_long_line: false, high: 0 };
        survey.high = content.iter().filter(|octet| !octet.is_ascii()).count();
        let mut lines = content.split(|octet| *octet == b'\n').peekable();
        while let Some(line) = lines.next() {
            let line = match line.strip_suffix(b"\r") {
                Some(line) if lines.peek().is_some() => line,
                _ => {
                    survey.is_lines &= lines.peek().is_none();
                    line
                }
            };
            survey.is_lines &= !line.contains(&b'\r');
            survey.has_long_line |= line.len() > LINE_MUST;
        }
        survey
    }

    fn text_encoding(&self, content: &[u8], transport: Transport) -> Encoding {
        // RFC 2049 3, RFC 8551 3.1.3: a line that begins with `From ` is changed on the way.
        let is_fragile = content.starts_with(b"From ") || memmem::find(content, b"\nFrom ").is_some();
        let is_carried = self.is_lines && !self.has_long_line && !is_fragile;
        if is_carried && self.high == 0 {
            Encoding::SevenBit
        } else if is_carried && transport >= Transport::EightBitMime {
            Encoding::EightBit
        } else if self.is_lines && self.high <= content.len() / 3 {
            // Base64 is shorter from a sixth on, but text in a Latin script stays readable, and some filters take base64
            // of text for an attempt to hide it.
            Encoding::QuotedPrintable
        } else {
            Encoding::Base64
        }
    }

    /// Whether content may stand as it is (RFC 2045 2.7 and 2.8).
    fn check(&self, encoding: Encoding, transport: Transport) -> Result<(), ComposeErrorKind> {
        if self.high > 0 && transport < Transport::EightBitMime {
            Err(ComposeErrorKind::NeedsEightBitMime)
        } else if !self.is_lines || (self.high > 0 && encoding == Encoding::SevenBit) {
            Err(ComposeErrorKind::Encoding)
        } else if self.has_long_line {
            Err(ComposeErrorKind::LineTooLong)
        } else {
            Ok(())
        }
    }
}

/// `text` with CRLF for each of its line breaks, LF, CR and CRLF (RFC 2046 4.1.1).
pub(super) fn canonical(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + text.len() / 32);
    let mut rest = text.as_bytes();
    while let Some(at) = memchr::memchr2(b'\r', b'\n', rest) {
        let (line, behind) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
        rest = behind.strip_prefix(b"\r\n").or_else(|| behind.get(1..)).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(content: &str, transport: Transport) -> Encoding {
        encode(content.as_bytes(), Kind::Text, None, transport).unwrap().encoding
    }

    #[test]
    fn text_is_encoded_by_what_it_holds() {
        use Transport::{EightBitMime, SevenBit, SmtpUtf8};
        assert_eq!(chosen("a\r\nb", SevenBit), Encoding::SevenBit);
        assert_eq!(chosen("Grüße aus Berlin", SevenBit), Encoding::QuotedPrintable);
        assert_eq!(chosen("Привет", SevenBit), Encoding::Base64);
        assert_eq!(chosen("Привет", EightBitMime), Encoding::EightBit);
        assert_eq!(chosen("Привет", SmtpUtf8), Encoding::EightBit);
        assert_eq!(chosen("a\r\nFrom b", EightBitMime), Encoding::QuotedPrintable);
        assert_eq!(chosen(&"a".repeat(998), SevenBit), Encoding::SevenBit);
        assert_eq!(chosen(&"a".repeat(999), EightBitMime), Encoding::QuotedPrintable);
        for bare in ["a\nb", "a\rb", "a\r\nb\r", "a\0b", "a\r\r\nb"] {
            assert_eq!(chosen(bare, SevenBit), Encoding::Base64, "{bare:?}");
        }
    }

    #[test]
    fn an_encoding_that_cannot_carry_the_content_is_refused() {
        let kind = |content: &str, wanted, transport| {
            encode(content.as_bytes(), Kind::Text, Some(wanted), transport).unwrap_err().kind()
        };
        assert_eq!(kind("ä", Encoding::EightBit, Transport::SevenBit), ComposeErrorKind::NeedsEightBitMime);
        assert_eq!(kind("ä", Encoding::SevenBit, Transport::EightBitMime), ComposeErrorKind::Encoding);
        assert_eq!(kind("a\nb", Encoding::SevenBit, Transport::SevenBit), ComposeErrorKind::Encoding);
        assert_eq!(kind("a", Encoding::Binary, Transport::SevenBit), ComposeErrorKind::Encoding);
        let long = "a".repeat(999);
        assert_eq!(kind(&long, Encoding::SevenBit, Transport::SevenBit), ComposeErrorKind::LineTooLong);
    }

    #[test]
    fn message_types_are_not_encoded() {
        let encode = |content: &'static str, wanted, transport| {
            let kind = Kind::of("message", "delivery-status");
            encode(content.as_bytes(), kind, wanted, transport)
                .map(|encoded| encoded.encoding)
                .map_err(|e| e.kind())
        };
        let (seven, eight) = (Transport::SevenBit, Transport::EightBitMime);
        assert_eq!(encode("a: b\r\n", None, seven), Ok(Encoding::SevenBit));
        assert_eq!(encode("a: \u{e4}\r\n", None, eight), Ok(Encoding::EightBit));
        assert_eq!(encode("a: \u{e4}\r\n", None, seven), Err(ComposeErrorKind::NeedsEightBitMime));
        assert_eq!(encode("a", Some(Encoding::Base64), seven), Err(ComposeErrorKind::Encoding));
        assert_eq!(Kind::of("Message", "Global-Delivery-Status"), Kind::Text);
    }

    #[test]
    fn line_breaks_of_text() {
        assert_eq!(canonical("a\nb\r\nc\rd\r\r\n\n"), b"a\r\nb\r\nc\r\nd\r\n\r\n\r\n");
    }
}
