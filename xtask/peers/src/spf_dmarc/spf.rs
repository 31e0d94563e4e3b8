//! `check_host` over the cases of the suite that both answer alike.

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use mailwright_spf::{Config, RecordCache};

use super::auth::Auth;
use super::mailrs::Mailrs;
use super::ours::Ours;
use super::suite::Suite;
use super::viaspf::Viaspf;
use crate::contest;

/// Turns each entrant gets; a turn is all cases once.
const ROUNDS: usize = 3000;

/// Records parsed in every evaluation.
pub(crate) fn parse() -> Result<(), String> {
    let suite = Suite::read()?;
    // mailrs-spf has no explanations.
    let ours = Ours::new(&suite, Config { explanation: false, ..Config::default() });
    let answers: Vec<_> = suite.cases.iter().map(|case| ours.check(case)).collect();
    let work = "spf-dmarc/spf-parse";

    let mailrs = Mailrs::new(&suite);
    let alike = alike(&answers, |at| mailrs.check(at, &suite.cases[at]).to_owned());
    let (mut own, mut theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        own = own.min(turn(&alike, |at| ours.check(&suite.cases[at])));
        theirs = theirs.min(turn(&alike, |at| mailrs.check(at, &suite.cases[at])));
    }
    say(&alike, &answers, own, "mailrs-spf 3.0.0", theirs);
    contest::line(work, own, "mailrs-spf 3.0.0", theirs, 0.9);

    let ours = Ours::new(&suite, Config::default());
    let mut viaspf = Viaspf::start(&suite)?;
    let other = viaspf.answers()?;
    let alike = self::alike(&answers, |at| other.get(at).cloned().unwrap_or_default());
    let (mut own, mut theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS / 3 {
        own = own.min(turn(&alike, |at| ours.check(&suite.cases[at])));
        theirs = theirs.min(viaspf.turn(&alike)?);
    }
    say(&alike, &answers, own, "viaspf 0.7.0-alpha.2", theirs);
    contest::line(work, own, "viaspf 0.7.0-alpha.2", theirs, 3.0);
    Ok(())
}

/// Parsed records from a cache.
pub(crate) fn cached() -> Result<(), String> {
    let suite = Suite::read()?;
    let cache = Some(Arc::new(RecordCache::default()));
    let ours = Ours::new(&suite, Config { cache, ..Config::default() });
    let auth = Auth::new(&suite)?;
    let answers: Vec<_> = suite.cases.iter().map(|case| ours.check(case)).collect();
    let alike = alike(&answers, |at| auth.check(&suite.cases[at]).to_owned());
    let (mut own, mut theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        own = own.min(turn(&alike, |at| ours.check(&suite.cases[at])));
        theirs = theirs.min(turn(&alike, |at| auth.check(&suite.cases[at])));
    }
    say(&alike, &answers, own, "mail-auth 0.15.1", theirs);
    contest::line("spf-dmarc/spf-cached", own, "mail-auth 0.15.1", theirs, 1.3);
    Ok(())
}

/// The cases that both answer alike.
fn alike(answers: &[&'static str], other: impl Fn(usize) -> String) -> Vec<usize> {
    (0..answers.len()).filter(|&at| answers[at] == other(at)).collect()
}

fn turn<T>(cases: &[usize], mut check: impl FnMut(usize) -> T) -> Duration {
    let start = Instant::now();
    for &at in cases {
        black_box(check(at));
    }
    start.elapsed()
}

fn say(alike: &[usize], answers: &[&str], ours: Duration, peer: &str, theirs: Duration) {
    let each = |time: Duration| time.as_secs_f64() * 1e6 / alike.len().max(1) as f64;
    println!(
        "  {} of {} cases alike: {:.2} us a case, {peer} {:.2} us",
        alike.len(),
        answers.len(),
        each(ours),
        each(theirs)
    );
}

/// Nothing here ever waits: all answers are at hand.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("a peer waits for the network"),
    }
}
