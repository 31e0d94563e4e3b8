//! Octets of a named charset to text.
//!
//! US-ASCII, UTF-8, UTF-7, UTF-16, UTF-32, HZ and ISO-2022-KR are read here, the first two borrow; the tables of all
//! other charsets are those of mail-parser, and those of several octets a character need the feature `charsets`. Labels mean what they mean on the web, so `iso-8859-1` is windows-1252.

mod shifted;
mod single;
mod unicode;

use std::borrow::Cow;

use mail_parser::decoders::charsets::DecoderFnc;
use mail_parser::decoders::charsets::map::charset_decoder;

/// Longest charset name that is looked up; the longest registered one has 45 octets.
const MAX_NAME: usize = 48;

/// Decodes `octets` as `charset`; `None` where the charset is unknown.
///
/// Case, quotes and blanks around the name do not matter, nor does a language behind it (`utf-8*en`, RFC 2231 5).
/// Octets that the charset does not have become U+FFFD. The text is at most four times as long as `octets`.
///
/// ```
/// use mailwright_message_model::charset;
/// assert_eq!(charset::decode(b"KOI8-R", b"\xd4\xc5\xd3\xd4").as_deref(), Some("тест"));
/// assert_eq!(charset::decode(b"x-unknown", b"text"), None);
/// ```
#[must_use]
pub fn decode<'a>(charset: &[u8], octets: &'a [u8]) -> Option<Cow<'a, str>> {
    Some(match Kind::named(charset)? {
        Kind::Utf8 => String::from_utf8_lossy(octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets)),
        Kind::Ascii => decode_lossy(octets),
        Kind::Own(decoder) => Cow::Owned(decoder(octets)),
        Kind::AsciiBased(decoder) => match ascii(octets) {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(decoder(octets)),
        },
    })
}

/// Whether [`decode`] knows `charset`.
#[must_use]
pub fn is_known(charset: &[u8]) -> bool {
    Kind::named(charset).is_some()
}

/// Whether `octets` are text in `charset`, so that nothing has to be replaced; `None` where the charset is unknown.
#[must_use]
pub fn is_valid(charset: &[u8], octets: &[u8]) -> Option<bool> {
    Some(match Kind::named(charset)? {
        Kind::Utf8 => std::str::from_utf8(octets).is_ok(),
        Kind::Ascii => octets.is_ascii(),
        Kind::Own(_) | Kind::AsciiBased(_) => {
            octets.is_ascii() && matches!(Kind::named(charset), Some(Kind::AsciiBased(_)))
                || decode(charset, octets).is_some_and(|text| !text.contains('\u{fffd}'))
        }
    })
}

/// Text where no charset is named or the named one is unknown: UTF-8 where `octets` are valid UTF-8, else windows-1252,
/// which gives nearly every octet a character.
///
/// ```
/// use mailwright_message_model::charset::decode_lossy;
/// assert_eq!(decode_lossy("é".as_bytes()), "é");
/// assert_eq!(decode_lossy(b"\xe9"), "é");
/// ```
#[must_use]
pub fn decode_lossy(octets: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(octets) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => match charset_decoder(b"windows-1252") {
            Some(decoder) => Cow::Owned(decoder(octets)),
            None => String::from_utf8_lossy(octets),
        },
    }
}

/// Text of `octets` in `charset`, by [`decode_lossy`] where that is missing or unknown.
#[must_use]
pub fn decode_or_lossy<'a>(charset: Option<&[u8]>, octets: &'a [u8]) -> Cow<'a, str> {
    charset.and_then(|charset| decode(charset, octets)).unwrap_or_else(|| decode_lossy(octets))
}

/// Whether the decoded text of two pieces is the text of both put together, so that a character may be split between
/// them: not where each piece starts in a state of its own.
pub(crate) fn joins(charset: &[u8]) -> bool {
    matches!(Kind::named(charset), None | Some(Kind::Utf8 | Kind::Ascii | Kind::AsciiBased(_)))
}

fn ascii(octets: &[u8]) -> Option<&str> {
    octets.is_ascii().then(|| std::str::from_utf8(octets).ok())?
}

enum Kind {
    Utf8,
    Ascii,
    /// Octets below 128 are ASCII wherever they are not the second of a character.
    AsciiBased(DecoderFnc),
    Own(DecoderFnc),
}

impl Kind {
    fn named(charset: &[u8]) -> Option<Self> {
        let blank = |octet: &u8| octet.is_ascii_whitespace() || matches!(octet, b'"' | b'\'');
        let mut name = charset;
        if let Some(star) = memchr::memchr(b'*', name) {
            name = name.get(..star).unwrap_or(name);
        }
        while let [first, rest @ ..] = name
            && blank(first)
        {
            name = rest;
        }
        while let [rest @ .., last] = name
            && blank(last)
        {
            name = rest;
        }
        let mut buffer = [0; MAX_NAME];
        let lower = buffer.get_mut(..name.len())?;
        for (to, from) in lower.iter_mut().zip(name) {
            *to = if *from == b'_' { b'-' } else { from.to_ascii_lowercase() };
        }
        Self::lower(lower).or_else(|| Self::lower(lower.strip_prefix(b"x-")?))
    }

    /// By a name in lower case with hyphens only.
    fn lower(name: &[u8]) -> Option<Self> {
        let other: &[u8] = match name {
            b"utf-8" | b"utf8" | b"csutf8" | b"unicode-1-1-utf-8" | b"unicode11utf8" | b"unicode20utf8"
            | b"cp65001" | b"utf-8n" | b"utf-8-mac" => return Some(Self::Utf8),
            b"us-ascii" | b"ascii" | b"ansi-x3.4-1968" | b"ansi-x3.4-1986" | b"iso-ir-6" | b"iso646-us"
            | b"iso-646.irv:1991" | b"csascii" | b"us" | b"646" => return Some(Self::Ascii),
            b"utf-7" | b"utf7" | b"csutf7" | b"unicode-1-1-utf-7" => return Some(Self::Own(unicode::utf7)),
            b"utf-16" | b"utf16" | b"csutf16" | b"ucs-2" | b"iso-10646-ucs-2" | b"csunicode" | b"unicode" => {
                return Some(Self::Own(unicode::utf16));
            }
            b"utf-16be" | b"csutf16be" | b"unicodefffe" => return Some(Self::Own(unicode::utf16_be)),
            b"utf-16le" | b"csutf16le" | b"unicodefeff" => return Some(Self::Own(unicode::utf16_le)),
            b"utf-32" | b"utf-32be" | b"csutf32" | b"csutf32be" => return Some(Self::Own(unicode::utf32_be)),
            b"utf-32le" | b"csutf32le" => return Some(Self::Own(unicode::utf32_le)),
            b"hz-gb-2312" | b"hz" if cfg!(feature = "charsets") => return Some(Self::Own(shifted::hz)),
            b"iso-2022-kr" | b"csiso2022kr" if cfg!(feature = "charsets") => {
                return Some(Self::Own(shifted::iso_2022_kr));
            }
            b"iso-2022-jp" | b"csiso2022jp" | b"iso-2022-jp-1" | b"iso-2022-jp-ms" | b"cp50220"
            | b"cp50221" => {
                return charset_decoder(b"iso-2022-jp").map(Self::Own);
            }
            // Labels of charsets that the tables do not have: better unknown than a single U+FFFD for all text.
            b"replacement" | b"iso-2022-cn" | b"iso-2022-cn-ext" => return None,
            b"cp932" | b"ms-cp932" | b"shiftjis" | b"shift-jisx0213" => b"shift_jis",
            b"cp949" | b"ms949" | b"uhc" | b"euckr" | b"ks-c-5601" => b"euc-kr",
            b"cp950" | b"big-5" | b"big5-eten" | b"windows-950" => b"big5",
            b"eucjp" | b"ujis" => b"euc-jp",
            b"gb18030-2000" | b"gb18030-2005" | b"cp54936" => b"gb18030",
            b"latin-1" | b"iso-latin-1" | b"iso8859" | b"iso-8859" => b"iso-8859-1",
            b"latin9" => b"iso-8859-15",
            // The same with more characters, as on the web; among them the no-break space.
            b"tis-620" | b"tis620" | b"cstis620" | b"iso-8859-11" | b"iso8859-11" | b"iso885911" => {
                b"windows-874"
            }
            _ => windows(name).unwrap_or(name),
        };
        single::corrected(other).or_else(|| charset_decoder(other)).map(Self::AsciiBased)
    }
}

/// `windows1251`, `win-1251`, `cp-1251` and their like by the name that the tables have.
fn windows(name: &[u8]) -> Option<&'static [u8]> {
    let rest = name
        .strip_prefix(b"windows")
        .or_else(|| name.strip_prefix(b"win"))
        .or_else(|| name.strip_prefix(b"cp"))?;
    Some(match rest.strip_prefix(b"-").unwrap_or(rest) {
        b"1250" => b"cp1250",
        b"1251" => b"cp1251",
        b"1252" => b"cp1252",
        b"1253" => b"cp1253",
        b"1254" => b"cp1254",
        b"1255" => b"cp1255",
        b"1256" => b"cp1256",
        b"1257" => b"cp1257",
        b"1258" => b"cp1258",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
