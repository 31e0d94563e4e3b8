//! What can be asked of a message by a name: numbers, each with its place.

mod header;
mod html;
mod mime;
mod people;
mod text;
mod trace;
mod urls;

use mailwright_message_model::Span;

use super::view::View;

/// A number and what it rests on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fact {
    pub(crate) value: f64,
    pub(crate) span: Span,
    pub(crate) detail: String,
}

impl Fact {
    /// A number without a place.
    fn of(value: f64) -> Self {
        Self { value, ..Self::default() }
    }

    fn count(count: usize) -> Self {
        Self::of(number(count))
    }

    /// 1 or 0.
    fn is(holds: bool) -> Self {
        Self::of(if holds { 1.0 } else { 0.0 })
    }

    fn at(mut self, span: Span) -> Self {
        self.span = span;
        self
    }

    /// 1 with a detail, or 0.
    fn found(detail: Option<impl Into<String>>) -> Self {
        detail.map_or_else(Self::default, |detail| Self {
            value: 1.0,
            detail: detail.into(),
            ..Self::default()
        })
    }
}

/// How a number is got.
pub(crate) type Ask = fn(&View<'_>) -> Fact;

/// The tables, one a subject.
const TABLES: [&[(&str, Ask)]; 7] =
    [header::FACTS, people::FACTS, trace::FACTS, mime::FACTS, html::FACTS, text::FACTS, urls::FACTS];

/// The fact of that name.
pub(crate) fn find(name: &str) -> Option<Ask> {
    TABLES.iter().flat_map(|table| table.iter()).find(|(known, _)| *known == name).map(|(_, ask)| *ask)
}

/// The names of all facts that rules can ask for.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().flat_map(|table| table.iter().map(|(name, _)| *name))
}

/// A count as a number; counts are far below the 52 bits that are exact.
fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A share of a whole, 0 of nothing.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { number(part) / number(whole) }
}
