//! All phrases in one automaton: Aho and Corasick's, laid out as a double array, so that the tables of the built-in rules are
//! plain constants and loading them costs nothing.

use std::borrow::Cow;

/// "No pattern", "no state", "free cell".
pub(crate) const NONE: u32 = u32::MAX;

/// What stands in a cell. All four are read together, so they stand together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    /// The offset of its children.
    pub(crate) base: u32,
    /// The cell it is a child of.
    pub(crate) parent: u32,
    /// The cell to go on from when no child fits.
    pub(crate) fail: u32,
    /// The longest pattern that ends there.
    pub(crate) end: u32,
}

/// A cell, as short as `build.rs` writes it.
#[allow(dead_code, reason = "the tables that build.rs writes are made of it")]
pub(crate) const fn cell(base: u32, parent: u32, fail: u32, end: u32) -> Cell {
    Cell { base, parent, fail, end }
}

/// The automaton. Its tables are constants for the built-in rules, owned for a user's.
#[derive(Clone, Debug)]
pub(crate) struct Automaton {
    pub(crate) cells: Cow<'static, [Cell]>,
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

    fn run(&self, text: &[u8], fold: impl Fn(u8) -> u8, mut found: impl FnMut(u32, usize)) {
        let cells = self.cells.as_ref();
        let Some(root) = cells.first() else { return };
        let (mut state, mut here) = (0u32, root);
        for (index, octet) in text.iter().enumerate() {
            let octet = fold(*octet);
            loop {
                if let Some((child, cell)) = child(cells, state, here, octet) {
                    (state, here) = (child, cell);
                    break;
                }
                if state == 0 {
                    break;
                }
                state = here.fail;
                here = cells.get(state as usize).unwrap_or(root);
            }
            let mut pattern = here.end;
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
}

/// The child of `state`, whose cell is `here`, for an octet.
pub(super) fn child<'c>(cells: &'c [Cell], state: u32, here: &Cell, octet: u8) -> Option<(u32, &'c Cell)> {
    let number = here.base.wrapping_add(u32::from(octet));
    let cell = cells.get(number as usize)?;
    (cell.parent == state && number != 0).then_some((number, cell))
}
