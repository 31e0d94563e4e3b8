//! A record that is being evaluated.

use std::borrow::Cow;
use std::ops::Range;

use crate::outcome::Matched;
use crate::record::{Held, Modifiers, Part, Qualifier, RawTerm, Term, Terms, view};

/// A record and how far it has been evaluated.
pub(super) struct Frame<'r> {
    pub(super) domain: Cow<'r, str>,
    pub(super) source: Source,
    /// The position of the term that comes next.
    pub(super) next: usize,
    /// The qualifier of the `include` that led here.
    pub(super) included_by: Option<Qualifier>,
}

/// A record that was read.
pub(super) struct Source {
    pub(super) held: Held,
    pub(super) modifiers: Modifiers,
    /// Where its terms are in the evaluation's list, unless it comes from the cache.
    pub(super) terms: Range<usize>,
}

impl<'r> Frame<'r> {
    pub(super) const fn new(domain: Cow<'r, str>, source: Source, included_by: Option<Qualifier>) -> Self {
        Self { domain, source, next: 0, included_by }
    }

    pub(super) fn text(&self) -> &str {
        self.source.held.text()
    }

    /// The term at a position.
    pub(super) fn term<'t>(&'t self, terms: &'t Terms, index: usize) -> Option<&'t RawTerm> {
        match &self.source.held {
            Held::Cached(record) => record.raw_term(index),
            Held::Answer(..) => {
                let at = self.source.terms.start.checked_add(index)?;
                if at < self.source.terms.end { terms.get(at) } else { None }
            }
        }
    }

    /// The term before [`Frame::next`].
    pub(super) fn current<'t>(&'t self, terms: &'t Terms) -> Option<Term<'t>> {
        Some(view(self.text(), self.term(terms, self.next.checked_sub(1)?)?))
    }

    /// Where the term before [`Frame::next`] stands.
    pub(super) fn current_part(&self, terms: &Terms) -> Option<Part> {
        Some(self.term(terms, self.next.checked_sub(1)?)?.part)
    }

    pub(super) fn into_matched(self, term: Part) -> Matched<'r> {
        Matched::new(self.domain, self.source.held, term)
    }
}

/// Records around another for which there is room before the list must grow: as many as the RFC allows.
const USUAL_DEPTH: usize = 10;

/// The records that are being evaluated, innermost last. Most have no `include`, and so need no list.
#[derive(Default)]
pub(super) struct Frames<'r> {
    innermost: Option<Frame<'r>>,
    outer: Vec<Frame<'r>>,
}

impl<'r> Frames<'r> {
    pub(super) fn len(&self) -> usize {
        self.outer.len() + usize::from(self.innermost.is_some())
    }

    pub(super) const fn last(&self) -> Option<&Frame<'r>> {
        self.innermost.as_ref()
    }

    pub(super) const fn last_mut(&mut self) -> Option<&mut Frame<'r>> {
        self.innermost.as_mut()
    }

    pub(super) fn push(&mut self, frame: Frame<'r>) {
        if let Some(outer) = self.innermost.replace(frame) {
            if self.outer.capacity() == 0 {
                self.outer.reserve(USUAL_DEPTH);
            }
            self.outer.push(outer);
        }
    }

    pub(super) fn pop(&mut self) -> Option<Frame<'r>> {
        let outer = self.outer.pop();
        std::mem::replace(&mut self.innermost, outer)
    }
}
