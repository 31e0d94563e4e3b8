//! Terms as offsets in the text of their record: they are small, and a record can own its text.

use std::sync::Arc;

use mailwright_dns::Txt;
use mailwright_message_model::Span;

use super::{DualPrefix, Mechanism, Network, Qualifier, Record, Term, TermKind};
use crate::limits::MAX_RECORD_BYTES;
use crate::macros::MacroString;

/// A part of the text of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    start: u16,
    end: u16,
}

// Every offset in a record fits.
const _: () = assert!(MAX_RECORD_BYTES <= u16::MAX as usize);

impl Part {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        let offset = |at| u16::try_from(at).unwrap_or(u16::MAX);
        Self { start: offset(start), end: offset(end) }
    }

    pub(crate) fn of(self, text: &str) -> &str {
        text.get(usize::from(self.start)..usize::from(self.end)).unwrap_or_default()
    }

    pub(crate) fn span(self) -> Span {
        Span::new(self.start.into(), self.end.into())
    }
}

/// A term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawTerm {
    pub(crate) part: Part,
    pub(crate) kind: RawKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RawKind {
    Directive(Qualifier, RawMechanism),
    Redirect(Part),
    Exp(Part),
    Other { name: Part, value: Part },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RawMechanism {
    All,
    Include(Part),
    A(Option<Part>, DualPrefix),
    Mx(Option<Part>, DualPrefix),
    Ptr(Option<Part>),
    Ip(Network),
    Exists(Part),
}

/// What is known of a record beside its terms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Modifiers {
    pub(crate) redirect: Option<Part>,
    pub(crate) exp: Option<Part>,
}

/// Terms for which no list is needed; few records have more.
const FEW: usize = 8;

/// A list of terms, the first of which need no allocation.
pub(crate) struct Terms {
    few: [RawTerm; FEW],
    len: usize,
    more: Vec<RawTerm>,
}

impl Terms {
    pub(crate) const fn new() -> Self {
        let none = Part { start: 0, end: 0 };
        let unused = RawTerm { part: none, kind: RawKind::Redirect(none) };
        Self { few: [unused; FEW], len: 0, more: Vec::new() }
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn push(&mut self, term: RawTerm) {
        match self.few.get_mut(self.len) {
            Some(free) => *free = term,
            None => self.more.push(term),
        }
        self.len += 1;
    }

    pub(crate) fn get(&self, index: usize) -> Option<&RawTerm> {
        if index >= self.len {
            return None;
        }
        self.few.get(index).or_else(|| self.more.get(index.checked_sub(FEW)?))
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        self.more.truncate(self.len.saturating_sub(FEW));
    }
}

/// Where the text of a record is held; either is shared.
#[derive(Clone)]
pub(crate) enum Held {
    /// Among the texts of an answer.
    Answer(Arc<[Txt]>, usize),
    /// In the cache.
    Cached(Arc<Record<'static>>),
}

impl Held {
    pub(crate) fn text(&self) -> &str {
        match self {
            // A record that was parsed is ASCII.
            Self::Answer(texts, at) => texts.get(*at).and_then(Txt::to_str).unwrap_or_default(),
            Self::Cached(record) => record.as_str(),
        }
    }
}

/// A term of the record `text`.
pub(crate) fn view<'r>(text: &'r str, term: &RawTerm) -> Term<'r> {
    let domain = |part: Part| MacroString::checked(part.of(text));
    let kind = match term.kind {
        RawKind::Directive(qualifier, mechanism) => TermKind::Directive {
            qualifier,
            mechanism: match mechanism {
                RawMechanism::All => Mechanism::All,
                RawMechanism::Include(part) => Mechanism::Include(domain(part)),
                RawMechanism::A(part, prefix) => Mechanism::A { domain: part.map(domain), prefix },
                RawMechanism::Mx(part, prefix) => Mechanism::Mx { domain: part.map(domain), prefix },
                RawMechanism::Ptr(part) => Mechanism::Ptr(part.map(domain)),
                RawMechanism::Ip(network) => Mechanism::Ip(network),
                RawMechanism::Exists(part) => Mechanism::Exists(domain(part)),
            },
        },
        RawKind::Redirect(part) => TermKind::Redirect(domain(part)),
        RawKind::Exp(part) => TermKind::Exp(domain(part)),
        RawKind::Other { name, value } => TermKind::Other { name: name.of(text), value: domain(value) },
    };
    Term { text: term.part.of(text), span: term.part.span(), kind }
}
