//! One element of BER as DER: definite lengths, strings in one piece.

use std::io::BufRead;

use super::write::push_header;
use super::{Header, Identifier, Reader};
use crate::error::{Error, ErrorKind};
use crate::limits::MAX_STRUCTURE;

/// An element that is being written.
struct Begun {
    identifier: Identifier,
    /// Where its content begins in what has been written.
    start: usize,
    /// A string in pieces, or a piece of one.
    string: bool,
}

impl<R: BufRead> Reader<R> {
    /// The next element as DER, except that sets keep their order.
    pub(crate) fn collect(&mut self) -> Result<Vec<u8>, Error> {
        let mut written = Vec::new();
        self.collect_into(&mut written)?;
        Ok(written)
    }

    /// The next element as DER; one whose end is known, but whose inside is no BER, as it stands: it may be one that
    /// nobody needs.
    pub(crate) fn keep(&mut self) -> Result<Vec<u8>, Error> {
        let Some(Header { identifier, length: Some(length) }) = self.peek()? else { return self.collect() };
        if !room(&[], length) {
            return Err(Error::limit("MAX_STRUCTURE", MAX_STRUCTURE as u64));
        }
        let mut element = Vec::new();
        push_header(&mut element, identifier, length);
        self.contents(&mut |piece| {
            element.extend_from_slice(piece);
            Ok(())
        })?;
        if !identifier.is_constructed() {
            return Ok(element);
        }
        let mut inside = Reader::new(element.as_slice(), self.what);
        inside.depth = self.depth.saturating_sub(self.open.len());
        match inside.collect() {
            Err(error) if !matches!(error.kind(), ErrorKind::Limit { .. }) => Ok(element),
            collected => collected,
        }
    }

    /// The same as [`Self::collect`], behind what `written` holds already.
    pub(crate) fn collect_into(&mut self, written: &mut Vec<u8>) -> Result<(), Error> {
        let mut begun: Vec<Begun> = Vec::new();
        loop {
            let inside = begun.last().is_some_and(|around| around.string);
            match self.peek()? {
                Some(header) if header.identifier.is_constructed() => {
                    let string = header.identifier == Identifier::OCTETS_IN_PIECES;
                    if inside && !string {
                        return Err(self.error());
                    }
                    self.enter_any()?;
                    begun.push(Begun { identifier: header.identifier, start: written.len(), string });
                }
                Some(header) => {
                    let length = header.length.unwrap_or_default();
                    if !room(written, length) {
                        return Err(Error::limit("MAX_STRUCTURE", MAX_STRUCTURE as u64));
                    }
                    if !inside {
                        push_header(written, header.identifier, length);
                    } else if header.identifier != Identifier::OCTETS {
                        return Err(self.error());
                    }
                    self.octets(&mut |piece| {
                        written.extend_from_slice(piece);
                        Ok(())
                    })?;
                }
                None => {
                    let Some(ended) = begun.pop() else { return Err(self.error()) };
                    self.leave()?;
                    close(written, &ended, begun.last());
                }
            }
            if begun.is_empty() {
                return Ok(());
            }
        }
    }
}

fn room(written: &[u8], more: u64) -> bool {
    usize::try_from(more).is_ok_and(|more| more <= MAX_STRUCTURE.saturating_sub(written.len()))
}

/// Puts the header of `ended` before its content; the depth, and so how often an octet moves, is limited.
fn close(written: &mut Vec<u8>, ended: &Begun, around: Option<&Begun>) {
    if around.is_some_and(|around| around.string) {
        return;
    }
    let identifier = if ended.string { Identifier::OCTETS } else { ended.identifier };
    let mut header = Vec::with_capacity(8);
    push_header(&mut header, identifier, written.len().saturating_sub(ended.start) as u64);
    written.splice(ended.start..ended.start, header);
}
