//! Decoding in constant memory, piece by piece.

use super::{Encoding, Problem, Problems, base64, quoted_printable, uuencode};

/// Octets of an unfinished line that are kept at most: a line of mail has 998 (RFC 5322 2.1.1). A longer one is decoded
/// in parts, and text behind padding is then judged by the part.
pub const MAX_LINE: usize = 64 * 1024;

/// Decodes a body that comes in pieces of any size, with the result of [`decode`](super::decode).
///
/// Only a body of uuencode without a `begin` line differs: nothing is put out for it.
///
/// ```
/// use mailwright_message_model::transfer::{Decoder, Encoding};
/// let mut decoder = Decoder::new(Encoding::QuotedPrintable);
/// let mut content = Vec::new();
/// for piece in [b"caf=C3".as_slice(), b"=A9=\r", b"\n noir"] {
///     decoder.push(piece, &mut content);
/// }
/// assert_eq!(decoder.finish(&mut content), None);
/// assert_eq!(content, "café noir".as_bytes());
/// ```
#[derive(Debug)]
pub struct Decoder {
    state: State,
    /// The line whose end has not come yet.
    line: Vec<u8>,
}

#[derive(Debug)]
enum State {
    Identity,
    Base64(base64::State),
    QuotedPrintable { start: usize, problems: Problems },
    UuEncode(uuencode::State),
}

impl Decoder {
    /// A decoder for a body in `encoding`.
    #[must_use]
    pub fn new(encoding: Encoding) -> Self {
        let state = match encoding {
            Encoding::Base64 => State::Base64(base64::State::default()),
            Encoding::QuotedPrintable => State::QuotedPrintable { start: 0, problems: Problems::default() },
            Encoding::UuEncode => State::UuEncode(uuencode::State::default()),
            Encoding::SevenBit | Encoding::EightBit | Encoding::Binary | Encoding::Unknown => State::Identity,
        };
        Self { state, line: Vec::new() }
    }

    /// Takes the next octets of the body and appends to `out` what is decoded by them: whole lines.
    pub fn push(&mut self, octets: &[u8], out: &mut Vec<u8>) {
        if matches!(self.state, State::Identity) {
            out.extend_from_slice(octets);
            return;
        }
        let mut octets = octets;
        if !self.line.is_empty()
            && let Some(end) = memchr::memchr(b'\n', octets)
            && let Some((line, rest)) = octets.split_at_checked(end + 1)
        {
            self.line.extend_from_slice(line);
            octets = rest;
            self.state.piece(&self.line, out);
            self.line.clear();
        }
        let lines = memchr::memrchr(b'\n', octets).map_or(0, |end| end + 1);
        let (lines, rest) = octets.split_at_checked(lines).unwrap_or_default();
        if !lines.is_empty() {
            self.state.piece(lines, out);
        }
        self.line.extend_from_slice(rest);
        if self.line.len() > MAX_LINE {
            self.cut(out);
        }
    }

    /// Ends the body: appends what is left, and returns the first problem, as [`Decoded::problem`](super::Decoded).
    pub fn finish(mut self, out: &mut Vec<u8>) -> Option<Problem> {
        if !self.line.is_empty() {
            self.state.piece(&self.line, out);
        }
        match self.state {
            State::Identity => None,
            State::Base64(mut state) => {
                append(out, state.most(0), |place| state.finish(place));
                state.problems.0
            }
            State::QuotedPrintable { problems, .. } => problems.0,
            State::UuEncode(state) => state.finish(),
        }
    }

    /// Decodes what can be of a line that is too long to keep.
    fn cut(&mut self, out: &mut Vec<u8>) {
        let mut end = match self.state {
            State::QuotedPrintable { .. } => quoted_printable::cut(&self.line),
            _ => self.line.len() / 4 * 4,
        };
        if end == 0 {
            // Nothing but blanks or equals signs: there is no better place.
            end = self.line.len();
        }
        let rest = self.line.split_off(end);
        self.state.piece(&self.line, out);
        self.line = rest;
    }
}

impl State {
    fn piece(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Identity => out.extend_from_slice(piece),
            Self::Base64(state) => append(out, state.most(piece.len()), |place| state.piece(piece, place)),
            Self::QuotedPrintable { start, problems } => {
                quoted_printable::piece(piece, *start, out, problems);
                *start += piece.len();
            }
            Self::UuEncode(state) => state.piece(piece, out),
        }
    }
}

/// Appends what `fill` writes to the `most` octets it is given.
fn append(out: &mut Vec<u8>, most: usize, fill: impl FnOnce(&mut [u8]) -> usize) {
    let start = out.len();
    out.resize(start + most, 0);
    let filled = fill(out.get_mut(start..).unwrap_or_default());
    out.truncate(start + filled);
}
