//! Which node an id leads to. Ids are an attacker's choice, so the table is keyed at random.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

/// The ids and their nodes.
#[derive(Default)]
pub(crate) struct Names<'a> {
    table: HashTable<Entry<'a>>,
    hasher: RandomState,
}

struct Entry<'a> {
    id: Cow<'a, [u8]>,
    /// The lower half of its hash, so that a growing table reads no id again.
    hash: u32,
    node: u32,
}

impl<'a> Names<'a> {
    /// The node of `id`, or the hash by which [`insert`](Self::insert) puts it there.
    pub(crate) fn find(&self, id: &[u8]) -> Result<u32, u64> {
        let hash = widen(low(self.hasher.hash_one(id)));
        let found = self.table.find(hash, |entry| entry.hash == low(hash) && *entry.id == *id);
        found.map(|entry| entry.node).ok_or(hash)
    }

    pub(crate) fn insert(&mut self, hash: u64, id: Cow<'a, [u8]>, node: u32) {
        let entry = Entry { id, hash: low(hash), node };
        self.table.insert_unique(hash, entry, |entry| widen(entry.hash));
    }
}

/// The lower 32 bits.
fn low(hash: u64) -> u32 {
    u32::try_from(hash & u64::from(u32::MAX)).unwrap_or_default()
}

/// A hash of 64 bits: the table takes the group from the lower bits and the tag from the upper ones.
fn widen(hash: u32) -> u64 {
    u64::from(hash) | u64::from(hash.wrapping_mul(0x9e37_79b1)) << 32
}
