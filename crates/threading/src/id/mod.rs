//! Message identifiers as threading uses them: which octets of Message-ID, In-Reply-To and References name a message.

mod dovecot;
mod repair;

use std::borrow::Cow;

use memchr::memrchr_iter;

use crate::{Header, Limits};
use dovecot::DovecotIds;
use repair::RepairedIds;

/// How malformed identifiers and dates are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdMode {
    /// Mend what people's software broke: `<<id>>`, `<Message-ID: <id>`, a missing `>`, missing brackets, identifiers
    /// without `@`, white space and comments inside; dates in the forms of `asctime` and ISO 8601.
    #[default]
    Repair,
    /// As Dovecot 2.3 reads them, octet for octet: for answers that equal that server's.
    Dovecot,
}

/// The field that the parents of a message come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Source {
    /// References.
    References,
    /// In-Reply-To, of a message without References.
    InReplyTo,
}

/// The identifiers of a value, found while iterating; compare them as octets.
///
/// ```
/// use mailwright_threading::{IdMode, Ids};
///
/// let repaired: Vec<_> = Ids::new(b"<Message-ID: <1@a.example>", IdMode::Repair).collect();
/// assert_eq!(repaired, [&b"1@a.example"[..]]);
/// let dovecot: Vec<_> = Ids::new(b"<Message-ID: <1@a.example>", IdMode::Dovecot).collect();
/// assert_eq!(dovecot, [&b"Message-ID:<1@a.example"[..]]);
/// ```
#[derive(Clone, Debug)]
pub struct Ids<'a>(Inner<'a>);

#[derive(Clone, Debug)]
enum Inner<'a> {
    Dovecot(DovecotIds<'a>),
    Repair(RepairedIds<'a>),
}

impl<'a> Ids<'a> {
    /// Reads `value`, a field value with or without its line breaks.
    #[must_use]
    pub fn new(value: &'a [u8], mode: IdMode) -> Self {
        Self(match mode {
            IdMode::Dovecot => Inner::Dovecot(DovecotIds::new(value)),
            IdMode::Repair => Inner::Repair(RepairedIds::new(value)),
        })
    }
}

impl<'a> Iterator for Ids<'a> {
    type Item = Cow<'a, [u8]>;

    fn next(&mut self) -> Option<Cow<'a, [u8]>> {
        match &mut self.0 {
            Inner::Dovecot(ids) => ids.next(),
            Inner::Repair(ids) => ids.next(),
        }
    }
}

/// The identifiers that one message has and names.
///
/// RFC 5256 3 REFERENCES 1: References where it has a valid id, else the first id of In-Reply-To.
#[derive(Debug)]
pub struct MessageIds<'a> {
    /// Its own.
    pub own: Option<Cow<'a, [u8]>>,
    /// Its ancestors, oldest first.
    pub references: Vec<Cow<'a, [u8]>>,
    /// Which field named them.
    pub source: Source,
    /// Whether a limit dropped some.
    pub cut: bool,
}

impl<'a> MessageIds<'a> {
    /// Reads the identifiers of `header`.
    #[must_use]
    pub fn of(header: &Header<'a>, mode: IdMode, limits: &Limits) -> Self {
        let mut references = Vec::new();
        let (source, cut) = read_references(header, mode, limits, &mut references);
        Self { own: own_id(header, mode, limits), references, source, cut }
    }
}

/// The first id of Message-ID.
pub(crate) fn own_id<'a>(header: &Header<'a>, mode: IdMode, limits: &Limits) -> Option<Cow<'a, [u8]>> {
    Ids::new(start(header.message_id, limits.header_octets), mode).next()
}

/// Puts the ancestors of a message into `references`, oldest first: from which field they are, and whether some were dropped.
pub(crate) fn read_references<'a>(
    header: &Header<'a>,
    mode: IdMode,
    limits: &Limits,
    references: &mut Vec<Cow<'a, [u8]>>,
) -> (Source, bool) {
    references.clear();
    let value = header.references;
    let half = limits.header_octets / 2;
    let too_long = value.len() > limits.header_octets;
    let start_of = if too_long { value.get(..half).unwrap_or_default() } else { value };
    references.extend(Ids::new(start_of, mode).take(limits.ids.saturating_add(1)));
    let too_many = references.len() > limits.ids;
    if too_long || too_many {
        // neither the middle of the value nor the ids in it are read, so that a message costs no more than the limits
        let first = limits.ids.div_ceil(2);
        references.truncate(first);
        let kept = references.len();
        let end_of = if too_long { value.get(value.len() - half..).unwrap_or_default() } else { value };
        let last = limits.ids - first;
        references.extend(Ids::new(last_brackets(end_of, last), mode));
        let surplus = references.len() - kept - last.min(references.len() - kept);
        references.drain(kept..kept + surplus);
    }
    if !references.is_empty() {
        return (Source::References, too_long || too_many);
    }
    let value = start(header.in_reply_to, limits.header_octets);
    references.extend(match mode {
        IdMode::Dovecot => Ids::new(value, mode).next(),
        IdMode::Repair => repair::replied_to(value),
    });
    (Source::InReplyTo, too_long)
}

/// The end of `value` from its `count`th last `<` on.
fn last_brackets(value: &[u8], count: usize) -> &[u8] {
    let from = if count == 0 { None } else { memrchr_iter(b'<', value).nth(count - 1) };
    let none = if count == 0 { value.len() } else { 0 };
    value.get(from.unwrap_or(none)..).unwrap_or_default()
}

/// The first `octets` of a value.
fn start(value: &[u8], octets: usize) -> &[u8] {
    value.get(..octets).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(header: &Header<'_>, limits: &Limits) -> (Vec<String>, bool) {
        let found = MessageIds::of(header, IdMode::Dovecot, limits);
        let text = |id: &Cow<'_, [u8]>| String::from_utf8_lossy(id).into_owned();
        (found.references.iter().map(text).collect(), found.cut)
    }

    #[test]
    fn references_beat_in_reply_to_of_which_one_id_counts() {
        let mut header =
            Header { references: b"<1@a> <2@a>", in_reply_to: b"<3@a> <4@a>", ..Header::default() };
        assert_eq!(ids(&header, &Limits::NONE), (vec!["1@a".into(), "2@a".into()], false));
        header.references = b"<none>";
        assert_eq!(ids(&header, &Limits::NONE), (vec!["3@a".into()], false));
    }

    #[test]
    fn the_first_and_the_last_are_kept() {
        let header = Header { references: b"<1@a><2@a><3@a><4@a><5@a>", ..Header::default() };
        let three = Limits { ids: 3, ..Limits::default() };
        assert_eq!(ids(&header, &three), (vec!["1@a".into(), "2@a".into(), "5@a".into()], true));
        let short = Limits { header_octets: 14, ..Limits::default() };
        assert_eq!(ids(&header, &short), (vec!["1@a".into(), "5@a".into()], true));
    }
}
