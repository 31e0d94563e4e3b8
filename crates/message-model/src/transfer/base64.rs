//! Base64, decoded (RFC 2045 6.8).

use std::borrow::Cow;

use super::{Decoded, ProblemKind, Problems};

/// Marks an octet outside of the alphabet: above the 24 bits of a group.
const BAD: u32 = 1 << 24;

/// One table for each place in a group of four: the octet's six bits at their place.
static TABLES: [[u32; 256]; 4] = [table(18), table(12), table(6), table(0)];

pub(super) fn decode(body: &[u8]) -> Decoded<'_> {
    let mut decoder = Decoder {
        body,
        at: 0,
        // Each group of four gives three octets at most, a cut group less for its length.
        out: vec![0; body.len() / 4 * 3 + 3],
        filled: 0,
        group: 0,
        count: 0,
        ended: false,
        padded: false,
        problems: Problems::default(),
    };
    let line = memchr::memchr(b'\n', body).unwrap_or(body.len());
    let line = body.get(..line).unwrap_or(body);
    let length = line.strip_suffix(b"\r").unwrap_or(line).len() / 4 * 4;
    while decoder.at < body.len() {
        decoder.equal_lines(length);
        if !decoder.line() {
            break;
        }
    }
    decoder.flush(body.len());
    let Decoder { mut out, filled, problems, .. } = decoder;
    out.truncate(filled);
    Decoded { bytes: Cow::Owned(out), problem: problems.0 }
}

struct Decoder<'a> {
    body: &'a [u8],
    at: usize,
    out: Vec<u8>,
    filled: usize,
    group: u32,
    /// Octets in `group`, 0 to 3.
    count: u32,
    /// Padding or an empty line was seen: what follows may be text.
    ended: bool,
    padded: bool,
    problems: Problems,
}

impl Decoder<'_> {
    /// The usual case: lines of one length, all of the alphabet. Stops in front of the first other line.
    fn equal_lines(&mut self, length: usize) {
        if length == 0 || self.count != 0 || self.ended {
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

    /// Any line, octet by octet; false where only text follows.
    fn line(&mut self) -> bool {
        let rest = self.body.get(self.at..).unwrap_or_default();
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |found| found + 1);
        let line = rest.get(..length).unwrap_or(rest);
        if self.ended && !is_data(line) {
            self.problems.add(ProblemKind::TrailingText, self.at);
            return false;
        }
        for (&octet, at) in line.iter().zip(self.at..) {
            match octet {
                b' ' | b'\t' | b'\r' | b'\n' => {}
                b'=' => self.pad(at),
                _ => self.push(octet, at),
            }
        }
        self.ended |= line.trim_ascii().is_empty();
        self.at += length;
        true
    }

    fn push(&mut self, octet: u8, at: usize) {
        let [.., last] = &TABLES;
        let bits = entry(last, octet);
        if bits >= BAD {
            self.problems.add(ProblemKind::StrayOctet, at);
            return;
        }
        if self.padded && self.count == 0 {
            self.problems.add(ProblemKind::DataAfterPadding, at);
        }
        self.group = self.group << 6 | bits;
        self.count += 1;
        if self.count == 4 {
            let [_, first, second, third] = self.group.to_be_bytes();
            self.put(&[first, second, third]);
            self.group = 0;
            self.count = 0;
        }
    }

    /// RFC 2045 6.8: padding ends the data; what follows is another run, as of encoded pieces that were put together.
    fn pad(&mut self, at: usize) {
        match self.count {
            0 if !self.padded => self.problems.add(ProblemKind::StrayOctet, at),
            1 => self.problems.add(ProblemKind::Truncated, at),
            _ => {}
        }
        self.cut_group();
        self.padded = true;
        self.ended = true;
    }

    fn flush(&mut self, at: usize) {
        if self.count > 0 {
            self.problems.add(ProblemKind::Truncated, at);
        }
        self.cut_group();
    }

    fn cut_group(&mut self) {
        let [_, first, second, _] = (self.group << (6 * (4 - self.count))).to_be_bytes();
        match self.count {
            2 => self.put(&[first]),
            3 => self.put(&[first, second]),
            _ => {}
        }
        self.group = 0;
        self.count = 0;
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
