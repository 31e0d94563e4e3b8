//! Text as words, in the form in which phrases are looked for.

use crate::names::skeleton;

/// The words of a text, each between single blanks, a blank at both ends: letters and digits with `$`, `€`, `£`, `%` as words of
/// their own; look-alikes, accents and zero-width characters undone; apostrophes taken away; everything else is a gap.
pub(crate) fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push(' ');
    let shown = skeleton(text);
    for c in shown.chars() {
        match c {
            '\'' | '\u{2019}' => {}
            '$' | '\u{20ac}' | '\u{a3}' | '%' => {
                gap(&mut out);
                out.push(c);
                out.push(' ');
            }
            c if c.is_alphanumeric() => out.push(c),
            _ => gap(&mut out),
        }
    }
    gap(&mut out);
    out
}

/// A phrase as it is looked for in [`words`]: its words between blanks. `*` at its end leaves the last word open. `None` where it
/// has no word.
pub(crate) fn phrase(text: &str) -> Option<String> {
    let open = text.ends_with('*');
    let mut found = words(text.trim_end_matches('*'));
    if found.trim().is_empty() {
        return None;
    }
    if open {
        found.pop();
    }
    Some(found)
}

fn gap(out: &mut String) {
    if !out.ends_with(' ') {
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_form() {
        assert_eq!(words("Don't  MISS: $100,000 (50%)!"), " dont miss $ 100 000 50 % ");
        assert_eq!(words("V\u{200b}і\u{430}gra"), " viagra ");
        assert_eq!(words(""), " ");
        assert_eq!(phrase("click here"), Some(" click here ".into()));
        assert_eq!(phrase("refinanc*"), Some(" refinanc".into()));
        assert_eq!(phrase(" !* "), None);
    }
}
