//! The THREAD response of IMAP (RFC 5256 4).

use std::fmt;

use crate::forest::{Forest, NodeId};

impl Forest {
    /// What stands behind `* THREAD ` in the answer of an IMAP server (RFC 5256 4), with message sequence numbers: the
    /// first message is 1.
    #[must_use]
    pub fn to_imap(&self) -> Imap<'_, impl Fn(usize) -> u64> {
        self.to_imap_with(|message| {
            u64::try_from(message).map_or(u64::MAX, |message| message.saturating_add(1))
        })
    }

    /// As [`to_imap`](Self::to_imap) with numbers of the caller's, such as UIDs.
    pub fn to_imap_with<N: Fn(usize) -> u64>(&self, number: N) -> Imap<'_, N> {
        Imap { forest: self, number }
    }
}

/// Writes the THREAD response; see [`Forest::to_imap`].
#[derive(Clone, Debug)]
pub struct Imap<'f, N> {
    forest: &'f Forest,
    number: N,
}

impl<N: Fn(usize) -> u64> fmt::Display for Imap<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // thread-list = "(" (thread-members / thread-nested) ")": a node with one child goes on in its list, each of
        // several children has a list of its own
        for root in self.forest.roots() {
            f.write_str("(")?;
            let mut before: Option<NodeId> = None;
            for visit in self.forest.walk_under(*root) {
                if let Some(before) = before {
                    self.between(f, *root, before, visit.node)?;
                }
                if let Some(message) = self.forest.message(visit.node) {
                    write!(f, "{}", (self.number)(message))?;
                }
                before = Some(visit.node);
            }
            if let Some(last) = before {
                self.close(f, *root, last, None)?;
            }
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl<N: Fn(usize) -> u64> Imap<'_, N> {
    /// What stands between two nodes that follow each other.
    fn between(&self, f: &mut fmt::Formatter<'_>, root: NodeId, before: NodeId, node: NodeId) -> fmt::Result {
        let parent = self.forest.parent(node);
        self.close(f, root, before, parent)?;
        let opens = self.has_siblings(node);
        // no space behind a parenthesis: between lists, and in front of the first list of a missing root
        let space = parent == Some(before) && self.forest.message(before).is_some();
        match (space, opens) {
            (true, true) => f.write_str(" ("),
            (true, false) => f.write_str(" "),
            (false, true) => f.write_str("("),
            (false, false) => Ok(()),
        }
    }

    /// Closes the lists of the nodes from `node` up to the one that is under `above`.
    fn close(
        &self,
        f: &mut fmt::Formatter<'_>,
        root: NodeId,
        node: NodeId,
        above: Option<NodeId>,
    ) -> fmt::Result {
        let mut at = Some(node);
        while let Some(node) = at.filter(|node| *node != root && Some(*node) != above) {
            if self.has_siblings(node) {
                f.write_str(")")?;
            }
            at = self.forest.parent(node);
        }
        Ok(())
    }

    fn has_siblings(&self, node: NodeId) -> bool {
        let first = self.forest.parent(node).and_then(|parent| self.forest.first_child(parent));
        first.is_some_and(|first| first != node || self.forest.next_sibling(first).is_some())
    }
}
