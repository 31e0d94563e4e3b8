//! A body whose transfer encoding is undone while it is read (RFC 2045 6).

use std::io::{self, BufRead, Read};

use mailwright_message_model::transfer::{Decoder, Encoding};

/// What is decoded of an input.
pub(super) struct Decoded<R> {
    input: R,
    /// Gone at the end of the input.
    decoder: Option<Decoder>,
    out: Vec<u8>,
    at: usize,
}

impl<R: BufRead> Decoded<R> {
    pub(super) fn new(input: R, encoding: Encoding) -> Self {
        Self { input, decoder: Some(Decoder::new(encoding)), out: Vec::new(), at: 0 }
    }
}

impl<R: BufRead> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.out.len() {
            let Some(mut decoder) = self.decoder.take() else { break };
            self.out.clear();
            self.at = 0;
            let piece = self.input.fill_buf()?;
            let read = piece.len();
            if read == 0 {
                decoder.finish(&mut self.out);
            } else {
                decoder.push(piece, &mut self.out);
                self.input.consume(read);
                self.decoder = Some(decoder);
            }
        }
        Ok(self.out.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, octets: usize) {
        self.at = self.at.saturating_add(octets);
    }
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, octets)
    }
}

/// [`Read::read`] of what has a buffer.
pub(super) fn read_buffered(input: &mut impl BufRead, octets: &mut [u8]) -> io::Result<usize> {
    let read = input.fill_buf()?.read(octets)?;
    input.consume(read);
    Ok(read)
}
