//! Base64, decoded (RFC 2045 6.8).

use std::borrow::Cow;

use super::{Decoded, ProblemKind, Problems};

/// Marks an octet outside of the alphabet: above the 24 bits of a group.
const BAD: u32 = 1 << 24;

/// One table for each place in a group of four: the octet's six bits at their place.
static TABLES: [[u32; 256]; 4] = [table(18), table(12), table(6), table(0)];

pub(super) fn decode(body: &[u8]) -> Decoded<'_> {
    let mut state = State::default();
    let mut out = vec![0; state.most(body.len())];
    let mut filled = state.piece(body, &mut out);
    filled += state.finish(out.get_mut(filled..).unwrap_or_default());
    out.truncate(filled);
    Decoded { bytes: Cow::Owned(out), problem: state.problems.0 }
}

/// What is kept between pieces of a body.
#[derive(Debug, Default)]
pub(super) struct State {
    /// Offset in the body of the next piece.
    start: usize,
    /// The length of the first line, in whole groups; unknown while no line has ended.
    length: Option<usize>,
    group: u32,
    /// Octets in `group`, 0 to 3.
    count: u32,
    /// Padding or an empty line was seen: what follows may be text.
    ended: bool,
    padded: bool,
    /// Text was seen: the rest is left out.
    over: bool,
    pub(super) problems: Problems,
}

impl State {
    /// Octets that a piece of `length` and what is left of the piece before can decode to: each group of four gives
    /// three at most, a cut group less for its length.
    pub(super) const fn most(&self, length: usize) -> usize {
        length / 4 * 3 + 6
    }

    /// Decodes a piece of whole lines (or the last one) and returns how many octets of `out` it filled.
    pub(super) fn piece(&mut self, piece: &[u8], out: &mut [u8]) -> usize {
        let length = match memchr::memchr(b'\n', piece) {
            Some(end) => *self.length.get_or_insert_with(|| {
                let line = piece.get(..end).unwrap_or_default();
                line.strip_suffix(b"\r").unwrap_or(line).len() / 4 * 4
            }),
            None => piece.len() / 4 * 4,
        };
        let mut decoder = Decoder { body: piece, at: 0, out, filled: 0, state: self };
        while decoder.at < piece.len() && !decoder.state.over {
            decoder.equal_lines(length);
            decoder.line();
        }
        let filled = decoder.filled;
        self.start += piece.len();
        filled
    }

    /// Decodes what is left at the end of the body.
    pub(super) fn finish(&mut self, out: &mut [u8]) -> usize {
        if self.count > 0 {
            self.problems.add(ProblemKind::Truncated, self.start);
        }
        let mut decoder = Decoder { body: b"", at: 0, out, filled: 0, state: self };
        decoder.cut_group();
        decoder.filled
    }
}

struct Decoder<'a> {
    body: &'a [u8],
    at: usize,
    out: &'a mut [u8],
    filled: usize,
    state: &'a mut State,
}

impl Decoder<'_> {
    /// The usual case: lines of one length, all of the alphabet. Stops in front of the first other line.
    fn equal_lines(&mut self, length: usize) {
        if length == 0 || self.state.count != 0 || self.state.ended {
            return;
        }
        while let Some((line, behind)) =
            self.body.get(self.at..).and_then(|rest| rest.split_at_checked(length))
        {
            let line_break = match behind {
                [b'\r', b'\n', ..] => 2,
                [b'\n', ..] => 1,
                [] => 0,
                _ => return,
            };
            let end = self.filled + length / 4 * 3;
            if !self.out.get_mut(self.filled..end).is_some_and(|out| groups(line, out)) {
                return;
            }
            self.filled = end;
            self.at += length + line_break;
        }
    }

    /// Any line, octet by octet.
    fn line(&mut self) {
        let rest = self.body.get(self.at..).unwrap_or_default();
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |found| found + 1);
        let line = rest.get(..length).unwrap_or(rest);
        if self.state.ended && !is_data(line) {
            self.add(ProblemKind::TrailingText, self.at);
            self.state.over = true;
            return;
        }
        for (&octet, at) in line.iter().zip(self.at..) {
            match octet {
                b' ' | b'\t' | b'\r' | b'\n' => {}
                b'=' => self.pad(at),
                _ => self.push(octet, at),
            }
        }
        self.state.ended |= !line.is_empty() && line.trim_ascii().is_empty();
        self.at += length;
    }

    fn add(&mut self, kind: ProblemKind, at: usize) {
        self.state.problems.add(kind, self.state.start + at);
    }

    fn push(&mut self, octet: u8, at: usize) {
        let [.., last] = &TABLES;
        let bits = entry(last, octet);
        if bits >= BAD {
            self.add(ProblemKind::StrayOctet, at);
            return;
        }
        if self.state.padded && self.state.count == 0 {
            self.add(ProblemKind::DataAfterPadding, at);
        }
        self.state.group = self.state.group << 6 | bits;
        self.state.count += 1;
        if self.state.count == 4 {
            let [_, first, second, third] = self.state.group.to_be_bytes();
            self.put(&[first, second, third]);
            self.state.group = 0;
            self.state.count = 0;
        }
    }

    /// RFC 2045 6.8: padding ends the data; what follows is another run, as of encoded pieces that were put together.
    fn pad(&mut self, at: usize) {
        match self.state.count {
            0 if !self.state.padded => self.add(ProblemKind::StrayOctet, at),
            1 => self.add(ProblemKind::Truncated, at),
            _ => {}
        }
        self.cut_group();
        self.state.padded = true;
        self.state.ended = true;
    }

    fn cut_group(&mut self) {
        let [_, first, second, _] = (self.state.group << (6 * (4 - self.state.count))).to_be_bytes();
        match self.state.count {
            2 => self.put(&[first]),
            3 => self.put(&[first, second]),
            _ => {}
        }
        self.state.group = 0;
        self.state.count = 0;
    }

    fn put(&mut self, octets: &[u8]) {
        let end = self.filled + octets.len();
        if let Some(place) = self.out.get_mut(self.filled..end) {
            place.copy_from_slice(octets);
            self.filled = end;
        }
    }
}

/// Decodes whole groups; false, with `out` half written, at an octet outside of the alphabet.
fn groups(line: &[u8], out: &mut [u8]) -> bool {
    let (pairs, rest) = line.as_chunks::<8>();
    let (out_pairs, out_rest) = out.as_chunks_mut::<6>();
    for (&[a, b, c, d, e, f, g, h], out) in pairs.iter().zip(out_pairs) {
        let first = group(a, b, c, d);
        let second = group(e, f, g, h);
        if (first | second) >= BAD {
            return false;
        }
        let [_, _, octets @ ..] = (u64::from(first) << 24 | u64::from(second)).to_be_bytes();
        *out = octets;
    }
    if let (&[a, b, c, d], [_, ..]) = (rest, &*out_rest) {
        let last = group(a, b, c, d);
        let [_, octets @ ..] = last.to_be_bytes();
        out_rest.copy_from_slice(&octets);
        return last < BAD;
    }
    true
}

fn group(a: u8, b: u8, c: u8, d: u8) -> u32 {
    let [first, second, third, fourth] = &TABLES;
    entry(first, a) | entry(second, b) | entry(third, c) | entry(fourth, d)
}

fn entry(table: &[u32; 256], octet: u8) -> u32 {
    table.get(usize::from(octet)).copied().unwrap_or(BAD)
}

/// Whether a line holds nothing but base64: no words with blanks between.
fn is_data(line: &[u8]) -> bool {
    let [.., last] = &TABLES;
    line.trim_ascii().iter().all(|&octet| octet == b'=' || entry(last, octet) < BAD)
}

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated at compile time: an index out of bounds would not build"
)]
const fn table(shift: u32) -> [u32; 256] {
    let mut table = [BAD; 256];
    let alphabet = super::encode::ALPHABET;
    let mut value = 0_u32;
    while value < 64 {
        table[alphabet[value as usize] as usize] = value << shift;
        value += 1;
    }
    table
}
