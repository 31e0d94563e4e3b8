//! Threads that are formed anew are locked meanwhile, and finished by others where a process died over it.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use redis::{Cmd, Value};

use super::super::{Entry, Id, ThreadId, codec};
use super::Redis;
use super::link::Failure;
use super::names::{Place, kind, thread_of};
use super::scripts::{self, call, list, octets, on};
use super::walk::message_of;
use crate::index::settle::Opened;

/// Seconds after which a lock is of a process that died.
const LEASE: &str = "10";

/// Names the holder of locks.
pub(super) type Token = [u8; 16];

/// A lock that somebody else holds.
pub(super) struct Busy {
    place: Place,
    holder: Token,
    is_stale: bool,
}

impl Busy {
    /// Reads the place, its lock and the time.
    pub(super) fn read(told: &[Value]) -> Option<Self> {
        let [place, lock, now] = told else { return None };
        let (holder, until) = octets(lock).split_first_chunk()?;
        let seconds = |octets: &[u8]| std::str::from_utf8(octets).ok()?.parse::<u64>().ok();
        let is_stale = seconds(until)? < seconds(octets(now))?;
        Some(Self { place: Place::read(octets(place))?, holder: *holder, is_stale })
    }
}

/// How long somebody waits for locks.
pub(super) struct Patience(u32);

impl Patience {
    pub(super) const fn new() -> Self {
        Self(0)
    }
}

/// Places that were locked, and where each leads.
type Led = Vec<(Place, Vec<Place>)>;

/// What is locked by this process.
#[derive(Default)]
pub(super) struct Session {
    pub(super) token: Token,
    /// Where each locked place leads.
    pub(super) at: HashMap<Place, Option<Place>>,
    pub(super) entries: HashMap<u64, Entry>,
}

impl Redis {
    /// Waits a little; or finishes what a process left that died.
    pub(super) fn wait(&mut self, busy: &Busy, patience: &mut Patience) -> Result<(), Failure> {
        if busy.is_stale {
            return self.finish(busy);
        }
        patience.0 += 1;
        // longer than a lease, so that what is left can be finished
        if patience.0 > 800 {
            return Err("others hold a thread for too long".into());
        }
        let some = RandomState::new().hash_one(patience.0) % 20;
        std::thread::sleep(Duration::from_millis(5 + some));
        Ok(())
    }

    /// Does again what the holder of a lock wrote down to do, or takes its lock away.
    fn finish(&mut self, busy: &Busy) -> Result<(), Failure> {
        let journal = self.names.key(self.shard_of_token(busy.holder), kind::JOURNAL);
        let found = self.link.run(&[on("HGET", &journal, &[&busy.holder])])?;
        let written = found.first().map(octets).unwrap_or_default();
        if !written.is_empty() {
            let commands = codec::lists(written).ok_or("a journal is damaged")?;
            let command = |parts: Vec<Vec<u8>>| {
                let mut parts = parts.into_iter();
                let mut command = redis::Cmd::new();
                parts.by_ref().for_each(|part| _ = command.arg(part));
                command
            };
            // in the order in which the holder does it
            for command in commands.into_iter().map(command) {
                self.link.run(&[command])?;
            }
        }
        let unlock = self.unlocking(busy.holder, &[busy.place]);
        self.link.run(&unlock)?;
        Ok(())
    }

    pub(super) fn shard_of_token(&self, token: Token) -> u16 {
        self.names.of_link(Id(u128::from_be_bytes(token)))
    }

    pub(super) fn unlocking(&self, token: Token, places: &[Place]) -> Vec<Cmd> {
        let unlock = |(shard, places): (u16, Vec<Place>)| {
            let fields: Vec<Vec<u8>> = places.iter().map(|place| place.octets()).collect();
            let arguments: Vec<&[u8]> =
                std::iter::once(token.as_slice()).chain(fields.iter().map(Vec::as_slice)).collect();
            call(&scripts::UNLOCK, &self.names.keys(shard, &[kind::LOCKS]), &arguments)
        };
        self.sharded(places).into_iter().map(unlock).collect()
    }

    fn sharded(&self, places: &[Place]) -> Vec<(u16, Vec<Place>)> {
        let mut shards: HashMap<u16, Vec<Place>> = HashMap::new();
        for place in places {
            shards.entry(self.names.of_place(*place)).or_default().push(*place);
        }
        shards.into_iter().collect()
    }

    /// Locks places of this session: where each leads. `None` where somebody else holds one.
    pub(super) fn lock(&mut self, token: Token, places: &[Place]) -> Result<Result<Led, Busy>, Failure> {
        let shards = self.sharded(places);
        let lock = |(shard, places): &(u16, Vec<Place>)| {
            let fields: Vec<Vec<u8>> = places.iter().map(|place| place.octets()).collect();
            let mut arguments: Vec<&[u8]> = vec![&token, LEASE.as_bytes()];
            arguments.extend(fields.iter().map(Vec::as_slice));
            let kinds = [kind::LOCKS, kind::NODES, kind::THREADS, kind::ALIASES];
            call(&scripts::LOCK, &self.names.keys(*shard, &kinds), &arguments)
        };
        let commands: Vec<Cmd> = shards.iter().map(lock).collect();
        let mut led = Vec::new();
        let mut held = None;
        for ((_, places), answer) in shards.into_iter().zip(self.link.run(&commands)?) {
            match list(&answer).split_first() {
                Some((word, rest)) if octets(word) == b"done" => {
                    for (place, told) in places.into_iter().zip(rest) {
                        let part = |at: usize| list(told).get(at).map(octets).unwrap_or_default();
                        let to = match place {
                            Place::Link(_) => Place::read(part(0)).into_iter().collect(),
                            Place::Thread(_) => {
                                let first = part(0)
                                    .try_into()
                                    .ok()
                                    .map(|id| Place::Link(Id(u128::from_be_bytes(id))));
                                let alias = thread_of(part(1)).map(Place::Thread);
                                // the alias first: it is where the thread leads
                                alias.into_iter().chain(first).collect()
                            }
                        };
                        led.push((place, to));
                    }
                }
                Some((_, rest)) => held = Busy::read(rest),
                None => return Err("a lock was not understood".into()),
            }
        }
        Ok(match held {
            Some(busy) => Err(busy),
            None => Ok(led),
        })
    }

    /// Locks all that hangs together with these places, and gives its messages.
    pub(super) fn open_all(&mut self, places: &[Place]) -> Result<Vec<(Entry, ThreadId)>, Failure> {
        let begins = self.session.is_none();
        let mut session = self
            .session
            .take()
            .unwrap_or_else(|| Session { token: super::super::hash::salt(), ..Session::default() });
        let mut patience = Patience::new();
        loop {
            let reached = match self.reach(&mut session, places.to_vec()) {
                Ok(reached) => reached,
                Err(failure) => {
                    self.session = Some(session);
                    self.close_all();
                    return Err(failure);
                }
            };
            match reached {
                None => break,
                Some(busy) => {
                    if begins {
                        // nobody waits for somebody who waits for him
                        self.release(&mut session)?;
                    }
                    self.wait(&busy, &mut patience)?;
                }
            }
        }
        let mut found = Vec::with_capacity(session.entries.len());
        for entry in session.entries.values() {
            if let Some(thread) = session.root(entry.home()) {
                found.push((entry.clone(), thread));
            }
        }
        self.session = Some(session);
        Ok(found)
    }

    /// Locks and follows everything; what it met that somebody else holds.
    fn reach(&mut self, session: &mut Session, places: Vec<Place>) -> Result<Option<Busy>, Failure> {
        let mut open = places;
        loop {
            let mut seen = HashSet::new();
            open.retain(|place| !session.at.contains_key(place) && seen.insert(*place));
            if open.is_empty() {
                return Ok(None);
            }
            let led = match self.lock(session.token, &open)? {
                Ok(led) => led,
                Err(busy) => {
                    let unlock = self.unlocking(session.token, &open);
                    self.link.run(&unlock)?;
                    return Ok(Some(busy));
                }
            };
            let mut next = Vec::new();
            for (place, to) in led {
                let leads = match place {
                    Place::Link(_) => to.first().copied(),
                    Place::Thread(_) => to.iter().copied().find(|to| matches!(to, Place::Thread(_))),
                };
                session.at.insert(place, leads);
                next.extend(to);
            }
            let links: Vec<Id> = open
                .iter()
                .filter_map(|place| if let Place::Link(id) = place { Some(*id) } else { None })
                .collect();
            let commands: Vec<Cmd> =
                links.iter().map(|id| on("SMEMBERS", &self.names.set(*id), &[])).collect();
            let mut keys = Vec::new();
            for answer in self.link.run(&commands)? {
                for member in list(&answer).iter().map(octets) {
                    match message_of(member) {
                        Some(key) => keys.push(key),
                        None => next.extend(Place::read(member)),
                    }
                }
            }
            keys.retain(|key| !session.entries.contains_key(key));
            for (entry, _) in self.messages(&keys)?.into_iter().flatten() {
                next.extend(entry.links().map(Place::Link));
                session.entries.insert(entry.key, entry);
            }
            open = next;
        }
    }

    fn release(&mut self, session: &mut Session) -> Result<(), Failure> {
        let places: Vec<Place> = session.at.keys().copied().collect();
        let unlock = self.unlocking(session.token, &places);
        session.at.clear();
        session.entries.clear();
        self.link.run(&unlock)?;
        Ok(())
    }

    /// Unlocks what is open. What cannot be unlocked now ends by its lease.
    pub(super) fn close_all(&mut self) {
        if let Some(mut session) = self.session.take() {
            let _ = self.release(&mut session);
        }
    }

    /// Forms the threads of a message anew that was refused when its links had met already.
    pub(super) fn mend(&mut self, entry: &Entry) -> Result<(), Failure> {
        let mut opened = Opened::default();
        for (entry, thread) in self.open_all(&entry.links().map(Place::Link).collect::<Vec<Place>>())? {
            opened.was.insert(entry.key, thread);
            opened.entries.insert(entry.key, entry);
        }
        let (plan, _) = opened.settle(|count| self.numbers(count))?;
        self.carry_out(&plan)
    }
}

impl Session {
    /// The thread that a link led to when it was locked.
    fn root(&self, link: Id) -> Option<ThreadId> {
        let mut at = Place::Link(link);
        // no way is longer than what is locked
        for _ in 0..=self.at.len() {
            match (at, self.at.get(&at)?) {
                (Place::Thread(thread), None) => return Some(thread),
                (_, Some(next)) => at = *next,
                (Place::Link(_), None) => return None,
            }
        }
        None
    }
}
