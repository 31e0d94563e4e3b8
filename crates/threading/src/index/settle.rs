//! Threads formed anew from their messages: after a removal, a split, a join, or when one of them is undone.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::change::{Change, Merged, Moved};
use super::entry::{Entry, Id, OpId, ThreadId};
use super::store::{OpRecord, Plan};

/// The messages of some threads, and what is known of them.
#[derive(Default)]
pub(crate) struct Opened {
    /// The messages as they are to be.
    pub(crate) entries: BTreeMap<u64, Entry>,
    /// The thread in which each message was.
    pub(crate) was: HashMap<u64, ThreadId>,
    /// The threads of messages that come back.
    pub(crate) claims: HashMap<u64, ThreadId>,
    pub(crate) removed: Vec<Entry>,
    /// Messages that leave their thread its id.
    pub(crate) leaving: HashSet<u64>,
    /// Threads that are to be where these messages are.
    pub(crate) wanted: Vec<(u64, ThreadId)>,
    pub(crate) walls: Vec<(Id, OpId, bool)>,
    pub(crate) op: Option<(OpId, OpRecord)>,
}

impl Opened {
    /// What the threads are by the links of their messages.
    ///
    /// A thread that falls apart leaves its id to the part with the message that arrived first, of those that are not
    /// `leaving`; parts without an id get one of `fresh`. Where threads come together the id given first stays.
    pub(crate) fn settle<E>(
        self,
        fresh: impl FnOnce(usize) -> Result<Vec<u64>, E>,
    ) -> Result<(Plan, Change), E> {
        let parts = components(&self.entries);
        let mut part_of: HashMap<u64, usize> = HashMap::new();
        for (number, keys) in parts.iter().enumerate() {
            part_of.extend(keys.iter().map(|key| (*key, number)));
        }
        let old: HashSet<ThreadId> = self.was.values().copied().collect();
        let heirs = self.heirs(&part_of);
        let mut ids: Vec<Option<ThreadId>> = vec![None; parts.len()];
        for (thread, part) in &heirs {
            if let Some(id) = ids.get_mut(*part) {
                *id = Some(id.map_or(*thread, |id| id.min(*thread)));
            }
        }
        let missing = ids.iter().filter(|id| id.is_none()).count();
        let mut given = if missing > 0 { fresh(missing)? } else { Vec::new() };
        given.reverse();
        let ids: Vec<ThreadId> =
            ids.into_iter().filter_map(|id| id.or_else(|| given.pop().map(ThreadId))).collect();

        let mut change = Change::default();
        let mut plan = Plan { removed: self.removed, walls: self.walls, op: self.op, ..Plan::default() };
        let mut lost: HashSet<ThreadId> =
            plan.removed.iter().filter_map(|entry| self.was.get(&entry.key).copied()).collect();
        for (id, keys) in ids.iter().zip(&parts) {
            let mut gained = false;
            for key in keys {
                let was = self.was.get(key).copied();
                gained |= was != Some(*id);
                if let Some(from) = was.filter(|was| was != id) {
                    lost.insert(from);
                    change.moved.push(Moved { key: *key, from, to: *id });
                }
            }
            if !old.contains(id) {
                change.appeared.push(*id);
            } else if gained {
                change.grew.push(*id);
            }
        }
        let mut kept: HashMap<ThreadId, Vec<Entry>> = ids.iter().map(|id| (*id, Vec::new())).collect();
        for (thread, part) in heirs {
            let Some(id) = ids.get(part).filter(|id| **id != thread) else { continue };
            plan.gone.push((thread, Some(*id)));
            if old.contains(&thread) {
                change.merged.push(Merged { from: thread, into: *id });
            }
        }
        let grew: HashSet<ThreadId> = change.grew.iter().copied().collect();
        let merged: HashSet<ThreadId> = change.merged.iter().map(|merged| merged.from).collect();
        for thread in &old {
            let is_gone = merged.contains(thread);
            if !kept.contains_key(thread) && !is_gone {
                plan.gone.push((*thread, None));
                change.vanished.push(*thread);
            } else if lost.contains(thread) && !is_gone && !grew.contains(thread) {
                change.shrank.push(*thread);
            }
        }
        for (key, entry) in self.entries {
            let id = part_of.get(&key).and_then(|part| ids.get(*part));
            if let Some(part) = id.and_then(|id| kept.get_mut(id)) {
                part.push(entry);
            }
        }
        plan.parts = kept.into_iter().collect();
        plan.parts.sort_by_key(|(thread, _)| *thread);
        for threads in [&mut change.appeared, &mut change.grew, &mut change.shrank, &mut change.vanished] {
            threads.sort_unstable();
        }
        change.merged.sort_unstable_by_key(|merged| merged.from);
        change.moved.sort_unstable_by_key(|moved| moved.key);
        plan.events = change.events();
        Ok((plan, change))
    }

    /// The part that each thread id stays with.
    fn heirs(&self, part_of: &HashMap<u64, usize>) -> BTreeMap<ThreadId, usize> {
        let mut first: BTreeMap<ThreadId, (bool, i64, u64)> = BTreeMap::new();
        for (key, entry) in &self.entries {
            let rank = (self.leaving.contains(key), entry.arrived, *key);
            let thread = self.was.get(key).or_else(|| self.claims.get(key));
            if let Some(thread) = thread {
                let place = first.entry(*thread).or_insert(rank);
                *place = rank.min(*place);
            }
        }
        let heirs = first
            .into_iter()
            .map(|(thread, (_, _, key))| (thread, key))
            .chain(self.wanted.clone().into_iter().map(|(key, thread)| (thread, key)));
        heirs.filter_map(|(thread, key)| Some((thread, *part_of.get(&key)?))).collect()
    }
}

/// The connected components of messages that have links in common.
fn components(entries: &BTreeMap<u64, Entry>) -> Vec<Vec<u64>> {
    let mut above: Vec<usize> = (0..entries.len()).collect();
    let mut first: HashMap<Id, usize> = HashMap::new();
    for (number, entry) in entries.values().enumerate() {
        for link in entry.links() {
            let other = *first.entry(link).or_insert(number);
            let (one, other) = (top(&mut above, number), top(&mut above, other));
            if let Some(place) = above.get_mut(one.max(other)) {
                *place = one.min(other);
            }
        }
    }
    let mut parts: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
    for (number, key) in entries.keys().enumerate() {
        parts.entry(top(&mut above, number)).or_default().push(*key);
    }
    parts.into_values().collect()
}

/// The top above `node`. Halves the way there.
fn top(above: &mut [usize], mut node: usize) -> usize {
    let at = |above: &[usize], node: usize| above.get(node).copied().unwrap_or(node);
    while at(above, node) != node {
        let next = at(above, at(above, node));
        if let Some(place) = above.get_mut(node) {
            *place = next;
        }
        node = next;
    }
    node
}
