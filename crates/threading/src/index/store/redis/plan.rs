//! What becomes of locked threads: written down, then done.

use std::collections::{HashMap, HashSet};

use redis::Cmd;

use super::super::{Entry, Id, Plan, ThreadId, codec};
use super::link::Failure;
use super::lock::Session;
use super::names::{Place, kind};
use super::scripts::{self, call, on};
use super::{LOG_OF_SHARD, Redis};
use crate::index::change::Event;

/// For each link its thread, none where it is no more, and the members of its set.
type Ends = HashMap<Id, (Option<ThreadId>, HashSet<Vec<u8>>)>;

impl Redis {
    /// Does what a plan says: first it is written down, then done, so that somebody else can finish it.
    pub(super) fn carry_out(&mut self, plan: &Plan) -> Result<(), Failure> {
        let mut session = self.session.take().unwrap_or_default();
        if session.at.is_empty() {
            // something about a message that changes no thread
            let [commands, ..] = self.phases(&session, plan, &HashMap::new());
            self.link.run(&commands)?;
            return Ok(());
        }
        let ends = self.ends(&session, plan);
        let ready = self.prepare(&mut session, plan, &ends);
        let journal = self.names.key(self.shard_of_token(session.token), kind::JOURNAL);
        let phases = self.phases(&session, plan, &ends);
        let written: Vec<Vec<Vec<u8>>> = phases.concat().iter().map(parts_of).collect();
        let write = on("HSET", &journal, &[&session.token, &codec::lists_octets(&written)]);
        if let Err(failure) = ready.and_then(|()| self.link.run(&[write])) {
            self.session = Some(session);
            self.close_all();
            return Err(failure);
        }
        for phase in phases {
            self.link.run(&phase)?;
        }
        self.link.run(&[on("HDEL", &journal, &[&session.token])])?;
        Ok(())
    }

    /// Locks what the plan makes: links and threads that are nobody's yet, and aliases.
    fn prepare(&mut self, session: &mut Session, plan: &Plan, ends: &Ends) -> Result<(), Failure> {
        let parts = plan.parts.iter().map(|(thread, _)| *thread);
        let threads = parts.chain(plan.gone.iter().map(|(thread, _)| *thread)).map(Place::Thread);
        let new: HashSet<Place> = threads
            .chain(ends.keys().copied().map(Place::Link))
            .filter(|place| !session.at.contains_key(place))
            .collect();
        let new: Vec<Place> = new.into_iter().collect();
        if new.is_empty() {
            return Ok(());
        }
        let locked = self.lock(session.token, &new)?;
        session.at.extend(new.into_iter().map(|place| (place, None)));
        locked.map(|_| ()).map_err(|_| "somebody else holds a new link".into())
    }

    /// Every link that is locked or made, its thread, and all that is at it from now on.
    fn ends(&self, session: &Session, plan: &Plan) -> Ends {
        let mut ends = Ends::new();
        for place in session.at.keys() {
            if let Place::Link(id) = place {
                ends.entry(*id).or_default();
            }
        }
        for (thread, entries) in &plan.parts {
            let links: HashSet<Id> = entries.iter().flat_map(Entry::links).collect();
            let start = ends.entry(self.names.anchor(*thread)).or_default();
            start.0 = Some(*thread);
            start.1.extend(links.iter().map(|link| Place::Link(*link).octets()));
            for link in links {
                ends.entry(link).or_default().0 = Some(*thread);
            }
            for entry in entries {
                let member = [&b"m"[..], &entry.key.to_be_bytes()].concat();
                ends.entry(entry.home()).or_default().1.insert(member);
            }
        }
        ends
    }

    /// The commands of a plan, in an order in which whoever meets half of it is kept waiting by locks.
    fn phases(&self, session: &Session, plan: &Plan, ends: &Ends) -> [Vec<Cmd>; 3] {
        let names = &self.names;
        let token = session.token;
        let mut first = Vec::new();
        let table = |number: u64, kind: &str| names.key(names.of_number(number), kind);
        for entry in plan.parts.iter().flat_map(|(_, entries)| entries) {
            if session.entries.get(&entry.key) != Some(entry) {
                let values: [&[u8]; 2] = [&entry.key.to_be_bytes(), &codec::entry_octets(entry)];
                first.push(on("HSET", &table(entry.key, kind::MESSAGES), &values));
            }
        }
        for entry in &plan.removed {
            first.push(on("HDEL", &table(entry.key, kind::MESSAGES), &[&entry.key.to_be_bytes()]));
        }
        for (id, op, stands) in &plan.walls {
            let keys = names.keys(names.of_link(*id), &[kind::WALLS]);
            let stands: &[u8] = if *stands { b"1" } else { b"0" };
            first.push(call(&scripts::WALL, &keys, &[&id.0.to_be_bytes(), &op.0.to_be_bytes(), stands]));
        }
        if let Some((op, record)) = &plan.op {
            let values: [&[u8]; 2] = [&op.0.to_be_bytes(), &codec::op_octets(record)];
            first.push(on("HSET", &table(op.0, kind::OPS), &values));
        }
        let thread = |thread: ThreadId, link: &[u8], alias: &[u8]| {
            let kinds = [kind::LOCKS, kind::THREADS, kind::ALIASES, kind::EPOCHS];
            let keys = names.keys(names.of_thread(thread), &kinds);
            call(&scripts::THREAD, &keys, &[&token, &thread.0.to_be_bytes(), link, alias])
        };
        for (id, _) in &plan.parts {
            first.push(thread(*id, &names.anchor(*id).0.to_be_bytes(), b""));
        }
        for (id, alias) in &plan.gone {
            let alias = alias.map(|alias| alias.0.to_be_bytes());
            first.push(thread(*id, b"", alias.as_ref().map_or(b"", |alias| alias)));
        }
        // threads that began with a message that was refused
        let named = |id: &ThreadId| {
            plan.parts.iter().any(|(thread, _)| thread == id)
                || plan.gone.iter().any(|(thread, _)| thread == id)
        };
        let mut events = plan.events.clone();
        for (place, to) in &session.at {
            if let (Place::Thread(id), None) = (place, to)
                && !named(id)
            {
                first.push(thread(*id, b"", b""));
                events.push((*id, Event::Destroyed));
            }
        }
        let place = |(id, (thread, members)): (&Id, &(Option<ThreadId>, HashSet<Vec<u8>>))| {
            let mut keys = names.keys(names.of_link(*id), &[kind::LOCKS, kind::NODES]);
            keys.push(names.set(*id));
            let id = id.0.to_be_bytes();
            let to = thread.map(|thread| Place::Thread(thread).octets()).unwrap_or_default();
            let mut arguments: Vec<&[u8]> = vec![&token, &id, &to];
            arguments.extend(members.iter().map(Vec::as_slice));
            call(&scripts::PLACE, &keys, &arguments)
        };
        let second: Vec<Cmd> = ends.iter().map(place).collect();
        let mut third = Vec::new();
        let log = LOG_OF_SHARD.to_string();
        for (thread, event) in &events {
            let line = [&[letter(*event)][..], &Place::Thread(*thread).octets()].concat();
            let keys = names.keys(names.of_thread(*thread), &[kind::LOG, kind::TRIMMED]);
            third.push(call(&scripts::LOG, &keys, &[log.as_bytes(), &line]));
        }
        let places: Vec<Place> = session.at.keys().copied().collect();
        third.extend(self.unlocking(token, &places));
        [first, second, third]
    }
}

/// How the log writes an event.
pub(super) const fn letter(event: Event) -> u8 {
    match event {
        Event::Created => b'c',
        Event::Updated => b'u',
        Event::Destroyed => b'd',
    }
}

fn parts_of(command: &Cmd) -> Vec<Vec<u8>> {
    let part = |part: redis::Arg<&[u8]>| match part {
        redis::Arg::Simple(octets) => octets.to_vec(),
        _ => Vec::new(),
    };
    command.args_iter().map(part).collect()
}
