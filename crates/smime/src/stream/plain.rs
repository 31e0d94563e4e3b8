//! Layers that keep nothing secret and prove nothing: compressed data, digested data, and data.

use std::io::BufRead;

use super::layer::{Content, Input};
use crate::ber::{Octets, Reader};
use crate::cms::compressed::Inflating;
use crate::cms::digested::Digesting;
use crate::error::Error;
use crate::open::LayerKind;

/// A layer that is read.
pub(super) struct Plain<'p> {
    reader: Reader<Input<'p>>,
    work: Work,
}

/// What is done to it.
pub(super) enum Work {
    Inflate(Box<Inflating>),
    Digest(Digesting),
    Data(Octets),
    /// It has ended.
    Done(LayerKind),
}

impl<'p> Plain<'p> {
    pub(super) const fn new(reader: Reader<Input<'p>>, work: Work) -> Self {
        Self { reader, work }
    }

    fn end_of(&mut self) -> Result<LayerKind, Error> {
        match std::mem::replace(&mut self.work, Work::Done(LayerKind::Data)) {
            Work::Inflate(inflating) => inflating.end(&mut self.reader).map(|_| LayerKind::Compressed),
            Work::Digest(digesting) => digesting.end(&mut self.reader).map(LayerKind::Digested),
            Work::Data(_) => Ok(LayerKind::Data),
            Work::Done(kind) => Ok(kind),
        }
    }
}

impl Content for Plain<'_> {
    fn fill(&mut self) -> Result<bool, Error> {
        Ok(!match &mut self.work {
            Work::Inflate(inflating) => inflating.piece(&mut self.reader)?,
            Work::Digest(digesting) => digesting.piece(&mut self.reader)?,
            Work::Data(octets) => self.reader.piece(octets)?,
            Work::Done(_) => &[],
        }
        .is_empty())
    }

    fn piece(&mut self) -> &[u8] {
        match &mut self.work {
            Work::Inflate(inflating) => inflating.piece(&mut self.reader),
            Work::Digest(digesting) => digesting.piece(&mut self.reader),
            Work::Data(octets) => self.reader.piece(octets),
            Work::Done(_) => Ok(&[][..]),
        }
        .unwrap_or_default()
    }

    fn consume(&mut self, octets: usize) {
        match &mut self.work {
            Work::Inflate(inflating) => inflating.consume(octets),
            Work::Digest(digesting) => digesting.consume(&mut self.reader, octets),
            Work::Data(string) => self.reader.consume_piece(string, octets),
            Work::Done(_) => {}
        }
    }

    fn end(&mut self, ended: Result<(), Error>) -> LayerKind {
        ended.and_then(|()| self.end_of()).unwrap_or_else(LayerKind::Unreadable)
    }

    fn input(&mut self) -> &mut dyn BufRead {
        self.reader.input_mut()
    }
}
