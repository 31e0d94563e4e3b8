//! Content types (RFC 5652 3, 4 and those of other documents).

use std::io::BufRead;

use crate::ber::{Identifier, Reader};
use crate::error::Error;
use crate::oid::{Oid, oids};

oids! {
    DATA = "1.2.840.113549.1.7.1";
    SIGNED = "1.2.840.113549.1.7.2";
    ENVELOPED = "1.2.840.113549.1.7.3";
    DIGESTED = "1.2.840.113549.1.7.5";
    ENCRYPTED = "1.2.840.113549.1.7.6";
    RECEIPT = "1.2.840.113549.1.9.16.1.1";
    AUTHENTICATED = "1.2.840.113549.1.9.16.1.2";
    COMPRESSED = "1.2.840.113549.1.9.16.1.9";
    AUTH_ENVELOPED = "1.2.840.113549.1.9.16.1.23";
}

/// What the content of a CMS structure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ContentType {
    /// Octets that mean nothing to CMS: in mail, a MIME entity (RFC 5652 4).
    Data,
    /// Signed data (RFC 5652 5).
    SignedData,
    /// Enveloped data (RFC 5652 6).
    EnvelopedData,
    /// Digested data (RFC 5652 7).
    DigestedData,
    /// Encrypted data, whose key is known otherwise (RFC 5652 8).
    EncryptedData,
    /// Authenticated data (RFC 5652 9).
    AuthenticatedData,
    /// Compressed data (RFC 3274).
    CompressedData,
    /// Enveloped data with authentication (RFC 5083).
    AuthEnvelopedData,
    /// A signed receipt (RFC 2634 2.8).
    Receipt,
    /// Anything else.
    Other,
}

impl ContentType {
    const ALL: [(Oid<'static>, Self); 9] = [
        (DATA, Self::Data),
        (SIGNED, Self::SignedData),
        (ENVELOPED, Self::EnvelopedData),
        (DIGESTED, Self::DigestedData),
        (ENCRYPTED, Self::EncryptedData),
        (AUTHENTICATED, Self::AuthenticatedData),
        (COMPRESSED, Self::CompressedData),
        (AUTH_ENVELOPED, Self::AuthEnvelopedData),
        (RECEIPT, Self::Receipt),
    ];

    /// The type of this identifier.
    #[must_use]
    pub fn from_oid(oid: Oid<'_>) -> Self {
        Self::ALL.iter().find(|(known, _)| *known == oid).map_or(Self::Other, |(_, type_)| *type_)
    }

    /// Its identifier; `None` for [`ContentType::Other`].
    #[must_use]
    pub fn oid(self) -> Option<Oid<'static>> {
        Self::ALL.iter().find(|(_, type_)| *type_ == self).map(|(oid, _)| *oid)
    }
}

/// Goes into a `ContentInfo` (RFC 5652 3) up to its content, and says what that is.
pub(crate) fn enter<R: BufRead>(reader: &mut Reader<R>) -> Result<ContentType, Error> {
    reader.enter(Identifier::SEQUENCE)?;
    let oid = read_oid(reader)?;
    let type_ = ContentType::from_oid(Oid::from_octets(&oid));
    if type_ == ContentType::Other {
        return Err(Error::unsupported("content type", Oid::from_octets(&oid)));
    }
    reader.enter(Identifier::context(0))?;
    Ok(type_)
}

/// That no layer of mail is of this type.
pub(crate) fn no_layer(type_: ContentType) -> Error {
    match type_.oid() {
        Some(oid) => Error::unsupported("content type of a layer", oid),
        None => Error::asn1(0, "CMS"),
    }
}

/// The octets of an OBJECT IDENTIFIER.
pub(crate) fn read_oid<R: BufRead>(reader: &mut Reader<R>) -> Result<Vec<u8>, Error> {
    if !reader.is_next(Identifier::OID)? {
        return Err(reader.error());
    }
    let mut octets = Vec::new();
    reader.octets(&mut |piece| {
        octets.extend_from_slice(piece);
        if octets.len() > MAX_OID { Err(Error::limit("MAX_OID", MAX_OID as u64)) } else { Ok(()) }
    })?;
    Ok(octets)
}

/// Octets of an identifier at most; none in use is near.
const MAX_OID: usize = 256;

/// The elements of a SET, or of what stands for one, each as DER; at most `max`, a limit called `which`. One that is broken
/// inside is for who needs it to refuse.
pub(crate) fn read_set<R: BufRead>(
    reader: &mut Reader<R>,
    identifier: Identifier,
    which: &'static str,
    max: usize,
) -> Result<Vec<Vec<u8>>, Error> {
    reader.enter(identifier)?;
    let mut elements = Vec::new();
    let mut octets = 0usize;
    while reader.peek()?.is_some() {
        if elements.len() >= max {
            return Err(Error::limit(which, max as u64));
        }
        let element = reader.keep()?;
        octets = octets.saturating_add(element.len());
        if octets > crate::limits::MAX_STRUCTURE {
            return Err(Error::limit("MAX_STRUCTURE", crate::limits::MAX_STRUCTURE as u64));
        }
        elements.push(element);
    }
    reader.leave()?;
    Ok(elements)
}
