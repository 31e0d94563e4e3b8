//! The stack of open elements and the list of active formatting elements (HTML 13.2.4.2, 13.2.4.3).

use super::{Builder, Kind, Node, NodeId, Space, Tag};

/// The scopes of HTML 13.2.4.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Default,
    ListItem,
    Button,
    Table,
    Select,
}

/// White space as the official parser has it: ASCII's and the vertical tab.
pub(super) fn is_white_space(char: char) -> bool {
    matches!(char, ' ' | '\t' | '\r' | '\n' | '\x0c' | '\x0b')
}

impl<'a> Builder<'a> {
    /// The current node; the document where nothing is open.
    pub(super) fn top(&self) -> NodeId {
        self.open.last().copied().unwrap_or(NodeId::ROOT)
    }

    pub(super) fn top_tag(&self) -> Tag {
        self.tree.node(self.top()).tag
    }

    pub(super) fn opened(&self, at: usize) -> NodeId {
        self.open.get(at).copied().unwrap_or(NodeId::NONE)
    }

    pub(super) fn open_node(&self, at: usize) -> &Node<'a> {
        self.tree.node(self.opened(at))
    }

    /// Whether an HTML element of this name is open.
    pub(super) fn is_open(&self, tag: Tag) -> bool {
        self.open.iter().any(|&id| {
            let node = self.tree.node(id);
            node.tag == tag && node.space == Space::Html
        })
    }

    pub(super) fn place_in_scope(&self, scope: Scope, tags: &[Tag]) -> Option<usize> {
        for (at, &id) in self.open.iter().enumerate().rev() {
            let node = self.tree.node(id);
            if node.space == Space::Html {
                if tags.contains(&node.tag) {
                    return Some(at);
                }
                let stops = match scope {
                    Scope::Default => false,
                    Scope::ListItem => matches!(node.tag, Tag::Ol | Tag::Ul),
                    Scope::Button => node.tag == Tag::Button,
                    Scope::Table => matches!(node.tag, Tag::Html | Tag::Table | Tag::Template),
                    Scope::Select => !matches!(node.tag, Tag::Optgroup | Tag::Option),
                };
                if stops {
                    return None;
                }
            }
            if matches!(scope, Scope::Default | Scope::ListItem | Scope::Button) && stops_scope(node) {
                return None;
            }
        }
        None
    }

    pub(super) fn in_scope(&self, scope: Scope, tags: &[Tag]) -> bool {
        self.place_in_scope(scope, tags).is_some()
    }

    /// Closes the nearest of these elements and all in it; whether there was one in scope.
    pub(super) fn pop_until(&mut self, scope: Scope, tags: &[Tag]) -> bool {
        match self.place_in_scope(scope, tags) {
            Some(at) => {
                self.open.truncate(at);
                true
            }
            None => false,
        }
    }

    /// "Clear the stack back to a … context": leaves the nearest of these elements open.
    pub(super) fn clear_to(&mut self, tags: &[Tag]) {
        if let Some(at) = self.open.iter().rposition(|&id| tags.contains(&self.tree.node(id).tag)) {
            self.open.truncate(at + 1);
        }
    }

    /// HTML 13.2.6.3.
    pub(super) fn generate_implied_end_tags(&mut self, except: Option<Tag>) {
        while let Some(&id) = self.open.last() {
            let tag = self.tree.node(id).tag;
            let implied = matches!(
                tag,
                Tag::Dd
                    | Tag::Dt
                    | Tag::Li
                    | Tag::Optgroup
                    | Tag::Option
                    | Tag::P
                    | Tag::Rb
                    | Tag::Rp
                    | Tag::Rt
                    | Tag::Rtc
            );
            if !implied || Some(tag) == except {
                return;
            }
            self.open.pop();
        }
    }

    /// Closes the nearest template; the official parser looks at no scope here.
    pub(super) fn close_template(&mut self) {
        self.generate_implied_end_tags(None);
        let template = self.open.iter().rposition(|&id| {
            let node = self.tree.node(id);
            node.space == Space::Html && node.tag == Tag::Template
        });
        if let Some(at) = template {
            self.open.truncate(at);
        }
        self.clear_formatting_to_marker();
        self.template_modes.pop();
        self.reset_mode();
    }

    pub(super) fn remove_open(&mut self, id: NodeId) {
        if let Some(at) = self.open.iter().position(|&open| open == id) {
            self.open.remove(at);
        }
    }

    pub(super) fn push_marker(&mut self) {
        self.formatting.push(NodeId::NONE);
    }

    pub(super) fn clear_formatting_to_marker(&mut self) {
        while self.formatting.pop().is_some_and(NodeId::is_some) {}
    }

    pub(super) fn remove_formatting(&mut self, id: NodeId) {
        if let Some(at) = self.formatting.iter().position(|&entry| entry == id) {
            self.formatting.remove(at);
        }
    }

    /// Adds the element of the token and remembers it, with at most three alike since the last marker.
    pub(super) fn add_formatting_element(&mut self) {
        let id = self.add_element();
        let attrs = self.tree.attrs(self.token.attrs);
        // Elements without attributes are never alike to the official parser.
        let mut alike = Vec::new();
        if !attrs.is_empty() {
            for &entry in self.formatting.iter().rev().take_while(|entry| entry.is_some()) {
                let node = self.tree.node(entry);
                let theirs = self.tree.attrs(node.attrs);
                if node.tag == self.token.tag
                    && node.space == Space::Html
                    && theirs.len() == attrs.len()
                    && theirs.iter().all(|attr| attrs.contains(attr))
                {
                    alike.push(entry);
                }
            }
        }
        for &entry in alike.iter().skip(2) {
            self.remove_formatting(entry);
        }
        self.formatting.push(id);
    }

    /// HTML 13.2.4.3, "reconstruct the active formatting elements".
    pub(super) fn reconstruct_formatting(&mut self) {
        let is_done = |entry: &NodeId| !entry.is_some() || self.open.contains(entry);
        let from = self.formatting.iter().rposition(is_done).map_or(0, |at| at + 1);
        for at in from..self.formatting.len() {
            let Some(&entry) = self.formatting.get(at) else { return };
            if self.tree.nodes.len() > super::MAX_NODES {
                return;
            }
            let clone = self.clone_node(entry);
            self.add_child(clone);
            if let Some(slot) = self.formatting.get_mut(at) {
                *slot = clone;
            }
        }
    }

    /// An element like this one, without content, and without a place as in the official parser.
    pub(super) fn clone_node(&mut self, id: NodeId) -> NodeId {
        let node = self.tree.node(id);
        let clone = Node {
            tag: node.tag,
            data: node.data.clone(),
            attrs: node.attrs,
            cut: node.cut,
            ..Node::new(Kind::Element)
        };
        self.tree.push(clone)
    }
}

/// The elements that end the default scope.
fn stops_scope(node: &Node<'_>) -> bool {
    match node.space {
        Space::Html => matches!(
            node.tag,
            Tag::Applet
                | Tag::Caption
                | Tag::Html
                | Tag::Table
                | Tag::Td
                | Tag::Th
                | Tag::Marquee
                | Tag::Object
                | Tag::Template
        ),
        Space::Math => {
            matches!(node.tag, Tag::AnnotationXml | Tag::Mi | Tag::Mn | Tag::Mo | Tag::Ms | Tag::Mtext)
        }
        Space::Svg => matches!(node.tag, Tag::Desc | Tag::Foreignobject | Tag::Title),
    }
}
