//! What is folded away.

use std::collections::HashSet;

/// The messages whose replies are folded away, by the caller's key: kept apart from the forest, so that a new message or
/// another order changes none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folds {
    collapsed: HashSet<u64>,
}

impl Folds {
    /// Folds away what is under a message.
    pub fn collapse(&mut self, key: u64) {
        self.collapsed.insert(key);
    }

    /// Shows what is under a message.
    pub fn expand(&mut self, key: u64) {
        self.collapsed.remove(&key);
    }

    /// Folds what is shown and shows what is folded.
    pub fn toggle(&mut self, key: u64) {
        if !self.collapsed.remove(&key) {
            self.collapsed.insert(key);
        }
    }

    /// Shows everything.
    pub fn expand_all(&mut self) {
        self.collapsed.clear();
    }

    /// Whether what is under a message is folded away.
    #[must_use]
    pub fn is_collapsed(&self, key: u64) -> bool {
        self.collapsed.contains(&key)
    }

    /// The messages whose replies are folded away, ascending: what a program stores.
    #[must_use]
    pub fn keys(&self) -> Vec<u64> {
        let mut keys: Vec<u64> = self.collapsed.iter().copied().collect();
        keys.sort_unstable();
        keys
    }
}

impl FromIterator<u64> for Folds {
    fn from_iter<I: IntoIterator<Item = u64>>(keys: I) -> Self {
        Self { collapsed: keys.into_iter().collect() }
    }
}
