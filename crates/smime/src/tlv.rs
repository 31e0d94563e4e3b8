//! DER elements: a cursor over `der`'s reader that knows where in the input it stands.

use der::{Decode, Header, Reader, SliceReader, Tag, TagNumber};

use crate::error::Error;
use crate::oid::Oid;

/// One element, its content still unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) tag: Tag,
    /// Tag, length and content.
    pub(crate) raw: &'a [u8],
    /// The content.
    pub(crate) value: &'a [u8],
    /// Where `value` begins in the whole input.
    pub(crate) at: usize,
}

/// Elements one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elements<'a> {
    rest: &'a [u8],
    at: usize,
    what: &'static str,
}

/// The constructed context-specific tag of this number.
pub(crate) const fn constructed(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

/// The primitive context-specific tag of this number.
pub(crate) const fn primitive(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: false, number: TagNumber(number) }
}

impl<'a> Elements<'a> {
    /// Elements of `input`, which begins at octet `at` of the whole input. `what` is named in errors.
    pub(crate) const fn new(input: &'a [u8], at: usize, what: &'static str) -> Self {
        Self { rest: input, at, what }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) const fn error(&self) -> Error {
        Error::asn1(self.at, self.what)
    }

    /// The next element, whatever it is.
    pub(crate) fn any(&mut self) -> Result<Element<'a>, Error> {
        let (tag, header, end) = self.measure().ok_or_else(|| self.error())?;
        let (raw, rest) = self.rest.split_at_checked(end).ok_or_else(|| self.error())?;
        let value = raw.get(header..).ok_or_else(|| self.error())?;
        let element = Element { tag, raw, value, at: self.at.saturating_add(header) };
        self.rest = rest;
        self.at = self.at.saturating_add(end);
        Ok(element)
    }

    /// Tag, length of the header, and end of the next element.
    fn measure(&self) -> Option<(Tag, usize, usize)> {
        let mut reader = SliceReader::new(self.rest).ok()?;
        let header = Header::decode(&mut reader).ok()?;
        let start = usize::try_from(reader.position()).ok()?;
        let length = usize::try_from(header.length()).ok()?;
        Some((header.tag(), start, start.checked_add(length)?))
    }

    /// The tag of the next element, if there is one.
    pub(crate) fn peek(&self) -> Option<Tag> {
        if self.rest.is_empty() { None } else { self.measure().map(|(tag, ..)| tag) }
    }

    /// The next element, which must have this tag.
    pub(crate) fn tagged(&mut self, tag: Tag) -> Result<Element<'a>, Error> {
        if self.peek() == Some(tag) { self.any() } else { Err(self.error()) }
    }

    /// The next element if it has this tag.
    pub(crate) fn optional(&mut self, tag: Tag) -> Result<Option<Element<'a>>, Error> {
        if self.peek() == Some(tag) { self.any().map(Some) } else { Ok(None) }
    }

    pub(crate) fn sequence(&mut self) -> Result<Elements<'a>, Error> {
        Ok(self.tagged(Tag::Sequence)?.children(self.what))
    }

    pub(crate) fn oid(&mut self) -> Result<Oid<'a>, Error> {
        self.tagged(Tag::ObjectIdentifier)?.oid()
    }

    /// Nothing may be left.
    pub(crate) const fn finish(&self) -> Result<(), Error> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.error()) }
    }
}

impl<'a> Element<'a> {
    /// The one element that `input` must be.
    pub(crate) fn only(input: &'a [u8], at: usize, what: &'static str) -> Result<Self, Error> {
        let mut elements = Elements::new(input, at, what);
        let element = elements.any()?;
        elements.finish()?;
        Ok(element)
    }

    pub(crate) const fn children(&self, what: &'static str) -> Elements<'a> {
        Elements::new(self.value, self.at, what)
    }

    /// What is in a SEQUENCE.
    pub(crate) fn sequence(&self, what: &'static str) -> Result<Elements<'a>, Error> {
        if self.tag == Tag::Sequence { Ok(self.children(what)) } else { Err(self.error(what)) }
    }

    pub(crate) const fn error(&self, what: &'static str) -> Error {
        Error::asn1(self.at, what)
    }

    /// The content of a BOOLEAN; any non-zero octet is true (X.690 8.2, though 11.1 asks for 0xff).
    pub(crate) fn boolean(&self) -> Result<bool, Error> {
        match (self.tag, self.value) {
            (Tag::Boolean, [octet]) => Ok(*octet != 0),
            _ => Err(self.error("BOOLEAN")),
        }
    }

    /// The content of an OBJECT IDENTIFIER of well-formed arcs (X.690 8.19.2).
    pub(crate) fn oid(&self) -> Result<Oid<'a>, Error> {
        let ends = self.value.last().is_some_and(|octet| octet & 0x80 == 0);
        let padded =
            self.value.split_inclusive(|octet| octet & 0x80 == 0).any(|arc| arc.first() == Some(&0x80));
        if ends && !padded { Ok(Oid::from_octets(self.value)) } else { Err(self.error("OBJECT IDENTIFIER")) }
    }

    /// The octets of a BIT STRING whose bits fill its octets.
    pub(crate) fn octets_of_bits(&self) -> Result<&'a [u8], Error> {
        match self.value.split_first() {
            Some((0, octets)) => Ok(octets),
            _ => Err(self.error("BIT STRING")),
        }
    }

    /// The first 16 bits of the content of a BIT STRING of named bits. Those that fill its last octet may be anything
    /// (X.690 8.6.2.3, though 11.2.1 asks for zeros), and count as none.
    pub(crate) fn first_bits(&self) -> Option<u16> {
        let (unused @ 0..=7, octets) = self.value.split_first()? else { return None };
        let bits = match octets {
            [] => return Some(0),
            [first] => u16::from_be_bytes([first & (0xff << unused), 0]),
            [first, second] => u16::from_be_bytes([*first, second & (0xff << unused)]),
            [first, second, ..] => u16::from_be_bytes([*first, *second]),
        };
        Some(bits)
    }

    /// An INTEGER or ENUMERATED that is not negative and fits.
    pub(crate) fn small(&self) -> Result<u64, Error> {
        let digits = self.unsigned()?;
        let mut value = 0u64;
        for octet in digits {
            value = value.checked_mul(256).ok_or_else(|| self.error("INTEGER"))? | u64::from(*octet);
        }
        Ok(value)
    }

    /// The octets of an INTEGER that is not negative, without leading zeros.
    pub(crate) fn unsigned(&self) -> Result<&'a [u8], Error> {
        match self.value {
            [] => Err(self.error("INTEGER")),
            [0, rest @ ..] => {
                Ok(rest.get(rest.iter().take_while(|octet| **octet == 0).count()..).unwrap_or(&[]))
            }
            [first, ..] if first & 0x80 != 0 => Err(self.error("INTEGER")),
            value => Ok(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_where_in_the_whole_input() {
        let input = [0x30, 0x06, 0x02, 0x01, 0x05, 0x01, 0x02, 0x00];
        let mut outer = Elements::new(&input, 0, "test");
        let mut inner = outer.sequence().unwrap();
        assert_eq!(inner.tagged(Tag::Integer).unwrap().small().unwrap(), 5);
        assert_eq!(inner.any().unwrap_err().offset(), Some(5));
    }

    #[test]
    fn bits_that_fill_an_octet_are_none() {
        let read = |input: &'static [u8]| Element::only(input, 0, "test").unwrap().first_bits();
        assert_eq!(read(&[3, 2, 7, 0x7f]), Some(0));
        assert_eq!(read(&[3, 2, 7, 0xff]), Some(0x8000));
        assert_eq!(read(&[3, 3, 6, 0x01, 0xff]), Some(0x01c0));
        assert_eq!(read(&[3, 4, 4, 0x01, 0xff, 0xff]), Some(0x01ff));
        assert_eq!((read(&[3, 1, 0]), read(&[3, 2, 8, 0]), read(&[3, 0])), (Some(0), None, None));
    }

    #[test]
    fn integers_that_are_negative_or_long_are_no_small_numbers() {
        let read = |input: &'static [u8]| Element::only(input, 0, "test").unwrap().small().ok();
        assert_eq!(read(&[2, 1, 0x80]), None);
        assert_eq!(read(&[2, 9, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), Some(u64::MAX));
        assert_eq!(read(&[2, 9, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), None);
        assert_eq!(read(&[2, 0]), None);
    }
}
