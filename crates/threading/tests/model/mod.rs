//! A slow index that cannot be wrong, beside a real one. Used by the properties and by the fuzz target `thread_index`.

use std::collections::{BTreeMap, BTreeSet};

use mailwright_threading::index::store::Store;
use mailwright_threading::index::{Change, Flags, Index, Kind, OpId, Scope, ThreadId};
use mailwright_threading::{Header, IdMode, MessageIds};

/// The fields of one message: its own identifier and those that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mail {
    pub(crate) own: Option<u8>,
    pub(crate) refs: Vec<u8>,
    pub(crate) arrived: u8,
}

/// What is done to an index.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Insert(u64, Mail),
    Remove(u64),
    Split(u64),
    Join(u64, u64),
    Mute(u64, bool),
    Mark(u64, u32),
    /// The operation that was done so many operations ago.
    Undo(usize),
}

/// What was done and can be undone.
#[derive(Clone, Debug)]
enum Deed {
    Remove(u64, Mail, usize),
    Split,
    /// Of two lives: what comes later under the key of a removed message was not joined.
    Join(usize, usize),
    Mute,
}

pub(crate) struct Model<S> {
    pub(crate) index: Index<S>,
    mails: BTreeMap<u64, Mail>,
    /// Which of the messages that had a key it is.
    lives: BTreeMap<u64, usize>,
    inserted: usize,
    /// What a client knows that was told every change.
    threads: BTreeMap<u64, ThreadId>,
    deeds: Vec<(OpId, Deed, bool)>,
    first_state: String,
}

impl<S: Store> Model<S> {
    pub(crate) fn new(mut index: Index<S>) -> Self {
        let first_state = index.state().unwrap();
        Self {
            index,
            mails: BTreeMap::new(),
            lives: BTreeMap::new(),
            inserted: 0,
            threads: BTreeMap::new(),
            deeds: Vec::new(),
            first_state,
        }
    }

    /// Does a step and checks everything; then, where it can be undone, does that as well and does the step again, or not.
    pub(crate) fn step(&mut self, step: &Step, undo_at_once: bool) {
        let before = self.threads.clone();
        let marks = self.marks();
        let Some(op) = self.do_step(step) else { return self.check() };
        self.check();
        if undo_at_once && !matches!(step, Step::Undo(_)) {
            self.undo(op);
            self.check();
            assert_eq!(before, self.threads, "undone at once: {step:?}");
            assert_eq!(marks, self.marks(), "undone at once: {step:?}");
        }
    }

    fn do_step(&mut self, step: &Step) -> Option<OpId> {
        match step {
            Step::Insert(key, mail) => {
                let text = Text::of(mail);
                let done = self.index.insert(*key, &text.header(mail));
                match self.mails.get(key) {
                    Some(known) if text.ids(mail) == Text::of(known).ids(known) => {
                        assert!(done.unwrap().is_empty());
                    }
                    Some(_) => assert_eq!(done.unwrap_err().kind(), Kind::KeyInUse(*key)),
                    None => {
                        self.mails.insert(*key, mail.clone());
                        self.inserted += 1;
                        self.lives.insert(*key, self.inserted);
                        self.told(&done.unwrap(), Some(*key), None);
                    }
                }
                None
            }
            Step::Remove(key) => {
                let done = self.index.remove(*key);
                let Some(mail) = self.mails.remove(key) else { return missing(done, *key) };
                let change = done.unwrap();
                self.told(&change, None, Some(*key));
                let life = self.lives[key];
                self.did(&change, Deed::Remove(*key, mail, life))
            }
            Step::Split(key) => {
                let done = self.index.split(*key);
                if !self.mails.contains_key(key) {
                    return missing(done, *key);
                }
                let change = done.unwrap();
                self.told(&change, None, None);
                // what came off is one thread, and so is what stayed
                assert_eq!(change.op.is_some(), change.appeared.len() == 1);
                assert!(change.appeared.len() <= 1 && change.merged.is_empty() && change.vanished.is_empty());
                change.op?;
                self.did(&change, Deed::Split)
            }
            Step::Join(one, other) => {
                let done = self.index.join(*one, *other);
                for key in [one, other] {
                    if !self.mails.contains_key(key) {
                        return missing(done, *key);
                    }
                }
                let change = done.unwrap();
                self.told(&change, None, None);
                assert_eq!(self.threads[one], self.threads[other]);
                // with itself a message is together already
                assert_eq!(change.op.is_none(), one == other);
                change.op?;
                self.did(&change, Deed::Join(self.lives[one], self.lives[other]))
            }
            Step::Mute(key, whole) => {
                let done = self.index.mute(*key, if *whole { Scope::Thread } else { Scope::Replies });
                if !self.mails.contains_key(key) {
                    return missing(done, *key);
                }
                let muted = self.index.muted(self.threads[key]).unwrap();
                assert!(muted.contains(key));
                let all = self.threads.values().filter(|thread| **thread == self.threads[key]).count();
                assert!(!whole || muted.len() == all);
                self.did(&done.unwrap(), Deed::Mute)
            }
            Step::Mark(key, flags) => {
                let done = self.index.set_flags(*key, Flags(*flags), Flags(!*flags & 0xffff));
                if !self.mails.contains_key(key) {
                    return missing(done, *key);
                }
                assert!(done.unwrap().is_empty());
                None
            }
            Step::Undo(ago) => {
                let at = self.deeds.len().checked_sub(ago % self.deeds.len().max(1) + 1)?;
                let op = self.deeds[at].0;
                self.undo(op);
                None
            }
        }
    }

    fn did(&mut self, change: &Change, deed: Deed) -> Option<OpId> {
        self.deeds.push((change.op.unwrap(), deed, false));
        change.op
    }

    fn undo(&mut self, op: OpId) {
        let done = self.index.undo(op);
        let deed = self.deeds.iter_mut().find(|(known, ..)| *known == op).unwrap();
        if deed.2 {
            assert_eq!(done.unwrap_err().kind(), Kind::Undone(op));
            return;
        }
        let mut back = None;
        if let Deed::Remove(key, mail, life) = &deed.1 {
            if self.mails.contains_key(key) {
                assert_eq!(done.unwrap_err().kind(), Kind::KeyInUse(*key));
                return;
            }
            self.mails.insert(*key, mail.clone());
            self.lives.insert(*key, *life);
            back = Some(*key);
        } else if matches!(deed.1, Deed::Mute) && done.is_err() {
            return;
        }
        deed.2 = true;
        let change = done.unwrap();
        self.told(&change, back, None);
    }

    /// A client hears of a change: it must know all that there is afterwards.
    fn told(&mut self, change: &Change, new: Option<u64>, gone: Option<u64>) {
        let before: BTreeSet<ThreadId> = self.threads.values().copied().collect();
        let old = self.threads.clone();
        for moved in &change.moved {
            assert_eq!(self.threads.insert(moved.key, moved.to), Some(moved.from));
            assert_ne!(moved.from, moved.to);
        }
        if let Some(key) = new {
            assert_eq!(self.threads.insert(key, change.thread.unwrap()), None);
        }
        if let Some(key) = gone {
            assert_eq!(self.threads.remove(&key), change.thread);
        }
        let after: BTreeSet<ThreadId> = self.threads.values().copied().collect();
        let of = |threads: &BTreeMap<u64, ThreadId>, thread: ThreadId| {
            threads
                .iter()
                .filter(|(_, other)| **other == thread)
                .map(|(key, _)| *key)
                .collect::<BTreeSet<u64>>()
        };
        let both: Vec<_> = before.intersection(&after).copied().collect();
        let gained = |thread: &ThreadId| !of(&self.threads, *thread).is_subset(&of(&old, *thread));
        let lost = |thread: &ThreadId| !gained(thread) && of(&self.threads, *thread) != of(&old, *thread);
        assert_eq!(change.appeared, after.difference(&before).copied().collect::<Vec<_>>());
        assert_eq!(change.grew, both.iter().copied().filter(gained).collect::<Vec<_>>());
        assert_eq!(change.shrank, both.iter().copied().filter(lost).collect::<Vec<_>>());
        let mut ended: Vec<ThreadId> = change.merged.iter().map(|merged| merged.from).collect();
        ended.extend(&change.vanished);
        ended.sort_unstable();
        assert_eq!(ended, before.difference(&after).copied().collect::<Vec<_>>());
        for merged in &change.merged {
            assert!(merged.into < merged.from && after.contains(&merged.into));
            assert_eq!(self.index.resolve(merged.from).unwrap(), merged.into);
        }
    }

    /// Whether the index is what it should be.
    pub(crate) fn check(&mut self) {
        let keys: Vec<u64> = self.mails.keys().copied().collect();
        let found: BTreeMap<u64, ThreadId> = keys
            .iter()
            .zip(self.index.threads_of(&keys).unwrap())
            .filter_map(|(key, thread)| Some((*key, thread?)))
            .collect();
        assert_eq!(found, self.threads);
        let live: BTreeSet<ThreadId> = found.values().copied().collect();
        assert!(live.iter().copied().eq(self.index.threads().unwrap()));
        let mut parts = BTreeSet::new();
        for thread in &live {
            let members: BTreeSet<u64> =
                self.index.members(*thread).unwrap().iter().map(|entry| entry.key).collect();
            assert_eq!(self.index.resolve(*thread).unwrap(), *thread);
            let tree = self.index.tree(*thread).unwrap();
            assert_eq!(
                tree.forest.walk().filter(|visit| tree.forest.message(visit.node).is_some()).count(),
                members.len()
            );
            assert!(parts.insert(members));
        }
        let everything: BTreeSet<u64> = parts.iter().flatten().copied().collect();
        assert_eq!(parts.iter().map(BTreeSet::len).sum::<usize>(), keys.len());
        assert!(everything.into_iter().eq(keys));
        let split = self.deeds.iter().any(|(_, deed, undone)| matches!(deed, Deed::Split) && !undone);
        if !split {
            assert_eq!(parts, self.naive());
        }
        let changes = self.index.changes(&self.first_state, usize::MAX).unwrap();
        assert!(changes.updated.is_empty() && changes.destroyed.is_empty() && !changes.has_more_changes);
        let created: BTreeSet<String> = changes.created.into_iter().collect();
        assert_eq!(created, live.iter().map(ThreadId::to_string).collect());
    }

    /// The threads by the slowest way: sets that have something in common become one, until none have.
    fn naive(&self) -> BTreeSet<BTreeSet<u64>> {
        let mut sets: Vec<(BTreeSet<u64>, BTreeSet<Vec<u8>>)> = Vec::new();
        for (key, mail) in &self.mails {
            let (own, refs) = Text::of(mail).ids(mail);
            sets.push((BTreeSet::from([*key]), own.into_iter().chain(refs).collect()));
        }
        for (number, (_, deed, undone)) in self.deeds.iter().enumerate() {
            if let (Deed::Join(one, other), false) = (deed, undone) {
                for (keys, ids) in &mut sets {
                    let lives: Vec<usize> = keys.iter().map(|key| self.lives[key]).collect();
                    if lives.contains(one) || lives.contains(other) {
                        ids.insert(format!("join {number}").into_bytes());
                    }
                }
            }
        }
        let mut at = 0;
        while at < sets.len() {
            match (at + 1..sets.len()).find(|other| !sets[at].1.is_disjoint(&sets[*other].1)) {
                Some(other) => {
                    let (keys, ids) = sets.remove(other);
                    sets[at].0.extend(keys);
                    sets[at].1.extend(ids);
                    at = 0;
                }
                None => at += 1,
            }
        }
        sets.into_iter().map(|(keys, _)| keys).collect()
    }

    fn marks(&mut self) -> Vec<Flags> {
        let keys: Vec<u64> = self.mails.keys().copied().collect();
        keys.iter().filter_map(|key| self.index.message(*key).unwrap()).map(|entry| entry.flags).collect()
    }
}

fn missing<T>(done: Result<Change, mailwright_threading::index::Error>, key: u64) -> Option<T> {
    assert_eq!(done.unwrap_err().kind(), Kind::NoMessage(key));
    None
}

/// The values of the fields of a mail.
pub(crate) struct Text {
    message_id: String,
    references: String,
}

impl Text {
    pub(crate) fn of(mail: &Mail) -> Self {
        let id = |id: &u8| format!("<{id}@x>");
        Self {
            message_id: mail.own.iter().map(id).collect(),
            references: mail.refs.iter().map(id).collect::<Vec<_>>().join(" "),
        }
    }

    pub(crate) fn header(&self, mail: &Mail) -> Header<'_> {
        Header {
            message_id: self.message_id.as_bytes(),
            references: self.references.as_bytes(),
            arrived: mail.arrived.into(),
            ..Header::default()
        }
    }

    fn ids(&self, mail: &Mail) -> (Option<Vec<u8>>, Vec<Vec<u8>>) {
        let ids =
            MessageIds::of(&self.header(mail), IdMode::Repair, &mailwright_threading::Limits::default());
        (ids.own.map(|id| id.into_owned()), ids.references.into_iter().map(|id| id.into_owned()).collect())
    }
}
