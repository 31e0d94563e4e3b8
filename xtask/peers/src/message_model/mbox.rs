//! mbox: a mailbox of 1 GB split into its messages, as a file in the page cache.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use mail_parser_1::mailbox::mbox::MessageIterator;
use mailwright_message_model::mbox::Reader;

use super::{PEER_1, messages};
use crate::contest::{Entrant, best_of, line, megabytes};
use crate::memory;

const SIZE: u64 = 1_000_000_000;
const ROUNDS: usize = 5;

pub(super) fn run() -> Result<(), String> {
    let file =
        TemporaryFile(std::env::temp_dir().join(format!("mailwright-bench-{}.mbox", std::process::id())));
    let octets = write(&file.0).map_err(|error| format!("{}: {error}", file.0.display()))?;
    let path = &file.0;
    let mut peaks = Vec::new();
    for work in [ours, peer_1] {
        let known = memory::forget_peak();
        let count = work(path);
        let peak = memory::peak_mib()
            .filter(|_| known)
            .map_or_else(|| "unknown".into(), |mib| format!("{mib:.1} MiB"));
        peaks.push((count, peak));
    }
    let mut entrants = [Entrant::new("ours", || ours(path)), Entrant::new(PEER_1, || peer_1(path))];
    let best: Vec<Duration> = best_of(ROUNDS, &mut entrants);
    line("message-model/mbox", best[0], PEER_1, best[1], 1.0);
    for ((entrant, time), (count, peak)) in entrants.iter().zip(&best).zip(&peaks) {
        let speed = megabytes(octets, *time);
        println!(
            "    {}: {time:.3?}, {speed:.0} MB/s, {count} messages, {peak} resident at most",
            entrant.name
        );
    }
    Ok(())
}

fn ours(path: &Path) -> usize {
    let mut reader = Reader::new(File::open(path).expect("just written"));
    let mut count = 0;
    while let Ok(Some(message)) = reader.next() {
        count += 1;
        std::hint::black_box(message.raw.len());
    }
    count
}

fn peer_1(path: &Path) -> usize {
    let file = BufReader::with_capacity(256 << 10, File::open(path).expect("just written"));
    MessageIterator::new(file)
        .map_while(Result::ok)
        .inspect(|message| {
            std::hint::black_box(message.contents().len());
        })
        .count()
}

/// The messages of the suite over and over, each with a marker line, its `From ` lines quoted.
fn write(path: &Path) -> std::io::Result<usize> {
    let messages = messages().map_err(std::io::Error::other)?;
    let mut writer = mailwright_message_model::mbox::Writer::new(Vec::new());
    for message in &messages {
        writer.write(b"someone@example.org", b"Sat Jan  3 01:05:34 1996", message)?;
    }
    let once = writer.into_inner();
    let mut out = BufWriter::new(File::create(path)?);
    let mut written = 0;
    while (written as u64) < SIZE {
        out.write_all(&once)?;
        written += once.len();
    }
    out.flush()?;
    Ok(written)
}

struct TemporaryFile(PathBuf);

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
