//! What other programs wrote about threads: Exchange's Thread-Index and Gmail's X-GM-THRID. And where threads are split.

use std::collections::HashMap;

use mailwright_message_model::transfer;

use crate::forest::Forest;
use crate::link::NONE;
use crate::merge::{Kept, Subjects, put_under};

/// Octets of a Thread-Index that name the conversation (MS-OXOMSG 2.2.1.3: header, FILETIME and GUID).
const CONVERSATION: usize = 22;

/// Octets that each reply adds to it.
const REPLY: usize = 5;

/// Octets of a Thread-Index that are looked at: a thousand replies deep.
pub const MAX_THREAD_INDEX: usize = CONVERSATION + REPLY * 1000;

/// Makes a root of each message whose base subject is not that of the message above: which ones.
pub(crate) fn split<'a>(
    parents: &mut [u32],
    messages: usize,
    kept: &Kept<'a>,
    subjects: &mut Subjects<'a, '_>,
) -> Vec<u32> {
    let numbers: Vec<Option<usize>> =
        kept.subjects.iter().map(|value| subjects.of(value).map(|(subject, _)| subject)).collect();
    let number = |message: u32| numbers.get(message as usize).copied().flatten();
    let differs = |(message, parent): (usize, &u32)| {
        let (own, above) = (numbers.get(message).copied().flatten()?, number(*parent)?);
        if own == above { None } else { u32::try_from(message).ok() }
    };
    let split: Vec<u32> = parents.iter().take(messages).enumerate().filter_map(differs).collect();
    for message in &split {
        put_under(parents, *message, NONE);
    }
    split
}

/// The threads while they are joined: which root each root is under by now.
pub(crate) struct Joins<'f> {
    forest: &'f Forest,
    /// The root of each message.
    root: Vec<u32>,
    /// For a root that was put under another the root of that.
    under: HashMap<u32, u32>,
}

impl<'f> Joins<'f> {
    pub(crate) fn new(forest: &'f Forest) -> Self {
        let root = forest.thread_of().into_iter().map(|root| root.0).collect();
        Self { forest, root, under: HashMap::new() }
    }

    /// The root above a message.
    fn top(&mut self, message: u32) -> u32 {
        let mut at = self.root.get(message as usize).copied().unwrap_or(message);
        let mut passed = Vec::new();
        while let Some(above) = self.under.get(&at) {
            passed.push(at);
            at = *above;
        }
        for node in passed {
            self.under.insert(node, at);
        }
        at
    }

    /// Puts a root under a node of another thread, whose root is `top`: what was put there.
    fn put(&mut self, parents: &mut [u32], root: u32, node: u32, top: u32, joined: &mut Vec<u32>) {
        self.under.insert(root, top);
        let id = crate::NodeId(root);
        if self.forest.message(id).is_some() {
            put_under(parents, root, node);
            joined.push(root);
            return;
        }
        for child in self.forest.children(id) {
            put_under(parents, child.0, node);
            joined.push(child.0);
        }
    }
}

/// Puts each message that names no other where its Thread-Index says: which ones. `lonely` says whether a message names
/// none.
pub(crate) fn thread_index(
    joins: &mut Joins<'_>,
    parents: &mut [u32],
    order: &[u32],
    indexes: &[&[u8]],
    lonely: impl Fn(u32) -> bool,
) -> Vec<u32> {
    let mut first: HashMap<Box<[u8]>, u32> = HashMap::new();
    let mut decoded: Vec<(u32, Box<[u8]>)> = Vec::new();
    for message in order {
        let Some(value) = indexes.get(*message as usize).filter(|value| !value.is_empty()) else { continue };
        // four octets of base64 are three
        let value = value.get(..MAX_THREAD_INDEX.div_ceil(3) * 4).unwrap_or(value);
        let index = transfer::decode(transfer::Encoding::Base64, value).bytes;
        if index.len() < CONVERSATION {
            continue;
        }
        let index: Box<[u8]> = index.into_owned().into();
        if let Some(conversation) = index.get(..CONVERSATION) {
            first.entry(conversation.into()).or_insert(*message);
        }
        first.entry(index.clone()).or_insert(*message);
        decoded.push((*message, index));
    }
    let mut joined = Vec::new();
    for (message, index) in decoded {
        if parents.get(message as usize) != Some(&NONE) || !lonely(message) {
            continue;
        }
        let replied_to = index.len().checked_sub(REPLY).and_then(|length| index.get(..length));
        let parent =
            replied_to.and_then(|parent| first.get(parent)).or_else(|| first.get(index.get(..CONVERSATION)?));
        let Some(parent) = parent.copied().filter(|parent| *parent != message) else { continue };
        let top = joins.top(parent);
        if top != joins.top(message) {
            joins.put(parents, message, parent, top, &mut joined);
        }
    }
    joined
}

/// Joins the threads whose messages have one X-GM-THRID: what was put under something else.
pub(crate) fn gmail(
    joins: &mut Joins<'_>,
    parents: &mut [u32],
    order: &[u32],
    threads: &[&[u8]],
) -> Vec<u32> {
    let mut first: HashMap<&[u8], u32> = HashMap::new();
    let mut joined = Vec::new();
    for message in order {
        let Some(thread) = threads.get(*message as usize).map(|value| value.trim_ascii()) else { continue };
        if thread.is_empty() {
            continue;
        }
        let head = *first.entry(thread).or_insert(*message);
        let (top, root) = (joins.top(head), joins.top(*message));
        if top != root {
            joins.put(parents, root, top, top, &mut joined);
        }
    }
    joined
}
