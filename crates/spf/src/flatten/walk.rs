//! Through the tree of records, with an explicit stack.

use std::collections::HashSet;

use mailwright_dns::{Dns, Kind, Missing, Name, Records, Txt};

use super::directive::Directive;
use super::{FlattenError, FlattenNote, FlattenOptions, MAX_FLAT_RECORDS};
use crate::limits::Limits;
use crate::record::{DualPrefix, Mechanism, Network, Qualifier, Record, TermKind};

/// What a tree of records comes to.
pub(super) struct Walked {
    pub(super) directives: Vec<Directive>,
    /// `exp=` of the record that is at the end of all redirects, its `%{d}` written out.
    pub(super) exp: Option<String>,
    /// Included records that stay records.
    pub(super) own: Vec<Vec<Directive>>,
    pub(super) notes: Vec<FlattenNote>,
}

/// A record that is being read.
struct Open {
    domain: String,
    record: Record<'static>,
    next: usize,
    /// Whether nothing behind is evaluated.
    ended: bool,
    directives: Vec<Directive>,
    seen: HashSet<String>,
    /// The qualifier of the include that leads here; none for the record itself.
    included_by: Option<Qualifier>,
    exp: Option<String>,
    /// The domains that redirects have led through.
    before: Vec<String>,
}

struct Walk<'w, D: ?Sized> {
    dns: &'w D,
    options: &'w FlattenOptions,
    limits: &'w Limits,
    open: Vec<Open>,
    own: Vec<Vec<Directive>>,
    notes: Vec<FlattenNote>,
    records: usize,
    pending: bool,
}

pub(super) fn walk<D: Dns + ?Sized>(
    domain: &str,
    dns: &D,
    options: &FlattenOptions,
    limits: &Limits,
) -> Result<Walked, FlattenError> {
    let mut walk = Walk {
        dns,
        options,
        limits,
        open: Vec::new(),
        own: Vec::new(),
        notes: Vec::new(),
        records: 0,
        pending: false,
    };
    walk.enter(domain, None)?;
    while let Some(open) = walk.open.last_mut() {
        let index = open.next;
        open.next = open.next.saturating_add(1);
        let (record, ended) = (open.record.clone(), open.ended);
        let term = record.term(index).filter(|_| !ended);
        let ended = match term.map(|term| (term.text, term.kind)) {
            Some((_, TermKind::Directive { qualifier, mechanism })) => {
                walk.directive(qualifier, mechanism)?;
                matches!(mechanism, Mechanism::All)
            }
            Some((text, TermKind::Other { .. })) => {
                walk.note(FlattenNote::Modifier { term: text.to_owned() });
                false
            }
            Some(_) => false,
            None => {
                if let Some(target) = record.redirect().filter(|_| !ended) {
                    walk.redirect(target.as_str(), target.has_macros())?;
                    continue;
                }
                true
            }
        };
        if ended && let Some(directives) = walk.leave() {
            if walk.pending {
                return Err(FlattenError::Pending);
            }
            let Walk { own, notes, .. } = walk;
            return Ok(Walked { directives: directives.0, exp: directives.1, own, notes });
        }
    }
    Err(FlattenError::Pending)
}

impl<D: Dns + ?Sized> Walk<'_, D> {
    fn note(&mut self, note: FlattenNote) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Opens the record of a domain, unless it is pending.
    fn enter(&mut self, domain: &str, included_by: Option<Qualifier>) -> Result<(), FlattenError> {
        let domain = domain.strip_suffix('.').unwrap_or(domain).to_owned();
        let seen = |open: &Open| {
            open.before.iter().chain([&open.domain]).any(|name| name.eq_ignore_ascii_case(&domain))
        };
        if self.open.iter().any(seen) {
            return Err(FlattenError::Loop { domain });
        }
        self.records += 1;
        if self.records > MAX_FLAT_RECORDS {
            return Err(FlattenError::TooLarge);
        }
        let Some(record) = self.record(&domain)? else {
            self.pending = true;
            return if self.open.is_empty() { Err(FlattenError::Pending) } else { Ok(()) };
        };
        let exp = record.exp().map(|target| target.with_domain(&domain));
        self.open.push(Open {
            domain,
            record,
            next: 0,
            ended: false,
            directives: Vec::new(),
            seen: HashSet::new(),
            included_by,
            exp,
            before: Vec::new(),
        });
        Ok(())
    }

    fn record(&self, domain: &str) -> Result<Option<Record<'static>>, FlattenError> {
        let missing = || FlattenError::NoRecord { domain: domain.to_owned() };
        let name = Name::new(domain).map_err(|_| missing())?;
        let texts = match self.dns.txt(&name) {
            Ok(texts) => texts,
            Err(Missing::Pending) => return Ok(None),
            Err(Missing::Temporary(why)) => {
                return Err(FlattenError::Temporary { domain: domain.to_owned(), why });
            }
            Err(_) => return Err(missing()),
        };
        let mut found = texts.iter().map(Txt::as_bytes).filter(|text| Record::is_spf(text));
        let (Some(text), None) = (found.next(), found.next()) else { return Err(missing()) };
        let parsed = Record::parse(text).map(Record::into_owned);
        parsed.map(Some).map_err(|error| FlattenError::Syntax { domain: domain.to_owned(), error })
    }

    fn directive(&mut self, qualifier: Qualifier, mechanism: Mechanism<'_>) -> Result<(), FlattenError> {
        let Some(open) = self.open.last() else { return Ok(()) };
        let domain = open.domain.clone();
        let spec = mechanism.domain();
        let fixed = !spec.is_some_and(|spec| spec.has_macros());
        match mechanism {
            Mechanism::Include(target) if fixed => {
                let target = target.as_str().to_owned();
                self.note(FlattenNote::Included { domain: target.clone() });
                return self.enter(&target, Some(qualifier));
            }
            Mechanism::A { prefix, .. } if fixed && self.options.addresses => {
                let host = spec.map_or(domain, |spec| spec.as_str().to_owned());
                self.note(FlattenNote::Addresses { domain: host.clone() });
                return match Name::new(&host) {
                    Ok(name) => self.addresses(qualifier, &name, prefix),
                    Err(_) => Ok(()), // RFC 7208 4.8: it matches nobody.
                };
            }
            Mechanism::Mx { prefix, .. } if fixed && self.options.addresses => {
                let host = spec.map_or(domain, |spec| spec.as_str().to_owned());
                self.note(FlattenNote::Addresses { domain: host.clone() });
                return match Name::new(&host) {
                    Ok(name) => self.exchangers(qualifier, &name, prefix),
                    Err(_) => Ok(()),
                };
            }
            _ => {}
        }
        let elsewhere = self.open.len() > 1 || self.open.iter().any(|open| !open.before.is_empty());
        let mut directive = Directive::new(qualifier, &mechanism, &domain);
        directive.own = directive.own.filter(|_| !elsewhere);
        if mechanism.asks_dns() {
            let term = format!("{qualifier}{}", directive.mechanism);
            if elsewhere && spec.is_some_and(|spec| spec.uses(b'p')) {
                self.note(FlattenNote::ClientName { term: term.clone() });
            }
            self.note(FlattenNote::Kept { term });
        }
        self.add(directive);
        Ok(())
    }

    fn add(&mut self, directive: Directive) {
        let Some(open) = self.open.last_mut() else { return };
        // The first of two that are the same decides.
        if open.seen.insert(directive.mechanism.clone()) {
            open.directives.push(directive);
        }
    }

    /// The addresses of both families (RFC 7208 5.3).
    fn addresses(
        &mut self,
        qualifier: Qualifier,
        name: &Name,
        prefix: DualPrefix,
    ) -> Result<(), FlattenError> {
        for kind in [Kind::A, Kind::Aaaa] {
            let networks: Vec<Network> = match self.dns.query(name, kind).result {
                Ok(Records::A(found)) => {
                    found.iter().map(|ip| Network { address: (*ip).into(), prefix: prefix.ip4 }).collect()
                }
                Ok(Records::Aaaa(found)) => {
                    found.iter().map(|ip| Network { address: (*ip).into(), prefix: prefix.ip6 }).collect()
                }
                Err(Missing::Pending) => {
                    self.pending = true;
                    Vec::new()
                }
                Err(Missing::Temporary(why)) => {
                    return Err(FlattenError::Temporary { domain: name.to_string(), why });
                }
                _ => Vec::new(),
            };
            for network in networks {
                self.add(Directive::new(qualifier, &Mechanism::Ip(network), ""));
            }
        }
        Ok(())
    }

    /// RFC 7208 5.4
    fn exchangers(
        &mut self,
        qualifier: Qualifier,
        name: &Name,
        prefix: DualPrefix,
    ) -> Result<(), FlattenError> {
        let exchanges = match self.dns.mx(name) {
            Ok(exchanges) => exchanges,
            Err(Missing::Pending) => {
                self.pending = true;
                return Ok(());
            }
            Err(Missing::Temporary(why)) => {
                return Err(FlattenError::Temporary { domain: name.to_string(), why });
            }
            Err(_) => return Ok(()),
        };
        if exchanges.len() > self.limits.exchanges {
            return Err(FlattenError::TooManyExchanges { domain: name.to_string() });
        }
        exchanges
            .iter()
            .filter(|exchange| !exchange.exchange.is_root())
            .try_for_each(|exchange| self.addresses(qualifier, &exchange.exchange, prefix))
    }

    /// RFC 7208 6.1: the target's terms come behind those of this record.
    fn redirect(&mut self, target: &str, has_macros: bool) -> Result<(), FlattenError> {
        let Some(mut old) = self.open.pop() else { return Ok(()) };
        if has_macros {
            return Err(FlattenError::Redirect { domain: old.domain, target: target.to_owned() });
        }
        self.note(FlattenNote::Included { domain: target.to_owned() });
        let depth = self.open.len();
        old.before.push(old.domain.clone());
        let before = old.before.clone();
        // For the search for loops the old record is still open.
        self.open.push(old);
        self.enter(target, None)?;
        if self.open.len() < depth + 2 {
            // Pending: what the record has so far is all there is.
            if let Some(open) = self.open.last_mut() {
                open.ended = true;
            }
            return Ok(());
        }
        let new = self.open.pop();
        let old = self.open.pop();
        if let (Some(mut new), Some(old)) = (new, old) {
            (new.directives, new.seen) = (old.directives, old.seen);
            new.included_by = old.included_by;
            new.before = before;
            self.open.push(new);
        }
        Ok(())
    }

    /// Ends the innermost record; the outermost's directives and explanation are the result.
    fn leave(&mut self) -> Option<(Vec<Directive>, Option<String>)> {
        let open = self.open.pop()?;
        let Some(qualifier) = open.included_by.filter(|_| !self.open.is_empty()) else {
            return Some((open.directives, open.exp));
        };
        let mut directives = open.directives;
        // RFC 7208 5.2: what does not pass does not match; behind the last pass nothing matters.
        let keep = directives
            .iter()
            .rposition(|directive| directive.qualifier == Qualifier::Pass)
            .map_or(0, |last| last + 1);
        if directives.iter().take(keep).all(|directive| directive.qualifier == Qualifier::Pass) {
            directives.truncate(keep);
            for directive in directives {
                self.add(Directive { qualifier, own: None, ..directive });
            }
            // Nothing is evaluated behind `all`.
            if let Some(outer) = self.open.last_mut()
                && outer.directives.last().is_some_and(Directive::is_all)
            {
                outer.ended = true;
            }
            return None;
        }
        for directive in &mut directives {
            directive.own = None;
        }
        self.own.push(directives);
        let mechanism = format!("include#{}", self.own.len() - 1);
        self.add(Directive { qualifier, mechanism, asks_dns: true, own: None });
        None
    }
}
