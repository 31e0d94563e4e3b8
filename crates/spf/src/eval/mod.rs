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
use crate::record::{Qualifier, RawKind, RawMechanism, RawTerm, Record};
use crate::request::Request;
use crate::trace::{Observer, TermOutcome};
use frame::{Frame, Frames, Source};

/// How to evaluate: limits, and a cache of parsed records where many messages are checked.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// What an evaluation may cost.
    pub limits: Limits,
    /// Parsed records, kept over evaluations.
    pub cache: Option<Arc<RecordCache>>,
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
pub fn check_host(request: &Request<'_>, dns: &(impl Dns + ?Sized), config: &Config) -> Outcome {
    check_host_observed(request, dns, config, &mut ())
}

pub(crate) fn check_host_observed<D: Dns + ?Sized, O: Observer>(
    request: &Request<'_>,
    dns: &D,
    config: &Config,
    observer: &mut O,
) -> Outcome {
    let mut outcome = Outcome {
        result: SpfResult::None,
        identity: request.identity,
        domain: request.domain.to_owned(),
        matched: None,
        explanation: None,
        problem: None,
        counts: Counts::default(),
        pending: false,
    };
    let Some(domain) = request.dns_domain().filter(|domain| domain.contains('.')) else {
        outcome.problem = Some(Problem::NoDomain); // RFC 7208 4.3: malformed, or a single label
        return outcome;
    };
    let Ok(name) = Name::new(&*domain) else {
        outcome.problem = Some(Problem::NoDomain);
        return outcome;
    };
    let mut evaluation = Evaluation {
        request,
        dns,
        config,
        observer,
        sender_domain: &domain,
        counts: Counts::default(),
        frames: Frames::default(),
        terms: Vec::with_capacity(if config.cache.is_some() { 0 } else { USUAL_TERMS }),
        target: String::new(),
        client_names: None,
        client_name: String::new(),
    };
    let ended = evaluation.run(&name);
    outcome.counts = evaluation.counts;
    match ended {
        Ok(Ended { result, matched, explanation, problem }) => {
            outcome.result = result;
            outcome.matched = matched;
            outcome.explanation = explanation;
            outcome.problem = problem;
        }
        Err(Stop::Pending) => {
            evaluation.announce_all();
            outcome.pending = true;
            outcome.result = SpfResult::TempError;
        }
        Err(Stop::Temporary(name, why)) => {
            let problem = Problem::Temporary { name: name.to_string(), why };
            evaluation.stopped(&problem);
            outcome.result = SpfResult::TempError;
            outcome.problem = Some(problem);
        }
        Err(Stop::Permanent(problem)) => {
            evaluation.stopped(&problem);
            outcome.result = SpfResult::PermError;
            outcome.problem = Some(*problem);
        }
    }
    outcome
}

/// Terms for which there is room before the list must grow.
const USUAL_TERMS: usize = 8;

/// What ends the whole evaluation at once.
enum Stop {
    Pending,
    Temporary(Box<Name>, Temporary),
    Permanent(Box<Problem>),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Permanent(Box::new(problem))
    }
}

struct Ended {
    result: SpfResult,
    matched: Option<Matched>,
    explanation: Option<String>,
    problem: Option<Problem>,
}

struct Evaluation<'e, 'r, D: ?Sized, O> {
    request: &'e Request<'r>,
    dns: &'e D,
    config: &'e Config,
    observer: &'e mut O,
    sender_domain: &'e str,
    counts: Counts,
    frames: Frames<'e>,
    /// The terms of the records that are being evaluated and come from no cache, one record behind the other.
    terms: Vec<RawTerm>,
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

impl<'e, D: Dns + ?Sized, O: Observer> Evaluation<'e, '_, D, O> {
    fn run(&mut self, name: &Name) -> Result<Ended, Stop> {
        let domain = self.sender_domain;
        let Some(source) = self.record(name, domain)? else {
            let problem = Some(Problem::NoRecord { domain: domain.to_owned() });
            return Ok(Ended { result: SpfResult::None, matched: None, explanation: None, problem });
        };
        self.enter(Frame::new(Cow::Borrowed(domain), source, None));
        loop {
            self.target.clear();
            let Some(frame) = self.frames.last_mut() else {
                return Err(Problem::NoDomain.into());
            };
            let index = frame.next;
            frame.next += 1;
            let found = match frame.raw_terms(&self.terms).get(index).map(|term| &term.kind) {
                Some(RawKind::Directive(qualifier, mechanism)) => {
                    let qualifier = *qualifier;
                    // Terms are large: those that ask nothing are looked at where they stand.
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
                None => match frame.redirect(&self.terms) {
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

    fn enter(&mut self, frame: Frame<'e>) {
        self.observer.record(self.frames.len(), &frame.domain, frame.text());
        self.frames.push(frame);
    }

    /// Ends the innermost record, with the qualifier of the directive that matched if one did, and then every record whose
    /// `include` that decides. `None`: an outer record goes on with its next term.
    fn leave(&mut self, found: Option<Qualifier>) -> Result<Option<Ended>, Stop> {
        let mut qualifier = found;
        loop {
            let result = qualifier.map_or(SpfResult::Neutral, result_of); // RFC 7208 4.7
            let depth = self.frames.len().saturating_sub(1);
            let Some(frame) = self.frames.last() else { return Ok(None) };
            self.observer.finished(depth, &frame.domain, result);
            let Some(included_by) = frame.included_by.filter(|_| depth > 0) else {
                let matched = qualifier.and_then(|_| frame.matched(&self.terms));
                let explanation = if result == SpfResult::Fail { self.explanation()? } else { None };
                return Ok(Some(Ended { result, matched, explanation, problem: None }));
            };
            let Some(frame) = self.frames.pop() else { return Ok(None) };
            self.terms.truncate(frame.first_term());
            // RFC 7208 5.2: an include matches where the record that it names passes.
            let passed = result == SpfResult::Pass;
            self.target.clear();
            self.target.push_str(&frame.domain);
            self.observe_term(if passed { TermOutcome::Matched } else { TermOutcome::NotMatched });
            if !passed {
                return Ok(None);
            }
            qualifier = Some(included_by);
        }
    }

    /// The record that `name` publishes (RFC 7208 4.4, 4.5).
    fn record(&mut self, name: &Name, domain: &str) -> Result<Option<Source>, Stop> {
        let texts = match self.query(name, Kind::Txt) {
            Ok(Records::Txt(texts)) => texts,
            Err(Missing::Pending) => return Err(Stop::Pending),
            Err(Missing::Temporary(why)) => return Err(Stop::Temporary(Box::new(*name), why)),
            _ => return Ok(None),
        };
        let mut found = None;
        for (at, text) in texts.iter().enumerate().filter(|(_, text)| Record::is_spf(text.as_bytes())) {
            if found.replace((at, text.as_bytes())).is_some() {
                return Err(Problem::SeveralRecords { domain: domain.to_owned() }.into());
            }
        }
        let Some((at, text)) = found else { return Ok(None) };
        let parsed = match &self.config.cache {
            Some(cache) => cache.get(text).map(Source::Cached),
            None => {
                let first = self.terms.len();
                Record::parse_terms(text, &mut self.terms).map(|()| Source::Parsed {
                    terms: first..self.terms.len(),
                    texts,
                    at,
                })
            }
        };
        parsed.map(Some).map_err(|error| Problem::Syntax { domain: domain.to_owned(), error }.into())
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
            Err(Missing::Temporary(why)) => Err(Stop::Temporary(Box::new(*name), why)),
            Err(_) => self.count_void().map(|()| None),
        }
    }

    /// RFC 7208 4.6.4: look-ups that find nothing.
    fn count_void(&mut self) -> Result<(), Stop> {
        self.counts.void_lookups += 1;
        if self.counts.void_lookups > self.config.limits.void_lookups {
            return Err(Problem::TooManyVoidLookups.into());
        }
        Ok(())
    }

    /// RFC 7208 4.6.4: ten terms over all records.
    fn count_lookup(&mut self) -> Result<(), Stop> {
        self.counts.lookups += 1;
        if self.counts.lookups > self.config.limits.lookups {
            return Err(Problem::TooManyLookups.into());
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

    fn stopped(&mut self, problem: &Problem) {
        if O::OBSERVES {
            let term = self.frames.last().and_then(|frame| frame.current(&self.terms));
            self.observer.stopped(self.frames.len(), term.as_ref(), problem, self.counts);
        }
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
