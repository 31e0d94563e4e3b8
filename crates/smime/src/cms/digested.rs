//! Digested data (RFC 5652 7).

use std::io::BufRead;

use super::content::read_oid;
use super::hashes::Hashing;
use crate::algorithm::{AlgorithmIdentifier, Digest};
use crate::ber::{Identifier, Octets, Reader, Sink};
use crate::error::Error;
use crate::tlv::Element;

const WHAT: &str = "digested data";

/// Digested data that is read piece by piece.
pub(crate) struct Digesting {
    digest: Digest,
    hashing: Hashing,
    octets: Option<Octets>,
}

/// Reads the element of a `DigestedData`; whether the digest is that of the content.
pub(crate) fn read<R: BufRead>(reader: &mut Reader<R>, sink: Sink<'_>) -> Result<bool, Error> {
    let mut digesting = Digesting::begin(reader)?;
    loop {
        let piece = digesting.piece(reader)?;
        let read = piece.len();
        if read == 0 {
            return digesting.end(reader);
        }
        sink(piece)?;
        digesting.consume(reader, read);
    }
}

impl Digesting {
    /// Reads the element up to the content.
    pub(crate) fn begin<R: BufRead>(reader: &mut Reader<R>) -> Result<Self, Error> {
        reader.enter(Identifier::SEQUENCE)?;
        reader.collect()?; // the version, which says what the rest says as well
        let algorithm = reader.collect()?;
        let algorithm = AlgorithmIdentifier::read(Element::only(&algorithm, 0, WHAT)?.children(WHAT))?;
        let digest = Digest::from_identifier(&algorithm)?;
        reader.enter(Identifier::SEQUENCE)?;
        read_oid(reader)?;
        let octets = match reader.peek()? {
            Some(_) => {
                reader.enter(Identifier::context(0))?;
                Some(reader.begin_octets()?)
            }
            None => None,
        };
        Ok(Self { digest, hashing: Hashing::new([digest]), octets })
    }

    /// The next octets of the content; none at its end.
    pub(crate) fn piece<'r, R: BufRead>(&mut self, reader: &'r mut Reader<R>) -> Result<&'r [u8], Error> {
        self.octets.as_mut().map_or(Ok(&[]), |octets| reader.piece(octets))
    }

    /// So many octets of the last piece are done with.
    pub(crate) fn consume<R: BufRead>(&mut self, reader: &mut Reader<R>, read: usize) {
        if let Some(octets) = &mut self.octets {
            let piece = reader.piece(octets).unwrap_or_default();
            self.hashing.update(piece.get(..read).unwrap_or(piece));
            reader.consume_piece(octets, read);
        }
    }

    /// Reads the digest, and compares it.
    pub(crate) fn end<R: BufRead>(self, reader: &mut Reader<R>) -> Result<bool, Error> {
        if self.octets.is_some() {
            reader.leave()?;
        }
        reader.leave()?;
        let stated = reader.collect()?;
        reader.leave()?;
        let hashes = self.hashing.finish();
        Ok(hashes.get(self.digest) == Some(Element::only(&stated, 0, WHAT)?.value))
    }
}
