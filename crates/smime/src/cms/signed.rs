//! Signed data (RFC 5652 5), read in one pass: the content goes by, everything else is kept.

use std::io::BufRead;

use super::content::{read_oid, read_set};
use super::hashes::{Hashes, Hashing};
use super::signer::SignerInfo;
use crate::algorithm::{AlgorithmIdentifier, Digest};
use crate::ber::{Identifier, Octets, Reader, Sink};
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
        let mut reading = Reading::begin(reader, &[])?;
        while let Some(piece) = reading.piece(reader)? {
            let read = piece.len();
            sink(piece)?;
            reading.consume(reader, read)?;
        }
        reading.end(reader)
    }

    /// The digests of the signers.
    pub(crate) fn digests(&self) -> Vec<Digest> {
        let digest = |der: &Vec<u8>| Digest::from_identifier(&SignerInfo::read(der).ok()?.digest).ok();
        self.signers.iter().filter_map(digest).collect()
    }
}

/// Signed data whose content is being read.
pub(crate) struct Reading {
    data: SignedData,
    hashing: Hashing,
    content: Content,
}

/// What is left of the content inside.
enum Content {
    /// There is none.
    Nowhere,
    Octets(Octets),
    /// What is no string of octets, as DER, and how much of it was read.
    Other(Vec<u8>, usize),
}

impl Reading {
    /// Reads up to the content, which is hashed with the digests that are announced, and with `also`.
    pub(crate) fn begin<R: BufRead>(reader: &mut Reader<R>, also: &[Digest]) -> Result<Self, Error> {
        reader.enter(Identifier::SEQUENCE)?;
        reader.collect()?; // the version, which says what the rest says as well
        let digests = read_set(reader, Identifier::SET, "MAX_SIGNERS", MAX_SIGNERS)?;
        reader.enter(Identifier::SEQUENCE)?;
        let content_type = read_oid(reader)?;
        let detached = reader.peek()?.is_none();
        let mut content = Content::Nowhere;
        if !detached {
            reader.enter(Identifier::context(0))?;
            content =
                if reader.is_next(Identifier::OCTETS)? || reader.is_next(Identifier::OCTETS_IN_PIECES)? {
                    Content::Octets(reader.begin_octets()?)
                } else {
                    // RFC 5652 5.2.1: PKCS #7 has any type here, of which identifier and length are not signed.
                    let other = reader.keep()?;
                    Content::Other(Element::only(&other, 0, WHAT)?.value.to_vec(), 0)
                };
        }
        let known = digests.iter().filter_map(|identifier| announced(identifier));
        let hashing = Hashing::new(known.chain(also.iter().copied()));
        Ok(Self { data: SignedData { content_type, detached, ..SignedData::default() }, hashing, content })
    }

    /// The next octets of the content; `None` at its end.
    pub(crate) fn piece<'p, R: BufRead>(
        &'p mut self,
        reader: &'p mut Reader<R>,
    ) -> Result<Option<&'p [u8]>, Error> {
        let piece = match &mut self.content {
            Content::Nowhere => &[],
            Content::Octets(octets) => reader.piece(octets)?,
            Content::Other(other, at) => other.get(*at..).unwrap_or_default(),
        };
        Ok(Some(piece).filter(|piece| !piece.is_empty()))
    }

    /// So many octets of the last piece are done with.
    pub(crate) fn consume<R: BufRead>(&mut self, reader: &mut Reader<R>, read: usize) -> Result<(), Error> {
        if read == 0 {
            return Ok(());
        }
        let (hashing, beginning) = (&mut self.hashing, &mut self.data.beginning);
        let mut each = |piece: &[u8]| {
            let piece = piece.get(..read).unwrap_or(piece);
            hashing.update(piece);
            beginning.push(piece);
        };
        match &mut self.content {
            Content::Nowhere => {}
            Content::Octets(octets) => {
                each(reader.piece(octets)?);
                reader.consume_piece(octets, read);
            }
            Content::Other(other, at) => {
                each(other.get(*at..).unwrap_or_default());
                *at = at.saturating_add(read);
            }
        }
        Ok(())
    }

    /// Reads what stands behind the content.
    pub(crate) fn end<R: BufRead>(self, reader: &mut Reader<R>) -> Result<SignedData, Error> {
        let Self { mut data, hashing, content } = self;
        if !matches!(content, Content::Nowhere) {
            reader.leave()?;
            data.hashes = hashing.finish();
        }
        reader.leave()?;
        if reader.is_next(Identifier::context(0))? {
            let choices = read_set(reader, Identifier::context(0), "MAX_CERTIFICATES", MAX_CERTIFICATES)?;
            // RFC 5652 10.2.2: the other choices are attribute certificates and unknown formats.
            data.certificates = choices.into_iter().filter(|choice| choice.first() == Some(&0x30)).collect();
        }
        if reader.is_next(Identifier::context(1))? {
            let choices = read_set(reader, Identifier::context(1), "MAX_REVOCATIONS", MAX_REVOCATIONS)?;
            for choice in choices {
                if choice.first() == Some(&0x30) {
                    data.crls.push(choice);
                } else if let Some(response) = ocsp_response(&choice) {
                    data.ocsp.push(response);
                }
            }
        }
        data.signers = read_set(reader, Identifier::SET, "MAX_SIGNERS", MAX_SIGNERS)?;
        reader.leave()?;
        Ok(data)
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
