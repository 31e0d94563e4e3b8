//! Text of strangers, made harmless to look at.
//!
//! A header may hold escape sequences that repaint a terminal, or bidirectional overrides that turn a name around. Every
//! text of a message reaches a terminal or a page as [`Shown`], in which such characters are written out.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::path::Path;

use unicode_width::UnicodeWidthStr;

/// Characters of one value that are shown; the rest is counted. A subject of the longest legal line fits.
pub(crate) const VALUE_CHARS: usize = 400;

/// Text with nothing in it that a terminal obeys or that reorders its line.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub(crate) struct Shown(String);

impl Shown {
    /// One line of decoded text: what is invisible or obeyed is written as `\n`, `\x1b` or `\u{202e}`. The first
    /// [`VALUE_CHARS`] characters are kept.
    pub(crate) fn text(text: &str) -> Self {
        Self::clipped(text, VALUE_CHARS)
    }

    /// As [`text`](Self::text), with at most `most` characters kept.
    pub(crate) fn clipped(text: &str, most: usize) -> Self {
        let cut = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
        let (kept, rest) = text.split_at_checked(cut).unwrap_or((text, ""));
        let mut out = String::with_capacity(kept.len());
        let mut before = '\0';
        for c in kept.chars() {
            push(&mut out, c, before);
            before = c;
        }
        if !rest.is_empty() {
            let _ = write!(out, "… (and {} more octets)", grouped(rest.len() as u64));
        }
        Self(out)
    }

    /// Raw octets, at most `most` of them: UTF-8 as text, all else as `\xff`. A backslash is doubled, so that what is
    /// shown can be told from what is written out.
    pub(crate) fn octets(octets: &[u8], most: usize) -> Self {
        let (kept, rest) = octets.split_at_checked(most).unwrap_or((octets, &[]));
        let mut out = String::with_capacity(kept.len() + 16);
        let mut before = '\0';
        for chunk in kept.utf8_chunks() {
            for c in chunk.valid().chars() {
                if c == '\\' {
                    out.push('\\');
                }
                push(&mut out, c, before);
                before = c;
            }
            for octet in chunk.invalid() {
                let _ = write!(out, "\\x{octet:02x}");
            }
        }
        if !rest.is_empty() {
            let _ = write!(out, "… (and {} more octets)", grouped(rest.len() as u64));
        }
        Self(out)
    }

    /// A path: file names are strangers' text too.
    pub(crate) fn path(path: &Path) -> Self {
        Self::octets_of_name(path.as_os_str().as_encoded_bytes())
    }

    /// As [`octets`](Self::octets), without doubling the backslashes of a path.
    fn octets_of_name(octets: &[u8]) -> Self {
        let mut out = String::with_capacity(octets.len());
        for chunk in octets.utf8_chunks() {
            let valid = chunk.valid().chars();
            valid.for_each(|c| push(&mut out, c, '\0'));
            for octet in chunk.invalid() {
                let _ = write!(out, "\\x{octet:02x}");
            }
        }
        Self(out)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Columns that the text takes in a terminal.
    pub(crate) fn width(&self) -> usize {
        self.0.width()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Words of the program itself.
impl From<&'static str> for Shown {
    fn from(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

/// A sentence around text that is harmless already.
impl From<fmt::Arguments<'_>> for Shown {
    fn from(text: fmt::Arguments<'_>) -> Self {
        Self::clipped(&text.to_string(), usize::MAX)
    }
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `number` and the noun that fits: `1 message`, `2 messages`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number as u64), if number == 1 { one } else { many })
}

/// Octets for people: `873 octets`, `12.3 kB`, `1.2 GB`.
pub(crate) fn size(octets: u64) -> Cow<'static, str> {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    match octets {
        0 => return Cow::Borrowed("empty"),
        1 => return Cow::Borrowed("1 octet"),
        2..1000 => return Cow::Owned(format!("{octets} octets")),
        _ => {}
    }
    let (mut tenths, mut unit) = (octets / 100, 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        (tenths, unit) = (tenths / 1000, unit + 1);
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    Cow::Owned(format!("{}.{} {name}", tenths / 10, tenths % 10))
}

fn push(out: &mut String, c: char, before: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if u32::from(c) < 0x100 && c.is_control() => {
            let _ = write!(out, "\\x{:02x}", u32::from(c));
        }
        // Joiners are letters of Persian and the glue of emoji; beside ASCII they only hide in a name.
        '\u{200c}' | '\u{200d}' if !before.is_ascii() => out.push(c),
        c if is_hidden(c) => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        c => out.push(c),
    }
}

/// Whether a character in a name or subject is there to deceive: obeyed by a terminal, or [hidden](is_hidden). The
/// joiners of emoji, and marks that write Arabic and Hebrew, are not.
pub(crate) fn is_deceptive(c: char) -> bool {
    let is_honest =
        matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200c}'..='\u{200f}' | '\t' | '\r' | '\n');
    !is_honest && (c.is_control() || is_hidden(c))
}

/// Characters that are invisible, reorder the text around them, or break the line.
pub(crate) fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_written_out() {
        assert_eq!(Shown::text("a\x1b[31mb\u{9b}0mc\x07\x7f").as_str(), "a\\x1b[31mb\\x9b0mc\\x07\\x7f");
        assert_eq!(Shown::text("one\r\ntwo\tthree").as_str(), "one\\r\\ntwo\\tthree");
        assert_eq!(Shown::text("exe.\u{202e}fdp").as_str(), "exe.\\u{202e}fdp");
        assert_eq!(Shown::text("pay\u{200d}pal").as_str(), "pay\\u{200d}pal");
        assert_eq!(Shown::text("👩\u{200d}🔧 Zoë").as_str(), "👩\u{200d}🔧 Zoë");
    }

    #[test]
    fn octets_can_be_told_from_what_is_written_out() {
        assert_eq!(Shown::octets(b"a\\n\n\xff\xc3\xa4", 99).as_str(), "a\\\\n\\n\\xffä");
        assert_eq!(Shown::octets(b"abcdef", 2).as_str(), "ab… (and 4 more octets)");
    }

    #[test]
    fn long_text_is_cut_and_counted() {
        assert_eq!(Shown::clipped("äöü", 1).as_str(), "ä… (and 4 more octets)");
        assert_eq!(Shown::clipped("äöü", 3).as_str(), "äöü");
    }

    #[test]
    fn numbers_for_people() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(123_456), "123,456");
        assert_eq!(size(999), "999 octets");
        assert_eq!(size(1_234), "1.2 kB");
        assert_eq!(size(999_999), "999.9 kB");
        assert_eq!(size(2_500_000_000), "2.5 GB");
    }
}
