//! Everything in memory.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

use super::{Event, Log, MAX_LOG, OpRecord, Placed, Plan, Store, StoreError, walls};
use crate::index::{Entry, Flags, Id, OpId, ThreadId, Token};

/// A store in memory. Identifiers are hashed by random keys; nothing of it fails.
///
/// Threads are numbered from 1. Joining threads costs what listing the messages that moved does.
#[derive(Default)]
pub struct Memory {
    keys: [RandomState; 2],
    /// The thread of each identifier, perhaps an alias.
    ids: HashMap<(u64, u64), u64, BuildHasherDefault<Hashed>>,
    /// By number; 0 is none.
    threads: Vec<Thread>,
    messages: HashMap<u64, Kept>,
    walls: HashMap<Id, Vec<OpId>>,
    ops: HashMap<OpId, OpRecord>,
    log: VecDeque<(ThreadId, Event)>,
    /// Lines that the log has lost.
    forgotten: u64,
}

/// What is kept of a thread.
#[derive(Default)]
struct Thread {
    /// What it is an alias of; 0 for none.
    alias: u64,
    members: Vec<u64>,
}

/// An [`Entry`] in little room.
struct Kept {
    /// Its own first, then what it names.
    ids: Box<[Id]>,
    thread: u64,
    date: i64,
    arrived: i64,
    by_hand: Option<Box<ByHand>>,
    flags: Flags,
    has_own: bool,
}

struct ByHand {
    cuts: Vec<(Id, OpId)>,
    tokens: Vec<Token>,
}

impl Kept {
    fn of(entry: &Entry, thread: ThreadId) -> Self {
        let by_hand = ByHand { cuts: entry.cuts.clone(), tokens: entry.tokens.clone() };
        Self {
            ids: entry.own.into_iter().chain(entry.refs.iter().copied()).collect(),
            thread: thread.0,
            date: entry.date,
            arrived: entry.arrived,
            by_hand: (!entry.cuts.is_empty() || !entry.tokens.is_empty()).then(|| Box::new(by_hand)),
            flags: entry.flags,
            has_own: entry.own.is_some(),
        }
    }

    fn entry(&self, key: u64) -> Entry {
        let (cuts, tokens) = match &self.by_hand {
            Some(by_hand) => (by_hand.cuts.clone(), by_hand.tokens.clone()),
            None => (Vec::new(), Vec::new()),
        };
        Entry {
            key,
            own: self.own(),
            refs: self.refs().to_vec(),
            date: self.date,
            arrived: self.arrived,
            flags: self.flags,
            cuts,
            tokens,
        }
    }

    fn own(&self) -> Option<Id> {
        self.ids.first().copied().filter(|_| self.has_own)
    }

    fn refs(&self) -> &[Id] {
        self.ids.get(usize::from(self.has_own)..).unwrap_or_default()
    }
}

impl Memory {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn insert_one(&mut self, entry: &Entry, most: usize) -> Placed {
        if let Some(kept) = self.messages.get(&entry.key) {
            let (thread, same) = (kept.thread, kept.own() == entry.own && *kept.refs() == *entry.refs);
            return if same { Placed::Known(self.find(thread)) } else { Placed::KeyInUse };
        }
        if self.messages.len() >= most {
            return Placed::Full;
        }
        if !self.walls.is_empty() {
            let walled = walls(entry, |id| self.walls.get(&id)?.last().copied());
            if !walled.is_empty() {
                return Placed::Walled(walled);
            }
        }
        let mut found: Vec<u64> = Vec::with_capacity(1);
        let mut new: Vec<Id> = Vec::with_capacity(1);
        for link in entry.links() {
            match self.ids.get(&halves(link)).copied() {
                None => new.push(link),
                Some(thread) => {
                    let thread = self.find(thread).0;
                    // few threads meet in one message
                    if !found.contains(&thread) {
                        found.push(thread);
                    }
                }
            }
        }
        let began = found.is_empty();
        let thread = match found.iter().min() {
            Some(first) => *first,
            None => self.number(),
        };
        self.ids.extend(new.into_iter().map(|link| (halves(link), thread)));
        found.retain(|other| *other != thread);
        let merged = found.into_iter().map(|other| (ThreadId(other), self.join(other, thread))).collect();
        if let Some(thread) = self.thread_mut(thread) {
            thread.members.push(entry.key);
        }
        self.messages.insert(entry.key, Kept::of(entry, ThreadId(thread)));
        Placed::In { thread: ThreadId(thread), began, merged }
    }

    /// Makes `from` an alias of `into`: the messages that moved.
    fn join(&mut self, from: u64, into: u64) -> Vec<u64> {
        let Some(thread) = self.thread_mut(from) else { return Vec::new() };
        thread.alias = into;
        let mut moved = std::mem::take(&mut thread.members);
        let listed = moved.clone();
        if let Some(thread) = self.thread_mut(into) {
            if thread.members.len() < moved.len() {
                std::mem::swap(&mut thread.members, &mut moved);
            }
            thread.members.append(&mut moved);
        }
        listed
    }

    /// The thread that `number` is now. Halves the way there.
    fn find(&mut self, number: u64) -> ThreadId {
        let mut at = number;
        while let Some(above) = self.alias(at) {
            let Some(next) = self.alias(above) else { return ThreadId(above) };
            if let Some(thread) = self.thread_mut(at) {
                thread.alias = next;
            }
            at = next;
        }
        ThreadId(at)
    }

    fn alias(&self, number: u64) -> Option<u64> {
        self.thread(number).map(|thread| thread.alias).filter(|alias| *alias != 0)
    }

    fn thread(&self, number: u64) -> Option<&Thread> {
        usize::try_from(number).ok().and_then(|at| self.threads.get(at))
    }

    fn thread_mut(&mut self, number: u64) -> Option<&mut Thread> {
        usize::try_from(number).ok().and_then(|at| self.threads.get_mut(at))
    }

    fn number(&mut self) -> u64 {
        let number = self.threads.len().max(1);
        self.threads.resize_with(number + 1, Thread::default);
        number as u64
    }

    fn note(&mut self, thread: ThreadId, event: Event) {
        if self.log.len() >= MAX_LOG {
            self.log.pop_front();
            self.forgotten += 1;
        }
        self.log.push_back((thread, event));
    }

    fn entry(&self, key: u64) -> Option<Entry> {
        self.messages.get(&key).map(|kept| kept.entry(key))
    }

    fn forget_links(&mut self, entry: &Entry) {
        for link in entry.links() {
            self.ids.remove(&halves(link));
        }
    }
}

impl Store for Memory {
    fn id(&self, octets: &[u8]) -> Id {
        let [upper, lower] = self.keys.each_ref().map(|key| key.hash_one(octets));
        Id(u128::from(upper) << 64 | u128::from(lower))
    }

    fn insert(&mut self, entries: &[Entry], most: usize) -> Result<Vec<Placed>, StoreError> {
        let place = |entry| {
            let placed = self.insert_one(entry, most);
            if let Placed::In { thread, began, merged } = &placed {
                self.note(*thread, if *began { Event::Created } else { Event::Updated });
                merged.iter().for_each(|(other, _)| self.note(*other, Event::Destroyed));
            }
            placed
        };
        Ok(entries.iter().map(place).collect())
    }

    fn entries(&mut self, keys: &[u64]) -> Result<Vec<Option<(Entry, ThreadId)>>, StoreError> {
        let entry = |key: &u64| {
            let kept = self.messages.get(key)?;
            let (entry, thread) = (kept.entry(*key), kept.thread);
            Some((entry, self.find(thread)))
        };
        Ok(keys.iter().map(entry).collect())
    }

    fn resolve(&mut self, threads: &[ThreadId]) -> Result<Vec<ThreadId>, StoreError> {
        Ok(threads.iter().map(|thread| self.find(thread.0)).collect())
    }

    fn members(&mut self, threads: &[ThreadId]) -> Result<Vec<Vec<Entry>>, StoreError> {
        let of = |thread: &ThreadId| {
            let members = self.thread(thread.0).map(|thread| thread.members.as_slice()).unwrap_or_default();
            members.iter().filter_map(|key| self.entry(*key)).collect()
        };
        Ok(threads.iter().map(of).collect())
    }

    fn threads(&mut self) -> Result<Vec<ThreadId>, StoreError> {
        let numbered = (0..).zip(&self.threads).filter(|(_, thread)| !thread.members.is_empty());
        Ok(numbered.map(|(number, _)| ThreadId(number)).collect())
    }

    fn open(&mut self, threads: &[ThreadId], links: &[Id]) -> Result<Vec<(Entry, ThreadId)>, StoreError> {
        let named = links.iter().filter_map(|link| self.ids.get(&halves(*link)).copied());
        let threads: Vec<u64> = named.chain(threads.iter().map(|thread| thread.0)).collect();
        let threads: HashSet<ThreadId> = threads.into_iter().map(|thread| self.find(thread)).collect();
        let threads: Vec<ThreadId> = threads.into_iter().collect();
        let members = self.members(&threads)?;
        let of = |(thread, members): (&ThreadId, Vec<Entry>)| {
            let thread = *thread;
            members.into_iter().map(move |entry| (entry, thread)).collect::<Vec<_>>()
        };
        Ok(threads.iter().zip(members).flat_map(of).collect())
    }

    fn close(&mut self) {}

    fn fresh(&mut self, count: usize) -> Result<Vec<u64>, StoreError> {
        Ok((0..count).map(|_| self.number()).collect())
    }

    fn apply(&mut self, plan: &Plan) -> Result<(), StoreError> {
        let parts = plan.parts.iter().flat_map(|(_, entries)| entries);
        for entry in parts.chain(&plan.removed) {
            if let Some(before) = self.entry(entry.key) {
                self.forget_links(&before);
            }
        }
        for entry in &plan.removed {
            self.messages.remove(&entry.key);
        }
        for (thread, alias) in &plan.gone {
            if let Some(thread) = self.thread_mut(thread.0) {
                *thread = Thread { alias: alias.map_or(0, |alias| alias.0), members: Vec::new() };
            }
        }
        for (thread, entries) in &plan.parts {
            for entry in entries {
                self.ids.extend(entry.links().map(|link| (halves(link), thread.0)));
                self.messages.insert(entry.key, Kept::of(entry, *thread));
            }
            if let Some(place) = self.thread_mut(thread.0) {
                *place = Thread { alias: 0, members: entries.iter().map(|entry| entry.key).collect() };
            }
        }
        for (id, op, stands) in &plan.walls {
            let walls = self.walls.entry(*id).or_default();
            walls.retain(|wall| wall != op);
            if *stands {
                walls.push(*op);
            }
            if walls.is_empty() {
                self.walls.remove(id);
            }
        }
        self.ops.extend(plan.op.clone());
        plan.events.iter().for_each(|(thread, event)| self.note(*thread, *event));
        Ok(())
    }

    fn op(&mut self, op: OpId) -> Result<Option<OpRecord>, StoreError> {
        Ok(self.ops.get(&op).cloned())
    }

    fn mark(&mut self, key: u64, set: Flags, clear: Flags) -> Result<Option<Flags>, StoreError> {
        let change = |kept: &mut Kept| {
            let after = kept.flags.without(clear).with(set);
            std::mem::replace(&mut kept.flags, after)
        };
        Ok(self.messages.get_mut(&key).map(change))
    }

    fn state(&mut self) -> Result<String, StoreError> {
        Ok((self.forgotten + self.log.len() as u64).to_string())
    }

    fn since(&mut self, state: &str, most: usize) -> Result<Option<Log>, StoreError> {
        let from = state.parse::<u64>().ok().and_then(|state| state.checked_sub(self.forgotten));
        let Some(from) =
            from.and_then(|from| usize::try_from(from).ok()).filter(|from| *from <= self.log.len())
        else {
            return Ok(None);
        };
        let events: Vec<_> = self.log.iter().skip(from).take(most).copied().collect();
        let to = from + events.len();
        let state = (self.forgotten + to as u64).to_string();
        Ok(Some(Log { events, state, more: to < self.log.len() }))
    }
}

fn halves(id: Id) -> (u64, u64) {
    let half = |half: u128| u64::try_from(half & u128::from(u64::MAX)).unwrap_or_default();
    (half(id.0 >> 64), half(id.0))
}

/// [`Id`]s are hashes by random keys.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, octets: &[u8]) {
        octets.iter().for_each(|octet| self.0 = self.0.rotate_left(8) ^ u64::from(*octet));
    }

    fn write_u64(&mut self, half: u64) {
        self.0 = self.0.rotate_left(32) ^ half;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
