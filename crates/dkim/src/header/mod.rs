//! The header as signatures see it: fields with their octets, and which of several fields of a name is meant.

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod by_name;

use std::borrow::Cow;

use mailwright_message_model::{Header as Scan, Span};
use memchr::{memchr, memchr_iter};

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub(crate) use by_name::{ByName, Cover, Picked};

/// The fields of a message.
pub(crate) struct Header<'m> {
    raw: Cow<'m, [u8]>,
    fields: Vec<Entry>,
    /// Whether the limit was reached, so that there may be fields that are not here.
    pub(crate) cut: bool,
}

#[derive(Clone, Copy)]
struct Entry {
    start: usize,
    end: usize,
    name_len: usize,
}

/// Fields for which room is made at once.
const USUAL: usize = 32;

impl<'m> Header<'m> {
    /// Reads a header, which ends at the empty line if there is one. Octets behind `limit` are not read.
    pub(crate) fn new(raw: Cow<'m, [u8]>, limit: usize) -> Self {
        let seen = raw.get(..limit).unwrap_or(&raw);
        let cut = seen.len() < raw.len();
        let mut fields = Vec::with_capacity(USUAL);
        fields.extend(Scan::new(seen).map(|field| {
            let Span { start, end } = field.span();
            Entry { start, end, name_len: field.name().len() }
        }));
        Self { raw, fields, cut }
    }

    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    pub(crate) fn span(&self, field: usize) -> Span {
        self.fields.get(field).map_or(Span::new(0, 0), |entry| Span::new(entry.start, entry.end))
    }

    /// The octets of a field, its line break included.
    pub(crate) fn field(&self, field: usize) -> &[u8] {
        self.span(field).of(&self.raw)
    }

    pub(crate) fn name(&self, field: usize) -> &[u8] {
        let entry = self.fields.get(field);
        entry.map_or(&[], |entry| Span::new(entry.start, entry.start + entry.name_len).of(&self.raw))
    }

    /// Where the value begins in the octets of a field: behind the colon.
    pub(crate) fn value_at(&self, field: usize) -> usize {
        memchr(b':', self.field(field)).map_or(0, |colon| colon + 1)
    }

    /// The fields of that name, from the top.
    pub(crate) fn named<'h>(&'h self, name: &'h str) -> impl Iterator<Item = usize> + 'h {
        (0..self.len()).filter(|&field| self.name(field).eq_ignore_ascii_case(name.as_bytes()))
    }
}

/// Where the body begins: behind the first empty line. `None` where there is none.
pub(crate) fn body_start(message: &[u8], from: usize) -> Option<usize> {
    // An empty line at the very beginning: no field at all.
    if from == 0 {
        match message {
            [b'\n', ..] => return Some(1),
            [b'\r', b'\n', ..] => return Some(2),
            _ => {}
        }
    }
    let rest = message.get(from..)?;
    memchr_iter(b'\n', rest).find_map(|at| match message.get(from + at + 1..)? {
        [b'\n', ..] => Some(from + at + 2),
        [b'\r', b'\n', ..] => Some(from + at + 3),
        _ => None,
    })
}

/// A message that arrives in chunks: the header is kept, the body goes on.
pub(crate) struct Arriving {
    head: Vec<u8>,
    limit: usize,
    in_body: bool,
}

impl Arriving {
    /// Octets of the header behind `limit` are not kept.
    pub(crate) const fn new(limit: usize) -> Self {
        Self { head: Vec::new(), limit, in_body: false }
    }

    /// Takes the next octets and gives those of the body; `None` while the header has not ended.
    pub(crate) fn take<'c>(&mut self, chunk: &'c [u8]) -> Option<&'c [u8]> {
        if self.in_body {
            return Some(chunk);
        }
        let before = self.head.len();
        // One octet more than the limit is enough to tell that it was passed.
        let room = self.limit.saturating_add(1).saturating_sub(before);
        self.head.extend_from_slice(chunk.get(..room).unwrap_or(chunk));
        // The empty line may have begun in the last chunk: "\n\r".
        let end = body_start(&self.head, before.saturating_sub(2));
        if end.is_none() && self.head.len() <= self.limit {
            return None;
        }
        let end = end.unwrap_or(self.head.len());
        self.head.truncate(end);
        self.in_body = true;
        Some(chunk.get(end.saturating_sub(before)..).unwrap_or_default())
    }

    /// The header, once it has ended or the message has.
    pub(crate) fn header(&mut self) -> Header<'static> {
        Header::new(core::mem::take(&mut self.head).into(), self.limit)
    }
}

/// A message in its header, the empty line included, and its body.
pub(crate) fn split(message: &[u8]) -> (&[u8], &[u8]) {
    let at = body_start(message, 0).unwrap_or(message.len());
    message.split_at_checked(at).unwrap_or((message, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_body_begins() {
        for (message, want) in [
            (&b"A: b\r\n\r\nbody"[..], Some(8)),
            (b"A: b\n\nbody", Some(6)),
            (b"\r\nbody", Some(2)),
            (b"A: b\r\n", None),
            (b"A: b\r\n\r", None),
            (b"", None),
        ] {
            assert_eq!(body_start(message, 0), want);
            for from in 0..want.unwrap_or(0).saturating_sub(2) {
                assert_eq!(body_start(message, from), want);
            }
        }
    }
}
