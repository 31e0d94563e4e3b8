//! The elements that are open, with what they ask of what stands in them.

use crate::html::{NodeId, Place};
use crate::rules::spec::{Cdata, Children, Tag};

/// An element that is open.
#[derive(Debug)]
pub(super) struct Open {
    /// In capital letters, if a rule mentions it.
    pub(super) upper: &'static str,
    pub(super) node: NodeId,
    /// What it was read as.
    pub(super) tag: Option<&'static Tag>,
    pub(super) children: usize,
    /// Holds for its children.
    pub(super) child_rule: Option<(&'static Tag, &'static Children, Place)>,
    /// What children may be besides, and whose rule that is.
    pub(super) points: Option<&'static Tag>,
    pub(super) cdata: Option<(&'static Tag, &'static Cdata, Place)>,
    pub(super) dev_mode: bool,
}

impl Open {
    pub(super) fn new(upper: &'static str, node: NodeId) -> Self {
        Self {
            upper,
            node,
            tag: None,
            children: 0,
            child_rule: None,
            points: None,
            cdata: None,
            dev_mode: false,
        }
    }
}

/// The elements that are open; the first is the document.
#[derive(Debug)]
pub(super) struct Stack {
    open: Vec<Open>,
    pub(super) templates: usize,
    pub(super) heads: usize,
    pub(super) bodies: usize,
}

impl Stack {
    pub(super) fn new() -> Self {
        let root = Open::new("$ROOT", NodeId::ROOT);
        Self { open: vec![root], templates: 0, heads: 0, bodies: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn push(&mut self, open: Open) {
        self.count(open.upper, 1);
        self.open.push(open);
    }

    pub(super) fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
        self.count(open.upper, -1);
        Some(open)
    }

    fn count(&mut self, upper: &str, by: isize) {
        let counter = match upper {
            "TEMPLATE" => &mut self.templates,
            "HEAD" => &mut self.heads,
            "BODY" => &mut self.bodies,
            _ => return,
        };
        *counter = counter.saturating_add_signed(by);
    }

    /// The element that what comes next is a child of.
    pub(super) fn top(&self) -> Option<&Open> {
        self.open.last()
    }

    pub(super) fn top_mut(&mut self) -> Option<&mut Open> {
        self.open.last_mut()
    }

    /// Whether an element with this name, or read as a tag of this name, is open.
    pub(super) fn has_ancestor(&self, name: &str) -> bool {
        self.open
            .iter()
            .skip(1)
            .any(|open| open.upper == name || open.tag.is_some_and(|tag| tag.named && tag.name == name))
    }
}
