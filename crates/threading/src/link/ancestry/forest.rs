//! A link-cut forest (Sleator and Tarjan 1983; splay trees 1985): roots of nodes under links and cuts.
//!
//! Each path is a splay tree ordered by depth. Node 0 stands for none, node n + 1 for the node n of the caller.

use crate::link::NONE;

#[derive(Clone, Copy, Default)]
struct Node {
    /// The parent in the splay tree; of its root, the node above the path.
    up: u32,
    /// The part of the path above.
    left: u32,
    /// The part of the path below.
    right: u32,
}

pub(super) struct LinkCut {
    nodes: Vec<Node>,
}

impl LinkCut {
    /// The forest of `parents`.
    pub(super) fn of(parents: &[u32]) -> Self {
        // the caller's NONE becomes 0
        let above = parents.iter().map(|parent| Node { up: parent.wrapping_add(1), ..Node::default() });
        Self { nodes: std::iter::once(Node::default()).chain(above).collect() }
    }

    /// Makes room for `nodes` nodes.
    pub(super) fn grow(&mut self, nodes: usize) {
        if self.nodes.len() <= nodes {
            self.nodes.resize(nodes + 1, Node::default());
        }
    }

    /// The root above `node`.
    pub(super) fn root(&mut self, node: u32) -> u32 {
        let mut top = node.wrapping_add(1);
        self.access(top);
        while self.left(top) != 0 {
            top = self.left(top);
        }
        // the search is paid for by the splay
        self.splay(top);
        top.checked_sub(1).unwrap_or(NONE)
    }

    /// Puts `child`, a root, under `parent`.
    pub(super) fn link(&mut self, child: u32, parent: u32) {
        let child = child.wrapping_add(1);
        self.access(child);
        self.set_up(child, parent.wrapping_add(1));
    }

    /// Takes `child` from its parent.
    pub(super) fn cut(&mut self, child: u32) {
        let child = child.wrapping_add(1);
        self.access(child);
        let above = self.left(child);
        if above != 0 {
            self.set_up(above, 0);
            self.set_left(child, 0);
        }
    }

    /// Makes the path from the root to `node` one splay tree with `node` at its root and nothing below.
    fn access(&mut self, node: u32) {
        let (mut at, mut below) = (node, 0);
        while at != 0 {
            self.splay(at);
            self.set_right(at, below);
            below = at;
            at = self.up(at);
        }
        self.splay(node);
    }

    /// Rotates `node` to the root of its splay tree.
    fn splay(&mut self, node: u32) {
        while !self.is_top(node) {
            let parent = self.up(node);
            if !self.is_top(parent) {
                let same_side = (self.left(parent) == node) == (self.left(self.up(parent)) == parent);
                self.rotate(if same_side { parent } else { node });
            }
            self.rotate(node);
        }
    }

    /// Exchanges `node` and its parent in the splay tree.
    fn rotate(&mut self, node: u32) {
        let parent = self.up(node);
        let above = self.up(parent);
        if !self.is_top(parent) {
            if self.left(above) == parent { self.set_left(above, node) } else { self.set_right(above, node) }
        }
        let moved = if self.left(parent) == node {
            let moved = self.right(node);
            self.set_left(parent, moved);
            self.set_right(node, parent);
            moved
        } else {
            let moved = self.left(node);
            self.set_right(parent, moved);
            self.set_left(node, parent);
            moved
        };
        if moved != 0 {
            self.set_up(moved, parent);
        }
        self.set_up(parent, node);
        self.set_up(node, above);
    }

    /// Whether `node` is the root of its splay tree.
    fn is_top(&self, node: u32) -> bool {
        let up = self.up(node);
        up == 0 || self.left(up) != node && self.right(up) != node
    }

    fn node(&self, node: u32) -> Node {
        self.nodes.get(node as usize).copied().unwrap_or_default()
    }

    fn up(&self, node: u32) -> u32 {
        self.node(node).up
    }

    fn left(&self, node: u32) -> u32 {
        self.node(node).left
    }

    fn right(&self, node: u32) -> u32 {
        self.node(node).right
    }

    fn change(&mut self, node: u32, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(node as usize) {
            change(node);
        }
    }

    fn set_up(&mut self, node: u32, up: u32) {
        self.change(node, |node| node.up = up);
    }

    fn set_left(&mut self, node: u32, left: u32) {
        self.change(node, |node| node.left = left);
    }

    fn set_right(&mut self, node: u32, right: u32) {
        self.change(node, |node| node.right = right);
    }
}
