//! Which of several fields of a name is meant (RFC 6376 5.4.2).

use core::hash::{Hash, Hasher};
use std::collections::HashMap;

use super::Header;

/// The fields of each name, from the bottom. Building it and picking from it are linear in the names and fields together.
pub(crate) struct ByName<'h> {
    groups: Groups<'h>,
    /// The lowest field of each group.
    lowest: Vec<u32>,
    /// For each field the next one above it with the same name.
    above: Vec<u32>,
}

/// What one signature covers.
pub(crate) struct Picked {
    /// The field for each name of `h=`; `None` where there is none left, which is hashed as nothing (RFC 6376 5.4.2).
    pub(crate) fields: Vec<Option<usize>>,
    groups: Vec<Left>,
}

/// What is left of one group.
struct Left {
    /// The lowest field that no name has picked.
    lowest: u32,
    /// Whether a name is that of the group.
    listed: bool,
    /// Whether a name found nothing.
    spare: bool,
}

impl Picked {
    /// Whether all fields of each listed name are covered, and one more would break the signature.
    pub(crate) fn is_without_gap(&self) -> bool {
        self.groups.iter().all(|left| !left.listed || (left.spare && left.lowest == NONE))
    }
}

/// How a signature covers the fields of one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cover {
    /// There is no such field, or `h=` does not list the name.
    No,
    /// This field, the lowest of them, is not covered, another is.
    But(usize),
    /// All fields are covered, and one more would not be.
    All,
    /// One field more would break the signature.
    AndNoMore,
}

/// No field.
const NONE: u32 = u32::MAX;

impl<'h> ByName<'h> {
    pub(crate) fn new(header: &'h Header<'_>) -> Self {
        let mut groups = Groups::Few(Vec::with_capacity(FEW));
        let mut lowest = Vec::with_capacity(FEW);
        let mut above = Vec::with_capacity(header.len());
        for field in 0..header.len() {
            let group = groups.find_or_add(header.name(field));
            if group == lowest.len() {
                lowest.push(NONE);
            }
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
        let left = |&lowest: &u32| Left { lowest, listed: false, spare: false };
        let mut groups: Vec<Left> = self.lowest.iter().map(left).collect();
        let mut fields = Vec::with_capacity(names.size_hint().0.max(FEW));
        fields.extend(names.map(|name| {
            let Left { lowest, listed, spare } = groups.get_mut(self.groups.find(name)?)?;
            *listed = true;
            if usize::try_from(*lowest) == Ok(but) {
                *lowest = self.next_above(*lowest);
            }
            if *lowest == NONE {
                *spare = true;
                return None;
            }
            let field = usize::try_from(*lowest).ok()?;
            *lowest = self.next_above(*lowest);
            Some(field)
        }));
        Picked { fields, groups }
    }

    /// How `picked` covers the fields of a name; `but` is the signature itself.
    pub(crate) fn cover(&self, name: &[u8], picked: &Picked, but: usize) -> Cover {
        let left =
            self.groups.find(name).and_then(|group| picked.groups.get(group)).filter(|left| left.listed);
        let Some(&Left { lowest, spare, .. }) = left else { return Cover::No };
        let field = if usize::try_from(lowest) == Ok(but) { self.next_above(lowest) } else { lowest };
        match usize::try_from(field) {
            Ok(at) if field != NONE => Cover::But(at),
            _ if spare => Cover::AndNoMore,
            _ => Cover::All,
        }
    }

    /// Whether there is a field of that name.
    pub(crate) fn has(&self, name: &[u8]) -> bool {
        self.groups.find(name).is_some()
    }

    fn next_above(&self, field: u32) -> u32 {
        usize::try_from(field).ok().and_then(|field| self.above.get(field)).copied().unwrap_or(NONE)
    }
}

/// The different names, each with its number.
enum Groups<'h> {
    /// With their marks, which are compared first.
    Few(Vec<(u64, Name<'h>)>),
    /// Names that come from outside: the keys of the table are random.
    Many(HashMap<Name<'h>, usize>),
}

/// Up to this a search is cheaper than a table.
const FEW: usize = 32;

impl<'h> Groups<'h> {
    fn find(&self, name: &[u8]) -> Option<usize> {
        let name = Name(name);
        match self {
            Self::Few(few) => {
                let mark = name.mark();
                few.iter().position(|(other_mark, other)| *other_mark == mark && *other == name)
            }
            Self::Many(many) => many.get(&name).copied(),
        }
    }

    /// A name that is not there gets the next number.
    fn find_or_add(&mut self, name: &'h [u8]) -> usize {
        if let Some(found) = self.find(name) {
            return found;
        }
        let name = Name(name);
        match self {
            Self::Few(few) if few.len() < FEW => {
                few.push((name.mark(), name));
                few.len() - 1
            }
            Self::Few(few) => {
                let number = few.len();
                let all = few.iter().map(|(_, name)| *name).chain([name]);
                *self = Self::Many(all.zip(0..).collect());
                number
            }
            Self::Many(many) => {
                let number = many.len();
                many.insert(name, number);
                number
            }
        }
    }
}

/// A field name, compared without case.
#[derive(Clone, Copy)]
struct Name<'n>(&'n [u8]);

impl Name<'_> {
    /// Equal for equal names, and seldom for others: of the length, the first and the last octets, without what case changes.
    #[inline]
    fn mark(self) -> u64 {
        const NO_CASE: u64 = 0x2020_2020_2020_2020;
        let ends = match (self.0.first_chunk(), self.0.last_chunk()) {
            (Some(first), Some(last)) => {
                (u64::from_le_bytes(*first) | NO_CASE) ^ (u64::from_le_bytes(*last) | NO_CASE).rotate_left(3)
            }
            _ => self.0.iter().fold(0, |mark, &octet| mark << 8 | u64::from(octet | 0x20)),
        };
        ends ^ (self.0.len() as u64) << 56
    }
}

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
    use std::borrow::Cow;

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
        let header = header("From: 1\r\nTo: x\r\nFrom: 2\r\nCc: y\r\n\r\n");
        let names = ByName::new(&header);
        let once = names.pick([&b"from"[..], b"to", b"to", b"date"].into_iter(), 9);
        assert!(!once.is_without_gap());
        assert!(names.pick([&b"to"[..], b"to", b"date"].into_iter(), 9).is_without_gap());
        assert_eq!(names.cover(b"FROM", &once, 9), Cover::But(0));
        assert_eq!(names.cover(b"from", &once, 0), Cover::All);
        assert_eq!(names.cover(b"To", &once, 9), Cover::AndNoMore);
        assert_eq!(names.cover(b"cc", &once, 9), Cover::No);
        assert_eq!(names.cover(b"date", &once, 9), Cover::No);
        assert!(names.has(b"to") && !names.has(b"date"));
    }

    #[test]
    fn many_fields_and_names() {
        let text = "X: 1\r\n".repeat(200_000);
        let header = header(&text);
        let picked = ByName::new(&header).pick(core::iter::repeat_n(&b"x"[..], 200_001), 0);
        assert_eq!(picked.fields.first(), Some(&Some(199_999)));
        assert_eq!(picked.fields.last(), Some(&None));
    }

    #[test]
    fn many_different_names() {
        // Each stands twice; before and behind the number from which a table is used.
        for count in [1, FEW, FEW + 1, 1000] {
            let once: String = (0..count).map(|n| format!("Name-{n}: x\r\n")).collect();
            let names: Vec<String> = (0..count).map(|n| format!("nAME-{n}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let want: Vec<Option<usize>> = (count..2 * count).map(Some).collect();
            assert_eq!(pick(&once.repeat(2), &names, 9999), want);
        }
    }

    #[test]
    fn marks_are_of_no_case() {
        for [one, other] in [["from", "FrOM"], ["Reply-To", "reply-tO"], ["MIME-Version", "mime-version"]] {
            assert_eq!(Name(one.as_bytes()).mark(), Name(other.as_bytes()).mark());
        }
    }
}
