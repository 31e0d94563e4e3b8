//! Messages come in: one pipeline a node in the common case.

use std::collections::{HashMap, HashSet};

use redis::{Cmd, Value};

use super::super::{Entry, Id, OpId, Placed, ThreadId, codec};
use super::link::Failure;
use super::lock::Busy;
use super::names::{Place, kind};
use super::scripts::{self, call, list, number, octets};
use super::walk::Root;
use super::{LOG_OF_SHARD, Redis};
use crate::index::change::Event;

/// Messages that go out in one pipeline.
const TOGETHER: usize = 512;

/// What the nodes answered about one message.
struct Met {
    /// What there was with its key.
    put: Put,
    /// For each link whether it is new, and where it leads.
    links: Vec<(Id, bool, Option<Place>)>,
    /// Whether the thread that its home leads to is known to be no alias.
    is_root: bool,
    walls: Vec<(Id, OpId)>,
    busy: Option<Busy>,
}

/// What is known while the messages of one pipeline are placed one after the other.
#[derive(Default)]
struct Part {
    /// The thread at the end of all ways of a message.
    ends: HashMap<u64, Option<ThreadId>>,
    /// Threads that became aliases meanwhile.
    aliases: HashMap<ThreadId, ThreadId>,
    /// Messages that come after the one at hand.
    later: HashSet<u64>,
}

impl Part {
    /// The thread that `thread` is by now.
    fn now(&self, mut thread: ThreadId) -> ThreadId {
        // an alias leads to a smaller one
        while let Some(into) = self.aliases.get(&thread).filter(|into| **into < thread) {
            thread = *into;
        }
        thread
    }
}

impl Met {
    /// Whether nothing is to be put right.
    fn is_plain(&self) -> bool {
        self.busy.is_none() && self.walls.is_empty() && matches!(self.put, Put::New)
    }

    /// Where the home leads, and whether it is new.
    fn at(&self, home: Id) -> Option<(Place, bool)> {
        self.links.iter().find(|(id, ..)| *id == home).and_then(|(_, new, at)| Some(((*at)?, *new)))
    }

    /// Where the home leads, and links that lead elsewhere.
    fn ways(&self, home: Id) -> Vec<Place> {
        let Some((at, _)) = self.at(home) else { return Vec::new() };
        let mut ways = vec![at];
        for (id, new, place) in &self.links {
            let Some(place) = *place else { continue };
            let same = *id == home || *new || place == Place::Link(home) || at == Place::Link(*id);
            if !same && !ways.contains(&place) {
                ways.push(place);
            }
        }
        ways
    }

    /// Whether all links lead to one thread that is no alias.
    fn is_done(&self, home: Id) -> bool {
        self.is_root && self.ways(home).len() == 1
    }
}

/// Threads that became aliases, and the messages that were in them.
type Merges = Vec<(ThreadId, Vec<u64>)>;

enum Put {
    New,
    Known(Vec<u8>),
    Full,
}

impl Redis {
    pub(super) fn insert_all(&mut self, entries: &[Entry], most: usize) -> Result<Vec<Placed>, Failure> {
        let mut placed = Vec::with_capacity(entries.len());
        for entries in entries.chunks(TOGETHER) {
            let commands: Vec<Vec<Cmd>> = entries.iter().map(|entry| self.meeting(entry, most)).collect();
            let answers = self.link.run(&commands.concat())?;
            let mut rest = answers.as_slice();
            let mut mets = Vec::with_capacity(entries.len());
            for (entry, commands) in entries.iter().zip(&commands) {
                let (answers, behind) = rest.split_at_checked(commands.len()).unwrap_or_default();
                rest = behind;
                mets.push(self.met(entry, answers));
            }
            let mut part = self.ahead(entries, &mets)?;
            for (entry, met) in entries.iter().zip(mets) {
                part.later.remove(&entry.key);
                placed.push(self.place(entry, met, most, &mut part)?);
            }
        }
        Ok(placed)
    }

    /// Follows the ways of all messages together, as far as one thread is at the end of all ways of a message.
    fn ahead(&mut self, entries: &[Entry], mets: &[Met]) -> Result<Part, Failure> {
        let mut places: Vec<(u64, Place)> = Vec::new();
        for (entry, met) in entries.iter().zip(mets) {
            if met.is_plain() && !met.is_done(entry.home()) {
                places.extend(met.ways(entry.home()).into_iter().map(|place| (entry.key, place)));
            }
        }
        let mut part = Part { later: entries.iter().map(|entry| entry.key).collect(), ..Part::default() };
        let roots = self.roots(&places.iter().map(|(_, place)| *place).collect::<Vec<Place>>())?;
        let mut several = HashSet::new();
        for ((key, _), root) in places.iter().zip(roots) {
            let thread = root.map(|root| root.thread);
            if *part.ends.entry(*key).or_insert(thread) != thread {
                several.insert(*key);
            }
        }
        part.ends.retain(|key, thread| thread.is_some() && !several.contains(key));
        Ok(part)
    }

    /// The commands that put a message in: its octets, and one script a shard for its links.
    fn meeting(&self, entry: &Entry, most: usize) -> Vec<Cmd> {
        let shard = self.names.of_number(entry.key);
        let key = entry.key.to_be_bytes();
        let share = most.div_ceil(usize::from(self.names.shards)).to_string();
        let mut commands = vec![call(
            &scripts::PUT,
            &self.names.keys(shard, &[kind::MESSAGES]),
            &[&key, &codec::entry_octets(entry), share.as_bytes()],
        )];
        let home = entry.home();
        let log = LOG_OF_SHARD.to_string();
        for (shard, links) in self.by_shard(entry) {
            let mut keys = self.names.keys(
                shard,
                &[
                    kind::NODES,
                    kind::LOCKS,
                    kind::WALLS,
                    kind::THREADS,
                    kind::ALIASES,
                    kind::LOG,
                    kind::CLOCK,
                    kind::TRIMMED,
                ],
            );
            let octets: Vec<[u8; 16]> = links.iter().map(|id| id.0.to_be_bytes()).collect();
            let others: Vec<[u8; 16]> = if links.contains(&home) {
                keys.push(self.names.set(home));
                entry.links().filter(|id| *id != home).map(|id| id.0.to_be_bytes()).collect()
            } else {
                Vec::new()
            };
            let (shard, count) = (shard.to_string(), links.len().to_string());
            let home = home.0.to_be_bytes();
            let mut arguments: Vec<&[u8]> =
                vec![shard.as_bytes(), &key, &home, log.as_bytes(), count.as_bytes()];
            arguments.extend(octets.iter().chain(&others).map(<[u8; 16]>::as_slice));
            commands.push(call(&scripts::MEET, &keys, &arguments));
        }
        commands
    }

    /// The links of a message, each once, by shard.
    fn by_shard(&self, entry: &Entry) -> Vec<(u16, Vec<Id>)> {
        let mut shards: Vec<(u16, Vec<Id>)> = Vec::new();
        for id in entry.links() {
            let shard = self.names.of_link(id);
            match shards.iter_mut().find(|(other, _)| *other == shard) {
                Some((_, links)) if links.contains(&id) => {}
                Some((_, links)) => links.push(id),
                None => shards.push((shard, vec![id])),
            }
        }
        shards
    }

    fn met(&self, entry: &Entry, answers: &[Value]) -> Met {
        let (put, answers) = answers.split_first().unwrap_or((&Value::Nil, &[]));
        let put = match list(put) {
            [word, known] if octets(word) == b"known" => Put::Known(octets(known).to_vec()),
            [word] if octets(word) == b"full" => Put::Full,
            _ => Put::New,
        };
        let mut met = Met { put, links: Vec::new(), is_root: false, walls: Vec::new(), busy: None };
        let home = entry.home();
        for ((shard, links), answer) in self.by_shard(entry).into_iter().zip(answers) {
            let Some((word, rest)) = list(answer).split_first() else { continue };
            match octets(word) {
                b"busy" => met.busy = Busy::read(rest),
                b"wall" => met.walls.extend(rest.chunks_exact(2).filter_map(wall)),
                _ => {
                    for (id, link) in links.into_iter().zip(rest) {
                        let [new, at, alias] = list(link) else { continue };
                        let at = Place::read(octets(at));
                        if id == home {
                            // other shards know whether their threads are aliases
                            let is_here = matches!(at, Some(Place::Thread(thread)) if self.names.of_thread(thread) == shard);
                            met.is_root = is_here && octets(alias).is_empty();
                        }
                        met.links.push((id, number(new) == 1, at));
                    }
                }
            }
        }
        met
    }

    fn place(
        &mut self,
        entry: &Entry,
        mut met: Met,
        most: usize,
        part: &mut Part,
    ) -> Result<Placed, Failure> {
        let was_put = matches!(met.put, Put::New);
        let mut patience = super::lock::Patience::new();
        while let Some(busy) = met.busy.take() {
            self.wait(&busy, &mut patience)?;
            let commands = self.meeting(entry, most);
            let answers = self.link.run(&commands)?;
            let again = self.met(entry, &answers);
            part.ends.remove(&entry.key);
            // the message itself is in since the first time
            met = Met { put: if was_put { Put::New } else { again.put }, ..again };
        }
        let home = entry.home();
        match &met.put {
            Put::Known(known) => {
                let known = codec::entry(known).ok_or("a message is damaged")?;
                if known.own != entry.own || known.refs != entry.refs {
                    self.mend(entry)?;
                    return Ok(Placed::KeyInUse);
                }
                if !known.cuts.is_empty() || !known.tokens.is_empty() {
                    // by hand it was put elsewhere than its identifiers lead
                    self.mend(entry)?;
                    let root = self.roots(&[Place::Link(known.home())])?.pop().flatten();
                    return Ok(Placed::Known(root.ok_or("a message has no thread")?.thread));
                }
            }
            Put::Full => {
                self.mend(entry)?;
                return Ok(Placed::Full);
            }
            Put::New if !met.walls.is_empty() => {
                self.take_out(entry)?;
                self.mend(entry)?;
                return Ok(Placed::Walled(met.walls));
            }
            Put::New => {}
        }
        let began = match met.at(home) {
            Some((Place::Thread(thread), true)) => Some(thread),
            _ => None,
        };
        let known = part.ends.get(&entry.key).copied().flatten();
        let (thread, mut merged) = match (met.at(home), known) {
            (Some((Place::Thread(thread), _)), _) if met.is_done(home) => (part.now(thread), Vec::new()),
            (_, Some(thread)) => (part.now(thread), Vec::new()),
            _ => self.unite(&met.ways(home))?,
        };
        part.aliases.extend(merged.iter().map(|(from, _)| (*from, thread)));
        if !was_put {
            return Ok(Placed::Known(thread));
        }
        // what began with this message and was united at once never was a thread
        let other = merged.iter().any(|(from, _)| Some(*from) == began);
        if other {
            self.note(Place::Link(home), Event::Updated)?;
        }
        merged.retain(|(from, _)| Some(*from) != began);
        merged
            .iter_mut()
            .for_each(|(_, moved)| moved.retain(|key| *key != entry.key && !part.later.contains(key)));
        Ok(Placed::In { thread, began: began.is_some() && !other, merged })
    }

    /// Makes one thread of all that these places lead to: the one given first, and what became of the others.
    fn unite(&mut self, places: &[Place]) -> Result<(ThreadId, Merges), Failure> {
        let mut merged = Vec::new();
        let mut patience = super::lock::Patience::new();
        loop {
            let mut roots: Vec<Root> = self.roots(places)?.into_iter().flatten().collect();
            roots.sort_unstable();
            roots.dedup();
            let (first, others) = roots.split_first().ok_or("a link leads nowhere")?;
            if others.is_empty() {
                return Ok((first.thread, merged));
            }
            for other in others {
                let moved = self.led_to(other.thread)?;
                if !self.make_alias(other, first, &mut patience)? {
                    break;
                }
                merged.push((other.thread, moved));
            }
        }
    }

    /// The messages whose home leads to a thread: of what hangs together with it, some may lead elsewhere as yet.
    fn led_to(&mut self, thread: ThreadId) -> Result<Vec<u64>, Failure> {
        let below = self.below(&[thread])?.pop().unwrap_or_default();
        let homes: Vec<Place> = below.iter().map(|entry| Place::Link(entry.home())).collect();
        let roots = self.roots(&homes)?;
        let there = |root: &Option<Root>| root.is_some_and(|root| root.thread == thread);
        Ok(below.iter().zip(&roots).filter(|(_, root)| there(root)).map(|(entry, _)| entry.key).collect())
    }

    /// Makes `other` an alias of `first`; false where that must be seen anew.
    fn make_alias(
        &mut self,
        other: &Root,
        first: &Root,
        patience: &mut super::lock::Patience,
    ) -> Result<bool, Failure> {
        let epoch = |root: &Root| if root.epoch == 0 { String::new() } else { root.epoch.to_string() };
        let Some(link) = first.first else { return Ok(false) };
        let mut keys =
            self.names.keys(self.names.of_thread(first.thread), &[kind::LOCKS, kind::ALIASES, kind::EPOCHS]);
        keys.push(self.names.set(link));
        let in_one_shard = self.names.of_link(link) == self.names.of_thread(first.thread);
        let (from, into) = (other.thread.0.to_be_bytes(), first.thread.0.to_be_bytes());
        if !in_one_shard {
            return Err("a thread and its first link are in different shards".into());
        }
        let adopt = call(&scripts::ADOPT, &keys, &[&into, epoch(first).as_bytes(), &from]);
        let keys = self.names.keys(
            self.names.of_thread(other.thread),
            &[kind::LOCKS, kind::ALIASES, kind::EPOCHS, kind::LOG, kind::TRIMMED],
        );
        let log = LOG_OF_SHARD.to_string();
        let alias = call(&scripts::ALIAS, &keys, &[&from, epoch(other).as_bytes(), &into, log.as_bytes()]);
        for command in [adopt, alias] {
            let answer = self.link.run(std::slice::from_ref(&command))?.pop().unwrap_or(Value::Nil);
            match list(&answer).split_first() {
                Some((word, _)) if octets(word) == b"done" => {}
                Some((word, rest)) if octets(word) == b"busy" => {
                    if let Some(busy) = Busy::read(rest) {
                        self.wait(&busy, patience)?;
                    }
                    return Ok(false);
                }
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Takes the octets of a message out that was put in a moment ago.
    fn take_out(&mut self, entry: &Entry) -> Result<(), Failure> {
        let keys = self.names.keys(self.names.of_number(entry.key), &[kind::MESSAGES]);
        let arguments: [&[u8]; 3] = [&entry.key.to_be_bytes(), &codec::entry_octets(entry), b""];
        self.link.run(&[call(&scripts::SWAP, &keys, &arguments)])?;
        Ok(())
    }
}

fn wall(pair: &[Value]) -> Option<(Id, OpId)> {
    let [id, ops] = pair else { return None };
    let id = octets(id).try_into().ok().map(|id| Id(u128::from_be_bytes(id)))?;
    // the split that was made last stands last
    let op = octets(ops).last_chunk()?;
    Some((id, OpId(u64::from_be_bytes(*op))))
}
