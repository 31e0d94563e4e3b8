//! Ways to threads, and what is at them.

use std::collections::{HashMap, HashSet};

use redis::{Cmd, Value};

use super::super::{Entry, Id, ThreadId, codec};
use super::Redis;
use super::link::Failure;
use super::names::{Place, kind, thread_of};
use super::scripts::{self, call, list, octets, on};

/// A message, and its octets as they are kept.
pub(super) type Message = (Entry, Vec<u8>);

/// A thread that is no alias.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Root {
    pub(super) thread: ThreadId,
    /// How often it was formed anew.
    pub(super) epoch: u64,
    /// Its first link; none of a thread that there is not.
    pub(super) first: Option<Id>,
}

/// Steps on the way to a thread: longer ones are of a store that others write badly.
const MAX_STEPS: usize = 10_000;

impl Redis {
    /// Where places lead to; `None` for a link that there is not. Shortens long ways.
    pub(super) fn roots(&mut self, places: &[Place]) -> Result<Vec<Option<Root>>, Failure> {
        let mut at: Vec<Option<Place>> = places.iter().copied().map(Some).collect();
        let mut roots: Vec<Option<Root>> = vec![None; places.len()];
        let mut ways: Vec<Vec<Place>> = vec![Vec::new(); places.len()];
        for _ in 0..MAX_STEPS {
            let open: Vec<(usize, Place)> =
                at.iter().enumerate().filter_map(|(number, place)| Some((number, (*place)?))).collect();
            if open.is_empty() {
                self.shorten(&ways, &roots)?;
                return Ok(roots);
            }
            let commands: Vec<Cmd> = open.iter().map(|(_, place)| self.ask(*place)).collect();
            for ((number, place), answer) in open.into_iter().zip(self.link.run(&commands)?) {
                let next = match place {
                    Place::Link(_) => Place::read(octets(&answer)),
                    Place::Thread(thread) => {
                        let (alias, root) = read_root(thread, &answer);
                        if let (None, Some(place)) = (alias, roots.get_mut(number)) {
                            *place = Some(root);
                        }
                        alias.map(Place::Thread)
                    }
                };
                if let (Some(at), Some(way)) = (at.get_mut(number), ways.get_mut(number)) {
                    *at = next;
                    way.push(place);
                }
            }
        }
        Err("the way to a thread does not end".into())
    }

    fn ask(&self, place: Place) -> Cmd {
        let shard = self.names.of_place(place);
        match place {
            Place::Link(id) => on("HGET", &self.names.key(shard, kind::NODES), &[&id.0.to_be_bytes()]),
            Place::Thread(thread) => call(
                &scripts::ROOT,
                &self.names.keys(shard, &[kind::ALIASES, kind::EPOCHS, kind::THREADS]),
                &[&thread.0.to_be_bytes()],
            ),
        }
    }

    /// Makes every place of a way lead straight to its end.
    fn shorten(&mut self, ways: &[Vec<Place>], roots: &[Option<Root>]) -> Result<(), Failure> {
        let mut commands = Vec::new();
        for (way, root) in ways.iter().zip(roots) {
            let Some(end) = root.map(|root| Place::Thread(root.thread)) else { continue };
            for (place, next) in way.iter().zip(way.iter().skip(1)).filter(|(_, next)| **next != end) {
                let shard = self.names.of_place(*place);
                let table = if matches!(place, Place::Link(_)) { kind::NODES } else { kind::ALIASES };
                let (field, before, after) = (place.octets(), next.octets(), end.octets());
                // an alias has no `t` before it
                let bare = usize::from(matches!(place, Place::Thread(_)));
                let name = field.get(1..).unwrap_or_default();
                let values = [before.get(bare..).unwrap_or_default(), after.get(bare..).unwrap_or_default()];
                let [before, after] = values;
                commands.push(call(
                    &scripts::SHORTEN,
                    &self.names.keys(shard, &[table, kind::LOCKS]),
                    &[name, &field, before, after],
                ));
            }
        }
        self.link.run(&commands)?;
        Ok(())
    }

    /// The messages of each thread; none for an alias.
    pub(super) fn below(&mut self, threads: &[ThreadId]) -> Result<Vec<Vec<Entry>>, Failure> {
        let mut keys: Vec<HashSet<u64>> = vec![HashSet::new(); threads.len()];
        let mut seen: HashSet<(usize, Place)> = HashSet::new();
        let mut open: Vec<(usize, Place)> =
            threads.iter().enumerate().map(|(number, thread)| (number, Place::Thread(*thread))).collect();
        let mut is_top = true;
        while !open.is_empty() {
            open.retain(|place| seen.insert(*place));
            let command = |(_, place): &(usize, Place)| match place {
                Place::Link(id) => on("SMEMBERS", &self.names.set(*id), &[]),
                Place::Thread(_) => self.ask(*place),
            };
            let commands: Vec<Cmd> = open.iter().map(command).collect();
            let mut next = Vec::new();
            for ((number, place), answer) in open.into_iter().zip(self.link.run(&commands)?) {
                match place {
                    Place::Thread(thread) => {
                        let (alias, root) = read_root(thread, &answer);
                        // what was to become an alias and has not yet is not a part of this one
                        let first = root.first.filter(|_| alias.is_none() == is_top);
                        next.extend(first.map(|first| (number, Place::Link(first))));
                    }
                    Place::Link(_) => {
                        for member in list(&answer).iter().map(octets) {
                            match message_of(member) {
                                Some(key) => _ = keys.get_mut(number).map(|keys| keys.insert(key)),
                                None => next.extend(Place::read(member).map(|place| (number, place))),
                            }
                        }
                    }
                }
            }
            is_top = false;
            open = next;
        }
        let all: HashSet<u64> = keys.iter().flatten().copied().collect();
        let all: Vec<u64> = all.into_iter().collect();
        let found = self.messages(&all)?;
        let found: HashMap<u64, Entry> =
            found.into_iter().flatten().map(|(entry, _)| (entry.key, entry)).collect();
        let of = |keys: HashSet<u64>| keys.iter().filter_map(|key| found.get(key).cloned()).collect();
        Ok(keys.into_iter().map(of).collect())
    }

    /// Messages by key, with their octets.
    pub(super) fn messages(&mut self, keys: &[u64]) -> Result<Vec<Option<Message>>, Failure> {
        let get = |key: &u64| {
            let table = self.names.key(self.names.of_number(*key), kind::MESSAGES);
            on("HGET", &table, &[&key.to_be_bytes()])
        };
        let commands: Vec<Cmd> = keys.iter().map(get).collect();
        let read = |answer: Value| match octets(&answer) {
            [] => Ok(None),
            octets => Ok(Some((codec::entry(octets).ok_or("a message is damaged")?, octets.to_vec()))),
        };
        self.link.run(&commands)?.into_iter().map(read).collect()
    }
}

/// The key in a member of a set: `m` and a message.
pub(super) fn message_of(member: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(member.strip_prefix(b"m")?.try_into().ok()?))
}

fn read_root(thread: ThreadId, answer: &Value) -> (Option<ThreadId>, Root) {
    let part = |at: usize| list(answer).get(at).map(octets).unwrap_or_default();
    let first = part(2).try_into().ok().map(|id| Id(u128::from_be_bytes(id)));
    let epoch = std::str::from_utf8(part(1)).ok().and_then(|epoch| epoch.parse().ok()).unwrap_or_default();
    (thread_of(part(0)), Root { thread, epoch, first })
}
