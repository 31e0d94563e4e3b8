//! Character references.

use std::borrow::Cow;

use memchr::memchr;

/// Text with its references undone.
pub(super) struct Decoded<'s> {
    pub(super) text: Cow<'s, str>,
    /// ASCII letters and digits that were written as numbers.
    pub(super) needless: usize,
}

/// Named references that mail has; the others stay as they are.
const NAMED: &[(&str, &str)] = &[
    ("amp", "&"),
    ("apos", "'"),
    ("bull", "\u{2022}"),
    ("cent", "\u{a2}"),
    ("copy", "\u{a9}"),
    ("euro", "\u{20ac}"),
    ("gt", ">"),
    ("hellip", "\u{2026}"),
    ("laquo", "\u{ab}"),
    ("ldquo", "\u{201c}"),
    ("lsquo", "\u{2018}"),
    ("lt", "<"),
    ("mdash", "\u{2014}"),
    ("middot", "\u{b7}"),
    ("nbsp", " "),
    ("ndash", "\u{2013}"),
    ("pound", "\u{a3}"),
    ("quot", "\""),
    ("raquo", "\u{bb}"),
    ("rdquo", "\u{201d}"),
    ("reg", "\u{ae}"),
    ("rsquo", "\u{2019}"),
    ("sect", "\u{a7}"),
    ("shy", "\u{ad}"),
    ("times", "\u{d7}"),
    ("trade", "\u{2122}"),
    ("yen", "\u{a5}"),
    ("zwj", "\u{200d}"),
    ("zwnj", "\u{200c}"),
    ("auml", "ä"),
    ("ouml", "ö"),
    ("uuml", "ü"),
    ("Auml", "Ä"),
    ("Ouml", "Ö"),
    ("Uuml", "Ü"),
    ("szlig", "ß"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("agrave", "à"),
    ("aacute", "á"),
    ("iacute", "í"),
    ("oacute", "ó"),
    ("uacute", "ú"),
    ("ntilde", "ñ"),
    ("ccedil", "ç"),
];

/// The longest reference that is read, without its `&`.
const MAX_REFERENCE: usize = 12;

/// Undoes the references of a text.
pub(super) fn decode(source: &str) -> Decoded<'_> {
    let Some(first) = memchr(b'&', source.as_bytes()) else {
        return Decoded { text: Cow::Borrowed(source), needless: 0 };
    };
    let mut text = String::with_capacity(source.len());
    let mut needless = 0;
    let (head, mut rest) = source.split_at_checked(first).unwrap_or((source, ""));
    text.push_str(head);
    while let Some(behind) = rest.strip_prefix('&') {
        match reference(behind) {
            Some((found, len)) => {
                needless +=
                    usize::from(behind.starts_with('#') && found.chars().all(|c| c.is_ascii_alphanumeric()));
                text.push_str(&found);
                rest = behind.get(len..).unwrap_or_default();
            }
            None => {
                text.push('&');
                rest = behind;
            }
        }
        let next = memchr(b'&', rest.as_bytes()).unwrap_or(rest.len());
        let (plain, tail) = rest.split_at_checked(next).unwrap_or((rest, ""));
        text.push_str(plain);
        rest = tail;
    }
    Decoded { text: Cow::Owned(text), needless }
}

/// What a reference stands for, and its length without the `&`.
fn reference(source: &str) -> Option<(Cow<'static, str>, usize)> {
    if let Some(number) = source.strip_prefix('#') {
        let (digits, radix) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16),
            None => (number, 10),
        };
        let count = digits.bytes().take(MAX_REFERENCE).take_while(|b| char::from(*b).is_digit(radix)).count();
        let code = u32::from_str_radix(digits.get(..count)?, radix).ok()?;
        let character = char::from_u32(code).filter(|c| *c != '\0').unwrap_or('\u{fffd}');
        let end = source.len().checked_sub(digits.len())?.checked_add(count)?;
        let closed = source.as_bytes().get(end) == Some(&b';');
        return Some((Cow::Owned(character.to_string()), end.saturating_add(usize::from(closed))));
    }
    let count = source.bytes().take(MAX_REFERENCE).take_while(u8::is_ascii_alphanumeric).count();
    let name = source.get(..count)?;
    let closed = source.as_bytes().get(count) == Some(&b';');
    let (_, text) = NAMED.iter().find(|(known, _)| *known == name)?;
    Some((Cow::Borrowed(text), count.saturating_add(usize::from(closed))))
}
