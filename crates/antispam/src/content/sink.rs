//! Where features go: into a message's sets, or beside their texts.

use super::{Features, Key, VIEW_BITS, View};

/// Takes features as they are found.
pub(super) trait Sink {
    fn key(&self) -> &Key;

    /// A feature of a view. `text` writes what it was, for whoever wants to know.
    fn add(&mut self, view: View, hash: u64, text: impl FnOnce(&mut String));

    /// A pair of words, which the Bayesian filter alone counts.
    fn pair(&mut self, hash: u64);
}

/// The place of a feature in the table of its view.
#[allow(clippy::cast_possible_truncation)]
pub(crate) const fn slot(hash: u64) -> u32 {
    (hash >> (64 - VIEW_BITS)) as u32
}

/// One bit a place, to see each feature once.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    bits: Vec<u64>,
    shift: u32,
}

impl Seen {
    pub(super) fn new(bits: u32) -> Self {
        Self { bits: vec![0; 1 << (bits - 6)], shift: 64 - bits }
    }

    /// Whether the hash comes for the first time.
    #[allow(clippy::cast_possible_truncation)]
    fn is_first(&mut self, hash: u64) -> bool {
        let place = hash >> self.shift;
        let Some(word) = self.bits.get_mut((place >> 6) as usize) else { return false };
        let bit = 1 << (place & 63);
        let is_first = *word & bit == 0;
        *word |= bit;
        is_first
    }

    fn forget(&mut self, hash: u64) {
        #[allow(clippy::cast_possible_truncation)]
        if let Some(word) = self.bits.get_mut((hash >> self.shift >> 6) as usize) {
            *word = 0;
        }
    }
}

/// The sets of a message.
pub(super) struct Sets<'k> {
    pub(super) key: &'k Key,
    pub(super) seen: &'k mut [Seen; View::COUNT],
    pub(super) counted: &'k mut Seen,
    pub(super) features: Features,
}

impl Sets<'_> {
    /// The sets, with what was seen forgotten.
    pub(super) fn finish(self) -> Features {
        for (seen, slots) in self.seen.iter_mut().zip(&self.features.views) {
            slots.iter().for_each(|slot| seen.forget(u64::from(*slot) << (64 - VIEW_BITS)));
        }
        let shift = self.counted.shift;
        self.features.counters.iter().for_each(|counter| self.counted.forget(u64::from(*counter) << shift));
        self.features
    }

    #[allow(clippy::cast_possible_truncation)]
    fn count(&mut self, hash: u64) {
        if self.counted.is_first(hash) {
            self.features.counters.push((hash >> self.counted.shift) as u32);
        }
    }
}

impl Sink for Sets<'_> {
    fn key(&self) -> &Key {
        self.key
    }

    fn add(&mut self, view: View, hash: u64, _: impl FnOnce(&mut String)) {
        let at = view as usize;
        if let (Some(seen), Some(slots)) = (self.seen.get_mut(at), self.features.views.get_mut(at))
            && seen.is_first(hash)
        {
            slots.push(slot(hash));
            if view.is_counted() {
                self.count(hash);
            }
        }
    }

    fn pair(&mut self, hash: u64) {
        self.count(hash);
    }
}

/// The texts of features.
pub(super) struct Texts<'k> {
    pub(super) key: &'k Key,
    pub(super) seen: &'k mut [Seen; View::COUNT],
    pub(super) found: Vec<(View, u32, String)>,
}

impl Texts<'_> {
    pub(super) fn finish(self) -> Vec<(View, u32, String)> {
        for (view, slot, _) in &self.found {
            if let Some(seen) = self.seen.get_mut(*view as usize) {
                seen.forget(u64::from(*slot) << (64 - VIEW_BITS));
            }
        }
        self.found
    }
}

impl Sink for Texts<'_> {
    fn key(&self) -> &Key {
        self.key
    }

    fn add(&mut self, view: View, hash: u64, text: impl FnOnce(&mut String)) {
        if view == View::Grams {
            return;
        }
        if self.seen.get_mut(view as usize).is_some_and(|seen| seen.is_first(hash)) {
            let mut shown = String::new();
            text(&mut shown);
            self.found.push((view, slot(hash), shown));
        }
    }

    fn pair(&mut self, _: u64) {}
}
