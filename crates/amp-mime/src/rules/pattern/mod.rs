//! Matchers for the patterns of the rules, which are written as regular expressions there. No expression is compiled:
//! the tests compare each matcher with its expression.

use super::super::text::{ascii_find, starts_with_fold, trim_start_spaces};

/// A pattern. Those of the lists search, the others mean the whole text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pattern {
    /// A word between white space is one of these, or begins so, or (`empty`) there is none.
    Words {
        exact: &'static [&'static str],
        prefixes: &'static [&'static str],
        empty: bool,
    },
    /// One of these occurs.
    Contains(&'static [&'static str]),
    /// More than one mustache placeholder, or one with text around it, or a section.
    OnePlaceholder,
    Digits,
    DigitsOrNone,
    ListType,
    /// `tap:` and one line.
    Tap,
    /// Anything but line ends occurs.
    AnyText,
    /// `i-amphtml-` begins a word.
    ReservedPrefix,
    /// The text of the style of the boilerplate.
    Boilerplate,
    DateTime,
    /// Names of `amp-fx`.
    Effects,
    ZIndex,
    ZIndexTo100,
    Filter,
    Transition,
    TransitionProperty,
}

impl Pattern {
    pub(crate) fn matches(self, text: &str) -> bool {
        match self {
            Self::Words { exact, prefixes, empty } => {
                text.split(is_space).any(|word| is_word(word, exact, prefixes, empty))
            }
            Self::Contains(parts) => parts.iter().any(|part| ascii_find(text, part).is_some()),
            Self::OnePlaceholder => is_not_one_placeholder(text),
            Self::Digits => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
            Self::DigitsOrNone => text.bytes().all(|byte| byte.is_ascii_digit()),
            Self::ListType => matches!(text, "1" | "A" | "a" | "I" | "i"),
            Self::Tap => text.strip_prefix("tap:").is_some_and(|rest| !rest.contains('\n')),
            Self::AnyText => text.bytes().any(|byte| byte != b'\n'),
            Self::ReservedPrefix => has_reserved_prefix(text),
            Self::Boilerplate => is_boilerplate(text),
            Self::DateTime => is_date_time(text),
            Self::Effects => is_effects(text),
            Self::ZIndex => {
                ["auto", "initial", "inherit"].iter().any(|word| fold(text) == *word) || {
                    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
                    Self::Digits.matches(digits)
                }
            }
            Self::ZIndexTo100 => {
                let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
                matches!(digits, "0" | "100")
                    || (Self::Digits.matches(digits) && digits.len() <= 2 && !digits.starts_with('0'))
            }
            Self::Filter => is_filter(text),
            Self::Transition => is_list(text, single_transition),
            Self::TransitionProperty => is_list(text, |text| after_word(text, PROPERTIES)),
        }
    }
}

/// White space as regular expressions have it.
fn is_space(char: char) -> bool {
    matches!(char, ' ' | '\t' | '\n' | '\x0c' | '\r')
}

/// Lower case by the simple case folding of expressions: two other characters fold to ASCII letters.
fn fold(text: &str) -> String {
    text.chars()
        .map(|char| match char {
            'ſ' => 's',
            '\u{212A}' => 'k',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

fn is_word(word: &str, exact: &[&str], prefixes: &[&str], empty: bool) -> bool {
    if word.is_empty() {
        return empty;
    }
    if !word.is_ascii() {
        let word = fold(word);
        return word.is_ascii() && is_ascii_word(&word, exact, prefixes)
            || prefixes.iter().any(|prefix| word.starts_with(&prefix.to_ascii_lowercase()));
    }
    is_ascii_word(word, exact, prefixes)
}

fn is_ascii_word(word: &str, exact: &[&str], prefixes: &[&str]) -> bool {
    // The words are sorted by length.
    let from = exact.partition_point(|one| one.len() < word.len());
    exact
        .iter()
        .skip(from)
        .take_while(|one| one.len() == word.len())
        .any(|one| one.eq_ignore_ascii_case(word))
        || prefixes.iter().any(|prefix| starts_with_fold(word, prefix))
}

fn is_not_one_placeholder(text: &str) -> bool {
    if ascii_find(text, "__amp_source_origin").is_some() {
        return true;
    }
    if !text.contains("{{") && !text.contains("}}") {
        return false;
    }
    let has_before =
        text.char_indices().skip(1).any(|(at, _)| text.get(at..).is_some_and(|from| from.starts_with("{{")));
    let has_after = text.match_indices("}}").any(|(at, _)| at + 2 < text.len()) || text.contains("}}}");
    let ends_otherwise = {
        let mut last = text.chars().rev();
        let two = (last.next(), last.next());
        let inner = text.strip_prefix("{{").unwrap_or_default();
        let line: &str = inner
            .strip_suffix(|_: char| true)
            .and_then(|rest| rest.strip_suffix(|_: char| true))
            .unwrap_or("\n");
        text.starts_with("{{")
            && matches!(two, (Some(a), Some(b)) if a != '}' && b != '}')
            && inner.chars().count() >= 2
            && !line.contains('\n')
    };
    let begins_otherwise = {
        let mut first = text.chars();
        let two = (first.next(), first.next());
        let middle = first.as_str().strip_suffix("}}");
        matches!(two, (Some(a), Some(b)) if a != '{' && b != '{')
            && middle.is_some_and(|line| !line.contains('\n'))
    };
    has_before
        || has_after
        || ends_otherwise
        || begins_otherwise
        || text.starts_with("}}")
        || text.ends_with("{{")
        || ["{{#", "{{/", "{{^"].iter().any(|section| text.contains(section))
}

fn has_reserved_prefix(text: &str) -> bool {
    const PREFIX: &str = "i-amphtml-";
    let mut rest = text;
    let mut before = None;
    while let Some(at) = ascii_find(rest, PREFIX) {
        let (skipped, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let previous = skipped.chars().next_back().or(before);
        // Without regard to case, the two characters that fold to ASCII letters are letters too.
        if previous
            .is_none_or(|char| !(char.is_ascii_alphanumeric() || matches!(char, '_' | 'ſ' | '\u{212A}')))
        {
            return true;
        }
        before = Some('i');
        rest = from.get(1..).unwrap_or_default();
    }
    false
}

fn is_boilerplate(text: &str) -> bool {
    let mut rest = text.trim_start_matches(is_space);
    for part in ["body", "{", "visibility:", "hidden"] {
        let Some(after) = rest.strip_prefix(part) else { return false };
        rest = if part == "hidden" { after } else { after.trim_start_matches(is_space) };
    }
    rest = rest.strip_prefix(';').unwrap_or(rest).trim_start_matches(is_space);
    rest.strip_prefix('}').is_some_and(|rest| rest.chars().all(is_space))
}

/// `2026-11-24T15:30:00.5Z`, loosely.
fn is_date_time(text: &str) -> bool {
    /// What each octet up to the minutes has to be: `9` any digit, else the greatest digit allowed.
    const FORM: &[u8] = b"9999-19-39T29:59";
    let bytes = text.as_bytes();
    let form = |bytes: &[u8], form: &[u8]| {
        bytes.len() >= form.len()
            && bytes.iter().zip(form).all(|(byte, wanted)| match wanted {
                b'0'..=b'9' => (b'0'..=*wanted).contains(byte),
                other => byte == other,
            })
    };
    if !form(bytes, FORM) {
        return false;
    }
    let mut rest = bytes.get(FORM.len()..).unwrap_or_default();
    if form(rest, b":59") {
        rest = rest.get(3..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix(b".") {
            let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits > 0 {
                rest = after.get(digits..).unwrap_or_default();
            }
        }
    }
    rest == b"Z" || (rest.len() == 6 && (form(rest, b"+19:59") || form(rest, b"-19:59")))
}

const EFFECTS: &[&str] = &[
    "fade-in-scroll",
    "fade-in",
    "float-in-bottom",
    "float-in-top",
    "fly-in-bottom",
    "fly-in-left",
    "fly-in-right",
    "fly-in-top",
    "parallax",
];

/// Names and white space, a name first. No name can begin where another could go on, so the longest is right.
fn is_effects(text: &str) -> bool {
    let text = fold(text);
    let mut rest = text.as_str();
    let mut first = true;
    while !rest.is_empty() {
        let effect = EFFECTS.iter().find_map(|effect| rest.strip_prefix(effect));
        match effect.or_else(|| rest.strip_prefix(is_space).filter(|_| !first)) {
            Some(after) => rest = after,
            None => return false,
        }
        first = false;
    }
    !first
}

const FILTERS: &[&str] = &[
    "blur",
    "brightness",
    "contrast",
    "drop-shadow",
    "grayscale",
    "hue-rotate",
    "invert",
    "opacity",
    "saturate",
    "sepia",
];
const COLORS: &[&str] = &["rgba", "rgb", "hsla", "hsl"];

fn is_filter(text: &str) -> bool {
    let text = fold(text);
    let mut rest = trim_start_spaces(&text);
    while !rest.is_empty() {
        let Some(after) = FILTERS.iter().find_map(|name| rest.strip_prefix(name)?.strip_prefix('(')) else {
            return false;
        };
        let Some(after) = after_filter_values(after) else { return false };
        rest = trim_start_spaces(after);
    }
    true
}

/// Past the values of a filter, parted by spaces, and its `)`. A value is a colour function or has no parentheses.
fn after_filter_values(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        let color = COLORS.iter().find_map(|name| rest.strip_prefix(name)?.strip_prefix('('));
        rest = match color {
            Some(after) => {
                let end = after.find(['(', ')'])?;
                after.get(end..)?.strip_prefix(')')?
            }
            None => rest.get(rest.find(['(', ')', ' '])?..)?,
        };
        if let Some(after) = rest.strip_prefix(')') {
            return Some(after);
        }
        rest = trim_start_spaces(rest.strip_prefix(' ')?);
    }
}

const PROPERTIES: &[&str] = &["none", "offset-distance", "opacity", "transform", "visibility"];

/// ` *(initial|unset|ITEM(, *ITEM)*) *`
fn is_list(text: &str, item: impl Fn(&str) -> Option<&str>) -> bool {
    let text = fold(text);
    let text = trim_start_spaces(&text);
    if matches!(text.trim_end_matches(' '), "initial" | "unset") {
        return true;
    }
    let Some(mut rest) = item(text) else { return false };
    while let Some(after) = rest.strip_prefix(',') {
        match item(trim_start_spaces(after)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.chars().all(|char| char == ' ')
}

fn after_word<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().find_map(|word| text.strip_prefix(word))
}

/// A property, then a duration, then a timing function, then a delay, each only after the one before.
fn single_transition(text: &str) -> Option<&str> {
    let mut rest = after_word(text, PROPERTIES)?;
    let Some(after) = after_time(trim_start_spaces(rest)) else { return Some(rest) };
    rest = after;
    let Some(after) = after_timing(trim_start_spaces(rest)) else { return Some(rest) };
    rest = after;
    Some(after_time(trim_start_spaces(rest)).unwrap_or(rest))
}

/// Past a number with an optional fraction and exponent.
fn after_number(text: &str) -> Option<&str> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = |text: &str| text.len() - text.trim_start_matches(|char: char| char.is_ascii_digit()).len();
    let whole = digits(unsigned);
    let after = unsigned.get(whole..)?;
    let mut rest = match after.strip_prefix('.').map(|fraction| (fraction, digits(fraction))) {
        Some((fraction, count)) if count > 0 => fraction.get(count..)?,
        _ if whole > 0 => after,
        _ => return None,
    };
    if let Some(exponent) = rest.strip_prefix('e') {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        let count = digits(exponent);
        if count > 0 {
            rest = exponent.get(count..)?;
        }
    }
    Some(rest)
}

fn after_time(text: &str) -> Option<&str> {
    let unit = after_number(text)?;
    unit.strip_prefix("ms").or_else(|| unit.strip_prefix('s'))
}

fn after_timing(text: &str) -> Option<&str> {
    if let Some(mut rest) = text.strip_prefix("cubic-bezier(") {
        for place in 0..4 {
            rest = if place == 0 { rest } else { rest.strip_prefix(',')? };
            rest = after_number(trim_start_spaces(rest))?;
        }
        return trim_start_spaces(rest).strip_prefix(')');
    }
    if let Some(rest) = text.strip_prefix("steps(") {
        let number = trim_start_spaces(rest);
        let digits = number.strip_prefix(['-', '+']).unwrap_or(number);
        let mut rest = digits.trim_start_matches(|char: char| char.is_ascii_digit());
        if rest.len() == digits.len() {
            return None;
        }
        let positions = ["jump-start", "jump-end", "jump-none", "jump-both", "start", "end"];
        if let Some(after) =
            rest.strip_prefix(',').and_then(|after| after_word(trim_start_spaces(after), &positions))
        {
            rest = after;
        }
        return trim_start_spaces(rest).strip_prefix(')');
    }
    after_word(text, &["linear", "ease-in-out", "ease-in", "ease-out", "ease", "step-start", "step-end"])
}

#[cfg(test)]
mod tests;
