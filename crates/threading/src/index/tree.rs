//! The tree of RFC 5256 inside one thread, and what depends on it.

use std::borrow::Cow;
use std::collections::HashSet;

use super::entry::{Entry, Flags, Id, ThreadId};
use super::store::Store;
use super::{Error, Index};
use crate::forest::Forest;
use crate::link::{Linker, NONE};
use crate::view::Folds;
use crate::{IdMode, Limits, prune};

/// A thread as a tree: the links of RFC 5256 3 REFERENCES steps 1 to 3, replies by their own date.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The tree; its messages are numbered as in `keys`. Messages that are together by a join, by a missing message, or by
    /// links that contradict each other are several roots.
    pub forest: Forest,
    /// The keys of the messages.
    pub keys: Vec<u64>,
}

impl Tree {
    pub(crate) fn of(entries: &[Entry]) -> Self {
        // so that the tree does not depend on the order of arrival at the index
        let mut entries: Vec<&Entry> = entries.iter().collect();
        entries.sort_by_key(|entry| (entry.arrived, entry.key));
        let octets = |id: Id| Cow::Owned(id.0.to_be_bytes().to_vec());
        let mut linker = Linker::new(IdMode::default(), Limits::default());
        for (number, entry) in (0..NONE).zip(&entries) {
            if linker.add_ids(number, entry.own.map(octets), entry.named().map(octets)).is_err() {
                return Self::default();
            }
        }
        let parents = prune::prune(&linker.finish());
        let mut order: Vec<u32> = (0..NONE).zip(&entries).map(|(number, _)| number).collect();
        order.sort_by_key(|number| entries.get(*number as usize).map(|entry| (entry.date, entry.key)));
        let forest = Forest::arrange(&parents, &order);
        Self { forest, keys: entries.iter().map(|entry| entry.key).collect() }
    }

    /// A message and all messages under it.
    #[must_use]
    pub fn under(&self, key: u64) -> HashSet<u64> {
        let node = self.keys.iter().position(|other| *other == key).and_then(|at| self.forest.node_of(at));
        let nodes = node.into_iter().flat_map(|node| self.forest.walk_under(node));
        let messages = nodes.filter_map(|visit| self.forest.message(visit.node));
        messages.filter_map(|message| self.keys.get(message).copied()).collect()
    }
}

impl<S: Store> Index<S> {
    /// The tree of a thread or of an alias.
    ///
    /// ```
    /// use mailwright_threading::{Header, index::Index};
    ///
    /// let mut index = Index::in_memory();
    /// let reply = Header { message_id: b"<2@a.example>", references: b"<1@a.example>", ..Header::default() };
    /// let thread = index.insert(20, &reply)?.thread.unwrap();
    /// index.insert(10, &Header { message_id: b"<1@a.example>", ..Header::default() })?;
    /// let tree = index.tree(thread)?;
    /// assert_eq!((tree.keys, tree.forest.to_imap().to_string()), (vec![10, 20], "(1 2)".to_owned()));
    /// # Ok::<(), mailwright_threading::index::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Kind::Store`](super::Kind::Store).
    pub fn tree(&mut self, thread: ThreadId) -> Result<Tree, Error> {
        Ok(Tree::of(&self.members(thread)?))
    }

    /// What is folded away in a thread: the messages marked [`Flags::FOLDED`].
    ///
    /// # Errors
    ///
    /// [`Kind::Store`](super::Kind::Store).
    pub fn folds(&mut self, thread: ThreadId) -> Result<Folds, Error> {
        let members = self.members(thread)?.into_iter();
        Ok(members.filter(|entry| entry.flags.has(Flags::FOLDED)).map(|entry| entry.key).collect())
    }

    /// The muted messages of a thread, ascending: all where one is marked [`Flags::MUTE_THREAD`], else those marked
    /// [`Flags::MUTE_REPLIES`] and what is under them.
    ///
    /// # Errors
    ///
    /// [`Kind::Store`](super::Kind::Store).
    pub fn muted(&mut self, thread: ThreadId) -> Result<Vec<u64>, Error> {
        let members = self.members(thread)?;
        let marked = |mark| members.iter().filter(move |entry: &&Entry| entry.flags.has(mark));
        let mut muted: Vec<u64> = if marked(Flags::MUTE_THREAD).next().is_some() {
            members.iter().map(|entry| entry.key).collect()
        } else if marked(Flags::MUTE_REPLIES).next().is_some() {
            let tree = Tree::of(&members);
            let muted: HashSet<u64> =
                marked(Flags::MUTE_REPLIES).flat_map(|entry| tree.under(entry.key)).collect();
            muted.into_iter().collect()
        } else {
            Vec::new()
        };
        muted.sort_unstable();
        Ok(muted)
    }
}
