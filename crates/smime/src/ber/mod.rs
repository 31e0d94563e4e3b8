//! BER (X.690 8) read as it arrives: indefinite lengths, strings in pieces, any size, in constant memory.
//!
//! CMS allows BER outside of certificates and attributes (RFC 5652 2), and who streams has to write it. The content is
//! handed on piece by piece; what is small is [collected](Reader::collect) as DER.

mod collect;
mod header;
#[cfg(test)]
mod tests;
pub(crate) mod write;

use std::io::BufRead;

pub(crate) use header::{Header, Identifier};

use crate::error::Error;
use crate::limits::MAX_ASN1_DEPTH;

/// Where a piece of content goes.
pub(crate) type Sink<'s> = &'s mut dyn FnMut(&[u8]) -> Result<(), Error>;

/// Elements of BER, one after the other and one inside the other, without recursion.
pub(crate) struct Reader<R> {
    input: R,
    at: u64,
    open: Vec<Open>,
    next: Option<Header>,
    /// How many elements may be open.
    depth: usize,
    what: &'static str,
}

/// An element that has been entered.
#[derive(Clone, Copy)]
struct Open {
    /// Where it ends; unknown until the end-of-contents octets of an indefinite length were seen.
    end: Option<u64>,
    /// The nearest end that is known, also of those around.
    bound: u64,
}

/// A string of octets that is being read.
pub(crate) struct Octets {
    /// How many elements are open around it.
    outside: usize,
    /// Octets left of the piece that is being read.
    left: u64,
}

impl<R: BufRead> Reader<R> {
    /// `what` is named in errors.
    pub(crate) const fn new(input: R, what: &'static str) -> Self {
        Self { input, at: 0, open: Vec::new(), next: None, depth: MAX_ASN1_DEPTH, what }
    }

    /// The header of the next element; `None` where the element around, or the input, ends.
    pub(crate) fn peek(&mut self) -> Result<Option<Header>, Error> {
        if self.next.is_some() {
            return Ok(self.next);
        }
        let ended = match self.open.last() {
            Some(open) => open.end == Some(self.at),
            None => self.is_at_end()?,
        };
        if ended {
            return Ok(None);
        }
        let header = self.header()?;
        if !header.is_end_of_contents() {
            self.next = Some(header);
            return Ok(self.next);
        }
        // X.690 8.1.5: they end an indefinite length and stand nowhere else.
        match self.open.last_mut() {
            Some(open) if open.end.is_none() => {
                open.end = Some(self.at);
                Ok(None)
            }
            _ => Err(self.error()),
        }
    }

    /// Whether the next element has this identifier.
    pub(crate) fn is_next(&mut self, identifier: Identifier) -> Result<bool, Error> {
        Ok(self.peek()?.is_some_and(|header| header.identifier == identifier))
    }

    /// Goes into the next element, which must be this one.
    pub(crate) fn enter(&mut self, identifier: Identifier) -> Result<(), Error> {
        if self.is_next(identifier)? { self.enter_any() } else { Err(self.error()) }
    }

    fn enter_any(&mut self) -> Result<(), Error> {
        let header = self.take()?;
        if !header.identifier.is_constructed() {
            return Err(self.error());
        }
        if self.open.len() >= self.depth {
            return Err(Error::limit("MAX_ASN1_DEPTH", MAX_ASN1_DEPTH as u64));
        }
        let end = header.length.map(|length| self.at.saturating_add(length));
        let bound = end.unwrap_or_else(|| self.bound());
        self.open.push(Open { end, bound });
        Ok(())
    }

    /// Goes out of the element entered last, of which nothing may be left.
    pub(crate) fn leave(&mut self) -> Result<(), Error> {
        if self.peek()?.is_some() {
            return Err(self.error());
        }
        self.open.pop();
        Ok(())
    }

    /// The next element's content, which is a string of octets, perhaps in pieces (X.690 8.7), handed to `sink`.
    pub(crate) fn octets(&mut self, sink: Sink<'_>) -> Result<(), Error> {
        let octets = self.begin_octets()?;
        self.drain(octets, sink)
    }

    /// The next element's content, whatever it is; its length must be known.
    fn contents(&mut self, sink: Sink<'_>) -> Result<(), Error> {
        let Some(left) = self.take()?.length else { return Err(self.error()) };
        let octets = Octets { outside: self.open.len(), left };
        self.drain(octets, sink)
    }

    fn drain(&mut self, mut octets: Octets, sink: Sink<'_>) -> Result<(), Error> {
        loop {
            let piece = self.piece(&mut octets)?;
            let read = piece.len();
            if read == 0 {
                return Ok(());
            }
            sink(piece)?;
            self.consume_piece(&mut octets, read);
        }
    }

    /// Begins the next element, which is a string of octets, to be read piece by piece.
    pub(crate) fn begin_octets(&mut self) -> Result<Octets, Error> {
        let outside = self.open.len();
        let Some(header) = self.peek()? else { return Err(self.error()) };
        if header.identifier.is_constructed() {
            self.enter_any()?;
            return Ok(Octets { outside, left: 0 });
        }
        let header = self.take()?;
        let Some(left) = header.length else { return Err(self.error()) };
        Ok(Octets { outside, left })
    }

    /// The next octets of a string; none at its end.
    pub(crate) fn piece(&mut self, octets: &mut Octets) -> Result<&[u8], Error> {
        while octets.left == 0 && self.open.len() > octets.outside {
            match self.peek()? {
                None => self.leave()?,
                Some(header) if header.identifier == Identifier::OCTETS => {
                    octets.left = self.take()?.length.unwrap_or_default();
                }
                Some(header) if header.identifier == Identifier::OCTETS_IN_PIECES => self.enter_any()?,
                Some(_) => return Err(self.error()),
            }
        }
        if octets.left == 0 {
            return Ok(&[]);
        }
        let missing = self.error();
        let buffer = self.input.fill_buf().map_err(|error| Error::io(&error))?;
        let wanted = usize::try_from(octets.left).unwrap_or(usize::MAX);
        let piece = buffer.get(..wanted).unwrap_or(buffer);
        if piece.is_empty() { Err(missing) } else { Ok(piece) }
    }

    /// So many octets of the last [piece](Self::piece) are done with.
    pub(crate) fn consume_piece(&mut self, octets: &mut Octets, read: usize) {
        self.consume(read);
        octets.left = octets.left.saturating_sub(read as u64);
    }

    /// What the elements are read from.
    pub(crate) const fn input_mut(&mut self) -> &mut R {
        &mut self.input
    }

    /// Passes over the next element.
    pub(crate) fn skip(&mut self) -> Result<(), Error> {
        let outside = self.open.len();
        loop {
            match self.peek()? {
                Some(header) if header.identifier.is_constructed() => self.enter_any()?,
                Some(_) => self.octets(&mut |_| Ok(()))?,
                None if self.open.len() > outside => self.leave()?,
                None => return Err(self.error()),
            }
            if self.open.len() == outside {
                return Ok(());
            }
        }
    }

    /// An error at this place.
    pub(crate) fn error(&self) -> Error {
        Error::asn1(usize::try_from(self.at).unwrap_or(usize::MAX), self.what)
    }

    /// Whether the input has ended.
    pub(crate) fn is_at_end(&mut self) -> Result<bool, Error> {
        Ok(self.input.fill_buf().map_err(|error| Error::io(&error))?.is_empty())
    }

    fn take(&mut self) -> Result<Header, Error> {
        self.peek()?;
        self.next.take().ok_or_else(|| self.error())
    }

    fn bound(&self) -> u64 {
        self.open.last().map_or(u64::MAX, |open| open.bound)
    }

    fn header(&mut self) -> Result<Header, Error> {
        let header = Header::read(|| self.octet())?.ok_or_else(|| self.error())?;
        let end = header.length.map_or(Some(self.at), |length| self.at.checked_add(length));
        if end.is_some_and(|end| end <= self.bound()) { Ok(header) } else { Err(self.error()) }
    }

    fn octet(&mut self) -> Result<u8, Error> {
        let first = self.input.fill_buf().map_err(|error| Error::io(&error))?.first().copied();
        let octet = first.ok_or_else(|| self.error())?;
        self.consume(1);
        Ok(octet)
    }

    fn consume(&mut self, octets: usize) {
        self.input.consume(octets);
        self.at = self.at.saturating_add(octets as u64);
    }
}
