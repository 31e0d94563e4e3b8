//! `check_host` (RFC 7208 4): one explicit stack of records, no recursion.

mod client;
mod explain;
mod prefetch;

use std::net::IpAddr;
use std::sync::Arc;

use mailwright_dns::{Dns, Kind, Missing, Name, Temporary, Txt};

use crate::cache::RecordCache;
use crate::limits::Limits;
use crate::macros::{MacroString, Values};
use crate::outcome::{Counts, Matched, Outcome, Problem, SpfResult};
use crate::record::{DualPrefix, Mechanism, Network, Qualifier, Record, Term, TermKind};
use crate::request::Request;
use crate::trace::{Observer, TermOutcome};

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
    let Some((name, domain)) = request.dns_domain() else {
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
        frames: Vec::with_capacity(2),
        client_name: None,
    };
    let ended = evaluation.run(name, domain.clone());
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
            outcome.result = SpfResult::TempError;
            outcome.problem = Some(Problem::Temporary { name: name.to_string(), why });
        }
        Err(Stop::Permanent(problem)) => {
            outcome.result = SpfResult::PermError;
            outcome.problem = Some(*problem);
        }
    }
    outcome
}

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

/// A record that is being evaluated.
struct Frame {
    domain: String,
    name: Name,
    record: Arc<Record<'static>>,
    next: usize,
    /// The qualifier of the `include` that led here.
    included_by: Option<Qualifier>,
}

struct Evaluation<'e, 'r, D: ?Sized, O> {
    request: &'e Request<'r>,
    dns: &'e D,
    config: &'e Config,
    observer: &'e mut O,
    sender_domain: &'e str,
    counts: Counts,
    frames: Vec<Frame>,
    /// The validated name of the client, once it was needed (RFC 7208 7.3, `%{p}`).
    client_name: Option<String>,
}

/// What a term came to.
enum Step {
    Next,
    Matched(Qualifier),
    Entered,
}

impl<D: Dns + ?Sized, O: Observer> Evaluation<'_, '_, D, O> {
    fn run(&mut self, name: Name, domain: String) -> Result<Ended, Stop> {
        let Some(record) = self.record(&name, &domain)? else {
            let problem = Some(Problem::NoRecord { domain });
            return Ok(Ended { result: SpfResult::None, matched: None, explanation: None, problem });
        };
        self.enter(Frame { domain, name, record, next: 0, included_by: None });
        loop {
            let Some(frame) = self.frames.last_mut() else {
                return Err(Problem::NoDomain.into());
            };
            let index = frame.next;
            frame.next += 1;
            let record = Arc::clone(&frame.record);
            let found = match record.term(index) {
                Some(term) => match term.kind {
                    TermKind::Directive { qualifier, mechanism } => match self
                        .directive(qualifier, mechanism)?
                    {
                        Step::Next => {
                            self.observer.term(
                                self.frames.len(),
                                &term,
                                TermOutcome::NotMatched,
                                self.counts,
                            );
                            continue;
                        }
                        Step::Entered => continue,
                        Step::Matched(qualifier) => {
                            self.observer.term(self.frames.len(), &term, TermOutcome::Matched, self.counts);
                            Some((qualifier, term))
                        }
                    },
                    _ => continue,
                },
                None => match record.redirect() {
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

    fn enter(&mut self, frame: Frame) {
        self.observer.record(self.frames.len(), &frame.domain, frame.record.as_str());
        self.frames.push(frame);
    }

    /// Ends the innermost record, with the directive that matched if one did, and then every record whose `include` that
    /// decides. `None`: an outer record goes on with its next term.
    fn leave(&mut self, found: Option<(Qualifier, Term<'_>)>) -> Result<Option<Ended>, Stop> {
        let matched_in = |frame: &Frame, term: &Term<'_>| Matched {
            domain: frame.domain.clone(),
            term: term.text.to_owned(),
            at: term.span.start,
        };
        let mut qualifier = found.map(|(qualifier, _)| qualifier);
        let mut matched =
            found.and_then(|(_, term)| self.frames.last().map(|frame| matched_in(frame, &term)));
        while let Some(frame) = self.frames.pop() {
            let result = qualifier.map_or(SpfResult::Neutral, result_of); // RFC 7208 4.7
            self.observer.finished(self.frames.len(), &frame.domain, result);
            let (Some(included_by), Some(outer)) = (frame.included_by, self.frames.last()) else {
                let explanation = if result == SpfResult::Fail { self.explanation(&frame)? } else { None };
                return Ok(Some(Ended { result, matched, explanation, problem: None }));
            };
            // RFC 7208 5.2: an include matches where the record that it names passes.
            let passed = result == SpfResult::Pass;
            if let Some(term) = outer.record.term(outer.next.saturating_sub(1)) {
                let sign = if passed { TermOutcome::Matched } else { TermOutcome::NotMatched };
                self.observer.term(self.frames.len(), &term, sign, self.counts);
                matched = Some(matched_in(outer, &term));
            }
            if !passed {
                return Ok(None);
            }
            qualifier = Some(included_by);
        }
        Ok(None)
    }

    fn directive(&mut self, qualifier: Qualifier, mechanism: Mechanism<'_>) -> Result<Step, Stop> {
        if mechanism.asks_dns() {
            self.count_lookup()?;
        }
        let ip = self.request.ip;
        let matched = match mechanism {
            Mechanism::All => true,
            Mechanism::Ip(network) => network.contains(ip),
            Mechanism::Include(domain) => return self.include(qualifier, domain),
            Mechanism::A { domain, prefix } => match self.target(domain)? {
                Some((name, _)) => self.addresses(&name)?.iter().any(|address| within(*address, ip, prefix)),
                None => false,
            },
            Mechanism::Mx { domain, prefix } => match self.target(domain)? {
                Some((name, text)) => self.exchanger(&name, &text, prefix)?,
                None => false,
            },
            Mechanism::Ptr(domain) => match self.target(domain)? {
                Some((name, _)) => self.is_client_within(&name)?,
                None => false,
            },
            Mechanism::Exists(domain) => match self.target(Some(domain))? {
                // RFC 7208 5.7: always A, whatever the client's address is.
                Some((name, _)) => self.ask(&name, self.dns.a(&name))?.is_some(),
                None => false,
            },
        };
        Ok(if matched { Step::Matched(qualifier) } else { Step::Next })
    }

    fn include(&mut self, qualifier: Qualifier, domain: MacroString<'_>) -> Result<Step, Stop> {
        let frame = self.jump(domain, Some(qualifier))?;
        self.enter(frame);
        Ok(Step::Entered)
    }

    /// RFC 7208 6.1: the record of the target takes the place of this one.
    fn redirect(&mut self, target: MacroString<'_>) -> Result<(), Stop> {
        self.count_lookup()?;
        let included_by = self.frames.last().and_then(|frame| frame.included_by);
        let frame = self.jump(target, included_by)?;
        self.frames.pop();
        self.enter(frame);
        Ok(())
    }

    /// The record of another domain; that it has none is an error of this one (RFC 7208 5.2, 6.1).
    fn jump(&mut self, domain: MacroString<'_>, included_by: Option<Qualifier>) -> Result<Frame, Stop> {
        let text = self.expand_domain(domain)?;
        let name = Name::new(&text).map_err(|_| Problem::NothingThere { domain: text.clone() })?;
        match self.record(&name, &text)? {
            Some(record) => Ok(Frame { domain: text, name, record, next: 0, included_by }),
            None => Err(Problem::NothingThere { domain: text }.into()),
        }
    }

    /// The record that `name` publishes (RFC 7208 4.4, 4.5).
    fn record(&self, name: &Name, domain: &str) -> Result<Option<Arc<Record<'static>>>, Stop> {
        let texts = match self.dns.txt(name) {
            Ok(texts) => texts,
            Err(Missing::Pending) => return Err(Stop::Pending),
            Err(Missing::Temporary(why)) => return Err(Stop::Temporary(Box::new(*name), why)),
            Err(_) => return Ok(None),
        };
        let mut records = texts.iter().map(Txt::as_bytes).filter(|text| Record::is_spf(text));
        let Some(text) = records.next() else { return Ok(None) };
        if records.next().is_some() {
            return Err(Problem::SeveralRecords { domain: domain.to_owned() }.into());
        }
        let parsed = match &self.config.cache {
            Some(cache) => cache.get(text),
            None => Record::parse(text).map(|record| Arc::new(record.into_owned())),
        };
        parsed.map(Some).map_err(|error| Problem::Syntax { domain: domain.to_owned(), error }.into())
    }

    /// RFC 7208 4.6.4: ten terms over all records.
    fn count_lookup(&mut self) -> Result<(), Stop> {
        self.counts.lookups += 1;
        if self.counts.lookups > self.config.limits.lookups {
            return Err(Problem::TooManyLookups.into());
        }
        Ok(())
    }

    /// An answer, where there is one; counts those that are not.
    fn ask<T>(&mut self, name: &Name, answer: Result<T, Missing>) -> Result<Option<T>, Stop> {
        match answer {
            Ok(found) => Ok(Some(found)),
            Err(Missing::Pending) => Err(Stop::Pending),
            Err(Missing::Temporary(why)) => Err(Stop::Temporary(Box::new(*name), why)),
            Err(_) => {
                // RFC 7208 4.6.4
                self.counts.void_lookups += 1;
                if self.counts.void_lookups > self.config.limits.void_lookups {
                    return Err(Problem::TooManyVoidLookups.into());
                }
                Ok(None)
            }
        }
    }

    /// The name that a mechanism asks for; `None` where DNS can hold no such name, so that nothing matches (RFC 7208 4.8).
    fn target(&mut self, domain: Option<MacroString<'_>>) -> Result<Option<(Name, String)>, Stop> {
        let Some(domain) = domain else {
            return Ok(self.frames.last().map(|frame| (frame.name, frame.domain.clone())));
        };
        let text = self.expand_domain(domain)?;
        Ok(Name::new(&text).ok().map(|name| (name, text)))
    }

    /// Expands a domain-spec and cuts it to what DNS can hold (RFC 7208 7.3).
    fn expand_domain(&mut self, domain: MacroString<'_>) -> Result<String, Stop> {
        if !domain.has_macros() {
            return Ok(shorten(domain.as_str().to_owned()));
        }
        if domain.needs_client_name() {
            self.look_up_client_name()?;
        }
        let mut text = String::new();
        domain.expand(&self.values(), &mut text);
        Ok(shorten(text))
    }

    fn values(&self) -> Values<'_> {
        Values {
            local: self.request.local,
            sender_domain: self.sender_domain,
            domain: self.frames.last().map_or(self.sender_domain, |frame| &frame.domain),
            helo: self.request.helo,
            ip: self.request.ip,
            receiver: self.request.receiver,
            now: self.request.now,
            client_name: self.client_name.as_deref().unwrap_or("unknown"),
        }
    }

    /// The addresses of `name` in the client's family (RFC 7208 5).
    fn addresses(&mut self, name: &Name) -> Result<Vec<IpAddr>, Stop> {
        let answer = addresses_of(self.dns, name, self.request.ip);
        Ok(self.ask(name, answer)?.unwrap_or_default())
    }

    /// RFC 7208 5.4
    fn exchanger(&mut self, name: &Name, domain: &str, prefix: DualPrefix) -> Result<bool, Stop> {
        let Some(exchanges) = self.ask(name, self.dns.mx(name))? else { return Ok(false) };
        if exchanges.len() > self.config.limits.exchanges {
            return Err(Problem::TooManyExchanges { domain: domain.to_owned() }.into());
        }
        let ip = self.request.ip;
        for (at, exchange) in exchanges.iter().enumerate() {
            if exchange.exchange.is_root() {
                continue; // RFC 7505
            }
            match self.addresses(&exchange.exchange) {
                Ok(addresses) if addresses.iter().any(|address| within(*address, ip, prefix)) => {
                    return Ok(true);
                }
                Ok(_) => {}
                Err(Stop::Pending) => {
                    for later in exchanges.iter().skip(at + 1) {
                        self.dns.announce(&later.exchange, address_kind(ip));
                    }
                    return Err(Stop::Pending);
                }
                Err(stop) => return Err(stop),
            }
        }
        Ok(false)
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

const fn address_kind(ip: IpAddr) -> Kind {
    if ip.is_ipv4() { Kind::A } else { Kind::Aaaa }
}

fn addresses_of<D: Dns + ?Sized>(dns: &D, name: &Name, like: IpAddr) -> Result<Vec<IpAddr>, Missing> {
    match like {
        IpAddr::V4(_) => Ok(dns.a(name)?.iter().copied().map(IpAddr::V4).collect()),
        IpAddr::V6(_) => Ok(dns.aaaa(name)?.iter().copied().map(IpAddr::V6).collect()),
    }
}

fn within(address: IpAddr, ip: IpAddr, prefix: DualPrefix) -> bool {
    let prefix = if ip.is_ipv4() { prefix.ip4 } else { prefix.ip6 };
    Network { address, prefix }.contains(ip)
}

/// RFC 7208 7.3: labels go from the left until 253 characters are left.
fn shorten(text: String) -> String {
    let mut text = text;
    if let Some(relative) = text.strip_suffix('.') {
        text.truncate(relative.len());
    }
    if text.len() <= 253 {
        return text;
    }
    let mut rest = text.as_str();
    while rest.len() > 253 {
        rest = rest.split_once('.').map_or("", |(_, behind)| behind);
    }
    rest.to_owned()
}
