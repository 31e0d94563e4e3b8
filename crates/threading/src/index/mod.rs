//! Threads of a mailbox that changes: messages come in any order, late, go again, and are put together or apart by hand.
//!
//! A conversation is a connected component: messages that name one identifier are in one thread, so the threads do not
//! depend on the order in which messages arrived. This is not the partition of RFC 5256, which does depend on it; the tree
//! of RFC 5256 is built inside a thread on demand ([`Index::tree`]). Subjects join nothing here.
//!
//! What becomes of ids:
//!
//! - A [`ThreadId`] is given when a thread begins. No late arrival changes it.
//! - When threads come together the id given first stays. The others are aliases of it for good ([`Index::resolve`]).
//! - A removed message no longer holds others together. When its thread falls apart, the part with the message that arrived
//!   first (by internal date, then by key) keeps the id and each other part gets a new one: never one that was an alias,
//!   since clients may still know that. What is left has the threads that it had if the removed message had never come.
//! - Undoing puts back which messages are together, and which thread each of them is in.
//! - [`Change::moved`] lists every message whose thread is another one.

mod change;
mod entry;
mod error;
mod hand;
mod jmap;
mod settle;
pub mod store;
mod tree;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::id::{own_id, read_references};
use crate::{Header, IdMode, Limits};
use settle::Opened;
use store::{Memory, Placed, Store};

pub use change::{Change, Event, Merged, Moved};
pub use entry::{Entry, Flags, Id, OpId, ThreadId, Token};
pub use error::{Error, Kind, StoreError};
pub use hand::Scope;
pub use jmap::{Changes, Threads};
pub use tree::Tree;

/// The threads of a mailbox that changes.
///
/// Messages are known by a key of the caller's: a number that belongs to one message for good.
///
/// ```
/// use mailwright_threading::Header;
/// use mailwright_threading::index::Index;
///
/// let mut index = Index::in_memory();
/// let reply = Header { message_id: b"<3@b.example>", references: b"<1@a.example> <2@a.example>", ..Header::default() };
/// let other = Header { message_id: b"<1@a.example>", ..Header::default() };
/// let thread = index.insert(3, &reply)?.thread;
/// let change = index.insert(1, &other)?;
/// assert_eq!((change.thread, change.grew), (thread, vec![thread.unwrap()]));
///
/// let removed = index.remove(1)?;
/// assert_eq!(index.thread_of(1)?, None);
/// index.undo(removed.op.unwrap())?;
/// assert_eq!(index.thread_of(1)?, thread);
/// # Ok::<(), mailwright_threading::index::Error>(())
/// ```
pub struct Index<S> {
    store: S,
    ids: IdMode,
    limits: Limits,
}

impl Index<Memory> {
    /// An empty index in memory with the default limits; identifiers are repaired.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::new(Memory::new())
    }
}

impl<S: Store> Index<S> {
    /// The index in `store`, with the default limits; identifiers are repaired.
    pub fn new(store: S) -> Self {
        Self::with(store, IdMode::default(), Limits::default())
    }

    /// The index in `store`. `ids` and `limits` must be the same each time, or the threads depend on them.
    pub const fn with(store: S, ids: IdMode, limits: Limits) -> Self {
        Self { store, ids, limits }
    }

    /// The store.
    pub fn into_store(self) -> S {
        self.store
    }

    /// Puts a message in. One that is in already, with the same identifiers, changes nothing; so an insert whose answer was
    /// lost can be made again.
    ///
    /// Takes time near the number of its identifiers, and of the messages listed in [`Change::moved`].
    ///
    /// # Errors
    ///
    /// [`Kind::Store`], [`Kind::TooManyMessages`], [`Kind::KeyInUse`]. The index is as before.
    pub fn insert(&mut self, key: u64, header: &Header<'_>) -> Result<Change, Error> {
        let (entry, cut) = self.entry(key, header);
        let placed = self.store.insert(std::slice::from_ref(&entry), self.limits.messages)?.pop();
        let placed = placed.ok_or_else(|| Error::new(Kind::Store))?;
        self.placed(entry, cut, placed)
    }

    /// Puts messages in, in fewer round trips: stores take them together, `redb` in one transaction.
    ///
    /// # Errors
    ///
    /// As of [`insert`](Self::insert), of the first message that is refused; the others are in. Where the store does not answer
    /// none is, or as its own documentation says.
    pub fn insert_all<'a>(
        &mut self,
        messages: impl IntoIterator<Item = (u64, Header<'a>)>,
    ) -> Result<Vec<Change>, Error> {
        let (entries, cuts): (Vec<Entry>, Vec<bool>) =
            messages.into_iter().map(|(key, header)| self.entry(key, &header)).unzip();
        let placed = self.store.insert(&entries, self.limits.messages)?;
        let given = entries.into_iter().zip(cuts).zip(placed);
        // one that is refused keeps no other out
        let done: Vec<Result<Change, Error>> =
            given.map(|((entry, cut), placed)| self.placed(entry, cut, placed)).collect();
        done.into_iter().collect()
    }

    /// Takes a message out. Its thread may fall apart; undoing puts it back.
    ///
    /// Takes time in proportion to the thread.
    ///
    /// # Errors
    ///
    /// [`Kind::Store`], [`Kind::NoMessage`].
    pub fn remove(&mut self, key: u64) -> Result<Change, Error> {
        self.remove_message(key)
    }

    /// Sets and clears marks of a message; its thread stays.
    ///
    /// # Errors
    ///
    /// [`Kind::Store`], [`Kind::NoMessage`].
    pub fn set_flags(&mut self, key: u64, set: Flags, clear: Flags) -> Result<Change, Error> {
        self.store.mark(key, set, clear)?.ok_or_else(|| Error::new(Kind::NoMessage(key)))?;
        Ok(Change { thread: self.thread_of(key)?, ..Change::default() })
    }

    /// What is kept of a message.
    ///
    /// # Errors
    ///
    /// [`Kind::Store`].
    pub fn message(&mut self, key: u64) -> Result<Option<Entry>, Error> {
        Ok(self.found(key)?.map(|(entry, _)| entry))
    }

    /// The thread of a message; `None` where there is no such message.
    ///
    /// # Errors
    ///
    /// [`Kind::Store`].
    pub fn thread_of(&mut self, key: u64) -> Result<Option<ThreadId>, Error> {
        Ok(self.found(key)?.map(|(_, thread)| thread))
    }

    /// The threads of several messages, in their order.
    ///
    /// # Errors
    ///
    /// [`Kind::Store`].
    pub fn threads_of(&mut self, keys: &[u64]) -> Result<Vec<Option<ThreadId>>, Error> {
        let found = self.store.entries(keys)?.into_iter();
        Ok(found.map(|found| found.map(|(_, thread)| thread)).collect())
    }

    /// The thread that `thread` is now: itself, or the one that it is an alias of.
    ///
    /// # Errors
    ///
    /// [`Kind::Store`].
    pub fn resolve(&mut self, thread: ThreadId) -> Result<ThreadId, Error> {
        Ok(self.store.resolve(&[thread])?.first().copied().unwrap_or(thread))
    }

    /// All threads that have messages, ascending.
    ///
    /// # Errors
    ///
    /// [`Kind::Store`].
    pub fn threads(&mut self) -> Result<Vec<ThreadId>, Error> {
        Ok(self.store.threads()?)
    }

    /// The messages of a thread or of an alias, in the order of their internal dates.
    ///
    /// # Errors
    ///
    /// [`Kind::Store`].
    pub fn members(&mut self, thread: ThreadId) -> Result<Vec<Entry>, Error> {
        let thread = self.resolve(thread)?;
        let mut members = self.store.members(&[thread])?.pop().unwrap_or_default();
        members.sort_by_key(|entry| (entry.arrived, entry.key));
        Ok(members)
    }

    fn found(&mut self, key: u64) -> Result<Option<(Entry, ThreadId)>, Error> {
        Ok(self.store.entries(&[key])?.pop().flatten())
    }

    /// A message that must be there.
    fn known(&mut self, key: u64) -> Result<(Entry, ThreadId), Error> {
        self.found(key)?.ok_or_else(|| Error::new(Kind::NoMessage(key)))
    }

    fn entry(&self, key: u64, header: &Header<'_>) -> (Entry, bool) {
        let own = own_id(header, self.ids, &self.limits).map(|id| self.store.id(&id));
        let mut named = Vec::new();
        let (_, cut) = read_references(header, self.ids, &self.limits, &mut named);
        let refs = named.iter().map(|id: &Cow<'_, [u8]>| self.store.id(id)).collect();
        let (date, arrived) = (header.date(), header.arrived);
        let entry = Entry {
            key,
            own,
            refs,
            date,
            arrived,
            flags: Flags::default(),
            cuts: Vec::new(),
            tokens: Vec::new(),
        };
        (entry, cut)
    }

    fn placed(&mut self, entry: Entry, cut: bool, placed: Placed) -> Result<Change, Error> {
        let key = entry.key;
        match placed {
            Placed::In { thread, began, merged } => {
                let mut change = Change { thread: Some(thread), cut, ..Change::default() };
                let list = if began { &mut change.appeared } else { &mut change.grew };
                list.push(thread);
                for (from, members) in merged {
                    change.merged.push(Merged { from, into: thread });
                    change.moved.extend(members.into_iter().map(|key| Moved { key, from, to: thread }));
                }
                change.merged.sort_unstable_by_key(|merged| merged.from);
                change.moved.sort_unstable_by_key(|moved| moved.key);
                Ok(change)
            }
            Placed::Known(thread) => Ok(Change { thread: Some(thread), cut, ..Change::default() }),
            Placed::KeyInUse => Err(Error::new(Kind::KeyInUse(key))),
            Placed::Full => Err(Error::new(Kind::TooManyMessages)),
            Placed::Walled(walls) => Ok(Change { cut, ..self.insert_walled(entry, &walls)? }),
        }
    }

    /// The messages of these threads, and of the threads of these links, for [`Opened::settle`].
    fn open(&mut self, opened: &mut Opened, threads: &[ThreadId], links: &[Id]) -> Result<(), Error> {
        for (entry, thread) in self.store.open(threads, links)? {
            if opened.was.insert(entry.key, thread).is_none() {
                opened.entries.insert(entry.key, entry);
            }
        }
        Ok(())
    }

    /// Does what was opened and changed; `key` is the message that the call is about.
    fn settle(&mut self, opened: Opened, key: u64) -> Result<Change, Error> {
        let op = opened.op.as_ref().map(|(op, _)| *op);
        let (plan, mut change) = opened.settle(|count| self.store.fresh(count))?;
        self.store.apply(&plan)?;
        let find = |(thread, entries): &(ThreadId, Vec<Entry>)| {
            entries.iter().any(|entry| entry.key == key).then_some(*thread)
        };
        change.thread = plan.parts.iter().find_map(find);
        change.op = op;
        Ok(change)
    }

    /// What was done while something is open; closes when it failed.
    fn or_close<T>(&mut self, done: Result<T, Error>) -> Result<T, Error> {
        if done.is_err() {
            self.store.close();
        }
        done
    }
}

/// The messages of each thread, ascending: what is compared where ids of threads may differ.
#[must_use]
pub fn partition(threads: &[(u64, ThreadId)]) -> Vec<Vec<u64>> {
    let mut parts: HashMap<ThreadId, Vec<u64>> = HashMap::new();
    for (key, thread) in threads {
        parts.entry(*thread).or_default().push(*key);
    }
    let mut parts: Vec<Vec<u64>> = parts.into_values().collect();
    parts.iter_mut().for_each(|part| part.sort_unstable());
    parts.sort_unstable();
    parts
}
