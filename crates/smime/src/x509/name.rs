//! Distinguished names, and when two are the same (RFC 5280 7.1, RFC 4518).

use std::fmt;

use der::Tag;
use unicode_normalization::UnicodeNormalization;

use crate::error::Error;
use crate::oid::{Oid, oids};
use crate::tlv::{Element, Elements};

/// A distinguished name, as it stands in the input.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a> {
    element: Element<'a>,
}

/// One attribute of a name: what it is, and its value.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'a> {
    oid: Oid<'a>,
    value: Element<'a>,
}

/// A name prepared for comparison: equal names have equal keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NameKey {
    /// One element a relative distinguished name, attributes in order.
    rdns: Vec<Vec<u8>>,
}

oids! {
    EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
    COMMON_NAME = "2.5.4.3";
    COUNTRY = "2.5.4.6";
    LOCALITY = "2.5.4.7";
    STATE = "2.5.4.8";
    ORGANIZATION = "2.5.4.10";
    UNIT = "2.5.4.11";
    SERIAL_NUMBER = "2.5.4.5";
    SURNAME = "2.5.4.4";
    GIVEN_NAME = "2.5.4.42";
    DOMAIN_COMPONENT = "0.9.2342.19200300.100.1.25";
    USER_ID = "0.9.2342.19200300.100.1.1";
}

/// The short names of RFC 4514 3, and those that are used beside them.
const SHORT: &[(Oid<'static>, &str)] = &[
    (COMMON_NAME, "CN"),
    (COUNTRY, "C"),
    (LOCALITY, "L"),
    (STATE, "ST"),
    (ORGANIZATION, "O"),
    (UNIT, "OU"),
    (SERIAL_NUMBER, "serialNumber"),
    (SURNAME, "SN"),
    (GIVEN_NAME, "GN"),
    (DOMAIN_COMPONENT, "DC"),
    (USER_ID, "UID"),
    (EMAIL_ADDRESS, "emailAddress"),
];

const WHAT: &str = "name";

impl<'a> Name<'a> {
    /// The name of this element; what is inside is read when it is asked for.
    pub(crate) fn read(element: Element<'a>) -> Result<Self, Error> {
        if element.tag == Tag::Sequence { Ok(Self { element }) } else { Err(element.error(WHAT)) }
    }

    /// The DER of the name.
    #[must_use]
    pub const fn as_der(&self) -> &'a [u8] {
        self.element.raw
    }

    /// Whether the name has no attribute.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.element.value.is_empty()
    }

    /// The attributes in the order of the input; ends where the name cannot be read.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        let mut rdns = self.element.children(WHAT);
        let mut rdn = Elements::new(&[], 0, WHAT);
        std::iter::from_fn(move || {
            while rdn.is_empty() {
                rdn = rdns.tagged(Tag::Set).ok()?.children(WHAT);
            }
            Attribute::read(&mut rdn).ok()
        })
    }

    /// The values of `emailAddress` attributes (RFC 5280 4.1.2.6), which new certificates no longer have.
    pub fn email_addresses(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.attributes()
            .filter(|attribute| attribute.oid == EMAIL_ADDRESS)
            .filter_map(|attribute| std::str::from_utf8(attribute.value.value).ok())
    }

    /// Whether both are the same name: attribute values are compared without case, and with blanks as one (RFC 5280 7.1).
    #[must_use]
    pub fn matches(&self, other: &Name<'_>) -> bool {
        self.as_der() == other.as_der() || self.key() == other.key()
    }

    /// The name prepared for comparison. A name that cannot be read equals only the same octets.
    pub(crate) fn key(&self) -> NameKey {
        self.rdns().unwrap_or_else(|_| NameKey { rdns: vec![self.as_der().to_vec()] })
    }

    fn rdns(&self) -> Result<NameKey, Error> {
        let mut rdns = self.element.children(WHAT);
        let mut keys = Vec::new();
        while !rdns.is_empty() {
            keys.push(rdn_key(rdns.tagged(Tag::Set)?)?);
        }
        Ok(NameKey { rdns: keys })
    }

    /// This name with one more relative distinguished name (RFC 5280 4.2.1.13, `nameRelativeToCRLIssuer`).
    pub(crate) fn key_with(&self, rdn: Element<'_>) -> Option<NameKey> {
        let mut key = self.rdns().ok()?;
        key.rdns.push(rdn_key(rdn).ok()?);
        Some(key)
    }
}

impl NameKey {
    /// Whether `self` is `base` or below it (RFC 5280 4.2.1.10).
    pub(crate) fn is_within(&self, base: &Self) -> bool {
        self.rdns.starts_with(&base.rdns)
    }
}

/// The key of one relative distinguished name, which is a set: its attributes in the order of their keys.
fn rdn_key(set: Element<'_>) -> Result<Vec<u8>, Error> {
    let mut attributes = set.children(WHAT);
    let mut keys = Vec::new();
    while !attributes.is_empty() {
        keys.push(Attribute::read(&mut attributes)?.key());
    }
    keys.sort_unstable();
    Ok(keys.concat())
}

impl<'a> Attribute<'a> {
    fn read(set: &mut Elements<'a>) -> Result<Self, Error> {
        let mut fields = set.sequence()?;
        let oid = fields.oid()?;
        let value = fields.any()?;
        fields.finish()?;
        Ok(Self { oid, value })
    }

    /// What the attribute is.
    #[must_use]
    pub const fn oid(&self) -> Oid<'a> {
        self.oid
    }

    /// The value as text; `None` for what is no string.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        text(&self.value)
    }

    /// Octets that are equal where the attributes are.
    fn key(&self) -> Vec<u8> {
        let (kind, value) = match text(&self.value) {
            Some(text) => (1, prepare(&text).into_bytes()),
            None => (0, self.value.raw.to_vec()),
        };
        let length = |octets: &[u8]| u64::try_from(octets.len()).unwrap_or(u64::MAX).to_be_bytes();
        let oid = self.oid.octets();
        [&length(oid)[..], oid, &[kind], &length(&value), &value].concat()
    }
}

/// The text of a string of any of the types of DirectoryString, or IA5String.
pub(crate) fn text(value: &Element<'_>) -> Option<String> {
    match value.tag {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::NumericString | Tag::VisibleString => {
            std::str::from_utf8(value.value).ok().map(str::to_owned)
        }
        // T.61 as everyone writes it: Latin-1.
        Tag::TeletexString => Some(value.value.iter().copied().map(char::from).collect()),
        Tag::BmpString => {
            let units = value.value.chunks(2).map(|pair| match pair {
                [high, low] => Some(u16::from_be_bytes([*high, *low])),
                _ => None,
            });
            String::from_utf16(&units.collect::<Option<Vec<_>>>()?).ok()
        }
        _ => None,
    }
}

/// The preparation of RFC 4518 for caseIgnoreMatch: mapping, NFKC, one blank between words and none outside.
fn prepare(text: &str) -> String {
    let mapped = |c: char| match c {
        // RFC 4518 2.2: blanks of all kinds are one, and what is not seen is nothing.
        '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' => Some(' '),
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => None,
        c if c.is_whitespace() => Some(' '),
        c if c.is_control() => None,
        c => Some(c),
    };
    let folded: String = if text.is_ascii() {
        text.chars().filter_map(mapped).map(|c| c.to_ascii_lowercase()).collect()
    } else {
        text.chars().filter_map(mapped).flat_map(char::to_lowercase).nfkc().collect()
    };
    let mut prepared = String::with_capacity(folded.len());
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        if !prepared.is_empty() {
            prepared.push(' ');
        }
        prepared.push_str(word);
    }
    prepared
}

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.matches(other)
    }
}

impl Eq for Name<'_> {}

impl fmt::Display for Name<'_> {
    /// `CN=..., O=...`, the most special first as in RFC 4514.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attributes: Vec<_> = self.attributes().collect();
        for (at, attribute) in attributes.iter().rev().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            match SHORT.iter().find(|(oid, _)| *oid == attribute.oid) {
                Some((_, short)) => f.write_str(short)?,
                None => write!(f, "{}", attribute.oid)?,
            }
            f.write_str("=")?;
            for c in attribute.text().unwrap_or_else(|| "?".into()).chars() {
                match c {
                    ',' | '+' | '"' | '\\' | '<' | '>' | ';' => write!(f, "\\{c}")?,
                    c if c.is_control() => f.write_str("?")?,
                    c => write!(f, "{c}")?,
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name of one CN of this string type.
    fn name(tag: u8, text: &str) -> Vec<u8> {
        let wrap = |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).unwrap()], content].concat();
        let attribute = [&[0x06, 0x03, 0x55, 0x04, 0x03][..], &wrap(tag, text.as_bytes())].concat();
        wrap(0x30, &wrap(0x31, &wrap(0x30, &attribute)))
    }

    fn equal(a: &[u8], b: &[u8]) -> bool {
        let read = |der| Name::read(Element::only(der, 0, "test").unwrap()).unwrap();
        read(a) == read(b)
    }

    #[test]
    fn case_blanks_and_string_types_make_no_difference() {
        assert!(equal(&name(0x13, "Alice  Lovelace "), &name(0x0c, "alice lovelace")));
        assert!(equal(&name(0x0c, "STRASSE\u{301}"), &name(0x0c, "strass\u{e9}")));
        assert!(!equal(&name(0x13, "Alice"), &name(0x13, "Alicia")));
    }

    #[test]
    fn a_name_is_printed_with_its_marks_escaped() {
        let der = name(0x0c, "a,b");
        assert_eq!(Name::read(Element::only(&der, 0, "test").unwrap()).unwrap().to_string(), "CN=a\\,b");
    }
}
