//! Everything in one file, by `redb`.

use std::collections::BTreeSet;
use std::path::Path;

use redb::{Database, ReadTransaction, ReadableDatabase, ReadableTable, ReadableTableMetadata};
use redb::{Table, TableDefinition, WriteTransaction};

use super::hash::{self, Salt};
use super::{Event, Log, MAX_LOG, OpRecord, Placed, Plan, Store, StoreError, codec, walls};
use crate::index::{Entry, Flags, Id, OpId, ThreadId};

/// The number given last, and the first and the next line of the log.
const NUMBERS: TableDefinition<'_, &str, u64> = TableDefinition::new("numbers");
const SALT: TableDefinition<'_, (), u128> = TableDefinition::new("salt");
/// The thread of each link, perhaps an alias.
const LINKS: TableDefinition<'_, u128, u64> = TableDefinition::new("links");
const ALIASES: TableDefinition<'_, u64, u64> = TableDefinition::new("aliases");
/// Thread and message.
const MEMBERS: TableDefinition<'_, (u64, u64), ()> = TableDefinition::new("members");
/// The thread that each message was put in, perhaps an alias, and the message.
const MESSAGES: TableDefinition<'_, u64, (u64, &[u8])> = TableDefinition::new("messages");
/// Identifier and split.
const WALLS: TableDefinition<'_, (u128, u64), ()> = TableDefinition::new("walls");
const OPS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("ops");
const LOG: TableDefinition<'_, u64, (u64, u8)> = TableDefinition::new("log");

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A store in one file. What was answered is on the disk: a crash at any point loses none of it.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("threads.redb");
/// use mailwright_threading::{Header, index::{Index, store::Redb}};
///
/// let mut index = Index::new(Redb::open(&path)?);
/// let thread = index.insert(1, &Header { message_id: b"<1@a.example>", ..Header::default() })?.thread;
/// drop(index);
/// assert_eq!(Index::new(Redb::open(&path)?).thread_of(1)?, thread);
/// # Ok(())
/// # }
/// ```
pub struct Redb {
    database: Database,
    name: String,
    salt: Salt,
    /// While something is open nobody else writes.
    open: Option<WriteTransaction>,
}

impl Redb {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written, is none of `redb`, or is open elsewhere.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let name = format!("redb {}", path.as_ref().display());
        let made = || -> Result<(Database, Salt), Failure> {
            let database = Database::create(path.as_ref())?;
            let write = database.begin_write()?;
            Tables::open(&write)?;
            let known = write.open_table(SALT)?.get(())?.map(|salt| salt.value().to_be_bytes());
            let salt = known.unwrap_or_else(hash::salt);
            write.open_table(SALT)?.insert((), u128::from_be_bytes(salt))?;
            write.commit()?;
            Ok((database, salt))
        };
        match made() {
            Ok((database, salt)) => Ok(Self { database, name, salt, open: None }),
            Err(failure) => Err(StoreError::new(name, failure)),
        }
    }

    fn named<T>(&self, done: Result<T, Failure>) -> Result<T, StoreError> {
        done.map_err(|failure| StoreError::new(&self.name, failure))
    }

    fn read<T>(&self, read: impl FnOnce(&ReadTransaction) -> Result<T, Failure>) -> Result<T, StoreError> {
        self.named(self.database.begin_read().map_err(Failure::from).and_then(|database| read(&database)))
    }

    /// Does all of `write`, or nothing.
    fn write<T>(
        &mut self,
        write: impl FnOnce(&mut Tables<'_>) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        let open = self.open.take();
        let done = || -> Result<T, Failure> {
            let transaction = match open {
                Some(open) => open,
                None => self.database.begin_write()?,
            };
            let done = write(&mut Tables::open(&transaction)?)?;
            transaction.commit()?;
            Ok(done)
        };
        let done = done();
        self.named(done)
    }
}

impl Store for Redb {
    fn id(&self, octets: &[u8]) -> Id {
        hash::id(self.salt, octets)
    }

    fn insert(&mut self, entries: &[Entry], most: usize) -> Result<Vec<Placed>, StoreError> {
        self.write(|tables| entries.iter().map(|entry| tables.insert(entry, most)).collect())
    }

    fn entries(&mut self, keys: &[u64]) -> Result<Vec<Option<(Entry, ThreadId)>>, StoreError> {
        self.read(|read| {
            let (messages, aliases) = (read.open_table(MESSAGES)?, read.open_table(ALIASES)?);
            let entry = |key: &u64| match message(&messages, *key)? {
                Some((thread, entry)) => Ok(Some((entry, find(&aliases, thread)?))),
                None => Ok(None),
            };
            keys.iter().map(entry).collect()
        })
    }

    fn resolve(&mut self, threads: &[ThreadId]) -> Result<Vec<ThreadId>, StoreError> {
        self.read(|read| {
            let aliases = read.open_table(ALIASES)?;
            threads.iter().map(|thread| find(&aliases, thread.0)).collect()
        })
    }

    fn members(&mut self, threads: &[ThreadId]) -> Result<Vec<Vec<Entry>>, StoreError> {
        self.read(|read| {
            let (members, messages) = (read.open_table(MEMBERS)?, read.open_table(MESSAGES)?);
            threads.iter().map(|thread| entries_of(&members, &messages, *thread)).collect()
        })
    }

    fn threads(&mut self) -> Result<Vec<ThreadId>, StoreError> {
        self.read(|read| {
            let members = read.open_table(MEMBERS)?;
            let mut threads = Vec::new();
            let mut from = 0;
            while let Some(next) = members.range((from, 0)..)?.next() {
                let (thread, _) = next?.0.value();
                threads.push(ThreadId(thread));
                let Some(behind) = thread.checked_add(1) else { break };
                from = behind;
            }
            Ok(threads)
        })
    }

    fn open(&mut self, threads: &[ThreadId], links: &[Id]) -> Result<Vec<(Entry, ThreadId)>, StoreError> {
        let mut opened = || -> Result<_, Failure> {
            let write = match self.open.take() {
                Some(open) => open,
                None => self.database.begin_write()?,
            };
            let mut found = Vec::new();
            {
                let tables = Tables::open(&write)?;
                let mut open = BTreeSet::new();
                for thread in threads {
                    open.insert(find(&tables.aliases, thread.0)?);
                }
                for link in links {
                    if let Some(thread) = tables.links.get(link.0)? {
                        open.insert(find(&tables.aliases, thread.value())?);
                    }
                }
                for thread in open {
                    let members = entries_of(&tables.members, &tables.messages, thread)?;
                    found.extend(members.into_iter().map(|entry| (entry, thread)));
                }
            }
            Ok((write, found))
        };
        let opened = opened();
        let (write, found) = self.named(opened)?;
        self.open = Some(write);
        Ok(found)
    }

    fn close(&mut self) {
        self.open = None;
    }

    fn fresh(&mut self, count: usize) -> Result<Vec<u64>, StoreError> {
        // a number that is given stays given, also when what it was for is not done
        let Some(open) = self.open.take() else {
            return self.write(|tables| (0..count).map(|_| tables.number("last")).collect());
        };
        let given = || -> Result<Vec<u64>, Failure> {
            let mut tables = Tables::open(&open)?;
            (0..count).map(|_| tables.number("last")).collect()
        };
        let given = given();
        self.open = Some(open);
        self.named(given)
    }

    fn apply(&mut self, plan: &Plan) -> Result<(), StoreError> {
        self.write(|tables| tables.apply(plan))
    }

    fn op(&mut self, op: OpId) -> Result<Option<OpRecord>, StoreError> {
        self.read(|read| match read.open_table(OPS)?.get(op.0)? {
            Some(octets) => Ok(Some(codec::op(octets.value()).ok_or("an operation is damaged")?)),
            None => Ok(None),
        })
    }

    fn mark(&mut self, key: u64, set: Flags, clear: Flags) -> Result<Option<Flags>, StoreError> {
        self.write(|tables| {
            let Some((thread, mut entry)) = message(&tables.messages, key)? else { return Ok(None) };
            let before = entry.flags;
            entry.flags = before.without(clear).with(set);
            tables.messages.insert(key, (thread, codec::entry_octets(&entry).as_slice()))?;
            Ok(Some(before))
        })
    }

    fn state(&mut self) -> Result<String, StoreError> {
        self.read(|read| Ok(number(&read.open_table(NUMBERS)?, "line")?.to_string()))
    }

    fn since(&mut self, state: &str, most: usize) -> Result<Option<Log>, StoreError> {
        let Ok(from) = state.parse::<u64>() else { return Ok(None) };
        self.read(|read| {
            let end = number(&read.open_table(NUMBERS)?, "line")?;
            let log = read.open_table(LOG)?;
            let first = log.first()?.map_or(end, |(line, _)| line.value() - 1);
            if from < first || from > end {
                return Ok(None);
            }
            let mut events = Vec::new();
            for line in log.range(from + 1..)?.take(most) {
                let (thread, event) = line?.1.value();
                events.push((ThreadId(thread), event_of(event)));
            }
            let to = from + events.len() as u64;
            Ok(Some(Log { events, state: to.to_string(), more: to < end }))
        })
    }
}

/// All tables of a transaction.
struct Tables<'t> {
    numbers: Table<'t, &'static str, u64>,
    links: Table<'t, u128, u64>,
    aliases: Table<'t, u64, u64>,
    members: Table<'t, (u64, u64), ()>,
    messages: Table<'t, u64, (u64, &'static [u8])>,
    walls: Table<'t, (u128, u64), ()>,
    ops: Table<'t, u64, &'static [u8]>,
    log: Table<'t, u64, (u64, u8)>,
}

impl<'t> Tables<'t> {
    fn open(write: &'t WriteTransaction) -> Result<Self, Failure> {
        Ok(Self {
            numbers: write.open_table(NUMBERS)?,
            links: write.open_table(LINKS)?,
            aliases: write.open_table(ALIASES)?,
            members: write.open_table(MEMBERS)?,
            messages: write.open_table(MESSAGES)?,
            walls: write.open_table(WALLS)?,
            ops: write.open_table(OPS)?,
            log: write.open_table(LOG)?,
        })
    }

    fn insert(&mut self, entry: &Entry, most: usize) -> Result<Placed, Failure> {
        if let Some((thread, known)) = message(&self.messages, entry.key)? {
            let same = known.own == entry.own && known.refs == entry.refs;
            return Ok(if same { Placed::Known(find(&self.aliases, thread)?) } else { Placed::KeyInUse });
        }
        if self.messages.len()? >= most as u64 {
            return Ok(Placed::Full);
        }
        if !self.walls.is_empty()? {
            let mut failed = None;
            let walled = walls(entry, |id| match self.wall(id) {
                Ok(wall) => wall,
                Err(failure) => {
                    failed = Some(failure);
                    None
                }
            });
            if let Some(failure) = failed {
                return Err(failure);
            }
            if !walled.is_empty() {
                return Ok(Placed::Walled(walled));
            }
        }
        let mut found = BTreeSet::new();
        let mut new = Vec::new();
        for link in entry.links() {
            let known = self.links.get(link.0)?.map(|thread| thread.value());
            match known {
                Some(thread) => _ = found.insert(self.top(thread)?),
                None => new.push(link),
            }
        }
        let began = found.is_empty();
        let thread = match found.pop_first() {
            Some(thread) => thread,
            None => ThreadId(self.number("last")?),
        };
        for link in new {
            self.links.insert(link.0, thread.0)?;
        }
        self.messages.insert(entry.key, (thread.0, codec::entry_octets(entry).as_slice()))?;
        self.members.insert((thread.0, entry.key), ())?;
        self.note(thread, if began { Event::Created } else { Event::Updated })?;
        let mut merged = Vec::new();
        for other in found {
            self.aliases.insert(other.0, thread.0)?;
            let moved = keys_of(&self.members, other)?;
            for key in &moved {
                self.members.remove((other.0, *key))?;
                self.members.insert((thread.0, *key), ())?;
            }
            self.note(other, Event::Destroyed)?;
            merged.push((other, moved));
        }
        Ok(Placed::In { thread, began, merged })
    }

    fn apply(&mut self, plan: &Plan) -> Result<(), Failure> {
        for entry in plan.parts.iter().flat_map(|(_, entries)| entries).chain(&plan.removed) {
            let Some((thread, before)) = message(&self.messages, entry.key)? else { continue };
            for link in before.links() {
                self.links.remove(link.0)?;
            }
            self.members.remove((find(&self.aliases, thread)?.0, entry.key))?;
        }
        for entry in &plan.removed {
            self.messages.remove(entry.key)?;
        }
        for (thread, alias) in &plan.gone {
            match alias {
                Some(alias) => self.aliases.insert(thread.0, alias.0)?,
                None => self.aliases.remove(thread.0)?,
            };
        }
        for (thread, entries) in &plan.parts {
            self.aliases.remove(thread.0)?;
            for entry in entries {
                for link in entry.links() {
                    self.links.insert(link.0, thread.0)?;
                }
                self.messages.insert(entry.key, (thread.0, codec::entry_octets(entry).as_slice()))?;
                self.members.insert((thread.0, entry.key), ())?;
            }
        }
        for (id, op, stands) in &plan.walls {
            if *stands {
                self.walls.insert((id.0, op.0), ())?;
            } else {
                self.walls.remove((id.0, op.0))?;
            }
        }
        if let Some((op, record)) = &plan.op {
            self.ops.insert(op.0, codec::op_octets(record).as_slice())?;
        }
        plan.events.iter().try_for_each(|(thread, event)| self.note(*thread, *event))
    }

    /// The thread that `thread` is now. Shortens the way there.
    fn top(&mut self, thread: u64) -> Result<ThreadId, Failure> {
        let top = find(&self.aliases, thread)?;
        let mut at = thread;
        while at != top.0 {
            let above = self.aliases.get(at)?.map_or(top.0, |above| above.value());
            if above != top.0 {
                self.aliases.insert(at, top.0)?;
            }
            at = above;
        }
        Ok(top)
    }

    /// The next number of a row.
    fn number(&mut self, row: &'static str) -> Result<u64, Failure> {
        let next = number(&self.numbers, row)?.checked_add(1).ok_or("no number is left")?;
        self.numbers.insert(row, next)?;
        Ok(next)
    }

    fn note(&mut self, thread: ThreadId, event: Event) -> Result<(), Failure> {
        let line = self.number("line")?;
        self.log.insert(line, (thread.0, octet_of(event)))?;
        while self.log.len()? > MAX_LOG as u64 {
            self.log.pop_first()?;
        }
        Ok(())
    }

    /// The split that walled an identifier off last.
    fn wall(&self, id: Id) -> Result<Option<OpId>, Failure> {
        match self.walls.range((id.0, 0)..=(id.0, u64::MAX))?.next_back() {
            Some(wall) => Ok(Some(OpId(wall?.0.value().1))),
            None => Ok(None),
        }
    }
}

fn message(
    messages: &impl ReadableTable<u64, (u64, &'static [u8])>,
    key: u64,
) -> Result<Option<(u64, Entry)>, Failure> {
    let Some(found) = messages.get(key)? else { return Ok(None) };
    let (thread, octets) = found.value();
    Ok(Some((thread, codec::entry(octets).ok_or("a message is damaged")?)))
}

fn find(aliases: &impl ReadableTable<u64, u64>, thread: u64) -> Result<ThreadId, Failure> {
    let mut at = thread;
    while let Some(above) = aliases.get(at)? {
        at = above.value();
    }
    Ok(ThreadId(at))
}

fn keys_of(members: &impl ReadableTable<(u64, u64), ()>, thread: ThreadId) -> Result<Vec<u64>, Failure> {
    let range = members.range((thread.0, 0)..=(thread.0, u64::MAX))?;
    range.map(|member| Ok(member?.0.value().1)).collect()
}

fn entries_of(
    members: &impl ReadableTable<(u64, u64), ()>,
    messages: &impl ReadableTable<u64, (u64, &'static [u8])>,
    thread: ThreadId,
) -> Result<Vec<Entry>, Failure> {
    let entry = |key: u64| Ok(message(messages, key)?.ok_or("a message is missing")?.1);
    keys_of(members, thread)?.into_iter().map(entry).collect()
}

fn number(numbers: &impl ReadableTable<&'static str, u64>, row: &str) -> Result<u64, Failure> {
    Ok(numbers.get(row)?.map_or(0, |number| number.value()))
}

const fn octet_of(event: Event) -> u8 {
    match event {
        Event::Created => 0,
        Event::Updated => 1,
        Event::Destroyed => 2,
    }
}

const fn event_of(octet: u8) -> Event {
    match octet {
        0 => Event::Created,
        1 => Event::Updated,
        _ => Event::Destroyed,
    }
}
