//! How fast, message parse included, and in how much memory.

use std::time::{Duration, Instant};

use mailwright_antispam::Class;
use mailwright_antispam::content::Key;
use mailwright_antispam::learn::Learner;
use mailwright_antispam::store::{MemoryStore, Scope};
use mailwright_message_model::Message;

use super::bayes::Bayes;
use super::corpus::{Corpus, Line};
use crate::memory;

/// Messages that are learned, then scored again, and of one turn.
const MESSAGES: usize = 1_500;
const TURN: usize = 50;

pub(super) fn run() -> Result<(), String> {
    let corpus = Corpus::unpack()?;
    let lines = corpus.lines("index.shuffle", MESSAGES)?;
    let mut learner = Learner::new(Key::default(), MemoryStore::new());
    let mut peer = Bayes::start(&corpus, "index.shuffle");
    if let Err(why) = &peer {
        println!("antispam/speed: {why}");
    }
    for what in [What::Train, What::Score] {
        let (mut ours, mut theirs, mut bare) = (Duration::ZERO, 0.0, Duration::ZERO);
        for (turn, part) in lines.chunks(TURN).enumerate() {
            bare += time(part, |_, _| Ok(()))?;
            ours += time(part, |message, line| one(&mut learner, what, message, line))?;
            if let Ok(peer) = &mut peer {
                let first = turn * TURN;
                theirs += match what {
                    What::Train => peer.train(first, part.len())?,
                    What::Score => peer.score(first, part.len())?.0,
                };
            }
        }
        let name = what.name();
        let rate = |time: Duration| lines.len() as f64 / time.as_secs_f64();
        println!(
            "antispam/{name}: {:.0} messages/s; their bare parse {:.0} messages/s",
            rate(ours),
            rate(bare)
        );
        if let Ok(peer) = &peer {
            let ratio = theirs / ours.as_secs_f64();
            println!("antispam/{name}: {ratio:.1} x SpamAssassin {} Bayes (want 40)", peer.version());
        }
    }
    Ok(())
}

pub(super) fn memory() -> Result<(), String> {
    let corpus = Corpus::unpack()?;
    let lines = corpus.lines("index.shuffle", usize::MAX)?;
    if !memory::forget_peak() {
        return Err("not measured: this system does not tell".into());
    }
    let before = memory::peak_mib().unwrap_or_default();
    let mut learner = Learner::new(Key::default(), MemoryStore::new());
    time(&lines, |message, line| one(&mut learner, What::Train, message, line))?;
    let after = memory::peak_mib().unwrap_or_default();
    let size = learner.export().len() as f64 / (1 << 20) as f64;
    let count = lines.len();
    println!(
        "antispam/memory: {:.1} MiB for a model of {count} messages, with what taking back needs; {size:.1} MiB exported",
        after - before
    );
    Ok(())
}

#[derive(Clone, Copy)]
enum What {
    Train,
    Score,
}

impl What {
    const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Score => "score",
        }
    }
}

fn one(
    learner: &mut Learner<MemoryStore>,
    what: What,
    message: &Message<'_>,
    line: &Line,
) -> Result<(), String> {
    let class = if line.is_spam { Class::Spam } else { Class::Ham };
    let done = match what {
        What::Train => learner.train(message, class, &Scope::Shared).map(drop),
        What::Score => learner.opinion(message, &Scope::Shared).map(drop),
    };
    done.map_err(|error| error.to_string())
}

fn time(
    lines: &[Line],
    mut work: impl FnMut(&Message<'_>, &Line) -> Result<(), String>,
) -> Result<Duration, String> {
    let start = Instant::now();
    for line in lines {
        let message = Message::parse(&line.raw).map_err(|error| error.to_string())?;
        work(std::hint::black_box(&message), line)?;
    }
    Ok(start.elapsed())
}
