//! Digested data (RFC 5652 7).

use std::io::BufRead;

use super::content::read_oid;
use super::hashes::Hashing;
use crate::algorithm::{AlgorithmIdentifier, Digest};
use crate::ber::{Identifier, Reader, Sink};
use crate::error::Error;
use crate::tlv::Element;

const WHAT: &str = "digested data";

/// Reads the element of a `DigestedData`; whether the digest is that of the content.
pub(crate) fn read<R: BufRead>(reader: &mut Reader<R>, sink: Sink<'_>) -> Result<bool, Error> {
    reader.enter(Identifier::SEQUENCE)?;
    reader.collect()?; // the version, which says what the rest says as well
    let algorithm = reader.collect()?;
    let algorithm = AlgorithmIdentifier::read(Element::only(&algorithm, 0, WHAT)?.children(WHAT))?;
    let digest = Digest::from_identifier(&algorithm)?;
    let mut hashing = Hashing::new([digest]);
    reader.enter(Identifier::SEQUENCE)?;
    read_oid(reader)?;
    if reader.peek()?.is_some() {
        reader.enter(Identifier::context(0))?;
        reader.octets(&mut |piece| {
            hashing.update(piece);
            sink(piece)
        })?;
        reader.leave()?;
    }
    reader.leave()?;
    let stated = reader.collect()?;
    reader.leave()?;
    Ok(hashing.finish().get(digest) == Some(Element::only(&stated, 0, WHAT)?.value))
}
