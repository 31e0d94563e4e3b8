//! What an evaluation did, step by step.

use std::fmt;

use mailwright_dns::Dns;

use crate::eval::{Config, check_host_observed};
use crate::outcome::{Counts, Outcome, SpfResult};
use crate::record::Term;
use crate::request::Request;

/// Sees an evaluation go by.
pub(crate) trait Observer {
    fn record(&mut self, depth: usize, domain: &str, text: &str);
    fn term(&mut self, depth: usize, term: &Term<'_>, outcome: TermOutcome, counts: Counts);
    fn finished(&mut self, depth: usize, domain: &str, result: SpfResult);
}

impl Observer for () {
    fn record(&mut self, _: usize, _: &str, _: &str) {}
    fn term(&mut self, _: usize, _: &Term<'_>, _: TermOutcome, _: Counts) {}
    fn finished(&mut self, _: usize, _: &str, _: SpfResult) {}
}

/// What a term came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum TermOutcome {
    /// The client is what the term names.
    Matched,
    /// It is not: the next term decides.
    NotMatched,
}

/// The steps of an evaluation, those of included records one level deeper.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Trace {
    /// In the order in which they were taken.
    pub steps: Vec<TraceStep>,
}

/// A step.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TraceStep {
    /// Records around this one.
    pub depth: usize,
    /// What happened.
    pub event: TraceEvent,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum TraceEvent {
    /// A record was found and is being evaluated.
    Record {
        /// Whose it is.
        domain: String,
        /// Its text.
        text: String,
    },
    /// A term was evaluated.
    Term {
        /// As written.
        term: String,
        /// What it came to.
        outcome: TermOutcome,
        /// What was counted until then.
        counts: Counts,
    },
    /// A record was evaluated to its end.
    Finished {
        /// Whose it is.
        domain: String,
        /// Its result.
        result: SpfResult,
    },
}

impl Observer for Trace {
    fn record(&mut self, depth: usize, domain: &str, text: &str) {
        self.push(depth, TraceEvent::Record { domain: domain.to_owned(), text: text.to_owned() });
    }

    fn term(&mut self, depth: usize, term: &Term<'_>, outcome: TermOutcome, counts: Counts) {
        self.push(depth, TraceEvent::Term { term: term.text.to_owned(), outcome, counts });
    }

    fn finished(&mut self, depth: usize, domain: &str, result: SpfResult) {
        self.push(depth, TraceEvent::Finished { domain: domain.to_owned(), result });
    }
}

impl Trace {
    fn push(&mut self, depth: usize, event: TraceEvent) {
        self.steps.push(TraceStep { depth, event });
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            write!(f, "{:width$}", "", width = step.depth.saturating_mul(2))?;
            match &step.event {
                TraceEvent::Record { domain, text } => writeln!(f, "{domain}: {text}")?,
                TraceEvent::Term { term, outcome, counts } => {
                    let sign = if *outcome == TermOutcome::Matched { "matches" } else { "does not match" };
                    writeln!(f, "{term} {sign} (look-ups {}, void {})", counts.lookups, counts.void_lookups)?;
                }
                TraceEvent::Finished { domain, result } => writeln!(f, "{domain} -> {result}")?,
            }
        }
        Ok(())
    }
}

/// As [`check_host`](crate::check_host), with every step that was taken.
///
/// ```
/// use mailwright_dns::Zone;
/// use mailwright_spf::{Config, Request, check_host_traced};
///
/// let mut zone = Zone::new();
/// zone.add_txt("example.org", "v=spf1 include:example.net -all")?;
/// zone.add_txt("example.net", "v=spf1 ip4:192.0.2.0/24")?;
/// let request = Request::helo("192.0.2.7".parse()?, "example.org");
/// let (outcome, trace) = check_host_traced(&request, &zone, &Config::default());
/// assert_eq!(outcome.counts.lookups, 1);
/// assert_eq!(trace.to_string().lines().count(), 6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check_host_traced(
    request: &Request<'_>,
    dns: &(impl Dns + ?Sized),
    config: &Config,
) -> (Outcome, Trace) {
    let mut trace = Trace::default();
    let outcome = check_host_observed(request, dns, config, &mut trace);
    (outcome, trace)
}
