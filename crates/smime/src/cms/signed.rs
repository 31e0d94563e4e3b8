//! Signed data (RFC 5652 5), read in one pass: the content goes by, everything else is kept.

use std::io::BufRead;

use super::content::{read_oid, read_set};
use super::hashes::{Hashes, Hashing};
use crate::algorithm::{AlgorithmIdentifier, Digest};
use crate::ber::{Identifier, Reader, Sink};
use crate::error::Error;
use crate::limits::{MAX_CERTIFICATES, MAX_REVOCATIONS, MAX_SIGNERS};
use crate::oid::oids;
use crate::tlv::{Element, Elements};

oids! {
    /// An OCSP response among the revocation lists (RFC 5940 2.1).
    OCSP = "1.3.6.1.5.5.7.16.2";
}

/// What a `SignedData` holds beside its content.
#[derive(Clone, Debug, Default)]
pub(crate) struct SignedData {
    /// The octets of the identifier of the content's type.
    pub(crate) content_type: Vec<u8>,
    /// Whether the content stands elsewhere.
    pub(crate) detached: bool,
    /// Of the content inside, by the digests that are announced.
    pub(crate) hashes: Hashes,
    /// The first octets of the content inside, and how many there are.
    pub(crate) beginning: Beginning,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) crls: Vec<Vec<u8>>,
    pub(crate) ocsp: Vec<Vec<u8>>,
    pub(crate) signers: Vec<Vec<u8>>,
}

/// How a content begins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beginning {
    octets: Vec<u8>,
    total: u64,
}

const WHAT: &str = "signed data";

impl SignedData {
    /// Reads the element of a `SignedData`; the content inside goes to `sink`.
    pub(crate) fn read<R: BufRead>(reader: &mut Reader<R>, sink: Sink<'_>) -> Result<Self, Error> {
        let mut read = Self::default();
        reader.enter(Identifier::SEQUENCE)?;
        reader.collect()?; // the version, which says what the rest says as well
        let digests = read_set(reader, Identifier::SET, "MAX_SIGNERS", MAX_SIGNERS)?;
        reader.enter(Identifier::SEQUENCE)?;
        read.content_type = read_oid(reader)?;
        read.detached = reader.peek()?.is_none();
        if !read.detached {
            read.read_content(reader, &digests, sink)?;
        }
        reader.leave()?;
        if reader.is_next(Identifier::context(0))? {
            let choices = read_set(reader, Identifier::context(0), "MAX_CERTIFICATES", MAX_CERTIFICATES)?;
            // RFC 5652 10.2.2: the other choices are attribute certificates and unknown formats.
            read.certificates = choices.into_iter().filter(|choice| choice.first() == Some(&0x30)).collect();
        }
        if reader.is_next(Identifier::context(1))? {
            let choices = read_set(reader, Identifier::context(1), "MAX_REVOCATIONS", MAX_REVOCATIONS)?;
            for choice in choices {
                if choice.first() == Some(&0x30) {
                    read.crls.push(choice);
                } else if let Some(response) = ocsp_response(&choice) {
                    read.ocsp.push(response);
                }
            }
        }
        read.signers = read_set(reader, Identifier::SET, "MAX_SIGNERS", MAX_SIGNERS)?;
        reader.leave()?;
        Ok(read)
    }

    fn read_content<R: BufRead>(
        &mut self,
        reader: &mut Reader<R>,
        digests: &[Vec<u8>],
        sink: Sink<'_>,
    ) -> Result<(), Error> {
        let known = digests.iter().filter_map(|identifier| announced(identifier));
        let mut hashing = Hashing::new(known);
        let beginning = &mut self.beginning;
        let mut each = |piece: &[u8]| {
            hashing.update(piece);
            beginning.push(piece);
            sink(piece)
        };
        reader.enter(Identifier::context(0))?;
        if reader.is_next(Identifier::OCTETS)? || reader.is_next(Identifier::OCTETS_IN_PIECES)? {
            reader.octets(&mut each)?;
        } else {
            // RFC 5652 5.2.1: PKCS #7 has any type here, of which identifier and length are not signed.
            let other = reader.collect()?;
            each(Element::only(&other, 0, WHAT)?.value)?;
        }
        reader.leave()?;
        self.hashes = hashing.finish();
        Ok(())
    }
}

impl Beginning {
    pub(crate) fn push(&mut self, piece: &[u8]) {
        self.total = self.total.saturating_add(piece.len() as u64);
        let room = 32usize.saturating_sub(self.octets.len());
        self.octets.extend(piece.iter().take(room));
    }

    /// Of a content in memory.
    pub(crate) fn of(content: &[u8]) -> Self {
        let mut beginning = Self::default();
        beginning.push(content);
        beginning
    }

    /// Whether this is what a signer signs who has signed attributes: a SET of all octets there are, with a SEQUENCE
    /// that begins with an OBJECT IDENTIFIER in it.
    pub(crate) fn is_like_attributes(&self) -> bool {
        let mut octets = self.octets.as_slice();
        let mut header = || {
            use std::io::Read as _;
            let before = octets.len();
            let mut next = || {
                let mut octet = [0];
                octets.read_exact(&mut octet).map(|()| octet[0])
            };
            let header = crate::ber::Header::read(&mut next).ok().flatten()?;
            Some((header, before.saturating_sub(octets.len()) as u64))
        };
        let Some((set, octets_of_header)) = header() else { return false };
        let whole = set.length.and_then(|length| length.checked_add(octets_of_header)) == Some(self.total);
        set.identifier == Identifier::SET
            && whole
            && header().is_some_and(|(attribute, _)| attribute.identifier == Identifier::SEQUENCE)
            && header().is_some_and(|(type_, _)| type_.identifier == Identifier::OID)
    }
}

/// The digest of an identifier that one must know to hash while the content goes by.
fn announced(identifier: &[u8]) -> Option<Digest> {
    let mut elements = Elements::new(identifier, 0, WHAT);
    Digest::from_identifier(&AlgorithmIdentifier::read(elements.sequence().ok()?).ok()?).ok()
}

/// RFC 5940 2.1: `[1] { id-ri-ocsp-response, OCSPResponse }`.
fn ocsp_response(choice: &[u8]) -> Option<Vec<u8>> {
    let mut fields = Element::only(choice, 0, WHAT).ok()?.children(WHAT);
    let format = fields.oid().ok()?;
    let response = fields.any().ok()?;
    (format == OCSP).then(|| response.raw.to_vec())
}
