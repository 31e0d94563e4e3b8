//! Keys in memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{Answer, GreylistStore, Key, Network, Policy, Triplet, step};
use crate::Error;

/// Keys that are kept at most: about 100 MiB. When they are reached, what has expired is dropped, else a new key is deferred
/// without being remembered until something expires.
pub const MAX_ENTRIES: usize = 500_000;

/// A [`GreylistStore`] of one process. What it knows ends with it.
#[derive(Debug)]
pub struct MemoryGreylist {
    most: usize,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    triplets: HashMap<Key, Triplet>,
    networks: HashMap<String, Network>,
    /// When expired entries were last looked for: once a delay is enough, and keeps touches cheap on a full table.
    swept: u64,
}

impl Default for MemoryGreylist {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryGreylist {
    /// An empty one with room for [`MAX_ENTRIES`].
    #[must_use]
    pub fn new() -> Self {
        Self::with_room(MAX_ENTRIES)
    }

    /// An empty one with room for `most` keys.
    #[must_use]
    pub fn with_room(most: usize) -> Self {
        Self { most, known: Mutex::default() }
    }

    /// How many keys it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).triplets.len()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl GreylistStore for MemoryGreylist {
    fn touch(&self, key: &Key, now: u64, policy: &Policy) -> Result<Answer, Error> {
        // Nothing can panic between the reads and the writes, so that a poisoned lock guards whole data.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let step =
            step(known.triplets.get(key).copied(), known.networks.get(key.network()).copied(), now, policy);
        if let Some(triplet) = known.triplets.get_mut(key) {
            *triplet = step.triplet;
        } else {
            if known.triplets.len() >= self.most {
                known.sweep(now, policy);
            }
            if known.triplets.len() < self.most {
                known.triplets.insert(key.clone(), step.triplet);
            }
        }
        if let Some(network) = step.network {
            if let Some(entry) = known.networks.get_mut(key.network()) {
                *entry = network;
            } else if known.networks.len() < self.most {
                known.networks.insert(key.network().to_owned(), network);
            }
        }
        Ok(step.answer)
    }
}

impl Known {
    /// Drops what has expired.
    fn sweep(&mut self, now: u64, policy: &Policy) {
        if now.abs_diff(self.swept) < policy.delay.as_secs().max(1) {
            return;
        }
        self.swept = now;
        let (window, expire) = (policy.window.as_secs(), policy.expire.as_secs());
        self.triplets.retain(|_, triplet| match triplet.passed {
            true => now.saturating_sub(triplet.last) <= expire,
            false => now.abs_diff(triplet.first) <= window,
        });
        self.networks.retain(|_, network| now.saturating_sub(network.last) <= expire);
    }
}
