//! The messages that a section names: the first of many.

use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Messages that are kept: a screen.
const MOST: usize = 20;

/// The [`MOST`] entries with the greatest keys; of equal ones those that came first.
pub(super) struct Kept<K, T> {
    entries: BTreeMap<(K, Reverse<usize>), T>,
    offered: usize,
}

impl<K, T> Default for Kept<K, T> {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), offered: 0 }
    }
}

impl<K: Ord, T> Kept<K, T> {
    /// Takes an entry; makes it only where it is kept.
    pub(super) fn offer(&mut self, key: K, make: impl FnOnce() -> T) {
        self.offered += 1;
        let key = (key, Reverse(self.offered));
        if self.entries.len() >= MOST {
            if self.entries.first_key_value().is_some_and(|(least, _)| key < *least) {
                return;
            }
            self.entries.pop_first();
        }
        self.entries.insert(key, make());
    }

    /// How many there were, also of those that are not kept.
    pub(super) const fn offered(&self) -> usize {
        self.offered
    }

    /// The greatest first.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&K, &T)> {
        self.entries.iter().rev().map(|((key, _), entry)| (key, entry))
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, MOST};

    #[test]
    fn the_greatest_are_kept_and_of_equals_the_first() {
        let mut kept = Kept::default();
        for number in 0..100 {
            kept.offer(number % 4 == 0, || number);
        }
        assert_eq!(kept.offered(), 100);
        let found: Vec<i32> = kept.entries().map(|(_, number)| *number).collect();
        assert_eq!(found, (0..80).step_by(4).collect::<Vec<_>>());
        assert_eq!(found.len(), MOST);
    }
}
