//! Threads as a reader sees them: what is folded away, in which order, and what stands on a line.

mod card;
mod fold;

use std::collections::HashSet;

use crate::forest::{Forest, NodeId, Visit};

pub use card::{Card, MAX_TEXT};
pub use fold::Folds;

/// The order of the threads; replies always stand in the order of their own dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Order {
    /// As the algorithm gave them: by the date of the first message.
    #[default]
    First,
    /// The thread with the newest message first.
    NewestFirst,
    /// The thread with the newest message last.
    NewestLast,
}

/// A forest with what is shown of its messages.
///
/// ```
/// use mailwright_threading::view::{Card, Folds, View};
/// use mailwright_threading::{Header, Options, thread};
///
/// let headers = [
///     Header { message_id: b"<1@a>", subject: b"lunch", from: b"Zoe <zoe@a.example>", ..Header::default() },
///     Header { message_id: b"<2@a>", references: b"<1@a>", from: b"joe@b.example", ..Header::default() },
/// ];
/// let forest = thread(headers, &Options::default())?;
/// let cards: Vec<Card> = headers.iter().zip(0..).map(|(header, key)| Card::of(header, key)).collect();
/// let mut folds = Folds::default();
/// let summary = View::new(&forest, &cards, &folds).summary(forest.roots()[0]);
/// assert_eq!((summary.messages, summary.participants), (2, vec!["Zoe", "joe@b.example"]));
/// folds.collapse(0);
/// assert_eq!(View::new(&forest, &cards, &folds).rows(forest.roots()[0]).count(), 1);
/// # Ok::<(), mailwright_threading::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct View<'v> {
    forest: &'v Forest,
    cards: &'v [Card],
    folds: &'v Folds,
    order: Order,
    most: usize,
}

/// What a line says about a whole thread.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Summary<'v> {
    /// Messages in it.
    pub messages: usize,
    /// Those not read.
    pub unread: usize,
    /// Who wrote, in the order in which they first did; each once.
    pub participants: Vec<&'v str>,
    /// The date of the oldest message.
    pub oldest: i64,
    /// The date of the newest message.
    pub newest: i64,
}

/// A line of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The node and its depth.
    pub visit: Visit,
    /// Whether what is under it is folded away.
    pub collapsed: bool,
}

impl<'v> View<'v> {
    /// The view of `forest` in which `cards` are its messages, in their order.
    #[must_use]
    pub const fn new(forest: &'v Forest, cards: &'v [Card], folds: &'v Folds) -> Self {
        Self { forest, cards, folds, order: Order::First, most: usize::MAX }
    }

    /// The same with the threads in another order.
    #[must_use]
    pub const fn ordered(self, order: Order) -> Self {
        Self { order, ..self }
    }

    /// The same with `threads` threads at most: the first ones, or the newest where threads are in the order of those.
    #[must_use]
    pub const fn most(self, threads: usize) -> Self {
        Self { most: threads, ..self }
    }

    /// How many threads [`most`](Self::most) leaves out.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.forest.roots().len().saturating_sub(self.most)
    }

    /// The forest.
    #[must_use]
    pub const fn forest(&self) -> &'v Forest {
        self.forest
    }

    /// What is shown of the message at `node`; `None` for a missing root.
    #[must_use]
    pub fn card(&self, node: NodeId) -> Option<&'v Card> {
        self.forest.message(node).and_then(|message| self.cards.get(message))
    }

    /// The roots in the order of the view.
    #[must_use]
    pub fn roots(&self) -> Vec<NodeId> {
        let mut roots = self.forest.roots().to_vec();
        if self.order != Order::First {
            roots.sort_by_cached_key(|root| self.dates(*root).max());
        }
        match self.order {
            Order::First => roots.truncate(self.most),
            Order::NewestFirst => {
                roots.reverse();
                roots.truncate(self.most);
            }
            Order::NewestLast => drop(roots.drain(..self.left_out().min(roots.len()))),
        }
        roots
    }

    /// Whether there is something under `node` and it is folded away.
    #[must_use]
    pub fn is_collapsed(&self, node: NodeId) -> bool {
        let has_children = self.forest.first_child(node).is_some();
        has_children && self.card(node).is_some_and(|card| self.folds.is_collapsed(card.key))
    }

    /// The lines of a thread; what is under a folded message is not among them.
    pub fn rows(&self, root: NodeId) -> impl Iterator<Item = Row> + use<'v> {
        let view = *self;
        let mut folded_at: Option<usize> = None;
        view.forest.walk_under(root).filter_map(move |visit| {
            if folded_at.is_some_and(|depth| visit.depth > depth) {
                return None;
            }
            let collapsed = view.is_collapsed(visit.node);
            folded_at = collapsed.then_some(visit.depth);
            Some(Row { visit, collapsed })
        })
    }

    /// What is in the thread of `root`, or in the part of it under a node that is no root.
    #[must_use]
    pub fn summary(&self, root: NodeId) -> Summary<'v> {
        let mut summary = Summary { oldest: i64::MAX, newest: i64::MIN, ..Summary::default() };
        let mut seen = HashSet::new();
        let mut cards: Vec<&Card> =
            self.forest.walk_under(root).filter_map(|visit| self.card(visit.node)).collect();
        cards.sort_by_key(|card| card.date);
        for card in cards {
            summary.messages += 1;
            summary.unread += usize::from(card.unread);
            summary.oldest = summary.oldest.min(card.date);
            summary.newest = summary.newest.max(card.date);
            if !card.from.is_empty() && seen.insert(card.from.as_str()) {
                summary.participants.push(&card.from);
            }
        }
        summary
    }

    fn dates(&self, root: NodeId) -> impl Iterator<Item = i64> + use<'v> {
        let view = *self;
        view.forest.walk_under(root).filter_map(move |visit| view.card(visit.node)).map(|card| card.date)
    }
}

#[cfg(test)]
mod tests;
