//! A layer that is read: its content comes out, and at its end what it was.

use std::cell::RefCell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use super::source::drain;
use super::transfer::read_buffered;
use crate::error::Error;
use crate::open::LayerKind;

/// Octets, from whatever layers there are around.
pub(super) type Input<'p> = Box<dyn BufRead + 'p>;

/// Where a layer tells what it was.
#[derive(Clone, Default)]
pub(super) struct Slot(Rc<RefCell<Option<LayerKind>>>);

impl Slot {
    pub(super) fn set(&self, kind: LayerKind) {
        self.0.replace(Some(kind));
    }

    pub(super) fn take(&self) -> Option<LayerKind> {
        self.0.take()
    }
}

/// One kind of layer.
pub(super) trait Content {
    /// Goes on until there are octets of the content; false at its end.
    fn fill(&mut self) -> Result<bool, Error>;

    /// Octets of the content.
    fn piece(&mut self) -> &[u8];

    /// So many octets of it are done with.
    fn consume(&mut self, octets: usize);

    /// What the layer is, its content having come to its end or to a failure.
    fn end(&mut self, ended: Result<(), Error>) -> LayerKind;

    /// What it is read from.
    fn input(&mut self) -> &mut dyn BufRead;
}

/// A layer as the octets of its content.
pub(super) struct Layered<C> {
    content: C,
    slot: Slot,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    Ended,
    Failed,
}

impl<C: Content> Layered<C> {
    pub(super) const fn new(content: C, slot: Slot) -> Self {
        Self { content, slot, state: State::Reading }
    }
}

impl<C: Content> BufRead for Layered<C> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.state == State::Reading {
            let ended = match self.content.fill() {
                Ok(true) => return Ok(self.content.piece()),
                Ok(false) => Ok(()),
                Err(error) => Err(error),
            };
            self.state = if ended.is_ok() { State::Ended } else { State::Failed };
            self.slot.set(self.content.end(ended));
            // The layers around are to come to their ends as well.
            drain(self.content.input());
        }
        match self.state {
            State::Failed => Err(io::ErrorKind::InvalidData.into()),
            _ => Ok(&[]),
        }
    }

    fn consume(&mut self, octets: usize) {
        if octets > 0 {
            self.content.consume(octets);
        }
    }
}

impl<C: Content> Read for Layered<C> {
    fn read(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, octets)
    }
}
