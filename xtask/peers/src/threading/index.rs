//! index: messages that come one by one, and what one costs when a million are there.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use mailwright_threading::index::Index;
use mailwright_threading::index::store::{Redb, Redis, Store};

use super::corpora::{self, Message};
use super::crate_peer;
use crate::contest::line;

const ROUNDS: usize = 3;

/// Copies of the corpora under fresh ids: about a million messages are there before the measured ones come.
const COPIES: usize = 20;

/// Messages that a store is given at once while it is filled.
const TOGETHER: usize = 10_000;

pub(super) fn run() -> Result<(), String> {
    let messages = corpora::messages()?;
    one_by_one(&messages)?;
    let memory = filled(Index::in_memory(), &messages)?;
    told("in memory", memory.1, &measure(memory.0, &messages, messages.len())?.0);
    let folder = Folder::new()?;
    let store = Redb::open(folder.0.join("threads.redb")).map_err(|error| error.to_string())?;
    let (index, seconds) = filled(Index::new(store), &messages)?;
    told("redb", seconds, &measure(index, &messages, 2_000)?.0);
    let size = std::fs::metadata(folder.0.join("threads.redb")).map_err(|error| error.to_string())?.len();
    println!("    redb: {:.0} octets a message", size as f64 / (COPIES * messages.len()) as f64);
    match Server::start(&folder.0) {
        Some(server) => redis(&server, &messages),
        None => {
            println!("threading/index, redis: not measured: redis-server is not installed");
            Ok(())
        }
    }
}

/// Against the peer, which takes all of them at once.
fn one_by_one(messages: &[Message]) -> Result<(), String> {
    let theirs = crate_peer::messages(messages);
    let mut best = [Duration::MAX; 3];
    for _ in 0..ROUNDS {
        let timed = |work: &mut dyn FnMut() -> usize| {
            let start = Instant::now();
            std::hint::black_box(work());
            start.elapsed()
        };
        let mut inserted = || {
            let mut index = Index::in_memory();
            let grown = (0..).zip(messages).map(|(key, message)| index.insert(key, &message.header()));
            grown.filter(Result::is_ok).count()
        };
        let times = [
            timed(&mut inserted),
            timed(&mut || crate_peer::threads(&theirs, false)),
            timed(&mut || crate_peer::threads(&theirs, true)),
        ];
        for (best, time) in best.iter_mut().zip(times) {
            *best = (*best).min(time);
        }
    }
    let [ours, by_id, default] = best;
    let name = crate_peer::NAME;
    line("threading/index, one by one in memory, against a batch by ids alone", ours, name, by_id, 3.0);
    line("threading/index, one by one in memory, against its default batch", ours, name, default, 3.0);
    Ok(())
}

fn redis(server: &Server, messages: &[Message]) -> Result<(), String> {
    let store = Redis::open(&server.url()).map_err(|error| error.to_string())?;
    let before = server.memory()?;
    let (index, seconds) = filled(Index::new(store), messages)?;
    let octets = (server.memory()? - before) / (COPIES * messages.len()) as f64;
    let store = index.into_store();
    let trips = store.round_trips();
    let count = 5_000;
    let (times, store) = measure(Index::new(store), messages, count)?;
    told("redis", seconds, &times);
    println!(
        "    redis: {octets:.0} octets a message; {:.3} round trips an insert, one server",
        (store.round_trips() - trips) as f64 / count as f64
    );
    Ok(())
}

/// Fills an index: how long that took.
fn filled<S: Store>(mut index: Index<S>, messages: &[Message]) -> Result<(Index<S>, f64), String> {
    let start = Instant::now();
    for copy in 0..COPIES {
        let fresh: Vec<Message> = messages.iter().map(|message| message.fresh(copy)).collect();
        let keys = (copy * messages.len()) as u64..;
        let keyed: Vec<_> = keys.zip(&fresh).collect();
        for part in keyed.chunks(TOGETHER) {
            let part = part.iter().map(|(key, message)| (*key, message.header()));
            index.insert_all(part).map_err(|error| error.to_string())?;
        }
    }
    Ok((index, start.elapsed().as_secs_f64()))
}

/// The times of single inserts into an index that is filled, ascending.
fn measure<S: Store>(
    mut index: Index<S>,
    messages: &[Message],
    count: usize,
) -> Result<(Vec<Duration>, S), String> {
    let mut times = Vec::with_capacity(count);
    let keys = (COPIES * messages.len()) as u64..;
    for (key, message) in keys.zip(messages).take(count) {
        let fresh = message.fresh(COPIES);
        let start = Instant::now();
        index.insert(key, &fresh.header()).map_err(|error| error.to_string())?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok((times, index.into_store()))
}

fn told(store: &str, seconds: f64, times: &[Duration]) {
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    println!(
        "threading/index, {store}: one insert at a million: median {:.1?}, p99 {:.1?} ({} inserts; filled in {seconds:.0} s)",
        at(50),
        at(99),
        times.len()
    );
}

/// A folder that is gone when this is.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("mailwright-bench-index-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| error.to_string())?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server on loopback that keeps everything in memory; it ends when this is dropped.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(folder: &Path) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let mut command = Command::new("redis-server");
        command.args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]);
        let child =
            command.arg("--dir").arg(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        let server = Self { child, port };
        let end = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if Instant::now() > end {
                return None;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(server)
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Octets that it uses, as `redis-cli` tells them.
    fn memory(&self) -> Result<f64, String> {
        let asked = Command::new("redis-cli").args(["-p", &self.port.to_string(), "INFO", "memory"]).output();
        let told = String::from_utf8_lossy(&asked.map_err(|error| error.to_string())?.stdout).into_owned();
        let used = told.lines().find_map(|line| line.strip_prefix("used_memory:")?.trim().parse().ok());
        used.ok_or_else(|| "redis does not tell its memory".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
