//! A record that is being evaluated.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use mailwright_dns::Txt;
use mailwright_message_model::Span;

use crate::outcome::Matched;
use crate::record::{Qualifier, RawKind, RawTerm, Record, Term, view};

/// A record and how far it has been evaluated.
pub(super) struct Frame<'e> {
    pub(super) domain: Cow<'e, str>,
    source: Source,
    /// The position of the term that comes next.
    pub(super) next: usize,
    /// The qualifier of the `include` that led here.
    pub(super) included_by: Option<Qualifier>,
}

/// Where a record is held.
pub(super) enum Source {
    /// Among the texts of an answer; its terms are in the evaluation's list.
    Parsed { texts: Arc<[Txt]>, at: usize, terms: Range<usize> },
    /// In the cache.
    Cached(Arc<Record<'static>>),
}

impl<'e> Frame<'e> {
    pub(super) const fn new(domain: Cow<'e, str>, source: Source, included_by: Option<Qualifier>) -> Self {
        Self { domain, source, next: 0, included_by }
    }

    pub(super) fn text(&self) -> &str {
        match &self.source {
            // A record that was parsed is ASCII.
            Source::Parsed { texts, at, .. } => texts.get(*at).and_then(Txt::to_str).unwrap_or_default(),
            Source::Cached(record) => record.as_str(),
        }
    }

    /// A part of the text.
    pub(super) fn part(&self, span: Span) -> &str {
        let octets = match &self.source {
            Source::Parsed { texts, at, .. } => texts.get(*at).map(Txt::as_bytes).unwrap_or_default(),
            Source::Cached(record) => record.as_str().as_bytes(),
        };
        octets.get(span.start..span.end).and_then(|part| std::str::from_utf8(part).ok()).unwrap_or_default()
    }

    pub(super) fn raw_terms<'t>(&'t self, terms: &'t [RawTerm]) -> &'t [RawTerm] {
        match &self.source {
            Source::Parsed { terms: range, .. } => terms.get(range.clone()).unwrap_or_default(),
            Source::Cached(record) => record.raw_terms(),
        }
    }

    /// Where its terms begin in the evaluation's list; behind all where they are not there.
    pub(super) const fn first_term(&self) -> usize {
        match &self.source {
            Source::Parsed { terms, .. } => terms.start,
            Source::Cached(_) => usize::MAX,
        }
    }

    /// The term before [`Frame::next`].
    pub(super) fn current<'t>(&'t self, terms: &'t [RawTerm]) -> Option<Term<'t>> {
        let term = self.raw_terms(terms).get(self.next.checked_sub(1)?)?;
        Some(view(self.text(), term))
    }

    pub(super) fn matched(&self, terms: &[RawTerm]) -> Option<Matched> {
        let span = self.raw_terms(terms).get(self.next.checked_sub(1)?)?.span;
        let term = self.part(span).to_owned();
        Some(Matched { domain: self.domain.clone().into_owned(), term, at: span.start })
    }

    pub(super) fn redirect(&self, terms: &[RawTerm]) -> Option<Span> {
        self.raw_terms(terms).iter().find_map(|term| match term.kind {
            RawKind::Redirect(target) => Some(target),
            _ => None,
        })
    }

    pub(super) fn exp(&self, terms: &[RawTerm]) -> Option<Span> {
        self.raw_terms(terms).iter().find_map(|term| match term.kind {
            RawKind::Exp(target) => Some(target),
            _ => None,
        })
    }
}

/// The records that are being evaluated, innermost last. Most have no `include`, and so need no list.
#[derive(Default)]
pub(super) struct Frames<'e> {
    innermost: Option<Frame<'e>>,
    outer: Vec<Frame<'e>>,
}

impl<'e> Frames<'e> {
    pub(super) fn len(&self) -> usize {
        self.outer.len() + usize::from(self.innermost.is_some())
    }

    pub(super) const fn last(&self) -> Option<&Frame<'e>> {
        self.innermost.as_ref()
    }

    pub(super) const fn last_mut(&mut self) -> Option<&mut Frame<'e>> {
        self.innermost.as_mut()
    }

    pub(super) fn push(&mut self, frame: Frame<'e>) {
        self.outer.extend(self.innermost.replace(frame));
    }

    pub(super) fn pop(&mut self) -> Option<Frame<'e>> {
        let outer = self.outer.pop();
        std::mem::replace(&mut self.innermost, outer)
    }
}
