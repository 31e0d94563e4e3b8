//! When an answer is pending: what else will be needed, so that one wait serves for all.

use mailwright_dns::{Dns, Kind, Name, Txt};

use super::Evaluation;
use super::mechanism::{address_kind, shorten};
use crate::macros::MacroString;
use crate::record::{Mechanism, Record, TermKind};
use crate::trace::Observer;

/// A record that would be evaluated if no term matched.
struct Open {
    domain: String,
    record: Record<'static>,
    next: usize,
    /// The explanation of an included record is never used (RFC 7208 6.2).
    included: bool,
}

impl<D: Dns + ?Sized, O: Observer> Evaluation<'_, '_, D, O> {
    /// Announces the questions of every record that is known, in the order of evaluation, as far as the limit on look-ups
    /// allows: no more than an evaluation asks in which no term matches.
    pub(super) fn announce_all(&self) {
        let mut open = Vec::new();
        open.extend(self.open(self.sender_domain.to_string(), false));
        let mut room = self.config.limits.lookups;
        while let Some(Open { domain, record, next, included }) = open.last_mut() {
            let Some(term) = record.term(*next) else {
                open.pop();
                continue;
            };
            *next += 1;
            let (target, kind) = match term.kind {
                TermKind::Directive { mechanism: Mechanism::Ip(_), .. } => continue,
                TermKind::Directive { mechanism: Mechanism::All, .. } => {
                    *next = usize::MAX; // and no redirect either (RFC 7208 6.1)
                    continue;
                }
                TermKind::Directive { mechanism, .. } => {
                    (mechanism.domain(), kind_of(mechanism, address_kind(self.request.ip)))
                }
                TermKind::Redirect(target) => (Some(target), Kind::Txt),
                _ => continue,
            };
            let Some(left) = room.checked_sub(1) else { return };
            room = left;
            if kind == Kind::Ptr {
                self.announce_client();
                continue;
            }
            let target = self.known_target(target, domain);
            if kind != Kind::Txt {
                self.announce(target, kind);
                continue;
            }
            let included = *included || !matches!(term.kind, TermKind::Redirect(_));
            open.extend(target.and_then(|target| self.open(target, included)));
        }
    }

    /// The record of a domain. Where it is not known yet this becomes a question: it is waited for anyway.
    fn open(&self, domain: String, included: bool) -> Option<Open> {
        let texts = self.dns.txt(&Name::new(&domain).ok()?).ok()?;
        let text = texts.iter().map(Txt::as_bytes).find(|text| Record::is_spf(text))?;
        let mut record = Record::parse(text).ok()?.into_owned();
        if let Some(target) = record.exp().filter(|_| !included && self.config.explanation) {
            self.announce(self.known_target(Some(target), &domain), Kind::Txt);
        }
        record.redirect_last();
        Some(Open { domain, record, next: 0, included })
    }

    /// The domain that a term names, unless the client's name is needed for it.
    fn known_target(&self, target: Option<MacroString<'_>>, domain: &str) -> Option<String> {
        let Some(target) = target else { return Some(domain.to_owned()) };
        if target.needs_client_name() && self.client_names.is_none() {
            self.announce_client();
            return None;
        }
        let mut text = String::new();
        target.expand(&self.values(domain), &mut text);
        shorten(&mut text);
        Some(text)
    }

    fn announce(&self, target: Option<String>, kind: Kind) {
        let Some(name) = target.and_then(|target| Name::new(target).ok()) else { return };
        self.dns.announce(&name, kind);
        if kind != Kind::Mx {
            return;
        }
        if let Ok(exchanges) = self.dns.mx(&name) {
            for exchange in exchanges.iter().take(self.config.limits.exchanges) {
                self.dns.announce(&exchange.exchange, address_kind(self.request.ip));
            }
        }
    }
}

fn kind_of(mechanism: Mechanism<'_>, addresses: Kind) -> Kind {
    match mechanism {
        Mechanism::Include(_) => Kind::Txt,
        Mechanism::Exists(_) => Kind::A,
        Mechanism::Mx { .. } => Kind::Mx,
        Mechanism::Ptr(_) => Kind::Ptr,
        Mechanism::A { .. } | Mechanism::All | Mechanism::Ip(_) => addresses,
    }
}
