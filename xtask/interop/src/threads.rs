//! The threads of the index with those of an SQL engine: `interop threading`.
//!
//! For each corpus of the conformance data a line: the partition of `Index` over 100 orders of arrival, in memory, and in
//! one order by redb, is compared with a union of all messages at once; and DuckDB, where it is installed, finds connected
//! components from nothing but the pairs of message and identifier. Exit status 1 where any two differ.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use mailwright_threading::index::store::{Memory, Redb, Store};
use mailwright_threading::index::{Index, partition};
use mailwright_threading::{Header, IdMode, Limits, MessageIds};
use serde_json::Value;

/// Orders of arrival of each corpus.
const SHUFFLES: u32 = 100;

/// Messages in one transaction of redb.
const TOGETHER: usize = 10_000;

/// The fields of a message that name others.
struct Message {
    message_id: String,
    in_reply_to: String,
    references: String,
}

impl Message {
    fn header(&self) -> Header<'_> {
        Header {
            message_id: self.message_id.as_bytes(),
            in_reply_to: self.in_reply_to.as_bytes(),
            references: self.references.as_bytes(),
            ..Header::default()
        }
    }
}

/// Whether all partitions are the same.
pub(crate) fn run() -> Result<bool, String> {
    let folder = Scratch::new()?;
    let corpora = corpora()?;
    let mut wanted = Vec::new();
    for (name, messages) in &corpora {
        let union = union(messages, &folder.0.join(format!("{name}.links.csv")))?;
        wanted.push((name, messages.len(), union));
    }
    let told = duckdb(&folder.0)?;
    let mut right = true;
    for ((name, messages), (_, _, union)) in corpora.iter().zip(&wanted) {
        let start = Instant::now();
        let differing =
            (0..SHUFFLES).filter(|seed| in_order(Memory::new(), messages, *seed, 1) != *union).count();
        let seconds = start.elapsed().as_secs_f64();
        print!(
            "{name}: {} messages, {} threads; {} of {SHUFFLES} orders the same ({seconds:.1} s)",
            messages.len(),
            union.len(),
            SHUFFLES as usize - differing
        );
        let path = folder.0.join(format!("{name}.redb"));
        let store = Redb::open(&path).map_err(|error| error.to_string())?;
        let redb = in_order(store, messages, SHUFFLES, TOGETHER) == *union;
        print!("; redb: {}", if redb { "the same" } else { "ANOTHER" });
        right &= differing == 0 && redb;
        match told.get(name) {
            Some(how) => {
                let theirs = read_threads(&folder.0.join(format!("{name}.threads.csv")))?;
                let same = theirs == *union;
                right &= same;
                println!("; DuckDB, {how}: {}", if same { "the same" } else { "ANOTHER" });
            }
            None => println!(),
        }
    }
    Ok(right)
}

/// The partition of an index that the messages entered in an order that `seed` gives, so many at once.
fn in_order<S: Store>(store: S, messages: &[Message], seed: u32, at_once: usize) -> Vec<Vec<u64>> {
    let mut index = Index::with(store, IdMode::default(), Limits::default());
    let order = shuffled(messages.len(), seed);
    for part in order.chunks(at_once) {
        let named = part.iter().filter_map(|number| Some((*number as u64, messages.get(*number)?.header())));
        if index.insert_all(named).is_err() {
            return Vec::new();
        }
    }
    let keys: Vec<u64> = (0..messages.len() as u64).collect();
    let threads = index.threads_of(&keys).unwrap_or_default();
    let found: Vec<_> =
        keys.into_iter().zip(threads).filter_map(|(key, thread)| Some((key, thread?))).collect();
    partition(&found)
}

/// The numbers below `count` in another order for each seed (Fisher and Yates; Knuth, TAOCP 2, 3.3.4).
fn shuffled(count: usize, seed: u32) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut state = u64::from(seed);
    for at in (1..count).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(state >> 33).unwrap_or_default() % (at + 1);
        order.swap(at, other);
    }
    order
}

/// The batch union: the messages that have an identifier in common, over all of them at once. Writes the links down.
fn union(messages: &[Message], links: &Path) -> Result<Vec<Vec<u64>>, String> {
    let mut numbers: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut above: Vec<usize> = (0..messages.len()).collect();
    let mut first: Vec<usize> = Vec::new();
    let mut text = String::new();
    for (message, given) in messages.iter().enumerate() {
        let ids = MessageIds::of(&given.header(), IdMode::default(), &Limits::default());
        let mut named = false;
        for id in ids.own.into_iter().chain(ids.references) {
            named = true;
            let number = *numbers.entry(id.into_owned()).or_insert_with(|| {
                first.push(message);
                first.len() - 1
            });
            let _ = writeln!(text, "{message},{number}");
            let other = first.get(number).copied().unwrap_or(message);
            let (one, other) = (top(&above, message), top(&above, other));
            if let Some(place) = above.get_mut(one.max(other)) {
                *place = one.min(other);
            }
        }
        if !named {
            // what only this message has
            let _ = writeln!(text, "{message},{}", u32::MAX as usize + message);
        }
    }
    std::fs::write(links, text).map_err(|error| error.to_string())?;
    let mut parts: HashMap<usize, Vec<u64>> = HashMap::new();
    for message in 0..messages.len() {
        parts.entry(top(&above, message)).or_default().push(message as u64);
    }
    let mut parts: Vec<Vec<u64>> = parts.into_values().collect();
    parts.sort_unstable();
    Ok(parts)
}

fn top(above: &[usize], mut node: usize) -> usize {
    while let Some(next) = above.get(node).copied().filter(|next| *next != node) {
        node = next;
    }
    node
}

/// Has DuckDB work: how, by corpus.
fn duckdb(folder: &Path) -> Result<HashMap<String, String>, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/threads.py");
    let output = Command::new("python3").arg(script).arg(folder).output();
    let output = match output {
        Ok(output) => output,
        Err(error) => {
            println!("DuckDB: missing: python3: {error}");
            return Ok(HashMap::new());
        }
    };
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let mut told = HashMap::new();
    for line in text.lines() {
        match line.split(' ').collect::<Vec<_>>().as_slice() {
            ["did", name, links, rounds, seconds] => {
                told.insert((*name).to_owned(), format!("{links} links in {rounds} rounds, {seconds} s"));
            }
            ["missing", ..] => println!("DuckDB: {line}"),
            _ => println!("{}", line.trim_start_matches("version ")),
        }
    }
    Ok(told)
}

fn read_threads(path: &Path) -> Result<Vec<Vec<u64>>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let mut parts: HashMap<u64, Vec<u64>> = HashMap::new();
    for line in text.lines() {
        let pair = line.split_once(',').ok_or("a line of DuckDB without a comma")?;
        let number = |text: &str| text.trim().parse::<u64>().map_err(|error| format!("`{line}`: {error}"));
        parts.entry(number(pair.1)?).or_default().push(number(pair.0)?);
    }
    let mut parts: Vec<Vec<u64>> = parts.into_values().collect();
    parts.iter_mut().for_each(|part| part.sort_unstable());
    parts.sort_unstable();
    Ok(parts)
}

fn corpora() -> Result<Vec<(String, Vec<Message>)>, String> {
    let named = std::env::var_os("MAILWRIGHT_CONFORMANCE").filter(|value| !value.is_empty());
    let above = named.map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
        PathBuf::from,
    );
    let folder = above.join("threading/corpora");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut corpora = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if let Some(name) = name.strip_suffix(".jsonl.zst") {
            corpora.push((name.to_owned(), read(&path).map_err(|why| format!("{name}: {why}"))?));
        }
    }
    corpora.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(corpora)
}

fn read(path: &Path) -> Result<Vec<Message>, String> {
    let mut text = String::new();
    let opened = std::fs::File::open(path).and_then(zstd::Decoder::new);
    opened.and_then(|mut decoder| decoder.read_to_string(&mut text)).map_err(|error| error.to_string())?;
    let message = |line: &str| {
        let value: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let field = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Message {
            message_id: field("message_id"),
            in_reply_to: field("in_reply_to"),
            references: field("references"),
        })
    };
    text.lines().map(message).collect()
}

/// A folder that is gone when this is.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("mailwright-interop-threads-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| error.to_string())?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
