//! Facts of the text.

use super::{Ask, Fact, number, share};
use crate::rules::view::View;

pub(super) const FACTS: &[(&str, Ask)] = &[
    ("text.words", |view| Fact::of(words(view)).at(view.text_span)),
    ("text.letters", |view| Fact::count(view.text.chars().filter(|c| c.is_alphanumeric()).count())),
    ("text.capitals", |view| {
        let letters = view.text.chars().filter(|c| c.is_lowercase() || c.is_uppercase()).count();
        let upper = view.text.chars().filter(|c| c.is_uppercase()).count();
        Fact::of(if letters < 60 { 0.0 } else { share(upper, letters) }).at(view.text_span)
    }),
    ("text.capital-lines", |view| {
        let lines = view.text.lines().filter(|line| super::header::capitals(line) >= 0.9);
        Fact::count(lines.count()).at(view.text_span)
    }),
    ("text.exclamations", |view| Fact::count(view.text.matches('!').count()).at(view.text_span)),
    ("text.doubled-exclamations", |view| Fact::count(view.text.matches("!!").count()).at(view.text_span)),
    ("text.dollars", |view| Fact::count(view.text.matches('$').count()).at(view.text_span)),
    ("text.gappy", |view| Fact::count(gappy(&view.text)).at(view.text_span)),
    ("text.quoted", |view| Fact::count(view.plain().lines().filter(|line| is_quoted(line)).count())),
    ("text.code", |view| Fact::count(view.plain().lines().filter(|line| is_code(line)).count())),
    ("text.first-person", |view| {
        let words = view.words();
        Fact::of(number(
            [" i ", " im ", " ive ", " my ", " me "].iter().map(|word| words.matches(word).count()).sum(),
        ))
    }),
    ("text.second-person", |view| {
        let words = view.words();
        Fact::of(number(
            [" you ", " your ", " youre ", " yours "].iter().map(|word| words.matches(word).count()).sum(),
        ))
    }),
    ("text.second-person-share", |view| {
        let text = view.words();
        let you: usize = [" you ", " your ", " youre "].iter().map(|word| text.matches(word).count()).sum();
        let all = words(view);
        Fact::of(if all < 20.0 { 0.0 } else { number(you) / all }).at(view.text_span)
    }),
    ("text.far-letters", |view| {
        let letters = view.text.chars().filter(|c| c.is_alphabetic()).count();
        Fact::of(share(view.text.chars().filter(|c| *c > '\u{2ff}' && c.is_alphabetic()).count(), letters))
            .at(view.text_span)
    }),
    ("text.odd-octets", |view| {
        let odd = view.text.chars().filter(|c| matches!(c, '\u{80}'..='\u{ff}')).count();
        Fact::of(share(odd, view.text.chars().count())).at(view.text_span)
    }),
    ("text.signature", |view| Fact::is(view.plain().lines().any(|line| line == "-- " || line == "--"))),
    ("text.long-words", |view| {
        let long = view
            .text
            .split_whitespace()
            .filter(|word| word.len() > 25 && !word.contains("://") && !word.contains('@'));
        Fact::count(long.count()).at(view.text_span)
    }),
    ("text.random-tail", |view| {
        let last = view.text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let random = last.len() >= 12
            && !last.contains(' ')
            && last.bytes().all(|b| b.is_ascii_alphanumeric())
            && last.bytes().any(|b| b.is_ascii_alphabetic());
        Fact::is(random).at(view.text_span)
    }),
];

fn words(view: &View<'_>) -> f64 {
    number(view.words().split(' ').filter(|word| !word.is_empty()).count())
}

fn is_quoted(line: &str) -> bool {
    line.starts_with('>') || line.starts_with("|") || line.trim_start().starts_with("> ")
}

/// Lines as programs, patches and their output have them.
fn is_code(line: &str) -> bool {
    let trimmed = line.trim();
    line.starts_with("+++ ")
        || line.starts_with("--- ")
        || line.starts_with("@@ ")
        || line.starts_with("diff ")
        || line.starts_with("$ ")
        || line.starts_with("# ")
        || line.starts_with("#include")
        || ((trimmed.ends_with(';') || trimmed.ends_with('{')) && trimmed.contains(['(', '=']))
}

/// How often a word of four letters and more is written with the same gap between all of them: `F R E E`, `v.i.a.g.r.a`.
pub(super) fn gappy(text: &str) -> usize {
    let (mut found, mut run) = (0_usize, 0_usize);
    let mut mark: Option<char> = None;
    let mut before: Option<char> = None;
    let mut letter_before_gap = false;
    for c in text.chars().chain(std::iter::once('\n')) {
        let lone_start = c.is_alphabetic() && before.is_none_or(|b| !b.is_alphanumeric());
        if lone_start && run > 0 && letter_before_gap && before == mark {
            run = run.saturating_add(1);
        } else if lone_start {
            found = found.saturating_add(usize::from(run >= 4));
            run = 1;
            mark = None;
        } else if matches!(c, ' ' | '.' | '*' | '_' | '-')
            && before.is_some_and(char::is_alphabetic)
            && run > 0
            && (mark.is_none() || mark == Some(c))
        {
            mark = Some(c);
            letter_before_gap = true;
            before = Some(c);
            continue;
        } else {
            // A second letter of a word, or another gap.
            let closes = run.saturating_sub(usize::from(c.is_alphanumeric()));
            found = found.saturating_add(usize::from(closes >= 4));
            run = 0;
            mark = None;
        }
        letter_before_gap = false;
        before = Some(c);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps() {
        assert_eq!(gappy("get v.i.a.g.r.a now, F R E E"), 2);
        assert_eq!(gappy("the U.S.A. and a b"), 0);
        assert_eq!(gappy("plain words only, e.g. these"), 0);
        assert_eq!(gappy(""), 0);
    }

    #[test]
    fn lines() {
        assert!(is_code("  x = f(y);") && is_code("@@ -1,2 +1,3 @@") && !is_code("Hello; how are you"));
        assert!(is_quoted("> yes") && !is_quoted("no >"));
    }
}
