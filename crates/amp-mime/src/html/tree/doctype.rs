//! Doctypes (HTML 13.2.6.4.1).

use std::borrow::Cow;

use super::super::Attr;
use super::stack::is_white_space;

/// What a doctype says.
pub(super) struct Doctype<'a> {
    /// In lower case.
    pub(super) name: String,
    /// `public` and `system`, where they are given.
    pub(super) ids: Vec<Attr<'a>>,
    /// Whether it is not just `html`.
    pub(super) quirks: bool,
}

pub(super) fn read<'a>(text: &str) -> Doctype<'a> {
    let rest = text.trim_start_matches(is_white_space).trim_end_matches('/');
    let end = rest.find(is_white_space).unwrap_or(rest.len());
    let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let rest = after.trim_start_matches(is_white_space);
    // The public identifiers of HTML 13.2.6.4.1 need no look: whatever follows the name is a fault in AMP.
    let quirks = !(name.eq_ignore_ascii_case("html") && rest.is_empty());
    Doctype { name: name.to_lowercase(), ids: ids(rest), quirks }
}

fn ids<'a>(text: &str) -> Vec<Attr<'a>> {
    let mut ids = Vec::new();
    let Some((key, mut rest)) = text.split_at_checked(6) else { return ids };
    let mut key = match key.to_ascii_lowercase().as_str() {
        "public" => "public",
        "system" => "system",
        _ => return ids,
    };
    while !key.is_empty() {
        rest = rest.trim_start_matches(is_white_space);
        let Some(quote) = rest.chars().next().filter(|char| matches!(char, '"' | '\'')) else { break };
        let after = rest.get(1..).unwrap_or_default();
        let (value, after) = after.split_once(quote).unwrap_or((after, ""));
        ids.push(Attr { name: Cow::Borrowed(key), value: Cow::Owned(value.to_owned()) });
        rest = after;
        key = if key == "public" { "system" } else { "" };
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_html_is_no_quirk() {
        for good in ["html", " HTML ", "html/"] {
            assert!(!read(good).quirks, "{good}");
        }
        for bad in ["", "xhtml", "html 4", "html lang=en", "html PUBLIC \"-//W3C//DTD\""] {
            assert!(read(bad).quirks, "{bad}");
        }
        let names: Vec<_> =
            read("html public 'a' \"b\"").ids.into_iter().map(|id| (id.name, id.value)).collect();
        assert_eq!(names, [("public".into(), "a".into()), ("system".into(), "b".into())]);
    }
}
