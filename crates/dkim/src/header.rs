//! The header as signatures see it: fields with their octets, and which of several fields of a name is meant.

use core::hash::{Hash, Hasher};
use std::borrow::Cow;
use std::collections::HashMap;

use mailwright_message_model::{Header as Scan, Span};
use memchr::{memchr, memchr_iter};

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

/// No field.
const NONE: u32 = u32::MAX;

impl<'m> Header<'m> {
    /// Reads a header, which ends at the empty line if there is one. Octets behind `limit` are not read.
    pub(crate) fn new(raw: Cow<'m, [u8]>, limit: usize) -> Self {
        let seen = raw.get(..limit).unwrap_or(&raw);
        let cut = seen.len() < raw.len();
        let fields = Scan::new(seen).map(|field| {
            let Span { start, end } = field.span();
            Entry { start, end, name_len: field.name().len() }
        });
        let fields = fields.collect();
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

/// A message in its header, the empty line included, and its body.
pub(crate) fn split(message: &[u8]) -> (&[u8], &[u8]) {
    let at = body_start(message, 0).unwrap_or(message.len());
    message.split_at_checked(at).unwrap_or((message, &[]))
}

/// The fields of each name, from the bottom. Building it and picking from it are linear in the names and fields together.
pub(crate) struct ByName<'h> {
    groups: HashMap<Name<'h>, usize>,
    /// The lowest field of each group.
    lowest: Vec<u32>,
    /// For each field the next one above it with the same name.
    above: Vec<u32>,
}

/// What one signature covers.
pub(crate) struct Picked {
    /// The field for each name of `h=`; `None` where there is none left, which is hashed as nothing (RFC 6376 5.4.2).
    pub(crate) fields: Vec<Option<usize>>,
    /// For each group the lowest field that no name has picked.
    left: Vec<u32>,
    /// How many names found nothing, by group.
    spare: Vec<u32>,
}

impl<'h> ByName<'h> {
    pub(crate) fn new(header: &'h Header<'_>) -> Self {
        let mut groups: HashMap<Name<'h>, usize> = HashMap::with_capacity(header.len());
        let mut lowest = Vec::new();
        let mut above = Vec::with_capacity(header.len());
        for field in 0..header.len() {
            let group = *groups.entry(Name(header.name(field))).or_insert_with(|| {
                lowest.push(NONE);
                lowest.len() - 1
            });
            let place = lowest.get_mut(group);
            above.push(place.as_deref().copied().unwrap_or(NONE));
            if let Some(place) = place {
                *place = u32::try_from(field).unwrap_or(NONE);
            }
        }
        Self { groups, lowest, above }
    }

    /// Picks a field for each name, from the bottom up (RFC 6376 5.4.2). `but`, the signature itself, is no candidate (3.5 h=).
    pub(crate) fn pick<'n>(&self, names: impl Iterator<Item = &'n [u8]>, but: usize) -> Picked {
        let mut left = self.lowest.clone();
        let mut spare = vec![0u32; left.len()];
        let fields = names.map(|name| {
            let group = *self.groups.get(&Name(name))?;
            let place = left.get_mut(group)?;
            if usize::try_from(*place) == Ok(but) {
                *place = self.next_above(*place);
            }
            if *place == NONE {
                *spare.get_mut(group)? += 1;
                return None;
            }
            let field = usize::try_from(*place).ok()?;
            *place = self.next_above(*place);
            Some(field)
        });
        let fields = fields.collect();
        Picked { fields, left, spare }
    }

    /// The lowest field of a name that `picked` leaves uncovered.
    pub(crate) fn uncovered(&self, name: &[u8], picked: &Picked, but: usize) -> Option<usize> {
        let place = *picked.left.get(*self.groups.get(&Name(name))?)?;
        let field = if usize::try_from(place) == Ok(but) { self.next_above(place) } else { place };
        usize::try_from(field).ok().filter(|_| field != NONE)
    }

    /// Whether one field more of that name would break the signature.
    pub(crate) fn is_oversigned(&self, name: &[u8], picked: &Picked) -> bool {
        let group = self.groups.get(&Name(name));
        group.is_some_and(|&group| picked.spare.get(group).is_some_and(|&spare| spare > 0))
    }

    pub(crate) fn has(&self, name: &[u8]) -> bool {
        self.groups.contains_key(&Name(name))
    }

    fn next_above(&self, field: u32) -> u32 {
        usize::try_from(field).ok().and_then(|field| self.above.get(field)).copied().unwrap_or(NONE)
    }
}

/// A field name, compared without case.
#[derive(Clone, Copy)]
struct Name<'n>(&'n [u8]);

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for Name<'_> {}

impl Hash for Name<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for chunk in self.0.chunks(32) {
            let mut lower = [0u8; 32];
            for (to, from) in lower.iter_mut().zip(chunk) {
                *to = from.to_ascii_lowercase();
            }
            state.write(lower.get(..chunk.len()).unwrap_or_default());
        }
        state.write_u8(0xff);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Header<'_> {
        Header::new(Cow::Borrowed(text.as_bytes()), usize::MAX)
    }

    fn pick(text: &str, names: &[&str], but: usize) -> Vec<Option<usize>> {
        let header = header(text);
        ByName::new(&header).pick(names.iter().map(|name| name.as_bytes()), but).fields
    }

    #[test]
    fn from_the_bottom_up() {
        // RFC 6376 5.4.2
        let text = "Received: 1\r\nFrom: a\r\nreceived : 2\r\n\r\nbody";
        assert_eq!(
            pick(text, &["Received", "from", "RECEIVED", "Received", "Date"], 9),
            [Some(2), Some(1), Some(0), None, None]
        );
        assert_eq!(pick(text, &["received", "received"], 2), [Some(0), None]);
        assert_eq!(pick(text, &["received", "received"], 0), [Some(2), None]);
    }

    #[test]
    fn coverage() {
        let header = header("From: 1\r\nTo: x\r\nFrom: 2\r\n\r\n");
        let names = ByName::new(&header);
        let once = names.pick([&b"from"[..], b"to", b"to"].into_iter(), 9);
        assert_eq!(names.uncovered(b"FROM", &once, 9), Some(0));
        assert_eq!(names.uncovered(b"from", &once, 0), None);
        assert_eq!(names.uncovered(b"to", &once, 9), None);
        assert!(names.is_oversigned(b"To", &once) && !names.is_oversigned(b"from", &once));
        assert!(names.has(b"to") && !names.has(b"date"));
    }

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

    #[test]
    fn many_fields_and_names() {
        let text = "X: 1\r\n".repeat(200_000);
        let header = header(&text);
        let picked = ByName::new(&header).pick(core::iter::repeat_n(&b"x"[..], 200_001), 0);
        assert_eq!(picked.fields.first(), Some(&Some(199_999)));
        assert_eq!(picked.fields.last(), Some(&None));
    }
}
