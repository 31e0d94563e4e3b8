//! Compressed data (RFC 3274).

use std::io::{BufRead, Write};

use flate2::write::ZlibDecoder;

use super::content::{ContentType, read_oid};
use crate::algorithm::AlgorithmIdentifier;
use crate::ber::{Identifier, Reader, Sink};
use crate::error::Error;
use crate::limits::{MAX_DECOMPRESSED, MAX_RATIO};
use crate::oid::{Oid, oids};
use crate::tlv::Element;

oids! {
    ZLIB = "1.2.840.113549.1.9.16.3.8";
}

const WHAT: &str = "compressed data";

/// What is allowed of decompressed content.
struct Meter<'s> {
    sink: Sink<'s>,
    read: u64,
    written: u64,
    max: u64,
    failed: Option<Error>,
}

impl Write for Meter<'_> {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        self.written = self.written.saturating_add(octets.len() as u64);
        let free = 1 << 20;
        let failed = if self.written > self.max {
            Some(Error::limit("MAX_DECOMPRESSED", self.max))
        } else if self.written > self.read.saturating_mul(MAX_RATIO).saturating_add(free) {
            Some(Error::limit("MAX_RATIO", MAX_RATIO))
        } else {
            (self.sink)(octets).err()
        };
        self.failed = failed;
        if self.failed.is_some() { Err(std::io::ErrorKind::Other.into()) } else { Ok(octets.len()) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Opens the element of a `CompressedData`, up to `max` octets; what the content is.
pub(crate) fn decompress<R: BufRead>(
    reader: &mut Reader<R>,
    max: Option<u64>,
    sink: Sink<'_>,
) -> Result<ContentType, Error> {
    reader.enter(Identifier::SEQUENCE)?;
    reader.collect()?; // the version, always 0
    let algorithm = reader.collect()?;
    let algorithm = AlgorithmIdentifier::read(Element::only(&algorithm, 0, WHAT)?.children(WHAT))?;
    if algorithm.oid() != ZLIB {
        return Err(Error::unsupported("compression", algorithm.oid()));
    }
    reader.enter(Identifier::SEQUENCE)?;
    let content_type = read_oid(reader)?;
    if reader.peek()?.is_some() {
        reader.enter(Identifier::context(0))?;
        let max = max.unwrap_or(MAX_DECOMPRESSED);
        let mut decoder = ZlibDecoder::new(Meter { sink, read: 0, written: 0, max, failed: None });
        reader.octets(&mut |piece| {
            let meter = decoder.get_mut();
            meter.read = meter.read.saturating_add(piece.len() as u64);
            let done = decoder.write_all(piece);
            done.map_err(|error| failure(&mut decoder, &error))
        })?;
        let done = decoder.try_finish();
        done.map_err(|error| failure(&mut decoder, &error))?;
        reader.leave()?;
    }
    reader.leave()?;
    reader.leave()?;
    Ok(ContentType::from_oid(Oid::from_octets(&content_type)))
}

fn failure(decoder: &mut ZlibDecoder<Meter<'_>>, error: &std::io::Error) -> Error {
    decoder.get_mut().failed.take().unwrap_or_else(|| Error::io(error))
}
