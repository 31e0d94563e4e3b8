//! `check_host` (RFC 7208 4): one explicit stack of records, no recursion.

mod client;
mod explain;
mod frame;
mod mechanism;
mod prefetch;

use std::borrow::Cow;
use std::sync::Arc;

use mailwright_dns::{Dns, Kind, Missing, Name, Records, Temporary};

use crate::cache::RecordCache;
use crate::limits::Limits;
use crate::outcome::{Counts, Matched, Outcome, Problem, SpfResult};
use crate::record::{Held, Qualifier, RawKind, RawMechanism, Record, Terms};
use crate::request::Request;
use crate::trace::{Observer, TermOutcome};
use frame::{Frame, Frames, Source};

/// How to evaluate: limits, and a cache of parsed records where many messages are checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// What an evaluation may cost.
    pub limits: Limits,
    /// Parsed records, kept over evaluations.
    pub cache: Option<Arc<RecordCache>>,
    /// Whether the domain is asked for an explanation where the client fails (RFC 7208 6.2), as it is by default. It takes a
    /// look-up, and is of use to whoever shows it alone.
    pub explanation: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self { limits: Limits::default(), cache: None, explanation: true }
    }
}

/// Evaluates the record of the request's domain (RFC 7208 4).
///
/// Asks `dns`, which answers at once or says `Pending`: see `mailwright_dns::drive_blocking` for a real resolver.
///
/// ```
/// use mailwright_dns::Zone;
/// use mailwright_spf::{Config, Request, SpfResult, check_host};
///
/// let mut zone = Zone::new();
/// zone.add_txt("example.org", "v=spf1 ip4:192.0.2.0/24 -all")?;
/// let request = Request::mail_from("192.0.2.7".parse()?, "zoe@example.org", "mx.example.org");
/// let outcome = check_host(&request, &zone, &Config::default());
/// assert_eq!(outcome.result, SpfResult::Pass);
/// assert_eq!(outcome.to_string(), "pass for example.org: ip4:192.0.2.0/24 in the record of example.org");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check_host<'r>(request: &Request<'r>, dns: &(impl Dns + ?Sized), config: &Config) -> Outcome<'r> {
    check_host_observed(request, dns, config, &mut ())
}

pub(crate) fn check_host_observed<'r, D: Dns + ?Sized, O: Observer>(
    request: &Request<'r>,
    dns: &D,
    config: &Config,
    observer: &mut O,
) -> Outcome<'r> {
    let mut outcome = Outcome {
        result: SpfResult::None,
        identity: request.identity,
        domain: Cow::Borrowed(request.domain),
        matched: None,
        explanation: None,
        problem: None,
        counts: Counts::default(),
        pending: false,
    };
    let Some(domain) =
        request.dns_domain().filter(|domain| memchr::memchr(b'.', domain.as_bytes()).is_some())
    else {
        outcome.problem = Some(Problem::NoDomain); // RFC 7208 4.3: malformed, or a single label
        return outcome;
    };
    let mut name = Name::ROOT;
    if name.set(&*domain).is_err() {
        outcome.problem = Some(Problem::NoDomain);
        return outcome;
    }
    let mut evaluation = Evaluation {
        request,
        dns,
        config,
        observer,
        sender_domain: &domain,
        counts: Counts::default(),
        problem: None,
        frames: Frames::default(),
        terms: Terms::new(),
        target: String::new(),
        client_names: None,
        client_name: String::new(),
    };
    let ended = evaluation.run(&name);
    outcome.counts = evaluation.counts;
    match ended {
        Ok(Ended { result, matched, explanation }) => {
            outcome.result = result;
            outcome.matched = matched;
            outcome.explanation = explanation;
            outcome.problem = evaluation.problem;
        }
        Err(Stop::Pending) => {
            evaluation.announce_all();
            outcome.pending = true;
            outcome.result = SpfResult::TempError;
        }
        Err(Stop::Problem) => {
            evaluation.stopped();
            let temporary = matches!(evaluation.problem, Some(Problem::Temporary { .. }));
            outcome.result = if temporary { SpfResult::TempError } else { SpfResult::PermError };
            outcome.problem = evaluation.problem;
        }
    }
    outcome
}

/// What ends the whole evaluation at once.
enum Stop {
    Pending,
    /// `temperror` or `permerror`, by the evaluation's problem.
    Problem,
}

struct Ended<'r> {
    result: SpfResult,
    matched: Option<Matched<'r>>,
    explanation: Option<String>,
}

struct Evaluation<'e, 'r, D: ?Sized, O> {
    request: &'e Request<'r>,
    dns: &'e D,
    config: &'e Config,
    observer: &'e mut O,
    sender_domain: &'e Cow<'r, str>,
    counts: Counts,
    problem: Option<Problem<'r>>,
    frames: Frames<'r>,
    /// The terms of the records that are being evaluated and come from no cache, one record behind the other.
    terms: Terms,
    /// What the domain-spec of the current term expanded to; empty where it has none.
    target: String,
    /// The validated names of the client, once they were needed for `%{p}` (RFC 7208 7.3).
    client_names: Option<Vec<Name>>,
    /// `%{p}` for the current record.
    client_name: String,
}

/// What a term came to.
enum Step {
    Next,
    Matched(Qualifier),
    Entered,
}

impl<'r, D: Dns + ?Sized, O: Observer> Evaluation<'_, 'r, D, O> {
    fn run(&mut self, name: &Name) -> Result<Ended<'r>, Stop> {
        let domain = self.sender_domain.clone();
        let Some(source) = self.record(name, &domain)? else {
            self.problem = Some(Problem::NoRecord { domain });
            return Ok(Ended { result: SpfResult::None, matched: None, explanation: None });
        };
        self.enter(Frame::new(domain, source, None));
        loop {
            self.target.clear();
            let Some(frame) = self.frames.last_mut() else {
                return Err(self.fail(Problem::NoDomain));
            };
            let index = frame.next;
            frame.next += 1;
            let found = match frame.term(&self.terms, index).map(|term| &term.kind) {
                Some(RawKind::Directive(qualifier, mechanism)) => {
                    let qualifier = *qualifier;
                    let step = match mechanism {
                        RawMechanism::All => Step::Matched(qualifier),
                        RawMechanism::Ip(network) if network.contains(self.request.ip) => {
                            Step::Matched(qualifier)
                        }
                        RawMechanism::Ip(_) => Step::Next,
                        mechanism => {
                            let mechanism = *mechanism;
                            self.directive(qualifier, mechanism)?
                        }
                    };
                    match step {
                        Step::Next => {
                            self.observe_term(TermOutcome::NotMatched);
                            continue;
                        }
                        Step::Entered => continue,
                        Step::Matched(qualifier) => {
                            self.observe_term(TermOutcome::Matched);
                            Some(qualifier)
                        }
                    }
                }
                Some(_) => continue,
                None => match frame.source.modifiers.redirect {
                    // RFC 7208 6.1: only where no mechanism has matched.
                    Some(target) => {
                        self.redirect(target)?;
                        continue;
                    }
                    None => None,
                },
            };
            if let Some(ended) = self.leave(found)? {
                return Ok(ended);
            }
        }
    }

    fn enter(&mut self, frame: Frame<'r>) {
        self.observer.record(self.frames.len(), &frame.domain, frame.text());
        self.frames.push(frame);
    }

    /// Ends the innermost record, with the qualifier of the directive that matched if one did, and then every record whose
    /// `include` that decides. `None`: an outer record goes on with its next term.
    fn leave(&mut self, found: Option<Qualifier>) -> Result<Option<Ended<'r>>, Stop> {
        let mut qualifier = found;
        loop {
            let result = qualifier.map_or(SpfResult::Neutral, result_of); // RFC 7208 4.7
            let depth = self.frames.len().saturating_sub(1);
            let Some(frame) = self.frames.last() else { return Ok(None) };
            self.observer.finished(depth, &frame.domain, result);
            let Some(included_by) = frame.included_by.filter(|_| depth > 0) else {
                let term = qualifier.and_then(|_| frame.current_part(&self.terms));
                let explanation = if result == SpfResult::Fail { self.explanation()? } else { None };
                let matched = term.and_then(|term| Some(self.frames.pop()?.into_matched(term)));
                return Ok(Some(Ended { result, matched, explanation }));
            };
            let Some(frame) = self.frames.pop() else { return Ok(None) };
            self.terms.truncate(frame.source.terms.start);
            // RFC 7208 5.2: an include matches where the record that it names passes.
            let passed = result == SpfResult::Pass;
            if O::OBSERVES {
                self.target.clear();
                self.target.push_str(&frame.domain);
            }
            self.observe_term(if passed { TermOutcome::Matched } else { TermOutcome::NotMatched });
            if !passed {
                return Ok(None);
            }
            qualifier = Some(included_by);
        }
    }

    /// The record that `name` publishes (RFC 7208 4.4, 4.5).
    #[allow(clippy::ptr_arg, reason = "a problem borrows the domain for as long as the request lives")]
    fn record(&mut self, name: &Name, domain: &Cow<'r, str>) -> Result<Option<Source>, Stop> {
        let texts = match self.query(name, Kind::Txt) {
            Ok(Records::Txt(texts)) => texts,
            Err(Missing::Pending) => return Err(Stop::Pending),
            Err(Missing::Temporary(why)) => return Err(self.fail_temporarily(name, why)),
            _ => return Ok(None),
        };
        let mut records = texts.iter().enumerate().filter(|(_, text)| Record::is_spf(text.as_bytes()));
        let Some((at, text)) = records.next() else { return Ok(None) };
        if records.next().is_some() {
            return Err(self.fail(Problem::SeveralRecords { domain: domain.clone() }));
        }
        let start = self.terms.len();
        let parsed = match &self.config.cache {
            Some(cache) => cache.get(text).map(|record| (record.modifiers(), Some(Held::Cached(record)))),
            None => Record::parse_terms(text, &mut self.terms).map(|modifiers| (modifiers, None)),
        };
        match parsed {
            Ok((modifiers, held)) => Ok(Some(Source {
                held: held.unwrap_or(Held::Answer(texts, at)),
                modifiers,
                terms: start..self.terms.len(),
            })),
            Err(error) => Err(self.fail(Problem::Syntax { domain: domain.clone(), error })),
        }
    }

    fn query(&mut self, name: &Name, kind: Kind) -> Result<Records, Missing> {
        let answer = self.dns.query(name, kind).result;
        self.observer.asked(name, kind, &answer);
        answer
    }

    /// As [`Self::query`] for what a term asks; counts what finds nothing.
    fn ask(&mut self, name: &Name, kind: Kind) -> Result<Option<Records>, Stop> {
        match self.query(name, kind) {
            Ok(found) => Ok(Some(found)),
            Err(Missing::Pending) => Err(Stop::Pending),
            Err(Missing::Temporary(why)) => Err(self.fail_temporarily(name, why)),
            Err(_) => self.count_void().map(|()| None),
        }
    }

    /// RFC 7208 4.6.4: look-ups that find nothing.
    fn count_void(&mut self) -> Result<(), Stop> {
        self.counts.void_lookups += 1;
        if self.counts.void_lookups > self.config.limits.void_lookups {
            return Err(self.fail(Problem::TooManyVoidLookups));
        }
        Ok(())
    }

    /// RFC 7208 4.6.4: ten terms over all records.
    fn count_lookup(&mut self) -> Result<(), Stop> {
        self.counts.lookups += 1;
        if self.counts.lookups > self.config.limits.lookups {
            return Err(self.fail(Problem::TooManyLookups));
        }
        Ok(())
    }

    /// Tells the observer of the current term.
    fn observe_term(&mut self, outcome: TermOutcome) {
        if !O::OBSERVES {
            return;
        }
        let Some(frame) = self.frames.last() else { return };
        if let Some(term) = frame.current(&self.terms) {
            let target = Some(&*self.target).filter(|target| !target.is_empty());
            self.observer.term(self.frames.len(), &term, target, outcome, self.counts);
        }
    }

    fn stopped(&mut self) {
        if O::OBSERVES
            && let Some(problem) = &self.problem
        {
            let term = self.frames.last().and_then(|frame| frame.current(&self.terms));
            self.observer.stopped(self.frames.len(), term.as_ref(), problem, self.counts);
        }
    }

    fn fail(&mut self, problem: Problem<'r>) -> Stop {
        self.problem = Some(problem);
        Stop::Problem
    }

    fn fail_temporarily(&mut self, name: &Name, why: Temporary) -> Stop {
        self.fail(Problem::Temporary { name: name.to_string().into(), why })
    }
}

const fn result_of(qualifier: Qualifier) -> SpfResult {
    match qualifier {
        Qualifier::Pass => SpfResult::Pass,
        Qualifier::Fail => SpfResult::Fail,
        Qualifier::SoftFail => SpfResult::SoftFail,
        Qualifier::Neutral => SpfResult::Neutral,
    }
}
