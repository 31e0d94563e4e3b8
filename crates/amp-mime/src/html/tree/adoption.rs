//! The adoption agency algorithm (HTML 13.2.6.4.7), for end tags that cross.

use super::{Builder, NodeId, Scope, Tag};

/// How often the outer loop runs at most, by the standard.
const OUTER_LOOPS: usize = 8;

impl Builder<'_> {
    pub(super) fn adoption_agency(&mut self, tag: Tag) {
        for _ in 0..OUTER_LOOPS {
            let element = self
                .formatting
                .iter()
                .rev()
                .take_while(|entry| entry.is_some())
                .copied()
                .find(|&entry| self.tree.node(entry).tag == tag);
            let Some(element) = element else {
                self.any_other_end_tag();
                return;
            };
            let Some(place) = self.open.iter().rposition(|&id| id == element) else {
                self.remove_formatting(element);
                return;
            };
            if !self.in_scope(Scope::Default, &[tag]) {
                return;
            }
            let block = self.open.iter().skip(place).copied().find(|&id| self.tree.node(id).is_special());
            let Some(block) = block else {
                self.open.truncate(place);
                self.remove_formatting(element);
                return;
            };
            self.adopt(element, place, block);
        }
    }

    /// One turn of the outer loop, from step 12 on.
    fn adopt(&mut self, element: NodeId, place: usize, block: NodeId) {
        let ancestor = self.opened(place.saturating_sub(1));
        let mut bookmark = self.formatting_place(element).unwrap_or(0);
        let mut last = block;
        let mut at = self.open.iter().rposition(|&id| id == block).unwrap_or(place);
        let mut count = 0;
        while at > 0 {
            count += 1;
            at -= 1;
            let node = self.opened(at);
            if node == element {
                break;
            }
            match self.formatting_place(node) {
                // Step 14.5; the official parser leaves the node among the open elements.
                Some(place) if count > 3 => {
                    self.formatting.remove(place);
                    if place <= bookmark {
                        bookmark = bookmark.saturating_sub(1);
                    }
                    continue;
                }
                Some(place) => {
                    let clone = self.clone_node(node);
                    if let Some(slot) = self.formatting.get_mut(place) {
                        *slot = clone;
                    }
                    if let Some(slot) = self.open.get_mut(at) {
                        *slot = clone;
                    }
                    if last == block {
                        bookmark = place + 1;
                    }
                    self.tree.detach(last);
                    self.tree.append(clone, last);
                    last = clone;
                }
                None => {
                    self.open.remove(at);
                }
            }
        }
        self.tree.detach(last);
        if self.tree.node(ancestor).tag.fosters() {
            self.foster(last);
        } else {
            self.tree.append(ancestor, last);
        }
        let clone = self.clone_node(element);
        loop {
            let child = self.tree.node(block).first;
            if !child.is_some() {
                break;
            }
            self.tree.detach(child);
            self.tree.append(clone, child);
        }
        self.tree.append(block, clone);
        if let Some(old) = self.formatting_place(element) {
            if old < bookmark {
                bookmark = bookmark.saturating_sub(1);
            }
            self.formatting.remove(old);
        }
        self.formatting.insert(bookmark.min(self.formatting.len()), clone);
        self.remove_open(element);
        let below = self.open.iter().rposition(|&id| id == block).map_or(self.open.len(), |at| at + 1);
        self.open.insert(below.min(self.open.len()), clone);
    }

    fn formatting_place(&self, id: NodeId) -> Option<usize> {
        self.formatting.iter().rposition(|&entry| entry == id)
    }
}
