//! Mustache tags in templates (mustache(5)).

use super::elements::nodes;
use super::{LintRule as Rule, Lints};
use crate::html::{Kind, Node, NodeId, Tree};

pub(super) fn look(tree: &Tree<'_>, lints: &mut Lints) {
    for (_, node) in nodes(tree).filter(|(_, node)| node.kind == Kind::Element) {
        let is_template = match node.name() {
            "template" => true,
            "script" => has_attr(tree, node, "template"),
            _ => false,
        };
        if is_template {
            template(tree, node, lints);
        }
    }
    outside(tree, lints);
}

fn has_attr(tree: &Tree<'_>, node: &Node<'_>, name: &str) -> bool {
    tree.attrs(node.attrs).iter().any(|attr| attr.name == name)
}

/// The sections of one template. Mustache runs over its text as a whole, but the client then reads the result as HTML: a section
/// that begins in one element and ends in another is moved by the parser before it is ever seen.
fn template(tree: &Tree<'_>, root: &Node<'_>, lints: &mut Lints) {
    let mut open: Vec<(String, NodeId, &Node<'_>)> = Vec::new();
    let mut pending = vec![(root.first, NodeId::ROOT)];
    while let Some((id, parent)) = pending.pop() {
        if !id.is_some() {
            continue;
        }
        let node = tree.node(id);
        pending.push((node.next, parent));
        match node.kind {
            Kind::Element => {
                // A template inside is looked at for itself.
                if node.name() != "template" {
                    pending.push((node.first, id));
                }
                for attr in tree.attrs(node.attrs) {
                    // A value is read for itself; a name may hold a section around an attribute.
                    let mut own = Vec::new();
                    for tag in tags(&attr.value) {
                        section(tag, &mut own, (NodeId::ROOT, node), lints);
                    }
                    own.into_iter().for_each(|(name, ..)| lints.add(Rule::UnbalancedSection, node.at, &name));
                }
            }
            Kind::Text => {
                if tags(&node.data).next().is_some() && is_moved(tree, node) {
                    lints.add(Rule::TagInTable, node.at, node.data.trim());
                    continue;
                }
                for tag in tags(&node.data) {
                    section(tag, &mut open, (parent, node), lints);
                }
            }
            _ => {}
        }
    }
    for (name, _, node) in open {
        lints.add(Rule::UnbalancedSection, node.at.or(root.at), &name);
    }
}

/// Whether a text was written inside the table that it stands before (HTML 13.2.6.1, foster parenting).
fn is_moved(tree: &Tree<'_>, text: &Node<'_>) -> bool {
    let next = tree.node(text.next);
    let place = |node: &Node<'_>| node.at.map(|at| (at.line, at.col));
    text.next.is_some() && next.name() == "table" && place(text) > place(next)
}

/// Takes one tag; `place` is the element that it stands in, and the node that it is reported at.
fn section<'t, 'a>(
    tag: &str,
    open: &mut Vec<(String, NodeId, &'t Node<'a>)>,
    (parent, node): (NodeId, &'t Node<'a>),
    lints: &mut Lints,
) {
    let sign = tag.chars().next();
    let name = tag.get(1..).unwrap_or_default().trim();
    match sign {
        Some('#' | '^') => open.push((name.to_owned(), parent, node)),
        Some('/') => match open.pop() {
            Some((begun, within, _)) if begun == name && within == parent => {}
            Some(_) | None => lints.add(Rule::UnbalancedSection, node.at, name),
        },
        Some('=' | '>' | '&' | '{') => lints.add(Rule::UnsupportedTag, node.at, tag),
        _ => {}
    }
}

/// What stands between `{{` and `}}`.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, behind) = rest.split_once("{{")?;
        let Some((tag, behind)) = behind.split_once("}}") else {
            rest = "";
            return None;
        };
        rest = behind;
        Some(tag.trim_start())
    })
}

/// Tags in text that no template is around.
fn outside(tree: &Tree<'_>, lints: &mut Lints) {
    let mut pending = vec![NodeId::ROOT];
    while let Some(id) = pending.pop() {
        if !id.is_some() {
            continue;
        }
        let node = tree.node(id);
        pending.push(node.next);
        match node.kind {
            Kind::Element if matches!(node.name(), "template" | "script" | "style") => {}
            Kind::Text => {
                if let Some(tag) = tags(&node.data).next() {
                    lints.add(Rule::TagOutsideTemplate, node.at, tag);
                }
            }
            _ => pending.push(node.first),
        }
    }
}
