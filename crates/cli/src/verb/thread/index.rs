//! `mailwright thread index`: an index that is kept from one run to the next.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use mailwright_threading::index::store::{Redb, Redis, Store};
use mailwright_threading::index::{Change, Error, Index as Threads, Kind, OpId, ThreadId};
use mailwright_threading::view::{Card, Folds, View};
use mailwright_threading::{Header, IdMode, Ids};
use sha2::{Digest as _, Sha256};

use super::given::{Mailbox, Source, read};
use crate::exit::{Exit, Failure};
use crate::input::{Format, Variant};
use crate::output::Output;
use crate::shown::{Shown, count, grouped};

/// Keep the threads of a mailbox that changes in a store: they do not depend on the order in which messages come, and what is
/// split or joined by hand stays so.
///
/// Subjects join nothing here. A message is named by its Message-ID, or by the key that `show` writes.
///
/// Exit status: 0 done, 1 nothing was there to do, 2 wrong usage, a message or operation that the index does not have, or a
/// store or file that cannot be read.
#[derive(Args)]
pub(super) struct Index {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Add(Add),
    Show(Show),
    Split(Split),
    Join(Join),
    Undo(Undo),
}

/// Put the messages of a mailbox in. Those that are in already change nothing.
#[derive(Args)]
struct Add {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    place: Place,
}

/// Show all threads, or the tree of one.
#[derive(Args)]
struct Show {
    /// A thread, as T17, or a message in it; without it every thread is listed.
    #[arg(value_name = "THREAD|ID")]
    what: Option<String>,
    /// A mailbox that has the messages, to show names and subjects of.
    #[arg(long, value_name = "PATH")]
    mail: Vec<PathBuf>,
    #[command(flatten)]
    place: Place,
}

/// Take a message and what is under it out of its thread.
#[derive(Args)]
struct Split {
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    place: Place,
}

/// Put the threads of two messages together.
#[derive(Args)]
struct Join {
    #[arg(value_name = "ID")]
    one: String,
    #[arg(value_name = "ID")]
    other: String,
    #[command(flatten)]
    place: Place,
}

/// Undo a split, a join or another operation, by the number that it was told with.
#[derive(Args)]
struct Undo {
    #[arg(value_name = "OPERATION")]
    operation: OpId,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
struct Place {
    /// Where the index is: redb:PATH, a file of its own, or redis://HOST:PORT, a server or a node of a cluster.
    #[arg(long, value_name = "STORE")]
    store: String,
}

/// Messages that are put in together: one transaction, or one round trip.
const TOGETHER: usize = 1000;

/// Threads and messages that are named one by one where an operation changed them.
const NAMED: usize = 20;

impl Index {
    pub(super) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let (place, makes) = match &self.verb {
            Verb::Add(verb) => (&verb.place, true),
            Verb::Show(verb) => (&verb.place, false),
            Verb::Split(verb) => (&verb.place, false),
            Verb::Join(verb) => (&verb.place, false),
            Verb::Undo(verb) => (&verb.place, false),
        };
        let store = place.store.as_str();
        let at = |error: &dyn std::fmt::Display| Failure::new(Shown::clipped(&error.to_string(), 2000).to_string());
        if let Some(path) = store.strip_prefix("redb:") {
            if path.is_empty() {
                return Err(Failure::new("--store redb: has no path; name the file, as redb:threads.redb"));
            }
            // an empty file may be a mailbox: only add makes an index of it
            if !makes && !std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() > 0) {
                return Err(Failure::at(path.as_ref(), "no such index; thread index add makes one"));
            }
            let store = Redb::open(path).map_err(|error| at(&error))?;
            return self.verb.run_on(&mut Threads::new(store), output).map_err(|error| error.named());
        }
        let url = match store.strip_prefix("redis:") {
            Some(rest) if rest.starts_with("//") => store,
            Some(rest) => rest,
            None => return Err(Failure::new("--store takes redb:PATH or redis://HOST:PORT")),
        };
        let store = Redis::open(url).map_err(|error| at(&error))?;
        self.verb.run_on(&mut Threads::new(store), output).map_err(|error| error.named())
    }
}

/// Why a verb could not do its work.
enum Why {
    Failure(Failure),
    Index(Error),
}

impl Why {
    fn named(self) -> Failure {
        match self {
            Self::Failure(failure) => failure,
            Self::Index(error) => Failure::new(Shown::clipped(&error.to_string(), 2000).to_string()),
        }
    }
}

impl From<Error> for Why {
    fn from(error: Error) -> Self {
        Self::Index(error)
    }
}

impl From<Failure> for Why {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<io::Error> for Why {
    fn from(error: io::Error) -> Self {
        Self::Failure(error.into())
    }
}

impl Verb {
    fn run_on<S: Store>(self, index: &mut Threads<S>, output: &mut Output) -> Result<Exit, Why> {
        match self {
            Self::Add(verb) => add(&verb, index, output),
            Self::Show(verb) => show(&verb, index, output),
            Self::Split(verb) => {
                let key = key(index, &verb.id)?;
                let change = index.split(key)?;
                told(&change, output)
            }
            Self::Join(verb) => {
                let (one, other) = (key(index, &verb.one)?, key(index, &verb.other)?);
                let change = index.join(one, other)?;
                told(&change, output)
            }
            Self::Undo(verb) => {
                let change = index.undo(verb.operation)?;
                told(&change, output)
            }
        }
    }
}

fn add<S: Store>(verb: &Add, index: &mut Threads<S>, output: &mut Output) -> Result<Exit, Why> {
    let mailbox = verb.source.read(IdMode::default(), false)?;
    let conversations = &mailbox.conversations;
    let mut total = Change::default();
    let mut known = 0_usize;
    let mut seen = HashSet::new();
    let messages: Vec<usize> = (0..conversations.len()).collect();
    for messages in messages.chunks(TOGETHER) {
        let headers = messages.iter().map(|message| conversations.header(*message));
        // those whose Message-ID was there before are put in alone, since they may need another key
        let (first, again): (Vec<_>, Vec<_>) = headers.partition(|header| seen.insert(key_of(header)));
        for change in insert_all(index, &first)?.into_iter().chain(one_by_one(index, &again)?) {
            known += usize::from(change.is_empty());
            total.appeared.extend(change.appeared);
            total.merged.extend(change.merged);
            total.moved.extend(change.moved);
        }
    }
    let added = conversations.len().saturating_sub(known);
    writeln!(output.out, "{} added, {} known before", count(added, "message", "messages"), grouped(known as u64))?;
    let (appeared, merged, moved) = (total.appeared.len(), total.merged.len(), total.moved.len());
    writeln!(
        output.out,
        "{} appeared, {} merged into others, {} to another thread by that",
        count(appeared, "thread", "threads"),
        grouped(merged as u64),
        count(moved, "message went", "messages went")
    )?;
    match mailbox.unreadable {
        Some(failure) => Err(failure.into()),
        None => Ok(Exit::Fine),
    }
}

fn insert_all<S: Store>(index: &mut Threads<S>, headers: &[Header<'_>]) -> Result<Vec<Change>, Error> {
    match index.insert_all(headers.iter().map(|header| (key_of(header), *header))) {
        // another message of the store has one of these; an insert that was made can be made again
        Err(error) if matches!(error.kind(), Kind::KeyInUse(_)) => one_by_one(index, headers),
        done => done,
    }
}

fn one_by_one<S: Store>(index: &mut Threads<S>, headers: &[Header<'_>]) -> Result<Vec<Change>, Error> {
    headers.iter().map(|header| insert(index, header)).collect()
}

/// Puts a message in, under another key where another message has its Message-ID.
fn insert<S: Store>(index: &mut Threads<S>, header: &Header<'_>) -> Result<Change, Error> {
    match index.insert(key_of(header), header) {
        Err(error) if matches!(error.kind(), Kind::KeyInUse(_)) => index.insert(key_of_all(header), header),
        done => done,
    }
}

/// The key of a message: a part of the hash of its Message-ID, so that the message can be named by that.
fn key_of(header: &Header<'_>) -> u64 {
    match Ids::new(header.message_id, IdMode::default()).next() {
        Some(id) => hash([&*id]),
        None => key_of_all(header),
    }
}

/// The key of a message without a Message-ID, or with that of another one: what else tells it.
fn key_of_all(header: &Header<'_>) -> u64 {
    let dates = [header.date().to_be_bytes(), header.arrived.to_be_bytes()].concat();
    hash([header.message_id, header.from, header.to, header.subject, header.references, header.in_reply_to, &dates])
}

fn hash<const N: usize>(values: [&[u8]; N]) -> u64 {
    let mut hash = Sha256::new();
    for value in values {
        hash.update((value.len() as u64).to_be_bytes());
        hash.update(value);
    }
    let first = hash.finalize().first_chunk::<8>().copied();
    u64::from_be_bytes(first.unwrap_or_default())
}

/// The key of the message that is named by its Message-ID or its key.
fn key<S: Store>(index: &mut Threads<S>, name: &str) -> Result<u64, Why> {
    let bracketed = super::bracketed(name);
    let by_id = Header { message_id: bracketed.as_bytes(), ..Header::default() };
    let written = u64::from_str_radix(name, 16).ok().filter(|_| name.len() == KEY_DIGITS);
    for key in written.into_iter().chain([key_of(&by_id)]) {
        if index.thread_of(key)?.is_some() {
            return Ok(key);
        }
    }
    Err(Failure::new(format!("{}: no such message in the index", Shown::text(name))).into())
}

const KEY_DIGITS: usize = 16;

fn show<S: Store>(verb: &Show, index: &mut Threads<S>, output: &mut Output) -> Result<Exit, Why> {
    let cards = cards(&verb.mail)?;
    let Some(what) = &verb.what else { return list(index, &cards, output) };
    let thread = match what.parse::<ThreadId>() {
        Ok(thread) => index.resolve(thread)?,
        Err(_) => {
            let key = key(index, what)?;
            index.thread_of(key)?.ok_or_else(|| Failure::new("no such message in the index"))?
        }
    };
    let entries = index.members(thread)?;
    if entries.is_empty() {
        writeln!(output.out, "{thread} has no message")?;
        return Ok(Exit::Finding);
    }
    let tree = index.tree(thread)?;
    let dates: HashMap<u64, i64> = entries.iter().map(|entry| (entry.key, entry.date)).collect();
    let shown: Vec<Card> = tree
        .keys
        .iter()
        .map(|key| {
            let unknown = Card { date: dates.get(key).copied().unwrap_or_default(), ..Card::default() };
            let card = cards.get(key).cloned().unwrap_or(unknown);
            let name = format!("{key:016x}");
            let from = if card.from.is_empty() { name } else { format!("{name}  {}", card.from) };
            Card { key: *key, from, ..card }
        })
        .collect();
    let title = output.paint.title();
    writeln!(output.out, "{title}{thread}: {}{title:#}\n", count(entries.len(), "message", "messages"))?;
    write!(output.out, "{}", View::new(&tree.forest, &shown, &Folds::default()).to_text(output.columns))?;
    Ok(Exit::Fine)
}

/// A line for each thread: its name, its messages, the date of the newest, the subject of the first where it is known.
fn list<S: Store>(
    index: &mut Threads<S>,
    cards: &HashMap<u64, Card>,
    output: &mut Output,
) -> Result<Exit, Why> {
    for thread in index.threads()? {
        let entries = index.members(thread)?;
        let newest = entries.iter().map(|entry| entry.date).max().unwrap_or_default();
        let date = super::date(newest).unwrap_or_default();
        let first = entries.first().and_then(|entry| cards.get(&entry.key));
        let subject = first.map_or("", |card| &card.subject);
        let messages = grouped(entries.len() as u64);
        writeln!(output.out, "{}", format!("{thread}  {messages:>6}  {date}  {subject}").trim_end())?;
    }
    Ok(Exit::Fine)
}

/// What is shown of the messages of a mailbox, by key.
fn cards(paths: &[PathBuf]) -> Result<HashMap<u64, Card>, Failure> {
    if paths.is_empty() {
        return Ok(HashMap::new());
    }
    let Mailbox { conversations, .. } =
        read(paths, Format::default(), Variant::default(), IdMode::default(), false)?;
    let keys = (0..conversations.len()).map(|message| key_of(&conversations.header(message)));
    Ok(keys.zip(conversations.harmless_cards()).collect())
}

fn told(change: &Change, output: &mut Output) -> Result<Exit, Why> {
    if change.is_empty() && change.op.is_none() {
        writeln!(output.out, "nothing to do")?;
        return Ok(Exit::Finding);
    }
    if let Some(thread) = change.thread {
        writeln!(output.out, "the message is in {thread}")?;
    }
    let names = |threads: &[ThreadId]| {
        threads.iter().take(NAMED).map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    for (what, threads) in [
        ("appeared", &change.appeared),
        ("grew", &change.grew),
        ("shrank", &change.shrank),
        ("vanished", &change.vanished),
    ] {
        if !threads.is_empty() {
            writeln!(output.out, "{what}: {}", names(threads))?;
        }
    }
    for merged in change.merged.iter().take(NAMED) {
        writeln!(output.out, "{} is {} from now on", merged.from, merged.into)?;
    }
    if !change.moved.is_empty() {
        let moved = count(change.moved.len(), "message went", "messages went");
        writeln!(output.out, "{moved} to another thread")?;
    }
    if let Some(op) = change.op {
        writeln!(output.out, "thread index undo {op} undoes it")?;
    }
    Ok(Exit::Fine)
}
