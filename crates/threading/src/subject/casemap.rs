//! i;unicode-casemap (RFC 5051), by which subjects are compared.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The form of `text` in which equal octets mean equal text (RFC 5051 2): every character in titlecase, then decomposed.
/// Borrowed where `text` is in that form.
#[must_use]
pub fn casemap(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|octet| octet.is_ascii_lowercase()) {
            return Cow::Owned(text.to_ascii_uppercase());
        }
        return Cow::Borrowed(text);
    }
    // RFC 5051 2 (a) titlecase, (b) decomposition of every character
    Cow::Owned(text.chars().map(titlecase).nfkd().collect())
}

/// The simple titlecase mapping of UnicodeData.txt.
fn titlecase(character: char) -> char {
    match character {
        // digraphs with a titlecase form of their own
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        // Georgian: capitals exist, yet text is never titlecased with them
        '\u{10d0}'..='\u{10ff}' => character,
        // Greek with iota: the full mapping has two characters, the simple one has the titlecase letter
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => offset(character, 8),
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => offset(character, 9),
        _ => {
            let mut upper = character.to_uppercase();
            match (upper.next(), upper.next()) {
                (Some(single), None) => single,
                // no simple mapping, as of U+00DF
                _ => character,
            }
        }
    }
}

fn offset(character: char, by: u32) -> char {
    char::from_u32(u32::from(character) + by).unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_form_make_no_difference() {
        assert_eq!(casemap("Stra\u{df}e \u{e9}"), casemap("STRA\u{df}E E\u{301}"));
        assert_eq!(casemap("\u{1c6}"), casemap("\u{1c4}"));
        assert_eq!(casemap("\u{ff32}\u{ff45}"), "RE");
        assert_eq!(casemap("\u{1fb3}"), casemap("\u{1fbc}"));
        assert_eq!(casemap("\u{10d0}"), "\u{10d0}");
        assert!(matches!(casemap("RE: 1"), Cow::Borrowed(_)));
    }
}
