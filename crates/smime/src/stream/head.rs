//! The beginning of an entity, kept, and the rest behind it.

use std::io::{self, BufRead, Read};

use mailwright_message_model::Message;

use super::source::BUFFER;
use crate::error::Error;
use crate::limits::MAX_HEADER;

/// Octets in front of the rest of an input.
pub(super) struct Headed<R> {
    head: Vec<u8>,
    at: usize,
    is_cut: bool,
    rest: R,
}

impl<R: BufRead> Headed<R> {
    /// Reads [`BUFFER`] octets, or as many as the header takes.
    pub(super) fn read(mut rest: R) -> Result<Self, Error> {
        let mut head = Vec::new();
        let (mut wanted, mut is_cut) = (BUFFER, false);
        loop {
            let piece = match rest.fill_buf() {
                Ok(piece) => piece,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Error::io(&error)),
            };
            let piece = piece.get(..wanted.saturating_sub(head.len())).unwrap_or(piece);
            head.extend_from_slice(piece);
            let read = piece.len();
            rest.consume(read);
            if read == 0 {
                break;
            }
            if head.len() == wanted {
                if body(&head) < wanted {
                    break;
                }
                if wanted >= MAX_HEADER {
                    is_cut = true;
                    break;
                }
                wanted = wanted.saturating_mul(2).min(MAX_HEADER);
            }
        }
        Ok(Self { head, at: 0, is_cut, rest })
    }
}

impl<R> Headed<R> {
    /// Whether the header goes on.
    pub(super) const fn whole(&self) -> Result<(), Error> {
        if self.is_cut { Err(Error::limit("MAX_HEADER", MAX_HEADER as u64)) } else { Ok(()) }
    }

    /// What was read.
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    /// Goes to this offset, which lies in the head.
    pub(super) fn skip_to(&mut self, at: usize) {
        self.at = at.min(self.head.len());
    }
}

/// Where the body begins.
fn body(head: &[u8]) -> usize {
    Message::parse(head).map_or(0, |message| message.root().body_span().start)
}

impl<R: BufRead> Read for Headed<R> {
    fn read(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        let mut ahead = self.head.get(self.at..).unwrap_or_default();
        if ahead.is_empty() {
            return self.rest.read(octets);
        }
        let read = ahead.read(octets)?;
        self.at = self.at.saturating_add(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Headed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.head.get(self.at..) {
            Some(ahead @ [_, ..]) => Ok(ahead),
            _ => self.rest.fill_buf(),
        }
    }

    fn consume(&mut self, octets: usize) {
        if self.at < self.head.len() {
            self.at = self.at.saturating_add(octets);
        } else {
            self.rest.consume(octets);
        }
    }
}
