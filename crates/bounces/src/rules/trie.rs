//! Building the automaton: a trie of the patterns, its nodes laid into a double array.

use std::collections::VecDeque;

use super::automaton::{Automaton, Cell, NONE, child};

/// Builds the automaton of `patterns`, which are all different and not empty.
pub(crate) fn build(patterns: &[Vec<u8>]) -> Automaton {
    let trie = Trie::of(patterns);
    let placed = Placed::of(&trie);
    let cells = placed.bases.iter().zip(&placed.parents);
    let mut cells: Vec<Cell> =
        cells.map(|(base, parent)| Cell { base: *base, parent: *parent, fail: 0, end: NONE }).collect();
    let mut shorter = vec![NONE; patterns.len()];
    // By levels, so that the state to fall back to is ready before it is needed.
    for &node in &trie.by_level {
        let Some(at) = trie.nodes.get(node as usize) else { continue };
        let cell = placed.cell(node);
        let fallback = if node == 0 { 0 } else { fall_back(&cells, placed.cell(at.parent), cell, at.octet) };
        let inherited =
            if node == 0 { NONE } else { cells.get(fallback as usize).map_or(NONE, |cell| cell.end) };
        let own = at.pattern;
        if let Some(next) = shorter.get_mut(own as usize) {
            *next = inherited;
        }
        if let Some(cell) = cells.get_mut(cell as usize) {
            cell.fail = fallback;
            cell.end = if own == NONE { inherited } else { own };
        }
    }
    let lengths = patterns.iter().map(|pattern| u32::try_from(pattern.len()).unwrap_or(u32::MAX));
    let patterns: Vec<u32> = lengths.zip(shorter).flat_map(|(len, next)| [len, next]).collect();
    Automaton { cells: cells.into(), patterns: patterns.into() }
}

/// The longest proper suffix of `cell` that is a state: along the fallbacks of its parent.
fn fall_back(cells: &[Cell], parent: u32, cell: u32, octet: u8) -> u32 {
    let fail = |state: u32| cells.get(state as usize).map_or(0, |cell| cell.fail);
    if parent == 0 {
        return 0;
    }
    let mut state = fail(parent);
    loop {
        let here = cells.get(state as usize);
        match here.and_then(|here| child(cells, state, here, octet)) {
            Some((child, _)) if child != cell => return child,
            _ if state == 0 => return 0,
            _ => state = fail(state),
        }
    }
}

struct Node {
    parent: u32,
    octet: u8,
    pattern: u32,
    children: Vec<(u8, u32)>,
}

struct Trie {
    nodes: Vec<Node>,
    by_level: Vec<u32>,
}

impl Trie {
    fn of(patterns: &[Vec<u8>]) -> Self {
        let mut nodes = vec![Node { parent: NONE, octet: 0, pattern: NONE, children: Vec::new() }];
        for (number, pattern) in patterns.iter().enumerate() {
            let mut node = 0u32;
            for octet in pattern {
                node = Self::descend(&mut nodes, node, *octet);
            }
            if let Some(last) = nodes.get_mut(node as usize) {
                last.pattern = u32::try_from(number).unwrap_or(NONE);
            }
        }
        let mut by_level = Vec::with_capacity(nodes.len());
        let mut queue = VecDeque::from([0u32]);
        while let Some(node) = queue.pop_front() {
            by_level.push(node);
            if let Some(node) = nodes.get(node as usize) {
                queue.extend(node.children.iter().map(|(_, child)| *child));
            }
        }
        Self { nodes, by_level }
    }

    fn descend(nodes: &mut Vec<Node>, from: u32, octet: u8) -> u32 {
        let known = nodes
            .get(from as usize)
            .map(|node| node.children.binary_search_by_key(&octet, |(label, _)| *label));
        let next = u32::try_from(nodes.len()).unwrap_or(NONE);
        match (known, nodes.get_mut(from as usize)) {
            (Some(Ok(at)), Some(node)) => node.children.get(at).map_or(0, |(_, child)| *child),
            (Some(Err(at)), Some(node)) => {
                node.children.insert(at, (octet, next));
                nodes.push(Node { parent: from, octet, pattern: NONE, children: Vec::new() });
                next
            }
            _ => 0,
        }
    }
}

/// The nodes of a trie in the cells of a double array.
struct Placed {
    bases: Vec<u32>,
    parents: Vec<u32>,
    cell_of: Vec<u32>,
}

impl Placed {
    fn of(trie: &Trie) -> Self {
        let mut placed = Self { bases: vec![0], parents: vec![NONE], cell_of: vec![0; trie.nodes.len()] };
        // No cell below this one is free.
        let mut full_to = 1usize;
        for &number in &trie.by_level {
            let Some(node) = trie.nodes.get(number as usize) else { continue };
            let Some((first, _)) = node.children.first() else { continue };
            let cell = placed.cell(number);
            while placed.parents.get(full_to).is_some_and(|parent| *parent != NONE) {
                full_to = full_to.saturating_add(1);
            }
            let mut base = full_to.saturating_sub(usize::from(*first)).max(1);
            let mut tries = 0usize;
            while !placed.fits(base, &node.children) {
                base = base.saturating_add(1);
                tries = tries.saturating_add(1);
                // A crowded region is left behind, so that building stays linear.
                if tries > MOST_TRIES {
                    full_to = full_to.max(base);
                    tries = 0;
                }
            }
            for (octet, child) in &node.children {
                placed.put(base.saturating_add(usize::from(*octet)), cell, *child);
            }
            if let Some(slot) = placed.bases.get_mut(cell as usize) {
                *slot = u32::try_from(base).unwrap_or(NONE);
            }
        }
        placed
    }

    fn cell(&self, node: u32) -> u32 {
        self.cell_of.get(node as usize).copied().unwrap_or(0)
    }

    fn fits(&self, base: usize, children: &[(u8, u32)]) -> bool {
        children.iter().all(|(octet, _)| {
            self.parents.get(base.saturating_add(usize::from(*octet))).is_none_or(|parent| *parent == NONE)
        })
    }

    fn put(&mut self, cell: usize, parent: u32, node: u32) {
        if self.parents.len() <= cell {
            self.parents.resize(cell.saturating_add(1), NONE);
            self.bases.resize(cell.saturating_add(1), 0);
        }
        if let Some(slot) = self.parents.get_mut(cell) {
            *slot = parent;
        }
        if let Some(slot) = self.cell_of.get_mut(node as usize) {
            *slot = u32::try_from(cell).unwrap_or(NONE);
        }
    }
}

/// Cells that are tried in one crowded region. Each try looks at the children of one node; a thousand finds nearly all gaps.
const MOST_TRIES: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    fn all(patterns: &[&str], text: &str) -> Vec<(String, usize)> {
        let automaton =
            build(&patterns.iter().map(|pattern| pattern.as_bytes().to_vec()).collect::<Vec<_>>());
        let mut found = Vec::new();
        automaton
            .scan(text.as_bytes(), |pattern, end| found.push((patterns[pattern as usize].to_owned(), end)));
        found
    }

    #[test]
    fn every_occurrence_of_every_pattern() {
        let found = all(&["he", "she", "his", "hers"], "ushers");
        assert_eq!(found, [("she".to_owned(), 4), ("he".to_owned(), 4), ("hers".to_owned(), 6)]);
        assert_eq!(all(&["a", "aa", "aaa"], "aaaa").len(), 4 + 3 + 2);
        assert!(all(&["x"], "").is_empty() && all(&[], "x").is_empty());
    }
}
