//! Text of tokens: line ends, character references, letter case.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::entities::{LONGEST_BARE, lookup};

/// What `0x80` to `0x9F` mean as numbers of character references (HTML 13.2.5.80): windows-1252.
const WINDOWS_1252: [u32; 32] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D,
    0x17D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A,
    0x153, 0x9D, 0x17E, 0x178,
];

/// CRLF, a lone CR and a form feed become a line feed each.
pub(super) fn lines(text: &str) -> Cow<'_, str> {
    if memchr2(b'\r', b'\x0c', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace(['\r', '\x0c'], "\n"))
}

/// Each NUL becomes U+FFFD.
pub(super) fn no_nul(text: Cow<'_, str>) -> Cow<'_, str> {
    if memchr(0, text.as_bytes()).is_none() { text } else { Cow::Owned(text.replace('\0', "\u{FFFD}")) }
}

/// NULs are left out.
pub(super) fn without_nul(text: Cow<'_, str>) -> Cow<'_, str> {
    if memchr(0, text.as_bytes()).is_none() { text } else { Cow::Owned(text.replace('\0', "")) }
}

/// Replaces character references.
pub(super) fn unescape(text: Cow<'_, str>, attribute: bool) -> Cow<'_, str> {
    // A `&` that ends the text is none.
    let Some(first) = memchr(b'&', text.as_bytes()).filter(|at| at + 1 < text.len()) else {
        return text;
    };
    let mut out = String::with_capacity(text.len());
    let mut rest: &str = &text;
    let mut at = Some(first);
    while let Some((before, from)) = at.and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        let used = reference(from, attribute, &mut out);
        rest = from.get(used..).unwrap_or_default();
        at = memchr(b'&', rest.as_bytes());
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Writes what the reference at the start of `from`, which is a `&`, stands for; gives how many octets it takes.
fn reference(from: &str, attribute: bool, out: &mut String) -> usize {
    let used = match from.as_bytes().get(1) {
        None => None,
        Some(b'#') => numeric(from, out),
        Some(_) => return named(from, attribute, out),
    };
    used.unwrap_or_else(|| {
        out.push('&');
        1
    })
}

/// HTML 13.2.5.75 and on.
fn numeric(from: &str, out: &mut String) -> Option<usize> {
    // At least `&#` and two octets more: the official parser leaves `&#1` at the end of a text alone.
    if from.len() <= 3 {
        return None;
    }
    let bytes = from.as_bytes();
    let hex = matches!(bytes.get(2), Some(b'x' | b'X'));
    let mut at = if hex { 3 } else { 2 };
    let mut number: u32 = 0;
    while let Some(&byte) = bytes.get(at) {
        let digit = char::from(byte).to_digit(if hex { 16 } else { 10 });
        at += 1;
        match digit {
            Some(digit) => number = number.wrapping_mul(if hex { 16 } else { 10 }).wrapping_add(digit),
            None => {
                at -= usize::from(byte != b';');
                break;
            }
        }
    }
    // As there: a single digit without a semicolon is no reference.
    if at <= 3 {
        return None;
    }
    let number = match number {
        0x80..=0x9F => *WINDOWS_1252.get(number as usize - 0x80)?,
        0 => 0xFFFD,
        other => other,
    };
    out.push(char::from_u32(number).unwrap_or('\u{FFFD}'));
    Some(at)
}

/// HTML 13.2.5.73: the longest name that the table knows.
fn named(from: &str, attribute: bool, out: &mut String) -> usize {
    let bytes = from.as_bytes();
    let letters = bytes.iter().skip(1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let mut end = 1 + letters;
    end += usize::from(bytes.get(end) == Some(&b';'));
    let name = from.get(1..end).unwrap_or_default();
    let before_equals = attribute && !name.ends_with(';') && bytes.get(end) == Some(&b'=');
    if !name.is_empty() && !before_equals {
        if let Some(characters) = lookup(name) {
            out.extend(characters);
            return end;
        }
        if !attribute {
            for length in (2..=LONGEST_BARE.min(name.len().saturating_sub(1))).rev() {
                if let Some(characters) = name.get(..length).and_then(lookup) {
                    out.extend(characters);
                    return length + 1;
                }
            }
        }
    }
    out.push_str(from.get(..end).unwrap_or_default());
    end
}

/// Lower case, where that takes as many octets.
pub(super) fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|char| {
                let mut lower = char.to_lowercase();
                match (lower.next(), lower.next()) {
                    (Some(one), None) if one.len_utf8() == char.len_utf8() => one,
                    _ => char,
                }
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_replaced() {
        let text = |text: &'static str| unescape(Cow::Borrowed(text), false).into_owned();
        assert_eq!(text("a &lt;b&gt; &amp"), "a <b> &");
        assert_eq!(text("&notit; &#65;&#x42; &#128;"), "¬it; AB €");
        assert_eq!(text("&nosuch; &#; &"), "&nosuch; &#; &");
        assert_eq!(unescape(Cow::Borrowed("?a&lt=b&lt"), true), "?a&lt=b<");
    }

    #[test]
    fn line_ends_are_one() {
        assert_eq!(lines("a\r\nb\rc\x0cd"), "a\nb\nc\nd");
    }
}
