//! Timing several programs for one piece of work, interleaved.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// One that takes part: its name, and the work, which returns something that depends on all of it.
pub(crate) struct Entrant<'w> {
    pub(crate) name: &'static str,
    pub(crate) work: Box<dyn FnMut() -> usize + 'w>,
}

impl<'w> Entrant<'w> {
    pub(crate) fn new(name: &'static str, work: impl FnMut() -> usize + 'w) -> Self {
        Self { name, work: Box::new(work) }
    }
}

/// The best time of each, in their order. In each round everyone has one turn.
pub(crate) fn best_of(rounds: usize, entrants: &mut [Entrant<'_>]) -> Vec<Duration> {
    let mut best = vec![Duration::MAX; entrants.len()];
    for _ in 0..rounds {
        for (entrant, best) in entrants.iter_mut().zip(&mut best) {
            *best = (*best).min(time(&mut entrant.work));
        }
    }
    best
}

/// One turn.
fn time(work: &mut impl FnMut() -> usize) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

/// `R x PEER VERSION (want W)`.
pub(crate) fn line(work: &str, ours: Duration, peer: &str, theirs: Duration, want: f64) {
    println!("{work}: {:.2} x {peer} (want {want})", theirs.as_secs_f64() / ours.as_secs_f64());
}

/// `R x WHAT (want at most W)`: how many times as long as something that bounds it.
pub(crate) fn times(work: &str, ours: Duration, what: &str, bound: Duration, most: f64) {
    println!("{work}: {:.2} x {what} (want at most {most})", ours.as_secs_f64() / bound.as_secs_f64());
}

/// Millions of octets in a second.
pub(crate) fn megabytes(octets: usize, time: Duration) -> f64 {
    octets as f64 / 1e6 / time.as_secs_f64()
}
