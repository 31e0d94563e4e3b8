//! RFC 5256 3 REFERENCES steps 2 and 3: nodes without a message are taken out; only one with several children is kept, as
//! the dummy that holds a thread whose root is missing.

use crate::link::{Links, NONE};

/// Marks a node that is not a message, at the top of its tree. Above [`MAX_NODES`](crate::MAX_NODES).
const TOP: u32 = 0x8000_0000;

/// The parent of each message, and of the dummies behind them: a message, a dummy, or [`NONE`].
pub(crate) fn prune(links: &Links) -> Vec<u32> {
    let messages = links.node.len();
    let mut above = Above { links, known: vec![NONE; links.parent.len()], path: Vec::new() };
    let mut parents: Vec<u32> = links.node.iter().map(|node| above.of(*node)).collect();

    // the number of children of each missing root, then its dummy where they are several
    let mut held = vec![0_u32; links.parent.len()];
    for top in parents.iter().filter_map(|parent| missing(*parent)) {
        if let Some(count) = held.get_mut(top as usize) {
            *count = count.saturating_add(1);
        }
    }
    let mut dummies = 0;
    for count in &mut held {
        *count = match *count {
            0 | 1 => NONE,
            _ => {
                dummies += 1;
                u32::try_from(messages + dummies - 1).unwrap_or(NONE)
            }
        };
    }
    for parent in &mut parents {
        if let Some(top) = missing(*parent) {
            *parent = held.get(top as usize).copied().unwrap_or(NONE);
        }
    }
    parents.resize(messages + dummies, NONE);
    parents
}

/// The missing root that a value of [`Above::of`] names.
fn missing(parent: u32) -> Option<u32> {
    (parent != NONE && parent >= TOP).then_some(parent & !TOP)
}

/// Finds what is above nodes, and remembers it for those without a message.
struct Above<'l> {
    links: &'l Links,
    known: Vec<u32>,
    path: Vec<u32>,
}

impl Above<'_> {
    /// The next message above `node`, else [`TOP`] and the node at the top, else [`NONE`] where nothing is above.
    fn of(&mut self, node: u32) -> u32 {
        let mut at = self.parent(node);
        if at == NONE {
            return NONE;
        }
        let found = loop {
            if let Some(message) = self.links.message.get(at as usize).filter(|message| **message != NONE) {
                break *message;
            }
            if let Some(known) = self.known.get(at as usize).filter(|known| **known != NONE) {
                break *known;
            }
            self.path.push(at);
            match self.parent(at) {
                NONE => break at | TOP,
                next => at = next,
            }
        };
        for passed in self.path.drain(..) {
            if let Some(known) = self.known.get_mut(passed as usize) {
                *known = found;
            }
        }
        found
    }

    fn parent(&self, node: u32) -> u32 {
        self.links.parent.get(node as usize).copied().unwrap_or(NONE)
    }
}
