//! A record and all that it leads to, counted without a sender.

use std::fmt;

use mailwright_dns::{Dns, Kind as Type, Missing, Name, Records, Txt};
use mailwright_message_model::Span;

use super::record;
use super::{Finding, FindingKind as Kind};
use crate::limits::{Limits, MAX_EXPLANATION_BYTES};
use crate::macros::{MacroString, Place};
use crate::outcome::Counts;
use crate::record::{Mechanism, Record, Term, TermKind};

/// Records that are looked at: far above what any domain uses, so that a tree without an end ends.
pub const MAX_TREE_RECORDS: usize = 100;

/// The records that a domain's record leads to, and what is wrong or unwise about them.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Tree {
    /// The record itself and those that it includes or redirects to, depth first.
    pub nodes: Vec<TreeNode>,
    /// What is wrong or unwise, record by record.
    pub findings: Vec<Finding>,
    /// What an evaluation costs in which no term matches.
    pub counts: Counts,
    /// Whether an answer was pending; a driver never gives such a tree out.
    pub pending: bool,
}

/// A record in a [`Tree`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TreeNode {
    /// Records around it.
    pub depth: usize,
    /// The term that leads to it; none for the first.
    pub term: Option<String>,
    /// Whose it is.
    pub domain: String,
    /// Its text.
    pub record: String,
    /// Its own terms that ask DNS.
    pub lookups: usize,
    /// Those, and those of every record below.
    pub total: usize,
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for node in &self.nodes {
            let indent = node.depth.saturating_mul(2);
            writeln!(f, "{:indent$}{} ({} look-ups): {}", "", node.domain, node.total, node.record)?;
        }
        self.findings.iter().try_for_each(|finding| writeln!(f, "{finding}"))?;
        writeln!(f, "{} of 10 look-ups, {} void", self.counts.lookups, self.counts.void_lookups)
    }
}

/// A record to be looked at.
struct Open {
    record: Record<'static>,
    domain: String,
    /// Its place in [`Tree::nodes`].
    node: usize,
    next: usize,
}

struct Walk<'w, D: ?Sized> {
    dns: &'w D,
    limits: &'w Limits,
    open: Vec<Open>,
    tree: Tree,
}

pub(super) fn lint<D: Dns + ?Sized>(domain: &str, dns: &D, limits: &Limits) -> Tree {
    let mut walk = Walk { dns, limits, open: Vec::new(), tree: Tree::default() };
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    if !walk.enter(domain, None) && !walk.tree.pending && walk.tree.findings.is_empty() {
        walk.add(Kind::NoRecord, Span::default(), domain);
    }
    while let Some(open) = walk.open.last_mut() {
        let index = open.next;
        open.next = open.next.saturating_add(1);
        let record = open.record.clone();
        match record.term(index) {
            Some(term) => {
                if walk.term(&term)
                    && let Some(open) = walk.open.last_mut()
                {
                    open.next = usize::MAX;
                }
            }
            None => {
                walk.open.pop();
            }
        }
    }
    walk.end();
    walk.tree
}

impl<D: Dns + ?Sized> Walk<'_, D> {
    fn add(&mut self, kind: Kind, span: Span, domain: &str) {
        let finding = Finding { kind, span, domain: Some(domain.to_owned()) };
        if !self.tree.findings.contains(&finding) {
            self.tree.findings.push(finding);
        }
    }

    /// Opens the record of `domain`. False where there is none.
    fn enter(&mut self, domain: &str, term: Option<&Term<'_>>) -> bool {
        let from = self.open.last().map_or(domain, |open| &open.domain).to_owned();
        let span = term.map(|term| term.span).unwrap_or_default();
        let texts = match Name::new(domain).map(|name| self.dns.txt(&name)) {
            Ok(Ok(texts)) => texts,
            Ok(Err(Missing::Pending)) => {
                self.tree.pending = true;
                return true;
            }
            Ok(Err(Missing::Temporary(why))) => {
                let term = term.map_or(domain, |term| term.text).to_owned();
                self.add(Kind::Temporary { term, why }, span, &from);
                return true;
            }
            _ => return false,
        };
        let mut found = texts.iter().map(Txt::as_bytes).filter(|text| Record::is_spf(text));
        let Some(text) = found.next() else { return false };
        if found.next().is_some() {
            self.add(Kind::SeveralRecords, Span::default(), domain);
            return true;
        }
        for finding in record::lint(text, Some(domain)) {
            self.add(finding.kind, finding.span, domain);
        }
        let Ok(record) = Record::parse(text).map(Record::into_owned) else { return true };
        if self.tree.nodes.len() >= MAX_TREE_RECORDS {
            self.add(Kind::TooManyRecords, span, &from);
            return true;
        }
        self.tree.nodes.push(TreeNode {
            depth: self.open.len(),
            term: term.map(|term| term.text.to_owned()),
            domain: domain.to_owned(),
            record: record.as_str().to_owned(),
            lookups: 0,
            total: 0,
        });
        let node = self.tree.nodes.len() - 1;
        self.open.push(Open { record, domain: domain.to_owned(), node, next: 0 });
        true
    }

    /// Looks at a term; true where nothing behind it is evaluated.
    fn term(&mut self, term: &Term<'_>) -> bool {
        let has_all = |record: &Record<'_>| {
            record
                .terms()
                .any(|term| matches!(term.kind, TermKind::Directive { mechanism: Mechanism::All, .. }))
        };
        let asks = match term.kind {
            TermKind::Directive { mechanism: Mechanism::All, .. } => true,
            TermKind::Directive { mechanism, .. } => mechanism.asks_dns(),
            TermKind::Redirect(_) => !self.open.last().is_some_and(|open| has_all(&open.record)),
            TermKind::Exp(target) => {
                self.explanation(target, term);
                false
            }
            TermKind::Other { .. } => false,
        };
        if !asks {
            return false;
        }
        let mechanism = match term.kind {
            TermKind::Directive { mechanism: Mechanism::All, .. } => {
                // The modifiers behind it count all the same.
                let rest = self.open.last().map(|open| (open.record.clone(), open.next));
                for later in rest.iter().flat_map(|(record, next)| record.terms().skip(*next)) {
                    if let TermKind::Exp(target) = later.kind {
                        self.explanation(target, &later);
                    }
                }
                return true;
            }
            TermKind::Directive { mechanism, .. } => Some(mechanism),
            _ => None,
        };
        self.count();
        let Some(domain) = self.open.last().map(|open| open.domain.clone()) else { return false };
        let spec = term.domain();
        if spec.is_some_and(MacroString::has_macros) {
            return false; // Where it leads depends on the message.
        }
        let target = spec.map_or(&*domain, MacroString::as_str);
        let target = target.strip_suffix('.').unwrap_or(target);
        match mechanism {
            None | Some(Mechanism::Include(_)) => self.jump(target, term, &domain),
            Some(mechanism) => self.ask(target, mechanism, term, &domain),
        }
        false
    }

    /// Counts a look-up for the record and for all around it.
    fn count(&mut self) {
        self.tree.counts.lookups += 1;
        for (at, open) in self.open.iter().rev().enumerate() {
            if let Some(node) = self.tree.nodes.get_mut(open.node) {
                node.total += 1;
                node.lookups += usize::from(at == 0);
            }
        }
    }

    fn jump(&mut self, target: &str, term: &Term<'_>, domain: &str) {
        let term_text = term.text.to_owned();
        if self.open.iter().any(|open| open.domain.eq_ignore_ascii_case(target)) {
            self.add(Kind::Loop { term: term_text }, term.span, domain);
        } else if !self.enter(target, Some(term)) {
            self.add(Kind::NothingThere { term: term_text }, term.span, domain);
        }
    }

    /// What a, mx and exists without macros find; both families of addresses together.
    fn ask(&mut self, target: &str, mechanism: Mechanism<'_>, term: &Term<'_>, domain: &str) {
        let term_text = term.text.to_owned();
        let Ok(name) = Name::new(target) else {
            return self.add(Kind::NoName { term: term_text }, term.span, domain);
        };
        let (mut found, mut why) = (false, None);
        let types: &[Type] = match mechanism {
            Mechanism::A { .. } => &[Type::A, Type::Aaaa],
            Mechanism::Mx { .. } => &[Type::Mx],
            Mechanism::Exists(_) => &[Type::A],
            _ => return,
        };
        for kind in types {
            match self.dns.query(&name, *kind).result {
                Ok(records) => {
                    found = true;
                    if let Records::Mx(exchanges) = records
                        && exchanges.len() > self.limits.exchanges
                    {
                        self.add(Kind::TooManyExchanges { term: term_text.clone() }, term.span, domain);
                    }
                }
                Err(Missing::Pending) => {
                    self.tree.pending = true;
                    found = true;
                }
                Err(Missing::Temporary(failure)) => why = Some(failure),
                Err(_) => {}
            }
        }
        match why {
            _ if found => {}
            Some(why) => self.add(Kind::Temporary { term: term_text, why }, term.span, domain),
            None => {
                self.tree.counts.void_lookups += 1;
                self.add(Kind::Void { term: term_text }, term.span, domain);
            }
        }
    }

    /// RFC 7208 6.2: one text, of characters that a reply can have.
    fn explanation(&mut self, target: MacroString<'_>, term: &Term<'_>) {
        let Some(domain) = self.open.last().map(|open| open.domain.clone()) else { return };
        if target.has_macros() {
            return;
        }
        let usable = match Name::new(target.as_str()).map(|name| self.dns.txt(&name)) {
            Ok(Err(Missing::Pending)) => {
                self.tree.pending = true;
                true
            }
            Ok(Err(Missing::Temporary(_))) => true,
            Ok(Ok(texts)) => match &*texts {
                [text] => text.to_str().is_some_and(|text| {
                    text.len() <= MAX_EXPLANATION_BYTES
                        && MacroString::parse(text, Place::Explanation).is_ok()
                }),
                _ => false,
            },
            _ => false,
        };
        if !usable {
            self.add(Kind::Explanation { term: term.text.to_owned() }, term.span, &domain);
        }
    }

    /// RFC 7208 4.6.4: the counts of the whole tree.
    fn end(&mut self) {
        let Some(first) = self.tree.nodes.first() else { return };
        let (domain, span) = (first.domain.clone(), Span::new(0, first.record.len()));
        let Counts { lookups, void_lookups: void } = self.tree.counts;
        if lookups > self.limits.lookups {
            self.add(Kind::TooManyLookups { lookups }, span, &domain);
        }
        if void > self.limits.void_lookups {
            self.add(Kind::TooManyVoid { void }, span, &domain);
        }
    }
}
