//! What a word looks like: letters that are drawn alike become one (the idea of UTS 39 4, with a table of our own for the letters
//! that spam has).

use crate::html::is_zero_width;

/// What the word looks like in ASCII: look-alikes of other alphabets, full-width and accented forms undone, zero-width characters
/// taken away, in lower case. Letters without a look-alike stay.
///
/// ```
/// use mailwright_antispam::names::skeleton;
///
/// assert_eq!(skeleton("Р\u{430}yP\u{430}l"), "paypal");
/// assert_eq!(skeleton("ｆｒｅｅ"), "free");
/// ```
#[must_use]
pub fn skeleton(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let shown = word.chars().filter(|c| !is_zero_width(*c));
    shown.flat_map(|c| look(c).map_or_else(|| Lower::Any(c.to_lowercase()), Lower::One)).collect()
}

enum Lower {
    One(char),
    Any(std::char::ToLowercase),
}

impl Iterator for Lower {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::One('\0') => None,
            Self::One(c) => Some(std::mem::replace(c, '\0')),
            Self::Any(any) => any.next(),
        }
    }
}

/// Whether a word mixes Latin letters with look-alikes of another alphabet, which no language does.
#[must_use]
pub fn is_mixed(word: &str) -> bool {
    let latin = word.chars().any(|c| c.is_ascii_alphabetic());
    let alike = word.chars().any(|c| matches!(c, '\u{370}'..='\u{52f}') && look(c).is_some());
    latin && alike
}

/// The ASCII letter, in lower case, that a character is drawn like.
fn look(c: char) -> Option<char> {
    let ascii = match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        '\u{ff01}'..='\u{ff5e}' => {
            let plain = u32::from(c).checked_sub(0xfee0).and_then(char::from_u32)?;
            plain.to_ascii_lowercase()
        }
        // Mathematical letters: 13 alphabets of 26 capitals and 26 small letters each.
        '\u{1d400}'..='\u{1d6a3}' => offset(c, 0x1d400, 26, b'a')?,
        '\u{1d7ce}'..='\u{1d7ff}' => offset(c, 0x1d7ce, 10, b'0')?,
        '\u{24b6}'..='\u{24e9}' => offset(c, 0x24b6, 26, b'a')?,
        'à'..='å' | 'À'..='Å' | 'а' | 'А' | 'α' | 'Α' | 'ɑ' | 'ą' | 'ă' | 'ā' => 'a',
        'В' | 'Β' | 'ь' | 'Ь' => 'b',
        'ç' | 'Ç' | 'с' | 'С' | 'ϲ' | 'ć' | 'č' => 'c',
        'ԁ' | 'đ' | 'ď' => 'd',
        'è'..='ë' | 'È'..='Ë' | 'е' | 'Е' | 'Ε' | 'ё' | 'ę' | 'ē' | 'ě' => 'e',
        'ɡ' | 'ğ' => 'g',
        'Н' | 'Η' | 'һ' | 'Һ' => 'h',
        'ì'..='ï' | 'Ì'..='Ï' | 'і' | 'І' | 'ι' | 'Ι' | 'ı' | 'ї' | 'ī' | 'į' => 'i',
        'ј' | 'Ј' => 'j',
        'К' | 'к' | 'Κ' | 'κ' => 'k',
        'ӏ' | 'Ӏ' | 'ł' | 'ⅼ' => 'l',
        'М' | 'Μ' | 'м' => 'm',
        'ñ' | 'Ñ' | 'Ν' | 'ń' | 'ո' => 'n',
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' | 'о' | 'О' | 'ο' | 'Ο' | 'σ' | 'ō' | 'ő' => 'o',
        'р' | 'Р' | 'ρ' | 'Ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' | 'Ѕ' | 'ś' | 'š' | 'ş' => 's',
        'Т' | 'т' | 'Τ' | 'τ' | 'ţ' => 't',
        'ù'..='ü' | 'Ù'..='Ü' | 'υ' | 'ս' | 'ū' | 'ů' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'Х' | 'Χ' | 'χ' => 'x',
        'ý' | 'ÿ' | 'Ý' | 'у' | 'У' | 'Υ' | 'γ' | 'ү' => 'y',
        'Ζ' | 'ż' | 'ź' | 'ž' => 'z',
        _ => return None,
    };
    Some(ascii)
}

fn offset(c: char, first: u32, count: u32, base: u8) -> Option<char> {
    let at = u32::from(c).checked_sub(first)?.checked_rem(count)?;
    let at = u8::try_from(at).ok()?;
    base.checked_add(at).map(char::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks() {
        assert_eq!(skeleton("аррӏе"), "apple");
        assert_eq!(skeleton("𝐕𝐢𝐚𝐠𝐫𝐚"), "viagra");
        assert_eq!(skeleton("v\u{200b}iag\u{ad}ra"), "viagra");
        assert_eq!(skeleton("日本"), "日本");
        assert_eq!(skeleton("Ⓕⓡⓔⓔ"), "free");
    }

    #[test]
    fn mixed() {
        assert!(is_mixed("p\u{430}ypal"));
        assert!(!is_mixed("привет") && !is_mixed("hello") && !is_mixed("déjà"));
    }
}
