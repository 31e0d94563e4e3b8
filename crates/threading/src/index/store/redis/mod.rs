//! Everything in Redis or Valkey, alone or as a cluster. The protocol stands in docs/src/SCALING.md.

mod insert;
mod link;
mod lock;
mod names;
mod plan;
mod scripts;
mod walk;

use redis::{Cmd, Value};

use super::hash::{self, Salt};
use super::{
    Entry, Event, Flags, Id, Log, MAX_LOG, OpId, OpRecord, Placed, Plan, Store, StoreError, ThreadId, codec,
};
use link::{Failure, Link, plain, without_secrets};
use lock::Session;
use names::{Key, Names, Place, kind, thread_of};
use scripts::{call, list, number, octets, on};

pub use names::{MAX_SHARDS, SHARDS};

/// Lines of the log that a shard keeps.
const LOG_OF_SHARD: usize = MAX_LOG / SHARDS as usize;

/// A store in Redis or Valkey (7.0 or later), for several machines: what several processes do at once is what one would
/// have done.
///
/// The id of a thread is the time at which it began, by the clock of the node that keeps its first identifier.
/// [`Limits::messages`](crate::Limits::messages) is kept by each shard for its share. An insert, removal, split, join or undo
/// that returned an error may be in part done; making the same insert again finishes it, and the others are finished by
/// whoever meets them next.
pub struct Redis {
    link: Link,
    names: Names,
    salt: Salt,
    name: String,
    session: Option<Session>,
    /// Where the next numbers are taken.
    turn: u16,
}

impl Redis {
    /// Opens an index at `redis://host:port`, or makes it, with keys that begin with `mailwright`. Where the server is part
    /// of a cluster, several addresses with commas between them let some be down.
    ///
    /// # Errors
    ///
    /// When no server answers.
    pub fn open(urls: &str) -> Result<Self, StoreError> {
        Self::with(urls, "mailwright", SHARDS)
    }

    /// The same with keys that begin with `prefix`: another index for each. `shards`, at most [`MAX_SHARDS`], says into how
    /// many slots the index is spread; an index that there is keeps its number.
    ///
    /// # Errors
    ///
    /// When no server answers.
    pub fn with(urls: &str, prefix: &str, shards: u16) -> Result<Self, StoreError> {
        let name = format!("redis {}", without_secrets(urls));
        let made = || -> Result<(Link, Names, Salt), Failure> {
            let mut link = Link::open(&urls.split(',').collect::<Vec<&str>>())?;
            let mut names = Names { prefix: prefix.to_owned(), shards: shards.clamp(1, MAX_SHARDS) };
            let about = names.key(0, kind::ABOUT);
            let wanted = names.shards.to_string();
            let answers = link.run(&[
                on("HSETNX", &about, &[b"salt", &hash::salt()]),
                on("HSETNX", &about, &[b"shards", wanted.as_bytes()]),
                on("HMGET", &about, &[b"salt", b"shards"]),
            ])?;
            let known = answers.last().map(list).unwrap_or_default();
            let salt = known.first().map(octets).and_then(|salt| salt.try_into().ok());
            names.shards =
                known.get(1).map(number).and_then(|shards| u16::try_from(shards).ok()).unwrap_or_default();
            if names.shards == 0 || names.shards > MAX_SHARDS {
                return Err("its number of shards is damaged".into());
            }
            Ok((link, names, salt.ok_or("its salt is damaged")?))
        };
        match made() {
            Ok((link, names, salt)) => {
                let turn = names.of_link(hash::id(hash::salt(), b""));
                Ok(Self { link, names, salt, name, session: None, turn })
            }
            Err(failure) => Err(StoreError::new(name, plain(failure))),
        }
    }

    /// How often commands went out; each time at most one pipeline a node.
    #[must_use]
    pub const fn round_trips(&self) -> u64 {
        self.link.trips
    }

    fn named<T>(&self, done: Result<T, Failure>) -> Result<T, StoreError> {
        done.map_err(|failure| StoreError::new(&self.name, plain(failure)))
    }

    fn numbers(&mut self, count: usize) -> Result<Vec<u64>, Failure> {
        self.turn = (self.turn + 1) % self.names.shards;
        let keys = self.names.keys(self.turn, &[kind::CLOCK]);
        let (shard, count) = (self.turn.to_string(), count.to_string());
        let answers =
            self.link.run(&[call(&scripts::FRESH, &keys, &[shard.as_bytes(), count.as_bytes()])])?;
        let given = answers.first().map(list).unwrap_or_default();
        Ok(given.iter().filter_map(|number| thread_of(octets(number))).map(|thread| thread.0).collect())
    }

    fn note(&mut self, place: Place, event: Event) -> Result<(), Failure> {
        let keys = self.names.keys(self.names.of_place(place), &[kind::LOG, kind::TRIMMED]);
        let line = [&[plan::letter(event)][..], &place.octets()].concat();
        self.link.run(&[call(&scripts::LOG, &keys, &[LOG_OF_SHARD.to_string().as_bytes(), &line])])?;
        Ok(())
    }

    /// A command for each shard, on its own of these kinds of things: the answers, by shard.
    fn of_shards(&mut self, commands: &[(&str, &str, &[&[u8]])]) -> Result<Vec<Vec<Value>>, Failure> {
        let of = |shard: u16| {
            let names = &self.names;
            commands.iter().map(move |(name, kind, arguments)| on(name, &names.key(shard, kind), arguments))
        };
        let all: Vec<Cmd> = self.names.all().flat_map(of).collect();
        let mut answers = self.link.run(&all)?.into_iter();
        Ok(self.names.all().map(|_| answers.by_ref().take(commands.len()).collect()).collect())
    }

    /// How many lines the log of each shard ever had, and lost.
    fn lines(&mut self) -> Result<Vec<(u64, u64)>, Failure> {
        let answers = self.of_shards(&[("LLEN", kind::LOG, &[]), ("GET", kind::TRIMMED, &[])])?;
        let lines = |answers: Vec<Value>| {
            let at = |at: usize| answers.get(at).map(number).unwrap_or_default();
            (at(0) + at(1), at(1))
        };
        Ok(answers.into_iter().map(lines).collect())
    }

    fn log_since(&mut self, from: &[u64], most: usize) -> Result<Option<Log>, Failure> {
        let lines = self.lines()?;
        let known = |(from, (all, lost)): (&u64, &(u64, u64))| from <= all && from >= lost;
        if from.len() != lines.len() || !from.iter().zip(&lines).all(known) {
            return Ok(None);
        }
        let mut left = most;
        let mut to = Vec::with_capacity(from.len());
        let mut commands = Vec::new();
        for ((shard, from), (all, lost)) in self.names.all().zip(from).zip(&lines) {
            let take = usize::try_from(all - from).unwrap_or(usize::MAX).min(left);
            left -= take;
            to.push(from + take as u64);
            if take > 0 {
                let (first, last) = ((from - lost).to_string(), (from - lost + take as u64 - 1).to_string());
                let log = self.names.key(shard, kind::LOG);
                commands.push(on("LRANGE", &log, &[first.as_bytes(), last.as_bytes()]));
            }
        }
        let answers = self.link.run(&commands)?;
        let read = |line: &Value| match octets(line).split_first() {
            Some((b'c', place)) => Place::read(place).map(|place| (place, Event::Created)),
            Some((b'd', place)) => Place::read(place).map(|place| (place, Event::Destroyed)),
            Some((_, place)) => Place::read(place).map(|place| (place, Event::Updated)),
            None => None,
        };
        let lines_of: Vec<(Place, Event)> = answers.iter().flat_map(list).filter_map(read).collect();
        let links: Vec<Place> = lines_of
            .iter()
            .map(|(place, _)| *place)
            .filter(|place| matches!(place, Place::Link(_)))
            .collect();
        let mut roots = self.roots(&links)?.into_iter();
        let mut events = Vec::with_capacity(lines_of.len());
        for (place, event) in lines_of {
            match place {
                Place::Thread(thread) => events.push((thread, event)),
                Place::Link(_) => events.extend(roots.next().flatten().map(|root| (root.thread, event))),
            }
        }
        let more = to.iter().zip(&lines).any(|(to, (all, _))| to < all);
        Ok(Some(Log { events, state: state_of(&to), more }))
    }

    fn mark_message(&mut self, key: u64, set: Flags, clear: Flags) -> Result<Option<Flags>, Failure> {
        loop {
            let Some((mut entry, before)) = self.messages(&[key])?.pop().flatten() else { return Ok(None) };
            let flags = entry.flags;
            entry.flags = flags.without(clear).with(set);
            let keys = self.names.keys(self.names.of_number(key), &[kind::MESSAGES]);
            let values: [&[u8]; 3] = [&key.to_be_bytes(), &before, &codec::entry_octets(&entry)];
            let answers = self.link.run(&[call(&scripts::SWAP, &keys, &values)])?;
            if answers.first().map(number) == Some(1) {
                return Ok(Some(flags));
            }
        }
    }
}

impl Store for Redis {
    fn id(&self, octets: &[u8]) -> Id {
        hash::id(self.salt, octets)
    }

    fn insert(&mut self, entries: &[Entry], most: usize) -> Result<Vec<Placed>, StoreError> {
        let done = self.insert_all(entries, most);
        self.named(done)
    }

    fn entries(&mut self, keys: &[u64]) -> Result<Vec<Option<(Entry, ThreadId)>>, StoreError> {
        let found = self.messages(keys).and_then(|found| {
            let homes: Vec<Place> =
                found.iter().flatten().map(|(entry, _)| Place::Link(entry.home())).collect();
            let mut roots = self.roots(&homes)?.into_iter();
            let mut with = |(entry, _): (Entry, Vec<u8>)| Some((entry, roots.next().flatten()?.thread));
            Ok(found.into_iter().map(|found| found.and_then(&mut with)).collect())
        });
        self.named(found)
    }

    fn resolve(&mut self, threads: &[ThreadId]) -> Result<Vec<ThreadId>, StoreError> {
        let places: Vec<Place> = threads.iter().copied().map(Place::Thread).collect();
        let roots = self.roots(&places);
        let roots = self.named(roots)?;
        Ok(threads.iter().zip(roots).map(|(thread, root)| root.map_or(*thread, |root| root.thread)).collect())
    }

    fn members(&mut self, threads: &[ThreadId]) -> Result<Vec<Vec<Entry>>, StoreError> {
        let found = self.below(threads);
        self.named(found)
    }

    fn threads(&mut self) -> Result<Vec<ThreadId>, StoreError> {
        let answers = self.of_shards(&[("HKEYS", kind::THREADS, &[]), ("HKEYS", kind::ALIASES, &[])]);
        let mut found = Vec::new();
        for answers in self.named(answers)? {
            let read = |at: usize| {
                answers.get(at).map(list).unwrap_or_default().iter().map(octets).filter_map(thread_of)
            };
            let aliases: std::collections::HashSet<ThreadId> = read(1).collect();
            found.extend(read(0).filter(|thread| !aliases.contains(thread)));
        }
        found.sort_unstable();
        Ok(found)
    }

    fn open(&mut self, threads: &[ThreadId], links: &[Id]) -> Result<Vec<(Entry, ThreadId)>, StoreError> {
        let places = threads.iter().copied().map(Place::Thread).chain(links.iter().copied().map(Place::Link));
        let opened = self.open_all(&places.collect::<Vec<Place>>());
        self.named(opened)
    }

    fn close(&mut self) {
        self.close_all();
    }

    fn fresh(&mut self, count: usize) -> Result<Vec<u64>, StoreError> {
        let given = self.numbers(count);
        self.named(given)
    }

    fn apply(&mut self, plan: &Plan) -> Result<(), StoreError> {
        let done = self.carry_out(plan);
        self.named(done)
    }

    fn op(&mut self, op: OpId) -> Result<Option<OpRecord>, StoreError> {
        let table: Key = self.names.key(self.names.of_number(op.0), kind::OPS);
        let found = self.link.run(&[on("HGET", &table, &[&op.0.to_be_bytes()])]);
        let found = self.named(found)?;
        match found.first().map(octets).unwrap_or_default() {
            [] => Ok(None),
            octets => self.named(codec::op(octets).map(Some).ok_or_else(|| "an operation is damaged".into())),
        }
    }

    fn mark(&mut self, key: u64, set: Flags, clear: Flags) -> Result<Option<Flags>, StoreError> {
        let done = self.mark_message(key, set, clear);
        self.named(done)
    }

    fn state(&mut self) -> Result<String, StoreError> {
        let lines = self.lines();
        let lines: Vec<u64> = self.named(lines)?.into_iter().map(|(all, _)| all).collect();
        Ok(state_of(&lines))
    }

    fn since(&mut self, state: &str, most: usize) -> Result<Option<Log>, StoreError> {
        let Ok(from) = state.split('.').map(str::parse).collect::<Result<Vec<u64>, _>>() else {
            return Ok(None);
        };
        let log = self.log_since(&from, most);
        self.named(log)
    }
}

fn state_of(lines: &[u64]) -> String {
    lines.iter().map(u64::to_string).collect::<Vec<String>>().join(".")
}
