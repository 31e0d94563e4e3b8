//! Attributes of signers (RFC 5652 5.3, 11).

use der::Tag;

use crate::error::Error;
use crate::limits::MAX_ATTRIBUTES;
use crate::oid::{Oid, oids};
use crate::tlv::{Element, Elements};

oids! {
    CONTENT_TYPE = "1.2.840.113549.1.9.3";
    MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    SIGNING_TIME = "1.2.840.113549.1.9.5";
    COUNTERSIGNATURE = "1.2.840.113549.1.9.6";
    SMIME_CAPABILITIES = "1.2.840.113549.1.9.15";
    ENCRYPTION_KEY = "1.2.840.113549.1.9.16.2.11";
    SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
    SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
    ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52";
}

const WHAT: &str = "attributes";

/// An attribute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attribute<'a> {
    pub(crate) type_: Oid<'a>,
    pub(crate) values: Elements<'a>,
    /// The whole attribute.
    pub(crate) raw: &'a [u8],
}

/// Attributes, in the order of the input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attributes<'a> {
    list: Vec<Attribute<'a>>,
}

/// Why an attribute cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotOne {
    /// It is not there.
    Absent,
    /// It is there twice, or has several values or none.
    Several,
}

impl<'a> Attributes<'a> {
    /// Reads the content of a SET OF attributes.
    pub(crate) fn read(mut elements: Elements<'a>) -> Result<Self, Error> {
        let mut list = Vec::new();
        while !elements.is_empty() {
            if list.len() >= MAX_ATTRIBUTES {
                return Err(Error::limit("MAX_ATTRIBUTES", MAX_ATTRIBUTES as u64));
            }
            let attribute = elements.tagged(Tag::Sequence)?;
            let mut fields = attribute.children(WHAT);
            let type_ = fields.oid()?;
            let values = fields.tagged(Tag::Set)?.children(WHAT);
            fields.finish()?;
            list.push(Attribute { type_, values, raw: attribute.raw });
        }
        Ok(Self { list })
    }

    /// All attributes of this type.
    pub(crate) fn of(&self, type_: Oid<'_>) -> impl Iterator<Item = &Attribute<'a>> {
        self.list.iter().filter(move |attribute| attribute.type_.octets() == type_.octets())
    }

    /// The value of the attribute that must be there once with one value.
    pub(crate) fn one(&self, type_: Oid<'_>) -> Result<Element<'a>, NotOne> {
        let mut found = self.of(type_);
        let attribute = found.next().ok_or(NotOne::Absent)?;
        let mut values = attribute.values;
        match (values.any(), found.next()) {
            (Ok(value), None) if values.is_empty() => Ok(value),
            _ => Err(NotOne::Several),
        }
    }

    /// The attributes as a SET OF in the order of DER (X.690 11.6), and whether that is the order they have.
    pub(crate) fn sorted(&self) -> (Vec<u8>, bool) {
        let mut list: Vec<&[u8]> = self.list.iter().map(|attribute| attribute.raw).collect();
        let is_sorted = list.is_sorted();
        list.sort_unstable();
        (crate::ber::write::element(crate::ber::Identifier::SET, &list.concat()), is_sorted)
    }
}
