//! What an evaluation did, step by step.

use std::fmt;

use mailwright_dns::{Dns, Kind, Missing, Name, Question, Records};

use crate::eval::{Config, check_host_observed};
use crate::outcome::{Counts, Outcome, Problem, SpfResult};
use crate::record::Term;
use crate::request::Request;

/// Sees an evaluation go by.
#[allow(unused_variables, reason = "an observer may look at some things only")]
pub(crate) trait Observer {
    /// Whether it looks at anything.
    const OBSERVES: bool = true;
    fn asked(&mut self, name: &Name, kind: Kind, answer: &Result<Records, Missing>) {}
    fn record(&mut self, depth: usize, domain: &str, text: &str) {}
    fn term(
        &mut self,
        depth: usize,
        term: &Term<'_>,
        target: Option<&str>,
        outcome: TermOutcome,
        counts: Counts,
    ) {
    }
    fn redirected(&mut self, depth: usize, target: &str, counts: Counts) {}
    fn finished(&mut self, depth: usize, domain: &str, result: SpfResult) {}
    fn explained(&mut self, text: Option<&str>) {}
    fn stopped(&mut self, depth: usize, term: Option<&Term<'_>>, problem: &Problem<'_>, counts: Counts) {}
}

impl Observer for () {
    const OBSERVES: bool = false;
}

/// What a term came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum TermOutcome {
    /// The client is what the term names.
    Matched,
    /// It is not: the next term decides.
    NotMatched,
    /// An `include` whose record follows; whether it matched is told behind that record.
    Entered,
}

/// A question and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// What was asked.
    pub question: Question,
    /// What came back.
    pub answer: Result<Records, Missing>,
}

/// The steps of an evaluation, those of included records one level deeper.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Trace {
    /// In the order in which they were taken.
    pub steps: Vec<TraceStep>,
    /// What was asked for the step that comes next.
    #[cfg_attr(feature = "serde", serde(skip))]
    asked: Vec<Asked>,
}

/// A step.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TraceStep {
    /// Records around this one.
    pub depth: usize,
    /// What happened.
    pub event: TraceEvent,
    /// What was asked for it, and what was answered.
    pub asked: Vec<Asked>,
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
        /// The domain that it names, its macros expanded.
        target: Option<String>,
        /// What it came to.
        outcome: TermOutcome,
        /// What was counted until then.
        counts: Counts,
    },
    /// No term matched, and `redirect=` leads to another record, which follows (RFC 7208 6.1).
    Redirect {
        /// Whose record it is.
        target: String,
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
    /// The text that `exp=` points to was asked for (RFC 7208 6.2).
    Explanation {
        /// The text; none where there is none, or none that can be used.
        text: Option<String>,
    },
    /// The evaluation ended at once with `temperror` or `permerror`.
    Stopped {
        /// The term that was being evaluated.
        term: Option<String>,
        /// Why.
        problem: Problem<'static>,
        /// What was counted until then.
        counts: Counts,
    },
}

impl Observer for Trace {
    fn asked(&mut self, name: &Name, kind: Kind, answer: &Result<Records, Missing>) {
        self.asked.push(Asked { question: Question::new(*name, kind), answer: answer.clone() });
    }

    fn record(&mut self, depth: usize, domain: &str, text: &str) {
        self.push(depth, TraceEvent::Record { domain: domain.to_owned(), text: text.to_owned() });
    }

    fn term(
        &mut self,
        depth: usize,
        term: &Term<'_>,
        target: Option<&str>,
        outcome: TermOutcome,
        counts: Counts,
    ) {
        let (term, target) = (term.text.to_owned(), target.map(str::to_owned));
        // What an include has asked is the record that comes next.
        let asked =
            if outcome == TermOutcome::Entered { Vec::new() } else { std::mem::take(&mut self.asked) };
        self.steps.push(TraceStep {
            depth,
            event: TraceEvent::Term { term, target, outcome, counts },
            asked,
        });
    }

    fn redirected(&mut self, depth: usize, target: &str, counts: Counts) {
        let event = TraceEvent::Redirect { target: target.to_owned(), counts };
        self.steps.push(TraceStep { depth, event, asked: Vec::new() });
    }

    fn finished(&mut self, depth: usize, domain: &str, result: SpfResult) {
        self.push(depth, TraceEvent::Finished { domain: domain.to_owned(), result });
    }

    fn explained(&mut self, text: Option<&str>) {
        self.push(0, TraceEvent::Explanation { text: text.map(str::to_owned) });
    }

    fn stopped(&mut self, depth: usize, term: Option<&Term<'_>>, problem: &Problem<'_>, counts: Counts) {
        let term = term.map(|term| term.text.to_owned());
        self.push(depth, TraceEvent::Stopped { term, problem: problem.clone().into_owned(), counts });
    }
}

impl Trace {
    fn push(&mut self, depth: usize, event: TraceEvent) {
        let asked = std::mem::take(&mut self.asked);
        self.steps.push(TraceStep { depth, event, asked });
    }

    /// All questions with their answers, in the order in which they were asked.
    pub fn asked(&self) -> impl Iterator<Item = &Asked> {
        self.steps.iter().flat_map(|step| &step.asked)
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.question)?;
        let found = match &self.answer {
            Ok(found) => found,
            Err(why) => return write!(f, "{why}"),
        };
        match found {
            Records::Txt(texts) => list(f, texts.iter().map(|text| text.as_bytes().escape_ascii())),
            Records::A(addresses) => list(f, addresses.iter()),
            Records::Aaaa(addresses) => list(f, addresses.iter()),
            Records::Mx(exchanges) => list(f, exchanges.iter().map(|mx| mx.exchange)),
            Records::Ptr(names) => list(f, names.iter()),
            _ => Ok(()),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, items: impl Iterator<Item = impl fmt::Display>) -> fmt::Result {
    for (at, item) in items.enumerate() {
        write!(f, "{}{item}", if at == 0 { "" } else { ", " })?;
    }
    Ok(())
}

#[cfg(feature = "serde")]
impl serde::Serialize for Asked {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for TraceStep {
    /// A line, and one more for each question.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indent = self.depth.saturating_mul(2);
        write!(f, "{:indent$}", "")?;
        match &self.event {
            TraceEvent::Record { domain, text } => writeln!(f, "{domain}: {text}")?,
            TraceEvent::Term { term, target, outcome, counts } => {
                f.write_str(term)?;
                if let Some(target) = target.as_ref().filter(|target| !term.ends_with(target.as_str())) {
                    write!(f, " [{target}]")?;
                }
                match outcome {
                    TermOutcome::Matched => writeln!(f, " matches {counts}")?,
                    TermOutcome::NotMatched => writeln!(f, " does not match {counts}")?,
                    TermOutcome::Entered => writeln!(f, " {counts}:")?,
                }
            }
            TraceEvent::Redirect { target, counts } => writeln!(f, "redirected to {target} {counts}:")?,
            TraceEvent::Finished { domain, result } => writeln!(f, "{domain} -> {result}")?,
            TraceEvent::Explanation { text: Some(text) } => writeln!(f, "explanation: {text}")?,
            TraceEvent::Explanation { text: None } => writeln!(f, "no explanation")?,
            TraceEvent::Stopped { term: Some(term), problem, counts } => {
                writeln!(f, "{term} ends it {counts}: {problem}")?;
            }
            TraceEvent::Stopped { term: None, problem, .. } => writeln!(f, "{problem}")?,
        }
        self.asked.iter().try_for_each(|asked| writeln!(f, "{:indent$}  ? {asked}", ""))
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(look-ups {}, void {})", self.lookups, self.void_lookups)
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().try_for_each(|step| step.fmt(f))
    }
}

/// As [`check_host`](crate::check_host), with every step that was taken.
///
/// ```
/// use mailwright_dns::Zone;
/// use mailwright_spf::{Config, Request, check_host_traced};
///
/// let mut zone = Zone::new();
/// zone.add_txt("example.org", "v=spf1 include:%{d2}.example.net -all")?;
/// zone.add_txt("example.org.example.net", "v=spf1 ip4:192.0.2.0/24")?;
/// let request = Request::helo("192.0.2.7".parse()?, "example.org");
/// let (outcome, trace) = check_host_traced(&request, &zone, &Config::default());
/// assert_eq!(outcome.counts.lookups, 1);
/// assert_eq!(trace.asked().count(), 2);
/// assert_eq!(
///     trace.to_string(),
///     "example.org: v=spf1 include:%{d2}.example.net -all
///   ? example.org TXT: v=spf1 include:%{d2}.example.net -all
///   include:%{d2}.example.net [example.org.example.net] (look-ups 1, void 0):
///   example.org.example.net: v=spf1 ip4:192.0.2.0/24
///     ? example.org.example.net TXT: v=spf1 ip4:192.0.2.0/24
///     ip4:192.0.2.0/24 matches (look-ups 1, void 0)
///   example.org.example.net -> pass
///   include:%{d2}.example.net [example.org.example.net] matches (look-ups 1, void 0)
/// example.org -> pass
/// "
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check_host_traced<'r>(
    request: &Request<'r>,
    dns: &(impl Dns + ?Sized),
    config: &Config,
) -> (Outcome<'r>, Trace) {
    let mut trace = Trace::default();
    let outcome = check_host_observed(request, dns, config, &mut trace);
    (outcome, trace)
}
