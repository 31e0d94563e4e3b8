//! What people do to threads: messages go, threads are split, joined and muted, and all of it is undone.

use std::collections::HashSet;

use super::entry::{Entry, Flags, Id, OpId, ThreadId, Token};
use super::settle::Opened;
use super::store::{Deed, OpRecord, Store};
use super::tree::Tree;
use super::{Change, Error, Index, Kind};

/// How much is muted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The thread of the message, and what joins it later.
    Thread,
    /// The message and what is under it, now and later.
    Replies,
}

impl<S: Store> Index<S> {
    /// Takes a message and what is under it in the tree out of its thread: the rest keeps the id. Later replies go where the
    /// messages they name are: of a message whose References lead to the part that came off, only the identifiers of that
    /// part count.
    ///
    /// Both parts stay together, whatever is removed later. Where there is no rest, nothing happens and
    /// [`Change::op`] is `None`.
    ///
    /// Takes time in proportion to the thread.
    ///
    /// # Errors
    ///
    /// [`Kind::Store`], [`Kind::NoMessage`].
    pub fn split(&mut self, key: u64) -> Result<Change, Error> {
        let (message, thread) = self.known(key)?;
        let done = self.try_split(&message, thread);
        self.or_close(done)
    }

    fn try_split(&mut self, message: &Entry, thread: ThreadId) -> Result<Change, Error> {
        let mut opened = Opened::default();
        self.open(&mut opened, &[thread], &[])?;
        let members: Vec<Entry> = opened.entries.values().cloned().collect();
        let mut off = Tree::of(&members).under(message.key);
        // messages with one identifier cannot be told apart by those that name it
        let own: HashSet<Id> =
            members.iter().filter(|entry| off.contains(&entry.key)).filter_map(|entry| entry.own).collect();
        off.extend(
            members
                .iter()
                .filter(|entry| entry.own.is_some_and(|id| own.contains(&id)))
                .map(|entry| entry.key),
        );
        if off.len() == members.len() || off.is_empty() {
            self.store.close();
            return Ok(Change { thread: Some(thread), ..Change::default() });
        }
        let op = OpId(self.number()?);
        let (part, rest): (Vec<&Entry>, Vec<&Entry>) =
            members.iter().partition(|entry| off.contains(&entry.key));
        let outside: HashSet<Id> = rest.iter().flat_map(|entry| entry.links()).collect();
        // what belongs to the part: its own identifiers, and those missing ones that nobody else knows
        let above: HashSet<Id> = message.named().collect();
        let mut inside: HashSet<Id> = part.iter().flat_map(|entry| entry.links()).collect();
        inside.retain(|id| own.contains(id) || !outside.contains(id) && !above.contains(id));
        let tokens =
            |entry: &Entry| entry.tokens.iter().map(|token| Id::of_token(*token)).collect::<HashSet<Id>>();
        for entry in opened.entries.values_mut() {
            let is_off = off.contains(&entry.key);
            let counts = |id: &Id| inside.contains(id) == is_off;
            let cut: Vec<(Id, OpId)> = entry.named().filter(|id| !counts(id)).map(|id| (id, op)).collect();
            // a join across the border is no more
            let across: HashSet<Id> =
                tokens(entry).into_iter().filter(|token| is_off && outside.contains(token)).collect();
            entry.cuts.extend(cut);
            entry.cuts.extend(across.into_iter().map(|token| (token, op)));
            entry.tokens.push(Token { op, side: u8::from(!is_off) });
        }
        let keys = |entries: &[&Entry]| entries.iter().map(|entry| entry.key).collect::<Vec<u64>>();
        let real: Vec<Id> = part
            .iter()
            .flat_map(|entry| entry.refs.iter().copied().chain(entry.own))
            .filter(|id| inside.contains(id))
            .collect::<HashSet<Id>>()
            .into_iter()
            .collect();
        let deed = Deed::Split(keys(&part), keys(&rest), real.clone());
        opened.walls = real.into_iter().map(|id| (id, op, true)).collect();
        opened.op = Some((op, OpRecord { deed, undone: false }));
        opened.leaving = off;
        self.settle(opened, message.key)
    }

    /// Puts two messages, and so their threads, together. They stay so, whatever is removed in between. With itself a message
    /// is together already: nothing happens and [`Change::op`] is `None`.
    ///
    /// # Errors
    ///
    /// [`Kind::Store`], [`Kind::NoMessage`].
    pub fn join(&mut self, one: u64, other: u64) -> Result<Change, Error> {
        let threads = [(one, self.known(one)?.1), (other, self.known(other)?.1)];
        if one == other {
            let [(_, thread), _] = threads;
            return Ok(Change { thread: Some(thread), ..Change::default() });
        }
        let done = self.try_join(threads);
        self.or_close(done)
    }

    fn try_join(&mut self, threads: [(u64, ThreadId); 2]) -> Result<Change, Error> {
        let mut opened = Opened::default();
        self.open(&mut opened, &threads.map(|(_, thread)| thread), &[])?;
        let op = OpId(self.number()?);
        for (key, _) in threads {
            let entry = opened.entries.get_mut(&key).ok_or_else(|| Error::new(Kind::NoMessage(key)))?;
            let token = Token { op, side: 0 };
            if !entry.tokens.contains(&token) {
                entry.tokens.push(token);
            }
        }
        opened.op = Some((op, OpRecord { deed: Deed::Join(threads), undone: false }));
        let [(one, _), _] = threads;
        self.settle(opened, one)
    }

    /// Mutes a thread or a part of it; the mark is the message's and goes where it goes ([`Index::muted`]).
    ///
    /// # Errors
    ///
    /// [`Kind::Store`], [`Kind::NoMessage`].
    pub fn mute(&mut self, key: u64, scope: Scope) -> Result<Change, Error> {
        let mark = match scope {
            Scope::Thread => Flags::MUTE_THREAD,
            Scope::Replies => Flags::MUTE_REPLIES,
        };
        let (before, thread) = self.known(key)?;
        let op = OpId(self.number()?);
        let record = OpRecord { deed: Deed::Mute(key, before.flags), undone: false };
        let opened = Opened { op: Some((op, record)), ..Opened::default() };
        self.settle(opened, key)?;
        self.store.mark(key, mark, Flags::default())?;
        Ok(Change { thread: Some(thread), op: Some(op), ..Change::default() })
    }

    /// Undoes a removal, a split, a join or a muting: which messages are together is as if it had not been done, and where
    /// nothing else happened since, the threads have the ids that they had.
    ///
    /// # Errors
    ///
    /// [`Kind::Store`], [`Kind::NoOp`], [`Kind::Undone`]; [`Kind::KeyInUse`] where another message has the key of a removed
    /// one, [`Kind::NoMessage`] where a muted one is gone.
    pub fn undo(&mut self, op: OpId) -> Result<Change, Error> {
        let record = self.store.op(op)?.ok_or_else(|| Error::new(Kind::NoOp(op)))?;
        if record.undone {
            return Err(Error::new(Kind::Undone(op)));
        }
        let undone = OpRecord { deed: record.deed.clone(), undone: true };
        let opened = Opened { op: Some((op, undone)), ..Opened::default() };
        let done = match record.deed {
            Deed::Remove(entry, thread) => self.undo_remove(opened, *entry, thread),
            Deed::Split(part, rest, walls) => self.undo_split(opened, op, &[part, rest].concat(), walls),
            Deed::Join(threads) => self.undo_join(opened, op, threads),
            Deed::Mute(key, before) => self.undo_mute(opened, key, before),
        };
        // what was done is done; there is nothing to undo
        Ok(Change { op: None, ..self.or_close(done)? })
    }

    pub(super) fn remove_message(&mut self, key: u64) -> Result<Change, Error> {
        let (_, thread) = self.known(key)?;
        let done = self.try_remove(key, thread);
        self.or_close(done)
    }

    fn try_remove(&mut self, key: u64, thread: ThreadId) -> Result<Change, Error> {
        let mut opened = Opened::default();
        self.open(&mut opened, &[thread], &[])?;
        let entry = opened.entries.remove(&key).ok_or_else(|| Error::new(Kind::NoMessage(key)))?;
        let deed = Deed::Remove(Box::new(entry.clone()), thread);
        opened.removed.push(entry);
        opened.op = Some((OpId(self.number()?), OpRecord { deed, undone: false }));
        let change = self.settle(opened, key)?;
        Ok(Change { thread: Some(thread), ..change })
    }

    fn undo_remove(
        &mut self,
        mut opened: Opened,
        mut entry: Entry,
        thread: ThreadId,
    ) -> Result<Change, Error> {
        let key = entry.key;
        if self.found(key)?.is_some() {
            return Err(Error::new(Kind::KeyInUse(key)));
        }
        // what was undone in the meantime holds nothing any more
        let mut ops: Vec<OpId> = entry.cuts.iter().map(|(_, op)| *op).collect();
        ops.extend(entry.tokens.iter().map(|token| token.op));
        ops.sort_unstable();
        ops.dedup();
        for op in ops {
            if self.store.op(op)?.is_none_or(|record| record.undone) {
                entry.cuts.retain(|(_, cut)| *cut != op);
                entry.tokens.retain(|token| token.op != op);
            }
        }
        let thread = self.resolve(thread)?;
        let links: Vec<Id> = entry.links().collect();
        self.open(&mut opened, &[thread], &links)?;
        opened.claims.insert(key, thread);
        opened.entries.insert(key, entry);
        self.settle(opened, key)
    }

    fn undo_split(
        &mut self,
        mut opened: Opened,
        op: OpId,
        keys: &[u64],
        walls: Vec<Id>,
    ) -> Result<Change, Error> {
        let threads: Vec<ThreadId> = self.threads_of(keys)?.into_iter().flatten().collect();
        let mut links = walls.clone();
        self.open(&mut opened, &threads, &links)?;
        // messages that came later may lead to further threads
        loop {
            let mut mended = Vec::new();
            for entry in opened.entries.values_mut() {
                let holds = entry.cuts.iter().any(|(_, cut)| *cut == op)
                    || entry.tokens.iter().any(|token| token.op == op);
                if holds {
                    entry.cuts.retain(|(_, cut)| *cut != op);
                    entry.tokens.retain(|token| token.op != op);
                    mended.extend(entry.links());
                }
            }
            if mended.is_empty() {
                break;
            }
            links = mended;
            self.open(&mut opened, &[], &links)?;
        }
        opened.walls = walls.into_iter().map(|id| (id, op, false)).collect();
        let key = keys.first().copied().unwrap_or_default();
        self.settle(opened, key)
    }

    fn undo_join(
        &mut self,
        mut opened: Opened,
        op: OpId,
        threads: [(u64, ThreadId); 2],
    ) -> Result<Change, Error> {
        let [(one, _), (other, _)] = threads;
        let live: Vec<ThreadId> = self.threads_of(&[one, other])?.into_iter().flatten().collect();
        self.open(&mut opened, &live, &[])?;
        for entry in opened.entries.values_mut() {
            entry.tokens.retain(|token| token.op != op);
            entry.cuts.retain(|(cut, _)| *cut != Id::of_token(Token { op, side: 0 }));
        }
        // only what is an alias of these threads can be their id again
        for (key, thread) in threads {
            if live.contains(&self.resolve(thread)?) {
                opened.wanted.push((key, thread));
            }
        }
        self.settle(opened, one)
    }

    fn undo_mute(&mut self, opened: Opened, key: u64, before: Flags) -> Result<Change, Error> {
        let (_, thread) = self.known(key)?;
        let mute = Flags::MUTE_THREAD.with(Flags::MUTE_REPLIES);
        self.settle(opened, key)?;
        self.store.mark(key, Flags(before.0 & mute.0), mute)?;
        Ok(Change { thread: Some(thread), ..Change::default() })
    }

    /// Puts in a message some of whose identifiers splits have walled off: those that do not lead to where it belongs are cut.
    pub(super) fn insert_walled(&mut self, mut entry: Entry, walls: &[(Id, OpId)]) -> Result<Change, Error> {
        let wall = |id: Id| walls.iter().find(|(walled, _)| *walled == id).map(|(_, op)| *op);
        let last = entry.refs.iter().rposition(|id| wall(*id).is_some());
        let part = entry.own.and_then(wall);
        let behind = if part.is_some() { None } else { last };
        let part = part.or_else(|| last.and_then(|last| entry.refs.get(last)).and_then(|id| wall(*id)));
        if let Some(op) = part {
            let stays =
                |(at, id): (usize, &Id)| behind.is_some_and(|behind| at >= behind) || wall(*id) == Some(op);
            let cut = entry.refs.iter().enumerate().filter(|named| !stays(*named));
            let cut: HashSet<Id> = cut.map(|(_, id)| *id).collect();
            // an identifier that also stands behind the wall counts
            let kept: HashSet<Id> =
                entry.refs.iter().enumerate().filter(|named| stays(*named)).map(|(_, id)| *id).collect();
            entry.cuts.extend(cut.difference(&kept).map(|id| (*id, op)));
        }
        let (key, links) = (entry.key, entry.links().collect::<Vec<Id>>());
        let mut opened = Opened::default();
        let done = self.open(&mut opened, &[], &links).and_then(|()| {
            opened.entries.insert(key, entry);
            self.settle(opened, key)
        });
        self.or_close(done)
    }

    fn number(&mut self) -> Result<u64, Error> {
        self.store.fresh(1)?.pop().ok_or_else(|| Error::new(Kind::Store))
    }
}
