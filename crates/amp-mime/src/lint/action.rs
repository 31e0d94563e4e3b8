//! `on` attributes: which actions viewers of e-mail carry out (amp.dev, "Actions and events in AMP email").

use std::collections::HashMap;

use super::elements::{attr, nodes};
use super::{LintRule as Rule, Lints};
use crate::html::{Kind, Tree};

/// The actions that any element has.
const ANY: &[&str] = &["show", "hide", "togglevisibility", "toggleclass", "scrollto", "focus"];

/// The actions of single elements, all in lower case.
const OF: &[(&str, &[&str])] = &[
    ("amp-carousel", &["gotoslide"]),
    ("amp-image-lightbox", &["open"]),
    ("amp-lightbox", &["open", "close"]),
    ("amp-list", &["changetolayoutcontainer", "refresh"]),
    ("amp-selector", &["clear", "selectup", "selectdown", "toggle"]),
    ("amp-sidebar", &["open", "close", "toggle"]),
    ("form", &["clear", "submit"]),
];

pub(super) fn look(tree: &Tree<'_>, lints: &mut Lints) {
    let elements = || nodes(tree).map(|(_, node)| node).filter(|node| node.kind == Kind::Element);
    let mut ids: HashMap<&str, &str> = HashMap::new();
    for node in elements() {
        if let Some(id) = attr(tree, node, "id") {
            ids.entry(id).or_insert(node.name());
        }
    }
    for node in elements() {
        let Some(on) = attr(tree, node, "on") else { continue };
        // A value that a template fills in is not known here.
        if on.contains("{{") {
            continue;
        }
        for action in actions(on) {
            let Some((target, method)) = action else {
                lints.add(Rule::MalformedAction, node.at, on);
                break;
            };
            let subject = if method.is_empty() { target.to_owned() } else { format!("{target}.{method}") };
            let method = if method.is_empty() { "activate".to_owned() } else { method.to_ascii_lowercase() };
            if target.eq_ignore_ascii_case("AMP") {
                if method != "setstate" {
                    lints.add(Rule::DisallowedAction, node.at, &subject);
                }
                continue;
            }
            let Some(element) = ids.get(target) else {
                lints.add(Rule::UnknownTarget, node.at, &subject);
                continue;
            };
            let own = OF.iter().find(|(name, _)| name == element).map_or(&[][..], |(_, actions)| actions);
            if !ANY.contains(&method.as_str()) && !own.contains(&method.as_str()) {
                lints.add(Rule::DisallowedAction, node.at, &subject);
            }
        }
    }
}

/// The actions of a value, each as target and method; `None` where it is malformed, after which nothing more is read.
fn actions(on: &str) -> impl Iterator<Item = Option<(&str, &str)>> {
    let mut rest = on.trim();
    let mut is_first = true;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        // `event:action, action; event:action`
        if is_first {
            match rest.split_once(':') {
                Some((event, behind)) if is_word(event.trim()) => rest = behind.trim_start(),
                _ => {
                    rest = "";
                    return Some(None);
                }
            }
        }
        let end = rest.find(['(', ',', ';']).unwrap_or(rest.len());
        let (action, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let behind = if behind.starts_with('(') { behind_arguments(behind) } else { Some(behind) };
        let (target, method) = action.split_once('.').unwrap_or((action, ""));
        let (target, method) = (target.trim(), method.trim());
        let behind =
            behind.map(str::trim_start).filter(|behind| behind.is_empty() || behind.starts_with([',', ';']));
        let Some(behind) = behind.filter(|_| is_word(target) && (method.is_empty() || is_word(method)))
        else {
            rest = "";
            return Some(None);
        };
        is_first = !behind.starts_with(',');
        rest = behind.get(1..).unwrap_or_default().trim_start();
        Some(Some((target, method)))
    })
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ':'))
}

/// What stands behind the arguments, strings and all that is in brackets passed over; `None` where they do not end.
fn behind_arguments(text: &str) -> Option<&str> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '(' | '[' | '{') => depth = depth.saturating_add(1),
            (None, ')' | ']' | '}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return text.get(at.saturating_add(c.len_utf8())..);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar() {
        let read = |on: &'static str| actions(on).collect::<Vec<_>>();
        assert_eq!(read("tap:a.show"), [Some(("a", "show"))]);
        assert_eq!(
            read("tap:a.show, AMP.setState({x: ')', y: [1]});change:f.submit"),
            [Some(("a", "show")), Some(("AMP", "setState")), Some(("f", "submit"))]
        );
        assert_eq!(read("tap:box"), [Some(("box", ""))]);
        assert_eq!(read("submit-success : a . hide ;"), [Some(("a", "hide"))]);
        assert_eq!(read("a.show"), [None]);
        assert_eq!(read("tap:a.show(x"), [None]);
        assert_eq!(read("tap:a.show() b"), [None]);
        assert_eq!(read(""), []);
    }
}
