//! Enveloped, authenticated-enveloped and encrypted data (RFC 5652 6 and 8, RFC 5083), read in one pass.

use std::io::BufRead;

use super::content::{ContentType, read_oid, read_set};
use crate::algorithm::{AlgorithmIdentifier, CipherStart};
use crate::ber::{Identifier, Octets, Reader, Sink, write};
use crate::error::Error;
use crate::limits::{MAX_ATTRIBUTES, MAX_RECIPIENTS};
use crate::oid::Oid;
use crate::tlv::Element;

/// What stands before the sealed content.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    kind: ContentType,
    pub(crate) recipients: Vec<Vec<u8>>,
    /// The octets of the identifier of the content's type.
    pub(crate) content_type: Vec<u8>,
    cipher: Vec<u8>,
    /// Identifier octets of the sealed content: primitive or in pieces; `None` where there is none.
    content: Option<Identifier>,
}

/// What stands behind it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tail {
    /// The authenticated attributes, as the octets that are authenticated (RFC 5083 2.2).
    pub(crate) aad: Vec<u8>,
    pub(crate) tag: Vec<u8>,
}

const WHAT: &str = "enveloped data";

impl Head {
    /// Reads the element of an `EnvelopedData`, `AuthEnvelopedData` or `EncryptedData` up to the sealed content.
    pub(crate) fn read<R: BufRead>(reader: &mut Reader<R>, kind: ContentType) -> Result<Self, Error> {
        reader.enter(Identifier::SEQUENCE)?;
        reader.collect()?; // the version, which says what the rest says as well
        let mut recipients = Vec::new();
        if kind != ContentType::EncryptedData {
            if reader.is_next(Identifier::context(0))? {
                reader.skip()?; // certificates of the originator
            }
            recipients = read_set(reader, Identifier::SET, "MAX_RECIPIENTS", MAX_RECIPIENTS)?;
        }
        reader.enter(Identifier::SEQUENCE)?;
        let content_type = read_oid(reader)?;
        let cipher = reader.collect()?;
        let content = match reader.peek()? {
            None => None,
            Some(header) => {
                let known = [Identifier::context_primitive(0), Identifier::context(0)];
                if !known.contains(&header.identifier) {
                    return Err(reader.error());
                }
                Some(header.identifier)
            }
        };
        Ok(Self { kind, recipients, content_type, cipher, content })
    }

    /// The cipher of the content.
    pub(crate) fn cipher(&self) -> Result<CipherStart<'_>, Error> {
        let element = Element::only(&self.cipher, 0, WHAT)?;
        let start = CipherStart::read(&AlgorithmIdentifier::read(element.children(WHAT))?)?;
        // RFC 5083 1, RFC 5084 3: what authenticates has a tag, for which only this structure has a place.
        if start.cipher.is_authenticated() != (self.kind == ContentType::AuthEnvelopedData) {
            return Err(Error::unsupported("content encryption in this structure", start.cipher.oid()));
        }
        Ok(start)
    }

    /// What the content is.
    pub(crate) fn content_type(&self) -> ContentType {
        ContentType::from_oid(Oid::from_octets(&self.content_type))
    }

    /// The sealed content, handed on.
    pub(crate) fn read_content<R: BufRead>(
        &self,
        reader: &mut Reader<R>,
        sink: Sink<'_>,
    ) -> Result<(), Error> {
        if self.content.is_some() { reader.octets(sink) } else { Ok(()) }
    }

    /// The sealed content, to be read piece by piece; `None` where there is none.
    pub(crate) fn begin_content<R: BufRead>(&self, reader: &mut Reader<R>) -> Result<Option<Octets>, Error> {
        self.content.map(|_| reader.begin_octets()).transpose()
    }

    /// What stands behind the content.
    pub(crate) fn read_tail<R: BufRead>(&self, reader: &mut Reader<R>) -> Result<Tail, Error> {
        reader.leave()?;
        let mut tail = Tail::default();
        let attributes = if self.kind == ContentType::AuthEnvelopedData {
            if reader.is_next(Identifier::context(1))? {
                let attributes = read_set(reader, Identifier::context(1), "MAX_ATTRIBUTES", MAX_ATTRIBUTES)?;
                tail.aad = write::set_of(attributes);
            }
            if !reader.is_next(Identifier::OCTETS)? && !reader.is_next(Identifier::OCTETS_IN_PIECES)? {
                return Err(reader.error());
            }
            let tag = reader.collect()?;
            tail.tag = Element::only(&tag, 0, WHAT)?.value.to_vec();
            Identifier::context(2)
        } else {
            Identifier::context(1)
        };
        if reader.is_next(attributes)? {
            reader.skip()?;
        }
        reader.leave()?;
        Ok(tail)
    }
}
