//! Whether a link would close a loop, without a walk to the root for each link.
//!
//! A node that was never a parent closes none, which is the common case. Else the ancestors are walked, as long as all
//! walks together stay in proportion to the nodes. A mailbox made to exceed that is answered by a link-cut forest
//! (Sleator and Tarjan 1983), built once from the parents: O(log n) amortised for each link, cut and question.

mod forest;

use super::NONE;
use forest::LinkCut;

/// Steps that all walks may take: this many a node, so that they cost less than building the link-cut forest.
const STEPS_A_NODE: usize = 16;

/// Steps that are always allowed.
const STEPS_FREE: usize = 4096;

/// Links and cuts nodes, and refuses what would close a loop.
#[derive(Default)]
pub(super) struct Ancestry {
    /// Whether a node was ever linked as a parent.
    has_child: Vec<bool>,
    steps: usize,
    forest: Option<LinkCut>,
}

impl Ancestry {
    /// Makes `parent` the parent of `child`, which has none, unless `child` is an ancestor of `parent` or that itself.
    pub(super) fn link(&mut self, parents: &mut [u32], child: u32, parent: u32) {
        if child == parent || self.is_parent(child) && self.is_above(parents, child, parent) {
            return;
        }
        if let Some(place) = parents.get_mut(child as usize) {
            *place = parent;
        }
        if self.has_child.len() < parents.len() {
            self.has_child.resize(parents.len(), false);
        }
        if let Some(has_child) = self.has_child.get_mut(parent as usize) {
            *has_child = true;
        }
        if let Some(forest) = &mut self.forest {
            forest.grow(parents.len());
            forest.link(child, parent);
        }
    }

    /// Takes `child` from its parent.
    pub(super) fn cut(&mut self, parents: &mut [u32], child: u32) {
        if let Some(place) = parents.get_mut(child as usize) {
            *place = NONE;
        }
        if let Some(forest) = &mut self.forest {
            forest.grow(parents.len());
            forest.cut(child);
        }
    }

    fn is_parent(&self, node: u32) -> bool {
        self.has_child.get(node as usize).copied().unwrap_or(false)
    }

    /// Whether the root `top` is above `node`.
    fn is_above(&mut self, parents: &[u32], top: u32, node: u32) -> bool {
        if self.forest.is_none() {
            let allowed = parents.len().saturating_mul(STEPS_A_NODE).saturating_add(STEPS_FREE);
            let mut above = node;
            while self.steps < allowed {
                match parents.get(above as usize) {
                    Some(next) if *next != NONE => above = *next,
                    _ => return above == top,
                }
                self.steps += 1;
            }
        }
        let forest = self.forest.get_or_insert_with(|| LinkCut::of(parents));
        forest.grow(parents.len());
        forest.root(node) == top
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator (Knuth, TAOCP 2, 3.3.4), so that the test is the same each time.
    fn random(state: &mut u64) -> u32 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(*state >> 33).unwrap()
    }

    fn run(nodes: u32, exhausted: bool) -> Vec<u32> {
        let mut parents = vec![NONE; nodes as usize];
        let mut ancestry = Ancestry { steps: if exhausted { usize::MAX } else { 0 }, ..Ancestry::default() };
        let mut state = 7;
        for _ in 0..nodes * 20 {
            let (child, parent) = (random(&mut state) % nodes, random(&mut state) % nodes);
            if parents[child as usize] != NONE && random(&mut state).is_multiple_of(3) {
                ancestry.cut(&mut parents, child);
            }
            if parents[child as usize] == NONE {
                let mut above = parent;
                while above != child && parents[above as usize] != NONE {
                    above = parents[above as usize];
                }
                ancestry.link(&mut parents, child, parent);
                assert_eq!(parents[child as usize] == NONE, above == child);
            }
        }
        parents
    }

    #[test]
    fn the_forest_answers_as_the_walk_does() {
        for nodes in [1, 2, 3, 10, 200] {
            assert_eq!(run(nodes, false), run(nodes, true));
        }
    }
}
