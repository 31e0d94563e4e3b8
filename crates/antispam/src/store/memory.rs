//! Counts in memory.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::{COUNTERS, Counts, Reading, Scope, StatStore};
use crate::content::Digest;
use crate::{Class, Error};

/// Messages of a scope whose class is remembered; of the oldest it is forgotten, so that they could be learned a second time.
pub const MAX_DIGESTS: usize = 1_000_000;

/// The store of one process: 16 MiB of counters for all, and for each user as much as the user's messages have features.
#[derive(Clone, Debug)]
pub struct MemoryStore {
    pub(crate) shared: Shelf,
    pub(crate) users: BTreeMap<String, Shelf>,
}

/// The counts of one scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) learned: Counts,
    pub(crate) counters: Counters,
    /// The class of each message, and the number of the change that made it so.
    classes: HashMap<Digest, (Class, u64)>,
    /// The changes in their order; those that a later one of the same message overtook are passed over.
    order: VecDeque<(Digest, u64)>,
    changes: u64,
}

/// Counters: of all as a table, of a user, who has few, as a map.
#[derive(Clone, Debug)]
pub(crate) enum Counters {
    Few(HashMap<u32, Counts>),
    Table(Vec<Counts>),
}

impl Default for Counters {
    fn default() -> Self {
        Self::Few(HashMap::new())
    }
}

impl Counters {
    fn get(&self, counter: u32) -> Counts {
        match self {
            Self::Few(map) => map.get(&counter).copied().unwrap_or_default(),
            Self::Table(table) => table.get(counter as usize).copied().unwrap_or_default(),
        }
    }

    /// Changes one counter; a number beyond [`COUNTERS`] has none.
    pub(crate) fn change(&mut self, counter: u32, change: impl FnOnce(&mut Counts)) {
        if counter >= COUNTERS {
            return;
        }
        match self {
            Self::Few(map) => {
                let counts = map.entry(counter).or_default();
                change(counts);
                if *counts == Counts::default() {
                    map.remove(&counter);
                }
            }
            Self::Table(table) => {
                if let Some(counts) = table.get_mut(counter as usize) {
                    change(counts);
                }
            }
        }
    }

    /// The counters that are not zero, by their numbers.
    pub(crate) fn used(&self) -> Vec<(u32, Counts)> {
        let mut used: Vec<(u32, Counts)> = match self {
            Self::Few(map) => map.iter().map(|(counter, counts)| (*counter, *counts)).collect(),
            Self::Table(table) => {
                (0..).zip(table.iter().copied()).filter(|(_, counts)| *counts != Counts::default()).collect()
            }
        };
        used.retain(|(_, counts)| *counts != Counts::default());
        used.sort_unstable_by_key(|(counter, _)| *counter);
        used
    }
}

impl Shelf {
    fn record(&mut self, digest: Digest, class: Option<Class>, counters: &[u32]) -> Option<Class> {
        let before = self.classes.get(&digest).map(|(class, _)| *class);
        if before == class {
            return before;
        }
        for (class, up) in [(before, false), (class, true)] {
            let Some(class) = class else { continue };
            self.learned.add(class, up);
            counters
                .iter()
                .for_each(|counter| self.counters.change(*counter, |counts| counts.add(class, up)));
        }
        self.remember(digest, class);
        before
    }

    /// Keeps the class of a message, and forgets the oldest beyond [`MAX_DIGESTS`].
    pub(crate) fn remember(&mut self, digest: Digest, class: Option<Class>) {
        match class {
            Some(class) => {
                self.changes = self.changes.wrapping_add(1);
                self.classes.insert(digest, (class, self.changes));
                self.order.push_back((digest, self.changes));
            }
            None => {
                self.classes.remove(&digest);
            }
        }
        while self.classes.len() > MAX_DIGESTS || self.order.len() > 2 * MAX_DIGESTS {
            let Some((oldest, change)) = self.order.pop_front() else { break };
            if self.classes.get(&oldest).is_some_and(|(_, last)| *last == change) {
                self.classes.remove(&oldest);
            }
        }
    }

    /// The classes that are remembered, oldest first.
    pub(crate) fn remembered(&self) -> impl Iterator<Item = (Digest, Class)> {
        self.order.iter().filter_map(|(digest, change)| {
            let (class, last) = self.classes.get(digest)?;
            (last == change).then_some((*digest, *class))
        })
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        let counters = Counters::Table(vec![Counts::default(); COUNTERS as usize]);
        Self { shared: Shelf { counters, ..Shelf::default() }, users: BTreeMap::new() }
    }
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What was learned for a scope by itself.
    #[must_use]
    pub fn learned(&self, scope: &Scope) -> Counts {
        match scope {
            Scope::Shared => self.shared.learned,
            Scope::User(name) => self.users.get(name).map(|shelf| shelf.learned).unwrap_or_default(),
        }
    }
}

impl StatStore for MemoryStore {
    fn read(&self, scope: &Scope, counters: &[u32]) -> Result<Reading, Error> {
        let shared = &self.shared;
        let user = match scope {
            Scope::Shared => None,
            Scope::User(name) => self.users.get(name),
        };
        let of_user = |counter: u32| user.map(|user| user.counters.get(counter)).unwrap_or_default();
        let both = |counter: &u32| shared.counters.get(*counter).plus(of_user(*counter));
        let learned = shared.learned.plus(user.map(|user| user.learned).unwrap_or_default());
        Ok(Reading { learned, counts: counters.iter().map(both).collect() })
    }

    fn record(
        &mut self,
        scope: &Scope,
        digest: Digest,
        class: Option<Class>,
        counters: &[u32],
    ) -> Result<Option<Class>, Error> {
        let shelf = match scope {
            Scope::Shared => &mut self.shared,
            Scope::User(name) => self.users.entry(name.clone()).or_default(),
        };
        Ok(shelf.record(digest, class, counters))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Digest = Digest::from_octets([1; 16]);
    const TWO: Digest = Digest::from_octets([2; 16]);

    const fn counts(ham: u32, spam: u32) -> Counts {
        Counts { ham, spam }
    }

    #[test]
    fn a_message_counts_once() {
        let mut store = MemoryStore::new();
        let all = Scope::Shared;
        assert_eq!(store.record(&all, ONE, Some(Class::Ham), &[1, 2]).unwrap(), None);
        assert_eq!(store.record(&all, ONE, Some(Class::Ham), &[1, 2]).unwrap(), Some(Class::Ham));
        store.record(&all, TWO, Some(Class::Spam), &[2]).unwrap();
        let reading = store.read(&all, &[1, 2, 3]).unwrap();
        assert_eq!(reading.learned, counts(1, 1));
        assert_eq!(reading.counts, [counts(1, 0), counts(1, 1), counts(0, 0)]);
        assert_eq!(store.record(&all, ONE, Some(Class::Spam), &[1, 2]).unwrap(), Some(Class::Ham));
        assert_eq!(store.record(&all, TWO, None, &[2]).unwrap(), Some(Class::Spam));
        let reading = store.read(&all, &[1, 2]).unwrap();
        assert_eq!((reading.learned, reading.counts), (counts(0, 1), vec![counts(0, 1), counts(0, 1)]));
    }

    #[test]
    fn users_stand_on_all() {
        let mut store = MemoryStore::new();
        let user = Scope::User("zoe".to_owned());
        store.record(&Scope::Shared, ONE, Some(Class::Ham), &[1]).unwrap();
        store.record(&user, ONE, Some(Class::Spam), &[1]).unwrap();
        assert_eq!(store.read(&user, &[1]).unwrap().counts, [counts(1, 1)]);
        assert_eq!(store.read(&Scope::Shared, &[1]).unwrap().counts, [counts(1, 0)]);
    }

    #[test]
    fn a_table_counts_like_a_map() {
        let counters: Vec<u32> = (0..1_000).map(|n| n * 7).collect();
        for scope in [Scope::Shared, Scope::User("zoe".to_owned())] {
            let mut store = MemoryStore::new();
            store.record(&scope, ONE, Some(Class::Ham), &counters).unwrap();
            assert!(store.read(&scope, &counters).unwrap().counts.iter().all(|each| *each == counts(1, 0)));
            store.record(&scope, ONE, None, &counters).unwrap();
            let shelf = store.users.get("zoe").unwrap_or(&store.shared);
            assert!(shelf.counters.used().is_empty());
        }
    }
}
