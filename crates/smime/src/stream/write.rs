//! BER of lengths that are not known beforehand, and base64, written as they come.

use std::io::{self, Write};

use mailwright_message_model::transfer;

use super::source::BUFFER;
use crate::ber::Identifier;
use crate::ber::write::push_header;
use crate::error::Error;

/// Elements of BER, one inside the other.
pub(super) struct Elements<'o> {
    out: &'o mut dyn Write,
    open: usize,
}

impl<'o> Elements<'o> {
    pub(super) const fn new(out: &'o mut dyn Write) -> Self {
        Self { out, open: 0 }
    }

    /// Begins an element of indefinite length (X.690 8.1.3.6).
    pub(super) fn enter(&mut self, identifier: Identifier) -> Result<(), Error> {
        self.open = self.open.saturating_add(1);
        self.raw(&[identifier.octets(), &[0x80]].concat())
    }

    /// Ends so many elements (X.690 8.1.5).
    pub(super) fn leave(&mut self, elements: usize) -> Result<(), Error> {
        self.open = self.open.saturating_sub(elements);
        self.raw(&[0, 0].repeat(elements))
    }

    /// Ends all elements.
    pub(super) fn leave_all(&mut self) -> Result<(), Error> {
        self.leave(self.open)
    }

    /// An OCTET STRING.
    pub(super) fn octets(&mut self, content: &[u8]) -> Result<(), Error> {
        let mut header = Vec::with_capacity(8);
        push_header(&mut header, Identifier::OCTETS, content.len() as u64);
        self.raw(&header)?;
        self.raw(content)
    }

    /// Elements that are written already.
    pub(super) fn raw(&mut self, octets: &[u8]) -> Result<(), Error> {
        self.out.write_all(octets).map_err(|error| Error::io(&error))
    }
}

/// Octets of a line of base64.
const LINE: usize = transfer::LINE_LENGTH / 4 * 3;

/// Base64 in lines (RFC 2045 6.8); [`Self::finish`] writes what is left.
pub(super) struct Base64<'o> {
    out: &'o mut dyn Write,
    held: Vec<u8>,
}

impl<'o> Base64<'o> {
    pub(super) const fn new(out: &'o mut dyn Write) -> Self {
        Self { out, held: Vec::new() }
    }

    pub(super) fn finish(self) -> Result<(), Error> {
        let text = transfer::base64(&self.held);
        self.out.write_all(text.as_bytes()).map_err(|error| Error::io(&error))
    }
}

impl Write for Base64<'_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(octets);
        if self.held.len() >= BUFFER {
            let rest = self.held.split_off(self.held.len() / LINE * LINE);
            self.out.write_all(transfer::base64(&self.held).as_bytes())?;
            self.held = rest;
        }
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
