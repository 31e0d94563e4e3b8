//! What each mechanism and `redirect` does (RFC 7208 5, 6.1).

use std::borrow::Cow;
use std::net::IpAddr;

use mailwright_dns::{Dns, Kind, Name, Records};

use super::frame::Frame;
use super::{Evaluation, Step, Stop};
use crate::macros::{MacroString, Values};
use crate::outcome::Problem;
use crate::record::{DualPrefix, Network, Part, Qualifier, RawMechanism};
use crate::trace::{Observer, TermOutcome};

/// The longest name as text (RFC 7208 7.3).
const MAX_NAME: usize = mailwright_dns::MAX_NAME;

impl<'r, D: Dns + ?Sized, O: Observer> Evaluation<'_, 'r, D, O> {
    /// A mechanism that asks DNS.
    pub(super) fn directive(&mut self, qualifier: Qualifier, mechanism: RawMechanism) -> Result<Step, Stop> {
        self.count_lookup()?;
        let (domain, what) = match mechanism {
            RawMechanism::Include(domain) => return self.include(qualifier, domain),
            RawMechanism::A(domain, prefix) => (domain, Asks::Addresses(prefix)),
            RawMechanism::Mx(domain, prefix) => (domain, Asks::Exchanges(prefix)),
            RawMechanism::Ptr(domain) => (domain, Asks::ClientNames),
            RawMechanism::Exists(domain) => (Some(domain), Asks::Existence),
            RawMechanism::All | RawMechanism::Ip(_) => return Ok(Step::Next),
        };
        let mut name = Name::ROOT;
        if !self.target_name(domain, &mut name)? {
            return Ok(Step::Next); // RFC 7208 4.8: where DNS can hold no such name, nothing matches.
        }
        let matched = match what {
            Asks::Addresses(prefix) => self.has_address(&name, prefix)?,
            Asks::Exchanges(prefix) => self.exchanger(&name, prefix)?,
            Asks::ClientNames => self.is_client_within(&name)?,
            // RFC 7208 5.7: always A, whatever the client's address is.
            Asks::Existence => self.ask(&name, Kind::A)?.is_some(),
        };
        Ok(if matched { Step::Matched(qualifier) } else { Step::Next })
    }

    /// RFC 7208 5.2
    fn include(&mut self, qualifier: Qualifier, domain: Part) -> Result<Step, Stop> {
        let Some(frame) = self.jump(domain, Some(qualifier))? else {
            return Ok(Step::Next); // RFC 8616 4
        };
        self.observe_term(TermOutcome::Entered);
        self.enter(frame);
        Ok(Step::Entered)
    }

    /// RFC 7208 6.1: the record of the target takes the place of this one.
    pub(super) fn redirect(&mut self, target: Part) -> Result<(), Stop> {
        self.count_lookup()?;
        let included_by = self.frames.last().and_then(|frame| frame.included_by);
        let Some(frame) = self.jump(target, included_by)? else {
            let domain = Cow::Owned(self.target.clone());
            return Err(self.fail(Problem::NothingThere { domain }));
        };
        self.observer.redirected(self.frames.len(), &self.target, self.counts);
        self.frames.pop();
        self.enter(frame);
        Ok(())
    }

    /// The record of another domain; that it has none is an error of this one (RFC 7208 5.2, 6.1).
    ///
    /// `None` where the sender has a local part that no name can hold.
    fn jump(&mut self, domain: Part, included_by: Option<Qualifier>) -> Result<Option<Frame<'r>>, Stop> {
        self.expand(domain)?;
        if !self.target.is_ascii() {
            return Ok(None);
        }
        let target = if O::OBSERVES { self.target.clone() } else { std::mem::take(&mut self.target) };
        let target = Cow::Owned(target);
        let mut name = Name::ROOT;
        // RFC 7208 4.3: a single label is no domain to check.
        let found = match name.set(&*target) {
            Ok(()) if name.label_count() > 1 => self.record(&name, &target)?,
            _ => None,
        };
        match found {
            Some(source) => Ok(Some(Frame::new(target, source, included_by))),
            None => Err(self.fail(Problem::NothingThere { domain: target })),
        }
    }

    /// Makes `name` the name that a mechanism asks for, if DNS can hold it. An observer finds it in `self.target`.
    fn target_name(&mut self, domain: Option<Part>, name: &mut Name) -> Result<bool, Stop> {
        let Some(frame) = self.frames.last() else { return Ok(false) };
        let text = match domain.map(|domain| domain.of(frame.text())) {
            Some(spec) if MacroString::checked(spec).has_macros() => {
                self.expand(domain.unwrap_or_default())?;
                // RFC 8616 4: a local part that is not ASCII makes no name.
                return Ok(self.target.is_ascii() && name.set(&self.target).is_ok());
            }
            Some(spec) => shortened(spec),
            None => &*frame.domain,
        };
        if O::OBSERVES {
            self.target.push_str(text);
        }
        Ok(name.set(text).is_ok())
    }

    /// Expands a domain-spec into `self.target` and cuts it to what DNS can hold (RFC 7208 7.3).
    fn expand(&mut self, domain: Part) -> Result<(), Stop> {
        let Some(frame) = self.frames.last() else { return Ok(()) };
        let spec = MacroString::checked(domain.of(frame.text()));
        if !spec.has_macros() {
            self.target.push_str(shortened(spec.as_str()));
            return Ok(());
        }
        if spec.needs_client_name() {
            let name = Name::new(&*frame.domain).ok();
            self.look_up_client_name(name.as_ref())?;
        }
        let mut target = std::mem::take(&mut self.target);
        if let Some(frame) = self.frames.last() {
            let spec = MacroString::checked(domain.of(frame.text()));
            spec.expand(&self.values(&frame.domain), &mut target);
        }
        shorten(&mut target);
        self.target = target;
        Ok(())
    }

    /// What the macros stand for in the record of `domain`.
    pub(super) fn values<'v>(&'v self, domain: &'v str) -> Values<'v> {
        Values {
            local: self.request.local,
            sender_domain: self.sender_domain,
            domain,
            helo: self.request.helo,
            ip: self.request.ip,
            receiver: self.request.receiver,
            now: self.request.now,
            client_name: if self.client_name.is_empty() { "unknown" } else { &self.client_name },
        }
    }

    /// Whether `name` has an address that agrees with the client's (RFC 7208 5.3).
    fn has_address(&mut self, name: &Name, prefix: DualPrefix) -> Result<bool, Stop> {
        let ip = self.request.ip;
        let found = self.ask(name, address_kind(ip))?;
        Ok(found.is_some_and(|addresses| any_within(&addresses, ip, prefix)))
    }

    /// RFC 7208 5.4
    fn exchanger(&mut self, name: &Name, prefix: DualPrefix) -> Result<bool, Stop> {
        let Some(Records::Mx(exchanges)) = self.ask(name, Kind::Mx)? else { return Ok(false) };
        if exchanges.len() > self.config.limits.exchanges {
            let domain = Cow::Owned(name.to_string());
            return Err(self.fail(Problem::TooManyExchanges { domain })); // RFC 7208 4.6.4
        }
        for (at, exchange) in exchanges.iter().enumerate() {
            if exchange.exchange.is_root() {
                continue; // RFC 7505
            }
            match self.has_address(&exchange.exchange, prefix) {
                Ok(false) => {}
                Err(Stop::Pending) => {
                    for later in exchanges.iter().skip(at + 1) {
                        self.dns.announce(&later.exchange, address_kind(self.request.ip));
                    }
                    return Err(Stop::Pending);
                }
                decided => return decided,
            }
        }
        Ok(false)
    }
}

/// What a mechanism asks of the name that it has.
enum Asks {
    Addresses(DualPrefix),
    Exchanges(DualPrefix),
    ClientNames,
    Existence,
}

/// RFC 7208 5: the client's family is asked for.
pub(super) const fn address_kind(ip: IpAddr) -> Kind {
    if ip.is_ipv4() { Kind::A } else { Kind::Aaaa }
}

/// Whether one of the addresses agrees with `ip` in as many bits as `prefix` says.
pub(super) fn any_within(addresses: &Records, ip: IpAddr, prefix: DualPrefix) -> bool {
    match addresses {
        Records::A(addresses) => addresses
            .iter()
            .any(|address| Network { address: (*address).into(), prefix: prefix.ip4 }.contains(ip)),
        Records::Aaaa(addresses) => addresses
            .iter()
            .any(|address| Network { address: (*address).into(), prefix: prefix.ip6 }.contains(ip)),
        _ => false,
    }
}

/// RFC 7208 7.3: labels go from the left until 253 characters are left. A final dot says nothing.
fn shortened(text: &str) -> &str {
    let text = text.strip_suffix('.').unwrap_or(text);
    let Some(excess) = text.len().checked_sub(MAX_NAME).filter(|excess| *excess > 0) else { return text };
    // The first label that begins no earlier than the excess ends; none is left of a single label that is too long.
    let behind = text.as_bytes().get(excess.saturating_sub(1)..);
    let dot = behind.and_then(|rest| memchr::memchr(b'.', rest));
    dot.and_then(|dot| text.get(excess.saturating_add(dot)..)).unwrap_or_default()
}

/// As [`shortened`], in place.
pub(super) fn shorten(text: &mut String) {
    let kept = shortened(text).len();
    if text.ends_with('.') {
        text.pop();
    }
    text.drain(..text.len().saturating_sub(kept));
}
