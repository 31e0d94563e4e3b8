//! RFC 5256 3 REFERENCES step 5: threads with one base subject are joined.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::forest::{Forest, NodeId};
use crate::link::NONE;
use crate::subject::subject_key;

/// A root and what its subject says.
struct Root {
    node: u32,
    is_dummy: bool,
    is_reply: bool,
    /// Number of the base subject.
    subject: usize,
}

/// Joins the threads of `forest` in `parents`, to which it may add dummies. `subjects` are the Subject values.
pub(crate) fn merge(forest: &Forest, parents: &mut Vec<u32>, subjects: &[&[u8]]) {
    let mut numbers: HashMap<Cow<'_, str>, usize> = HashMap::new();
    let mut roots = Vec::new();
    for node in forest.roots() {
        // 5.B (i): of a dummy the first child counts
        let first = if forest.message(*node).is_some() { Some(*node) } else { forest.first_child(*node) };
        let value = first.and_then(|first| subjects.get(first.0 as usize)).copied().unwrap_or_default();
        let base = subject_key(value);
        // 5.B (ii): an empty subject joins nothing
        if base.text.is_empty() {
            continue;
        }
        let count = numbers.len();
        let subject = *numbers.entry(base.text).or_insert(count);
        let is_dummy = forest.message(*node).is_none();
        roots.push(Root { node: node.0, is_dummy, is_reply: base.reply_or_forward, subject });
    }

    // 5.B (iii) and (iv): the root that others of its subject are joined to
    let mut heads: Vec<Option<&Root>> = vec![None; numbers.len()];
    for root in &roots {
        let Some(place) = heads.get_mut(root.subject) else { continue };
        let is_better =
            place.is_none_or(|head| !head.is_dummy && (root.is_dummy || head.is_reply && !root.is_reply));
        if is_better {
            *place = Some(root);
        }
    }

    let mut joined: Vec<Option<u32>> = vec![None; numbers.len()];
    for root in &roots {
        let (Some(Some(head)), Some(joined)) = (heads.get(root.subject), joined.get_mut(root.subject)) else {
            continue;
        };
        // 5.C (iv)
        if root.node == head.node {
            continue;
        }
        if let (Some(dummy), false) = (*joined, root.is_dummy) {
            put_under(parents, root.node, dummy);
        } else if head.is_dummy && root.is_dummy {
            for child in forest.children(NodeId(root.node)) {
                put_under(parents, child.0, head.node);
            }
        } else if head.is_dummy || root.is_reply && !head.is_reply {
            put_under(parents, root.node, head.node);
        } else {
            let Ok(dummy) = u32::try_from(parents.len()) else { return };
            parents.push(NONE);
            put_under(parents, root.node, dummy);
            put_under(parents, head.node, dummy);
            *joined = Some(dummy);
        }
    }
}

fn put_under(parents: &mut [u32], node: u32, parent: u32) {
    if let Some(place) = parents.get_mut(node as usize) {
        *place = parent;
    }
}
