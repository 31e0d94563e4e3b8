//! The result: trees of messages.

use crate::Rule;
use crate::link::NONE;

/// A node of a [`Forest`]: a message, or the place of a root that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

/// The threads of some messages. Messages are numbered from 0 in the order in which they were given; each is in the forest
/// once.
///
/// ```
/// use mailwright_threading::{Header, Options, thread};
///
/// let first = Header { message_id: b"<1@a.example>", subject: b"lunch", ..Header::default() };
/// let reply = Header { message_id: b"<2@a.example>", references: b"<1@a.example>", ..Header::default() };
/// let forest = thread([first, reply], &Options::default())?;
/// let root = forest.roots()[0];
/// assert_eq!(forest.message(root), Some(0));
/// assert_eq!(forest.children(root).map(|node| forest.message(node)).collect::<Vec<_>>(), [Some(1)]);
/// assert_eq!(forest.to_imap().to_string(), "(1 2)");
/// # Ok::<(), mailwright_threading::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Forest {
    /// Messages first, then the missing roots.
    nodes: Vec<Node>,
    roots: Vec<NodeId>,
    messages: usize,
    cut: Vec<u32>,
    rules: Vec<Rule>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    parent: u32,
    first_child: u32,
    next_sibling: u32,
}

impl Forest {
    /// The forest in which each of `parents` is under its parent, siblings and roots in the order of `order`, which holds
    /// the messages; a missing root stands where its first child does.
    pub(crate) fn arrange(parents: &[u32], order: &[u32]) -> Self {
        let leaf = |parent: &u32| Node { parent: *parent, first_child: NONE, next_sibling: NONE };
        let mut forest = Self {
            nodes: parents.iter().map(leaf).collect(),
            roots: Vec::new(),
            messages: order.len(),
            cut: Vec::new(),
            rules: Vec::new(),
        };
        let mut last_child = vec![NONE; parents.len()];
        for message in order {
            let parent = forest.node(*message).parent;
            let Some(last) = last_child.get_mut(parent as usize) else {
                forest.roots.push(NodeId(*message));
                continue;
            };
            let before = std::mem::replace(last, *message);
            if before != NONE {
                forest.change(before, |node| node.next_sibling = *message);
                continue;
            }
            forest.change(parent, |node| node.first_child = *message);
            if !forest.is_message(parent) {
                forest.roots.push(NodeId(parent));
            }
        }
        forest
    }

    /// What is told beside the trees.
    pub(crate) fn with_notes(mut self, cut: Vec<u32>, rules: Vec<Rule>) -> Self {
        (self.cut, self.rules) = (cut, rules);
        self
    }

    /// Puts the threads in the order of their newest messages, by the `order` of all messages.
    pub(crate) fn newest_last(&mut self, order: &[u32]) {
        let threads = self.thread_of();
        let mut placed = vec![false; self.nodes.len()];
        let mut roots = Vec::with_capacity(self.roots.len());
        for root in order.iter().rev().filter_map(|message| threads.get(*message as usize)) {
            if let Some(placed) = placed.get_mut(root.0 as usize).filter(|placed| !**placed) {
                *placed = true;
                roots.push(*root);
            }
        }
        roots.reverse();
        self.roots = roots;
    }

    /// How many messages there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.messages
    }

    /// Whether there is no message.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages == 0
    }

    /// The roots in the order of the threads.
    #[must_use]
    pub fn roots(&self) -> &[NodeId] {
        &self.roots
    }

    /// The number of the message at `node`; `None` for a missing root.
    #[must_use]
    pub fn message(&self, node: NodeId) -> Option<usize> {
        self.is_message(node.0).then_some(node.0 as usize)
    }

    /// The node of a message; `None` where there is no such message.
    #[must_use]
    pub fn node_of(&self, message: usize) -> Option<NodeId> {
        if message >= self.messages { None } else { u32::try_from(message).ok().map(NodeId) }
    }

    /// What `node` is under; `None` for a root.
    #[must_use]
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        named(self.node(node.0).parent)
    }

    /// The nodes from the parent of `node` up to its root.
    pub fn ancestors(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.parent(node), |above| self.parent(*above))
    }

    /// What is directly under `node`, in order.
    pub fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.first_child(node), |child| self.next_sibling(*child))
    }

    /// Every node, each root followed by all that is under it, parents in front of children.
    pub fn walk(&self) -> impl Iterator<Item = Visit> + '_ {
        self.roots.iter().flat_map(|root| self.walk_under(*root))
    }

    /// `root` and all nodes under it, parents in front of children. Takes no memory, whatever the depth.
    #[must_use]
    pub fn walk_under(&self, root: NodeId) -> Walk<'_> {
        Walk { forest: self, root, next: Some(Visit { node: root, depth: 0 }) }
    }

    /// For each message the message that it is directly under; `None` at the top and directly under a missing root.
    pub fn parents(&self) -> impl Iterator<Item = Option<usize>> + '_ {
        self.nodes
            .iter()
            .take(self.messages)
            .map(|node| named(node.parent).and_then(|parent| self.message(parent)))
    }

    /// The root of each message.
    #[must_use]
    pub fn thread_of(&self) -> Vec<NodeId> {
        let mut threads = vec![NodeId(NONE); self.messages];
        for root in &self.roots {
            for visit in self.walk_under(*root) {
                if let Some(thread) = threads.get_mut(visit.node.0 as usize) {
                    *thread = *root;
                }
            }
        }
        threads
    }

    /// The messages of which a limit dropped ids or octets ([`Limits`](crate::Limits)), ascending.
    pub fn cut(&self) -> impl Iterator<Item = usize> + '_ {
        self.cut.iter().map(|message| *message as usize)
    }

    /// What put a message where it is.
    #[must_use]
    pub fn rule(&self, message: usize) -> Rule {
        self.rules.get(message).copied().unwrap_or_default()
    }

    pub(crate) fn first_child(&self, node: NodeId) -> Option<NodeId> {
        named(self.node(node.0).first_child)
    }

    pub(crate) fn next_sibling(&self, node: NodeId) -> Option<NodeId> {
        named(self.node(node.0).next_sibling)
    }

    fn is_message(&self, node: u32) -> bool {
        (node as usize) < self.messages
    }

    fn node(&self, node: u32) -> Node {
        let none = Node { parent: NONE, first_child: NONE, next_sibling: NONE };
        self.nodes.get(node as usize).copied().unwrap_or(none)
    }

    fn change(&mut self, node: u32, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(node as usize) {
            change(node);
        }
    }
}

fn named(node: u32) -> Option<NodeId> {
    (node != NONE).then_some(NodeId(node))
}

/// A node on a walk, and how far below its root it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The node.
    pub node: NodeId,
    /// 0 for a root.
    pub depth: usize,
}

/// The nodes of a thread, from [`Forest::walk_under`].
#[derive(Clone, Debug)]
pub struct Walk<'f> {
    forest: &'f Forest,
    root: NodeId,
    next: Option<Visit>,
}

impl Walk<'_> {
    fn after(&self, visit: Visit) -> Option<Visit> {
        if let Some(child) = self.forest.first_child(visit.node) {
            return Some(Visit { node: child, depth: visit.depth + 1 });
        }
        let mut at = visit;
        while at.node != self.root {
            if let Some(next) = self.forest.next_sibling(at.node) {
                return Some(Visit { node: next, depth: at.depth });
            }
            at = Visit { node: self.forest.parent(at.node)?, depth: at.depth.checked_sub(1)? };
        }
        None
    }
}

impl Iterator for Walk<'_> {
    type Item = Visit;

    fn next(&mut self) -> Option<Visit> {
        let visit = self.next?;
        self.next = self.after(visit);
        Some(visit)
    }
}
