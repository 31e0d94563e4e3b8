//! All phrases in one automaton: Aho and Corasick's, laid out as a double array, so that the tables of the built-in rules are
//! plain constants and loading them costs nothing.

use std::borrow::Cow;

/// "No pattern", "no state", "free cell".
pub(crate) const NONE: u32 = u32::MAX;

/// The automaton. Its tables are constants for the built-in rules, owned for a user's.
#[derive(Clone, Debug)]
pub(crate) struct Automaton {
    /// Two numbers a cell: the offset of its children, and the cell it is a child of.
    pub(crate) cells: Cow<'static, [u32]>,
    /// For each cell the one to go on from when no child fits.
    pub(crate) fails: Cow<'static, [u32]>,
    /// For each cell the longest pattern that ends there.
    pub(crate) ends: Cow<'static, [u32]>,
    /// Two numbers a pattern: its length, and the next shorter pattern that ends wherever it ends.
    pub(crate) patterns: Cow<'static, [u32]>,
}

impl Automaton {
    /// Calls `found` with pattern and end for every occurrence of every pattern, in the order of their ends.
    ///
    /// Each octet costs one step forward and, over the whole text, at most one step back.
    pub(crate) fn scan(&self, text: &[u8], found: impl FnMut(u32, usize)) {
        self.run(text, |octet| octet, found);
    }

    /// The same in a text whose ASCII letters count as lower case.
    pub(crate) fn scan_lower(&self, text: &[u8], found: impl FnMut(u32, usize)) {
        self.run(text, |octet| octet.to_ascii_lowercase(), found);
    }

    fn run(&self, text: &[u8], fold: fn(u8) -> u8, mut found: impl FnMut(u32, usize)) {
        let mut state = 0u32;
        for (index, octet) in text.iter().enumerate() {
            state = self.step(state, fold(*octet));
            let mut pattern = self.ends.get(state as usize).copied().unwrap_or(NONE);
            while pattern != NONE {
                found(pattern, index.saturating_add(1));
                pattern = self
                    .patterns
                    .get((pattern as usize).saturating_mul(2).saturating_add(1))
                    .copied()
                    .unwrap_or(NONE);
            }
        }
    }

    /// Octets of a pattern.
    pub(crate) fn len(&self, pattern: u32) -> usize {
        self.patterns.get((pattern as usize).saturating_mul(2)).map_or(0, |len| *len as usize)
    }

    fn step(&self, from: u32, octet: u8) -> u32 {
        let mut state = from;
        loop {
            if let Some(child) = self.child(state, octet) {
                return child;
            }
            if state == 0 {
                return 0;
            }
            state = self.fails.get(state as usize).copied().unwrap_or(0);
        }
    }

    pub(super) fn child(&self, state: u32, octet: u8) -> Option<u32> {
        let base = self.cells.get((state as usize).saturating_mul(2))?;
        let cell = base.wrapping_add(u32::from(octet));
        let parent = self.cells.get((cell as usize).saturating_mul(2).saturating_add(1))?;
        (*parent == state && cell != 0).then_some(cell)
    }
}
