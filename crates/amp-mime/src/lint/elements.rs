//! Elements and their attributes.

use std::collections::HashSet;

use super::{LintRule as Rule, Lints, MAX_FORMS, MAX_IMAGES, MAX_LISTS, MAX_STATES};
use crate::html::{Kind, Node, NodeId, Tree};

/// The elements in document order, each with its number. Also those inside templates, whose content is in the tree.
pub(super) fn nodes<'t, 'a>(tree: &'t Tree<'a>) -> impl Iterator<Item = (NodeId, &'t Node<'a>)> {
    let mut open = vec![NodeId::ROOT];
    std::iter::from_fn(move || {
        let id = open.pop()?;
        let node = tree.node(id);
        // The sibling is looked at when all inside is done.
        open.extend([node.next, node.first].into_iter().filter(|id| id.is_some()));
        Some((id, node))
    })
}

/// The value of the first attribute of that name.
pub(super) fn attr<'t>(tree: &'t Tree<'_>, node: &Node<'_>, name: &str) -> Option<&'t str> {
    tree.attrs(node.attrs).iter().find(|attr| attr.name == name).map(|attr| &*attr.value)
}

pub(super) fn look(tree: &Tree<'_>, lints: &mut Lints) {
    let mut counted = [
        Counted { name: "amp-state", most: MAX_STATES, count: 0 },
        Counted { name: "form", most: MAX_FORMS, count: 0 },
        Counted { name: "amp-list", most: MAX_LISTS, count: 0 },
        Counted { name: "amp-img", most: MAX_IMAGES, count: 0 },
    ];
    let mut ids: HashSet<&str> = HashSet::new();
    for (_, node) in nodes(tree).filter(|(_, node)| node.kind == Kind::Element) {
        let has = |name: &str| attr(tree, node, name).is_some();
        let name = node.name();
        // Pictures of both kinds count together.
        let group = if name == "amp-anim" { "amp-img" } else { name };
        if let Some(counted) = counted.iter_mut().find(|counted| counted.name == group) {
            counted.count = counted.count.saturating_add(1);
            if counted.count == counted.most.saturating_add(1) {
                lints.add(Rule::TooManyElements, node.at, name);
            }
        }
        if let Some(id) = attr(tree, node, "id").filter(|id| !id.is_empty())
            && !ids.insert(id)
        {
            lints.add(Rule::DuplicateId, node.at, id);
        }
        match name {
            "html" if !node.made && !has("data-css-strict") => {
                lints.add(Rule::MissingCssStrict, node.at, name);
            }
            "amp-lightbox" | "amp-image-lightbox" | "title" => {
                lints.add(Rule::DeprecatedComponent, node.at, name);
            }
            "script" if attr(tree, node, "src").is_some_and(|url| url.contains("/amp-mustache-0.1.")) => {
                lints.add(Rule::DeprecatedComponent, node.at, "amp-mustache 0.1");
            }
            "amp-carousel" if !has("controls") => lints.add(Rule::CarouselWithoutControls, node.at, name),
            "amp-img" | "amp-anim" if !has("alt") => lints.add(Rule::ImageWithoutAlt, node.at, name),
            "form" if !holds(tree, node, &["submit-success", "submit-error"]) => {
                lints.add(Rule::FormWithoutAnswer, node.at, name);
            }
            "amp-list" if !holds(tree, node, &["fallback", "fetch-error"]) => {
                lints.add(Rule::ListWithoutFallback, node.at, name);
            }
            "style" => units(tree, node, lints),
            _ => {}
        }
        if let Some(style) = attr(tree, node, "style")
            && has_viewport_unit(style)
        {
            lints.add(Rule::ViewportUnits, node.at, name);
        }
    }
}

struct Counted {
    name: &'static str,
    most: usize,
    count: usize,
}

/// Whether a child has one of the attributes.
fn holds(tree: &Tree<'_>, node: &Node<'_>, names: &[&str]) -> bool {
    let next = |id: &NodeId| Some(tree.node(*id).next).filter(|id| id.is_some());
    let mut children = std::iter::successors(Some(node.first).filter(|id| id.is_some()), next);
    children.any(|id| names.iter().any(|name| attr(tree, tree.node(id), name).is_some()))
}

fn units(tree: &Tree<'_>, node: &Node<'_>, lints: &mut Lints) {
    let text = tree.node(node.first);
    if text.kind == Kind::Text && has_viewport_unit(&text.data) {
        lints.add(Rule::ViewportUnits, node.at, node.name());
    }
}

/// A number right before one of the units, outside of words.
fn has_viewport_unit(css: &str) -> bool {
    let lower = css.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    ["vw", "vh", "vmin", "vmax"].iter().any(|unit| {
        memchr::memmem::find_iter(bytes, unit).any(|at| {
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            let behind = bytes.get(at.saturating_add(unit.len()));
            before.is_some_and(u8::is_ascii_digit) && !behind.is_some_and(u8::is_ascii_alphanumeric)
        })
    })
}
