//! RFC 5256 3 REFERENCES step 5: threads with one base subject are joined.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::SubjectRules;
use crate::forest::{Forest, NodeId};
use crate::link::NONE;

/// What is kept of each message beside its links.
#[derive(Default)]
pub(crate) struct Kept<'a> {
    pub(crate) subjects: Vec<&'a [u8]>,
    pub(crate) dates: Vec<i64>,
    /// From, To and Cc; empty where no guard asks.
    pub(crate) people: Vec<[&'a [u8]; 3]>,
}

impl<'a> Kept<'a> {
    pub(crate) fn subject(&self, message: u32) -> &'a [u8] {
        self.subjects.get(message as usize).copied().unwrap_or_default()
    }

    pub(crate) fn date(&self, message: u32) -> i64 {
        self.dates.get(message as usize).copied().unwrap_or_default()
    }

    pub(crate) fn people(&self, message: u32) -> [&'a [u8]; 3] {
        self.people.get(message as usize).copied().unwrap_or_default()
    }
}

/// Numbers the base subjects.
pub(crate) struct Subjects<'a, 'r> {
    rules: &'r SubjectRules,
    numbers: HashMap<Cow<'a, str>, usize>,
}

impl<'a, 'r> Subjects<'a, 'r> {
    pub(crate) fn new(rules: &'r SubjectRules) -> Self {
        Self { rules, numbers: HashMap::new() }
    }

    /// The number of a base subject, and whether it is that of a reply or a forward; `None` for an empty one.
    pub(crate) fn of(&mut self, value: &'a [u8]) -> Option<(usize, bool)> {
        let base = self.rules.key(value);
        if base.text.is_empty() {
            return None;
        }
        let count = self.numbers.len();
        Some((*self.numbers.entry(base.text).or_insert(count), base.reply_or_forward))
    }
}

/// The message whose subject is that of the thread: RFC 5256 3 REFERENCES 5.B (i).
pub(crate) fn first_message(forest: &Forest, root: NodeId) -> Option<u32> {
    let first = if forest.message(root).is_some() { Some(root) } else { forest.first_child(root) };
    first.map(|first| first.0)
}

/// A root and what its subject says.
struct Root {
    node: u32,
    is_dummy: bool,
    is_reply: bool,
    /// Number of the base subject.
    subject: usize,
}

/// Joins the threads of `forest` in `parents`, to which it may add dummies: what was put under something else.
pub(crate) fn merge<'a>(
    forest: &Forest,
    parents: &mut Vec<u32>,
    kept: &Kept<'a>,
    subjects: &mut Subjects<'a, '_>,
) -> Vec<u32> {
    let roots: Vec<Root> = forest
        .roots()
        .iter()
        .filter_map(|root| {
            // 5.B (ii): an empty subject joins nothing
            let (subject, is_reply) = subjects.of(kept.subject(first_message(forest, *root)?))?;
            Some(Root { node: root.0, is_dummy: forest.message(*root).is_none(), is_reply, subject })
        })
        .collect();

    // 5.B (iii) and (iv): the root that others of its subject are joined to
    let mut heads: Vec<Option<&Root>> = vec![None; subjects.numbers.len()];
    for root in &roots {
        let Some(place) = heads.get_mut(root.subject) else { continue };
        let is_better =
            place.is_none_or(|head| !head.is_dummy && (root.is_dummy || head.is_reply && !root.is_reply));
        if is_better {
            *place = Some(root);
        }
    }

    let mut joined = Vec::new();
    let mut dummies: Vec<Option<u32>> = vec![None; heads.len()];
    for root in &roots {
        let (Some(Some(head)), Some(made)) = (heads.get(root.subject), dummies.get_mut(root.subject)) else {
            continue;
        };
        // 5.C (iv)
        if root.node == head.node {
            continue;
        }
        if let (Some(dummy), false) = (*made, root.is_dummy) {
            put_under(parents, root.node, dummy);
            joined.push(root.node);
        } else if head.is_dummy && root.is_dummy {
            for child in forest.children(NodeId(root.node)) {
                put_under(parents, child.0, head.node);
                joined.push(child.0);
            }
        } else if head.is_dummy || root.is_reply && !head.is_reply {
            put_under(parents, root.node, head.node);
            joined.push(root.node);
        } else {
            let Ok(dummy) = u32::try_from(parents.len()) else { return joined };
            parents.push(NONE);
            put_under(parents, root.node, dummy);
            put_under(parents, head.node, dummy);
            joined.push(root.node);
            *made = Some(dummy);
        }
    }
    joined
}

pub(crate) fn put_under(parents: &mut [u32], node: u32, parent: u32) {
    if let Some(place) = parents.get_mut(node as usize) {
        *place = parent;
    }
}
