//! Compressed data (RFC 3274).

use std::io::{BufRead, ErrorKind};

use flate2::{Decompress, FlushDecompress, Status};

use super::content::{ContentType, read_oid};
use crate::algorithm::AlgorithmIdentifier;
use crate::ber::{Identifier, Octets, Reader, Sink};
use crate::error::Error;
use crate::limits::{MAX_DECOMPRESSED, MAX_RATIO};
use crate::oid::{Oid, oids};
use crate::tlv::Element;

oids! {
    ZLIB = "1.2.840.113549.1.9.16.3.8";
}

const WHAT: &str = "compressed data";

/// Octets that are decompressed at once.
const PIECE: usize = 64 << 10;

/// Compressed data that is opened piece by piece.
pub(crate) struct Inflating {
    content_type: ContentType,
    octets: Option<Octets>,
    inflate: Decompress,
    has_ended: bool,
    max: u64,
    out: Vec<u8>,
    /// Octets of `out` that are there, and that are done with.
    filled: usize,
    at: usize,
}

/// Opens the element of a `CompressedData`, up to `max` octets; what the content is.
pub(crate) fn decompress<R: BufRead>(
    reader: &mut Reader<R>,
    max: Option<u64>,
    sink: Sink<'_>,
) -> Result<ContentType, Error> {
    let mut inflating = Inflating::begin(reader, max)?;
    loop {
        let piece = inflating.piece(reader)?;
        let read = piece.len();
        if read == 0 {
            return inflating.end(reader);
        }
        sink(piece)?;
        inflating.consume(read);
    }
}

impl Inflating {
    /// Reads the element up to the compressed content.
    pub(crate) fn begin<R: BufRead>(reader: &mut Reader<R>, max: Option<u64>) -> Result<Self, Error> {
        reader.enter(Identifier::SEQUENCE)?;
        reader.collect()?; // the version, always 0
        let algorithm = reader.collect()?;
        let algorithm = AlgorithmIdentifier::read(Element::only(&algorithm, 0, WHAT)?.children(WHAT))?;
        if algorithm.oid() != ZLIB {
            return Err(Error::unsupported("compression", algorithm.oid()));
        }
        reader.enter(Identifier::SEQUENCE)?;
        let content_type = ContentType::from_oid(Oid::from_octets(&read_oid(reader)?));
        let octets = match reader.peek()? {
            Some(_) => {
                reader.enter(Identifier::context(0))?;
                Some(reader.begin_octets()?)
            }
            None => None,
        };
        Ok(Self {
            content_type,
            has_ended: octets.is_none(),
            octets,
            inflate: Decompress::new(true),
            max: max.unwrap_or(MAX_DECOMPRESSED),
            out: vec![0; PIECE],
            filled: 0,
            at: 0,
        })
    }

    /// The next octets of the content; none at its end.
    pub(crate) fn piece<R: BufRead>(&mut self, reader: &mut Reader<R>) -> Result<&[u8], Error> {
        while self.at >= self.filled && !self.has_ended {
            self.inflate(reader)?;
        }
        Ok(self.out.get(self.at..self.filled).unwrap_or_default())
    }

    pub(crate) const fn consume(&mut self, octets: usize) {
        self.at = self.at.saturating_add(octets);
    }

    fn inflate<R: BufRead>(&mut self, reader: &mut Reader<R>) -> Result<(), Error> {
        let io = |kind: ErrorKind| Error::io(&kind.into());
        let Some(octets) = &mut self.octets else { return Ok(()) };
        let piece = reader.piece(octets)?;
        let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self
            .inflate
            .decompress(piece, &mut self.out, FlushDecompress::None)
            .map_err(|_| io(ErrorKind::InvalidData))?;
        let read = self.inflate.total_in().saturating_sub(read);
        let written = self.inflate.total_out().saturating_sub(written);
        let is_cut = piece.is_empty() && written == 0;
        reader.consume_piece(octets, usize::try_from(read).unwrap_or(usize::MAX));
        self.at = 0;
        self.filled = usize::try_from(written).unwrap_or(usize::MAX);
        if self.inflate.total_out() > self.max {
            return Err(Error::limit("MAX_DECOMPRESSED", self.max));
        }
        let free = 1 << 20;
        if self.inflate.total_out() > self.inflate.total_in().saturating_mul(MAX_RATIO).saturating_add(free) {
            return Err(Error::limit("MAX_RATIO", MAX_RATIO));
        }
        match status {
            Status::StreamEnd => self.has_ended = true,
            _ if is_cut => return Err(io(ErrorKind::UnexpectedEof)),
            _ => {}
        }
        Ok(())
    }

    /// Reads what stands behind the content.
    pub(crate) fn end<R: BufRead>(mut self, reader: &mut Reader<R>) -> Result<ContentType, Error> {
        if let Some(mut octets) = self.octets.take() {
            if !reader.piece(&mut octets)?.is_empty() {
                return Err(reader.error());
            }
            reader.leave()?;
        }
        reader.leave()?;
        reader.leave()?;
        Ok(self.content_type)
    }
}
