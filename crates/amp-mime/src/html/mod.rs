//! HTML: bytes to tokens to a tree with the place of each element, after the HTML standard, section 13.2.
//!
//! The places are the official validator's, quirks included, since findings are told by them: lines from 1, columns
//! in code points. Nothing recurses: the tree is an arena, and what is open is a list.

mod entities;
pub(crate) mod name;
mod text;
mod token;
mod tree;

use std::borrow::Cow;

pub(crate) use name::Tag;
pub(crate) use token::MAX_ATTRIBUTES;
pub(crate) use tree::{parse, parse_fragment};

/// Elements may stand this deep in one another while a document is read. The validator reports a document that
/// nests deeper than 200 levels as too complex, so nothing is lost, and every rule of the tree builder that looks
/// through the open elements takes bounded time.
pub(crate) const MAX_OPEN: usize = 256;

/// Nodes of a tree. Unclosed formatting elements are opened again in each paragraph, so that a few octets can ask for
/// hundreds of nodes; a document within the size limit of AMP for Email stays far below.
pub(crate) const MAX_NODES: usize = 1 << 20;

/// A place in the document; lines count from 1. Columns can be off by a few in odd markup, and below 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Place {
    pub(crate) line: i32,
    pub(crate) col: i32,
}

/// A node of the tree, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(u32);

impl NodeId {
    pub(crate) const NONE: Self = Self(u32::MAX);
    pub(crate) const ROOT: Self = Self(0);

    pub(crate) fn is_some(self) -> bool {
        self != Self::NONE
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Kind {
    #[default]
    Document,
    Doctype,
    Element,
    Text,
    Comment,
}

/// The namespace of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Space {
    #[default]
    Html,
    Svg,
    Math,
}

/// An attribute: the name in lower case (but for some of SVG), the value with its references replaced.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Attr<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) value: Cow<'a, str>,
}

/// Attributes of one tag, as a range of [`Tree::attrs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Attrs {
    start: u32,
    end: u32,
}

impl Attrs {
    pub(crate) fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    pub(crate) fn is_empty(self) -> bool {
        self.end <= self.start
    }
}

/// A node.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) kind: Kind,
    pub(crate) tag: Tag,
    pub(crate) space: Space,
    /// Not written in the document but implied by it; for a comment: written as `<?`.
    pub(crate) made: bool,
    /// Attributes were left out after the first 1,000.
    pub(crate) cut: bool,
    /// The name of an element that is [`Tag::Other`], and of a doctype; the text of a text.
    pub(crate) data: Cow<'a, str>,
    pub(crate) attrs: Attrs,
    pub(crate) at: Option<Place>,
    parent: NodeId,
    prev: NodeId,
    pub(crate) next: NodeId,
    pub(crate) first: NodeId,
    last: NodeId,
}

impl<'a> Node<'a> {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            tag: Tag::Other,
            space: Space::Html,
            made: false,
            cut: false,
            data: Cow::Borrowed(""),
            attrs: Attrs::default(),
            at: None,
            parent: NodeId::NONE,
            prev: NodeId::NONE,
            next: NodeId::NONE,
            first: NodeId::NONE,
            last: NodeId::NONE,
        }
    }

    /// The name of an element, in lower case.
    pub(crate) fn name(&self) -> &str {
        if self.tag == Tag::Other { &self.data } else { self.tag.name() }
    }

    fn is_special(&self) -> bool {
        match self.space {
            Space::Html => self.tag.is_special(),
            Space::Math => {
                matches!(self.tag, Tag::Mi | Tag::Mo | Tag::Mn | Tag::Ms | Tag::Mtext | Tag::AnnotationXml)
            }
            Space::Svg => matches!(self.tag, Tag::Foreignobject | Tag::Desc | Tag::Title),
        }
    }

    fn into_owned(self) -> Node<'static> {
        Node {
            kind: self.kind,
            tag: self.tag,
            space: self.space,
            made: self.made,
            cut: self.cut,
            data: Cow::Owned(self.data.into_owned()),
            attrs: self.attrs,
            at: self.at,
            parent: self.parent,
            prev: self.prev,
            next: self.next,
            first: self.first,
            last: self.last,
        }
    }
}

/// A document that was read.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    attrs: Vec<Attr<'a>>,
    /// What an id that is none stands for; never linked.
    nowhere: Node<'a>,
    pub(crate) quirks: bool,
    /// Where the tokenizer ended.
    pub(crate) end: Place,
    /// A limit was met and the rest was not built.
    pub(crate) too_complex: bool,
}

impl<'a> Tree<'a> {
    fn new() -> Self {
        Self {
            nodes: vec![Node::new(Kind::Document)],
            attrs: Vec::new(),
            nowhere: Node::new(Kind::Comment),
            quirks: false,
            end: Place { line: 1, col: 0 },
            too_complex: false,
        }
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node<'a> {
        self.nodes.get(id.0 as usize).unwrap_or(&self.nowhere)
    }

    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node<'a> {
        match self.nodes.get_mut(id.0 as usize) {
            Some(node) => node,
            None => &mut self.nowhere,
        }
    }

    /// The attributes of a tag.
    pub(crate) fn attrs(&self, attrs: Attrs) -> &[Attr<'a>] {
        self.attrs.get(attrs.start as usize..attrs.end as usize).unwrap_or_default()
    }

    /// Sorts the attributes of a tag by name; those of the same name keep their order.
    pub(crate) fn sort_attrs(&mut self, attrs: Attrs) {
        if let Some(list) = self.attrs.get_mut(attrs.start as usize..attrs.end as usize)
            && !list.is_sorted_by(|a, b| a.name <= b.name)
        {
            list.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }

    /// The attributes of a tag, which are sorted, without those whose name was there before.
    pub(crate) fn without_repeated(&mut self, attrs: Attrs) -> Attrs {
        let list = self.attrs(attrs);
        if list.windows(2).all(|pair| !matches!(pair, [a, b] if a.name == b.name)) {
            return attrs;
        }
        let mut list = list.to_vec();
        list.dedup_by(|a, b| a.name == b.name);
        self.add_attrs(list)
    }

    /// `attrs` and one more.
    pub(crate) fn with_attr(&mut self, attrs: Attrs, more: Attr<'a>) -> Attrs {
        let mut list = self.attrs(attrs).to_vec();
        list.push(more);
        self.add_attrs(list)
    }

    fn add_attrs(&mut self, list: impl IntoIterator<Item = Attr<'a>>) -> Attrs {
        let start = index(self.attrs.len());
        self.attrs.extend(list);
        Attrs { start, end: index(self.attrs.len()) }
    }

    /// Takes the nodes of a fragment in; gives the first of them, which are siblings without a parent.
    pub(crate) fn graft(&mut self, fragment: Tree<'static>) -> NodeId {
        let (nodes, attrs) = (index(self.nodes.len()), index(self.attrs.len()));
        let first = fragment.node(fragment.node(NodeId::ROOT).first).first;
        self.attrs.extend(fragment.attrs);
        self.nodes.extend(fragment.nodes.into_iter().map(|mut node| {
            for id in [&mut node.parent, &mut node.prev, &mut node.next, &mut node.first, &mut node.last] {
                if id.is_some() {
                    id.0 = id.0.saturating_add(nodes);
                }
            }
            node.attrs.start = node.attrs.start.saturating_add(attrs);
            node.attrs.end = node.attrs.end.saturating_add(attrs);
            node
        }));
        if first.is_some() { NodeId(first.0.saturating_add(nodes)) } else { NodeId::NONE }
    }

    /// Changes the places of a node, those after it, and all in them.
    pub(crate) fn move_places(&mut self, first: NodeId, to: impl Fn(Place) -> Place) {
        let mut pending = vec![first];
        while let Some(id) = pending.pop().filter(|id| id.is_some()) {
            let node = self.node_mut(id);
            node.at = node.at.map(&to);
            let (next, first) = (node.next, node.first);
            pending.extend([next, first].into_iter().filter(|id| id.is_some()));
        }
    }

    fn into_owned(self) -> Tree<'static> {
        let owned = |attr: Attr<'a>| Attr {
            name: Cow::Owned(attr.name.into_owned()),
            value: Cow::Owned(attr.value.into_owned()),
        };
        Tree {
            nodes: self.nodes.into_iter().map(Node::into_owned).collect(),
            attrs: self.attrs.into_iter().map(owned).collect(),
            nowhere: Node::new(Kind::Comment),
            quirks: self.quirks,
            end: self.end,
            too_complex: self.too_complex,
        }
    }

    fn push(&mut self, node: Node<'a>) -> NodeId {
        let id = NodeId(index(self.nodes.len()));
        self.nodes.push(node);
        id
    }

    fn append(&mut self, parent: NodeId, child: NodeId) {
        self.insert_before(parent, child, NodeId::NONE);
    }

    /// Puts `child`, which has no parent, before `before`, or last.
    fn insert_before(&mut self, parent: NodeId, child: NodeId, before: NodeId) {
        let prev = if before.is_some() { self.node(before).prev } else { self.node(parent).last };
        if prev.is_some() {
            self.node_mut(prev).next = child;
        } else {
            self.node_mut(parent).first = child;
        }
        if before.is_some() {
            self.node_mut(before).prev = child;
        } else {
            self.node_mut(parent).last = child;
        }
        let node = self.node_mut(child);
        (node.parent, node.prev, node.next) = (parent, prev, before);
    }

    fn detach(&mut self, id: NodeId) {
        let (parent, prev, next) = {
            let node = self.node_mut(id);
            let links = (node.parent, node.prev, node.next);
            (node.parent, node.prev, node.next) = (NodeId::NONE, NodeId::NONE, NodeId::NONE);
            links
        };
        if !parent.is_some() {
            return;
        }
        if prev.is_some() {
            self.node_mut(prev).next = next;
        } else {
            self.node_mut(parent).first = next;
        }
        if next.is_some() {
            self.node_mut(next).prev = prev;
        } else {
            self.node_mut(parent).last = prev;
        }
    }
}

/// A count as the number of a node or attribute. Both stay below the length of the document or [`MAX_NODES`].
fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
