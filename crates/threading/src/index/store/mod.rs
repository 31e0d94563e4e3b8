//! Where an index keeps its messages.

#[cfg(any(feature = "redb", feature = "redis"))]
mod codec;
#[cfg(any(feature = "redb", feature = "redis"))]
mod hash;
mod memory;
#[cfg(feature = "redb")]
mod redb;
#[cfg(feature = "redis")]
mod redis;

use super::change::Event;
#[cfg(any(feature = "redb", feature = "redis"))]
use super::entry::Token;
use super::entry::{Entry, Flags, Id, OpId, ThreadId};
use super::error::StoreError;

pub use memory::Memory;
#[cfg(feature = "redb")]
pub use redb::Redb;
#[cfg(feature = "redis")]
pub use redis::{MAX_SHARDS, Redis, SHARDS};

/// Where an [`Index`](super::Index) keeps its messages, threads and decisions. A store decides nothing but which of two
/// threads was given first; what connects messages is in their [`Entry`].
///
/// Each method is one piece of work that is done as a whole or, when it returns an error, not at all. Each costs a bounded
/// number of round trips, however many messages it is given; [`insert`](Self::insert) mostly one.
pub trait Store {
    /// An identifier as this store knows it.
    fn id(&self, octets: &[u8]) -> Id;

    /// Puts messages into the threads of their links, in order. A message that meets several threads joins them: the one
    /// given first stays, the others become its aliases. What happened is in the log.
    ///
    /// Beyond `most` messages the answer is [`Placed::Full`]; where a link was walled off, [`Placed::Walled`]. Then the
    /// message is not in.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn insert(&mut self, entries: &[Entry], most: usize) -> Result<Vec<Placed>, StoreError>;

    /// Messages by key, with their threads.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn entries(&mut self, keys: &[u64]) -> Result<Vec<Option<(Entry, ThreadId)>>, StoreError>;

    /// For each thread the one that it is now: itself, or what it is an alias of.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn resolve(&mut self, threads: &[ThreadId]) -> Result<Vec<ThreadId>, StoreError>;

    /// The messages of threads, which must not be aliases.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn members(&mut self, threads: &[ThreadId]) -> Result<Vec<Vec<Entry>>, StoreError>;

    /// All threads that have messages, ascending. Takes as many round trips as it needs.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn threads(&mut self) -> Result<Vec<ThreadId>, StoreError>;

    /// All messages of these threads, and of the threads of these links. Nobody else changes them until [`apply`](Self::apply)
    /// or [`close`](Self::close); what was opened before stays open.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn open(&mut self, threads: &[ThreadId], links: &[Id]) -> Result<Vec<(Entry, ThreadId)>, StoreError>;

    /// Lets go of what was opened.
    fn close(&mut self);

    /// Numbers for threads and operations, never given before.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn fresh(&mut self, count: usize) -> Result<Vec<u64>, StoreError>;

    /// Does what a plan says, and closes.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn apply(&mut self, plan: &Plan) -> Result<(), StoreError>;

    /// What was done by hand.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn op(&mut self, op: OpId) -> Result<Option<OpRecord>, StoreError>;

    /// Marks a message: its marks before, `None` where there is no such message.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn mark(&mut self, key: u64, set: Flags, clear: Flags) -> Result<Option<Flags>, StoreError>;

    /// The state of the log (RFC 8620 1.6).
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn state(&mut self) -> Result<String, StoreError>;

    /// What happened since a state, at most about `most` lines; `None` where that state is not known.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn since(&mut self, state: &str, most: usize) -> Result<Option<Log>, StoreError>;
}

/// What became of a message given to [`Store::insert`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    /// It is in.
    In {
        /// Its thread.
        thread: ThreadId,
        /// Whether the thread began with it.
        began: bool,
        /// Threads that are aliases of that one now, and the messages that were in them.
        merged: Vec<(ThreadId, Vec<u64>)>,
    },
    /// It was in before.
    Known(ThreadId),
    /// Another message has its key.
    KeyInUse,
    /// It is one too many.
    Full,
    /// Splits have walled off some of its identifiers. It is not in.
    Walled(Vec<(Id, OpId)>),
}

/// What is to become of the messages that were opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The threads, with all messages they have now.
    pub parts: Vec<(ThreadId, Vec<Entry>)>,
    /// Messages that are no more.
    pub removed: Vec<Entry>,
    /// Threads without messages, and what they are aliases of.
    pub gone: Vec<(ThreadId, Option<ThreadId>)>,
    /// Identifiers that splits wall off, and those that are free again.
    pub walls: Vec<(Id, OpId, bool)>,
    /// What was done by hand.
    pub op: Option<(OpId, OpRecord)>,
    /// For the log.
    pub events: Vec<(ThreadId, Event)>,
}

/// Something that was done by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpRecord {
    /// What.
    pub deed: Deed,
    /// Whether it was undone.
    pub undone: bool,
}

/// What can be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A message was removed from a thread.
    Remove(Box<Entry>, ThreadId),
    /// The messages of the first list came off those of the second; the identifiers were walled off.
    Split(Vec<u64>, Vec<u64>, Vec<Id>),
    /// Two messages were put together; the threads they were in.
    Join([(u64, ThreadId); 2]),
    /// A message was muted or unmuted; its marks before.
    Mute(u64, Flags),
}

/// A part of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// What happened, oldest first.
    pub events: Vec<(ThreadId, Event)>,
    /// The state behind it.
    pub state: String,
    /// Whether there is more.
    pub more: bool,
}

/// The walls among the identifiers of a message that is new: `wall` says which split walls an identifier off.
pub(crate) fn walls(entry: &Entry, mut wall: impl FnMut(Id) -> Option<OpId>) -> Vec<(Id, OpId)> {
    entry.refs.iter().copied().chain(entry.own).filter_map(|id| Some((id, wall(id)?))).collect()
}

/// Lines of the log that a store keeps: a client that was away for longer asks for everything (RFC 8620 5.2).
pub const MAX_LOG: usize = 1 << 20;
