//! When an answer is pending: what else will be needed, so that one wait serves for all.

use mailwright_dns::{Dns, Kind, Name, Txt};

use super::Evaluation;
use super::mechanism::{address_kind, shorten};
use crate::macros::MacroString;
use crate::record::{Mechanism, Record, TermKind};
use crate::trace::Observer;

/// A domain whose record is or may be evaluated.
struct Domain {
    text: String,
    /// The explanation of an included record is never used (RFC 7208 6.2).
    included: bool,
}

impl<D: Dns + ?Sized, O: Observer> Evaluation<'_, '_, D, O> {
    /// Announces the questions of every record that is known, as far as the limit on look-ups allows.
    pub(super) fn announce_all(&self) {
        let mut domains = vec![Domain { text: self.sender_domain.to_owned(), included: false }];
        let mut room = self.config.limits.lookups;
        let mut at = 0;
        while let Some(Domain { text, included }) = domains.get(at) {
            let (domain, included) = (text.clone(), *included);
            at += 1;
            let Ok(name) = Name::new(&domain) else { continue };
            // A record that is not known yet becomes a question here: it is waited for anyway.
            let Ok(texts) = self.dns.txt(&name) else { continue };
            let Some(text) = texts.iter().map(Txt::as_bytes).find(|text| Record::is_spf(text)) else {
                continue;
            };
            let Ok(record) = Record::parse(text) else { continue };
            if let Some(target) = record.exp().filter(|_| !included) {
                self.announce(self.known_target(Some(target), &domain), Kind::Txt);
            }
            for term in record.terms() {
                let (target, kind) = match term.kind {
                    TermKind::Directive { mechanism: Mechanism::Ip(_), .. } => continue,
                    TermKind::Directive { mechanism: Mechanism::All, .. } => break,
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
                let target = self.known_target(target, &domain);
                let is_new = |target: &String| !domains.iter().any(|known| known.text == *target);
                match target {
                    Some(text) if kind == Kind::Txt && is_new(&text) => {
                        let included = included || !matches!(term.kind, TermKind::Redirect(_));
                        domains.push(Domain { text, included });
                    }
                    target => self.announce(target, kind),
                }
            }
        }
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
