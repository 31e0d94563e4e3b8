//! Which shard something is in, and the keys of the shards.

use super::super::{Id, ThreadId};

pub(super) type Key = Vec<u8>;

/// Bits of a thread's id that name its shard.
const BITS: u32 = 14;

/// Shards of an index at most: as many as a cluster has slots.
pub const MAX_SHARDS: u16 = 1 << BITS;

/// Shards of an index, unless it was made with another number: enough for some ten nodes, and short states.
pub const SHARDS: u16 = 64;

/// What the keys of an index begin with, and how many shards it has.
pub(super) struct Names {
    pub(super) prefix: String,
    pub(super) shards: u16,
}

/// Something that has a place: where links lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    Link(Id),
    Thread(ThreadId),
}

impl Place {
    /// The octets of a place: `i` and a link, `t` and a thread.
    pub(super) fn octets(self) -> Vec<u8> {
        match self {
            Self::Link(id) => [&b"i"[..], &id.0.to_be_bytes()].concat(),
            Self::Thread(thread) => [&b"t"[..], &thread.0.to_be_bytes()].concat(),
        }
    }

    pub(super) fn read(octets: &[u8]) -> Option<Self> {
        match octets.split_first()? {
            (b'i', id) => id.try_into().ok().map(|id| Self::Link(Id(u128::from_be_bytes(id)))),
            (b't', thread) => thread_of(thread).map(Self::Thread),
            _ => None,
        }
    }
}

pub(super) fn thread_of(octets: &[u8]) -> Option<ThreadId> {
    octets.try_into().ok().map(|octets| ThreadId(u64::from_be_bytes(octets)))
}

impl Names {
    pub(super) fn all(&self) -> impl Iterator<Item = u16> {
        0..self.shards
    }

    pub(super) fn of_link(&self, id: Id) -> u16 {
        u16::try_from(id.0 % u128::from(self.shards)).unwrap_or_default()
    }

    pub(super) fn of_thread(&self, thread: ThreadId) -> u16 {
        let shard = u16::try_from(thread.0 % u64::from(MAX_SHARDS)).unwrap_or_default();
        // no thread of this index has another one
        shard % self.shards
    }

    /// The link that is the first one of a thread which was formed anew: in the shard of the thread, where aliases are noted.
    pub(super) fn anchor(&self, thread: ThreadId) -> Id {
        let start = (3 << 64 | u128::from(thread.0)) << 16;
        let shards = u128::from(self.shards);
        Id(start + (shards + u128::from(self.of_thread(thread)) - start % shards) % shards)
    }

    /// Messages and operations are spread by their numbers.
    pub(super) fn of_number(&self, number: u64) -> u16 {
        // the lower bits of an operation name a shard
        u16::try_from((number ^ number >> BITS) % u64::from(self.shards)).unwrap_or_default()
    }

    pub(super) fn of_place(&self, place: Place) -> u16 {
        match place {
            Place::Link(id) => self.of_link(id),
            Place::Thread(thread) => self.of_thread(thread),
        }
    }

    /// The key of a kind of things in a shard. The braces put a shard into one slot.
    pub(super) fn key(&self, shard: u16, kind: &str) -> Key {
        format!("{}{{{shard}}}{kind}", self.prefix).into_bytes()
    }

    pub(super) fn keys(&self, shard: u16, kinds: &[&str]) -> Vec<Key> {
        kinds.iter().map(|kind| self.key(shard, kind)).collect()
    }

    /// The key of what is at a link: messages, further links, aliases of its thread.
    pub(super) fn set(&self, id: Id) -> Key {
        let mut key = self.key(self.of_link(id), "s");
        key.extend(id.0.to_be_bytes());
        key
    }
}

/// The kinds of things: a hash each, but for the log, which is a list, and the clock and what the log lost, which are numbers.
pub(super) mod kind {
    pub(in super::super) const NODES: &str = "n";
    pub(in super::super) const MESSAGES: &str = "r";
    pub(in super::super) const THREADS: &str = "t";
    pub(in super::super) const ALIASES: &str = "a";
    pub(in super::super) const EPOCHS: &str = "e";
    pub(in super::super) const LOCKS: &str = "x";
    pub(in super::super) const WALLS: &str = "w";
    pub(in super::super) const OPS: &str = "o";
    pub(in super::super) const JOURNAL: &str = "j";
    pub(in super::super) const LOG: &str = "l";
    pub(in super::super) const TRIMMED: &str = "g";
    pub(in super::super) const CLOCK: &str = "c";
    pub(in super::super) const ABOUT: &str = "about";
}
