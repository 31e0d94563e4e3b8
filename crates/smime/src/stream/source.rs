//! Where a message is read from: once, or from the beginning again.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::rc::Rc;

use crate::error::{Error, ErrorKind};

/// Octets read at once: large enough that what is done for each piece does not count.
pub(super) const BUFFER: usize = 64 << 10;

/// What a message is read from.
pub(super) trait Source: Read {
    /// Back to where the message begins, where that can be done.
    fn again(&mut self) -> io::Result<bool>;

    /// Whether it can be done.
    fn is_seekable(&self) -> bool;
}

/// What can be read once.
pub(super) struct Once<R>(pub(super) R);

/// What can be read again; the message begins at the offset.
pub(super) struct Seekable<R>(R, u64);

impl<R: Read + Seek> Seekable<R> {
    pub(super) fn new(mut input: R) -> Result<Self, Error> {
        let start = input.stream_position().map_err(|error| Error::io(&error))?;
        Ok(Self(input, start))
    }
}

impl<R: Read> Read for Once<R> {
    fn read(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        self.0.read(octets)
    }
}

impl<R: Read> Read for Seekable<R> {
    fn read(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        self.0.read(octets)
    }
}

impl<R: Read> Source for Once<R> {
    fn again(&mut self) -> io::Result<bool> {
        Ok(false)
    }

    fn is_seekable(&self) -> bool {
        false
    }
}

impl<R: Read + Seek> Source for Seekable<R> {
    fn again(&mut self) -> io::Result<bool> {
        self.0.seek(SeekFrom::Start(self.1)).map(|_| true)
    }

    fn is_seekable(&self) -> bool {
        true
    }
}

/// The first failure of a source: what is read above it sees failures of layers as well.
pub(super) type Failure = Rc<Cell<Option<io::ErrorKind>>>;

/// A source that is read through, and remembers why it failed.
struct Watched<'s> {
    source: &'s mut dyn Source,
    failure: Failure,
}

impl Read for Watched<'_> {
    fn read(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.source.read(octets) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failure.set(self.failure.get().or(Some(error.kind())));
                    return Err(error);
                }
                read => return read,
            }
        }
    }
}

/// The octets of a source.
pub(super) fn watched<'s>(source: &'s mut dyn Source, failure: &Failure) -> Box<dyn BufRead + 's> {
    Box::new(BufReader::with_capacity(BUFFER, Watched { source, failure: failure.clone() }))
}

/// The failure as an error.
pub(super) fn check(failure: &Failure) -> Result<(), Error> {
    failure.get().map_or(Ok(()), |kind| Err(Error::new(ErrorKind::Io(kind))))
}

/// Reads to the end. That it fails is known where it failed.
pub(super) fn drain(input: &mut dyn BufRead) {
    while let Ok(octets) = input.fill_buf().map(<[u8]>::len) {
        if octets == 0 {
            break;
        }
        input.consume(octets);
    }
}
