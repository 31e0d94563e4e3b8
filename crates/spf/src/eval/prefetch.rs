//! When an answer is pending: what else will be needed, so that one wait serves for all.

use mailwright_dns::{Dns, Kind, Name, Txt};

use super::{Evaluation, address_kind, shorten};
use crate::macros::{MacroString, Values};
use crate::record::{Mechanism, Record, TermKind};
use crate::trace::Observer;

impl<D: Dns + ?Sized, O: Observer> Evaluation<'_, '_, D, O> {
    /// Announces the questions of every record that is known, as far as the limit on look-ups allows.
    pub(super) fn announce_all(&mut self) {
        let mut domains = vec![self.sender_domain.to_owned()];
        let mut room = self.config.limits.lookups;
        let mut at = 0;
        while let Some(domain) = domains.get(at).cloned() {
            at += 1;
            let Ok(name) = Name::new(&domain) else { continue };
            // A record that is not known yet becomes a question here: it is waited for anyway.
            let Ok(texts) = self.dns.txt(&name) else { continue };
            let Some(text) = texts.iter().map(Txt::as_bytes).find(|text| Record::is_spf(text)) else {
                continue;
            };
            let Ok(record) = Record::parse(text) else { continue };
            for term in record.terms() {
                if room == 0 {
                    return;
                }
                let (target, kind) = match term.kind {
                    TermKind::Directive { mechanism: Mechanism::Ip(_), .. } => continue,
                    TermKind::Directive { mechanism: Mechanism::All, .. } => break,
                    TermKind::Directive { mechanism, .. } => {
                        mechanism_target(mechanism, address_kind(self.request.ip))
                    }
                    TermKind::Redirect(target) => (Some(target), Kind::Txt),
                    _ => continue,
                };
                room -= 1;
                if kind == Kind::Ptr {
                    self.announce_client();
                    continue;
                }
                let Some(target) = self.known_target(target, &domain) else { continue };
                if kind == Kind::Txt && !domains.contains(&target) {
                    domains.push(target);
                } else if let Ok(name) = Name::new(&target) {
                    self.dns.announce(&name, kind);
                    self.announce_exchanges(&name, kind);
                }
            }
        }
    }

    /// The domain that a term names, unless the client's name is needed for it.
    fn known_target(&self, target: Option<MacroString<'_>>, domain: &str) -> Option<String> {
        let Some(target) = target else { return Some(domain.to_owned()) };
        if target.needs_client_name() && self.client_name.is_none() {
            self.announce_client();
            return None;
        }
        let mut text = String::new();
        target.expand(&Values { domain, ..self.values() }, &mut text);
        Some(shorten(text))
    }

    fn announce_exchanges(&self, name: &Name, kind: Kind) {
        if kind != Kind::Mx {
            return;
        }
        if let Ok(exchanges) = self.dns.mx(name) {
            for exchange in exchanges.iter().take(self.config.limits.exchanges) {
                self.dns.announce(&exchange.exchange, address_kind(self.request.ip));
            }
        }
    }
}

fn mechanism_target(mechanism: Mechanism<'_>, addresses: Kind) -> (Option<MacroString<'_>>, Kind) {
    match mechanism {
        Mechanism::Include(domain) => (Some(domain), Kind::Txt),
        Mechanism::Exists(domain) => (Some(domain), Kind::A),
        Mechanism::Mx { domain, .. } => (domain, Kind::Mx),
        Mechanism::Ptr(domain) => (domain, Kind::Ptr),
        Mechanism::A { domain, .. } => (domain, addresses),
        Mechanism::All | Mechanism::Ip(_) => (None, addresses),
    }
}
