//! parsed: real messages whose headers are parsed, to threads.

use std::time::{Duration, Instant};

use mailwright_threading::{Algorithm, Options, thread};

use super::corpora::{self, Message};
use super::{crate_peer, python_peer};
use crate::contest::line;

const ROUNDS: usize = 5;

pub(super) fn run() -> Result<(), String> {
    let messages = corpora::messages()?;
    let theirs = crate_peer::messages(&messages);
    let python = python_peer::Process::start(&messages);
    if let Err(why) = &python {
        println!("threading/parsed: {}: not measured: {why}", python_peer::NAME);
    }
    let mut python = python.ok();
    let (references, refs) = (Options::dovecot(Algorithm::References), Options::dovecot(Algorithm::Refs));
    let guarded = Options::default();

    let mut best = [Duration::MAX; 6];
    for _ in 0..ROUNDS {
        let python_time = python.as_mut().map_or(Ok(Duration::MAX), python_peer::Process::turn)?;
        let times = [
            timed(|| ours(&messages, &references)),
            timed(|| ours(&messages, &refs)),
            timed(|| ours(&messages, &guarded)),
            timed(|| crate_peer::threads(&theirs, true)),
            timed(|| crate_peer::threads(&theirs, false)),
            python_time,
        ];
        for (best, time) in best.iter_mut().zip(times) {
            *best = (*best).min(time);
        }
    }
    let [references, refs, guarded, theirs, theirs_by_id, jwz] = best;
    let peer = crate_peer::NAME;
    line("threading/parsed, with subjects", references, peer, theirs, 5.0);
    line("threading/parsed, by ids alone", refs, peer, theirs_by_id, 5.0);
    line("threading/parsed, our default", guarded, peer, theirs, 5.0);
    if python.is_some() {
        line("threading/parsed, with subjects", references, python_peer::NAME, jwz, 2.0);
        line("threading/parsed, our default", guarded, python_peer::NAME, jwz, 2.0);
    }
    println!("    {} messages", messages.len());
    let rate = |name: &str, time: Duration| {
        println!(
            "    {name}: {time:.1?}, {:.0}k messages/s",
            messages.len() as f64 / 1e3 / time.as_secs_f64()
        );
    };
    rate("ours, REFERENCES", references);
    rate("ours, REFS", refs);
    rate("ours, default", guarded);
    rate(peer, theirs);
    rate("the same without subjects", theirs_by_id);
    if python.is_some() {
        rate(python_peer::NAME, jwz);
    }
    Ok(())
}

/// How many threads we find.
pub(super) fn ours(messages: &[Message], options: &Options) -> usize {
    thread(messages.iter().map(Message::header), options).map_or(0, |forest| forest.roots().len())
}

fn timed(work: impl FnOnce() -> usize) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}
