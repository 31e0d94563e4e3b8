//! Uuencode, decoded: lines of a length octet and groups of four, from `begin` to `end` (POSIX uuencode).

use std::borrow::Cow;

use super::{Decoded, Problem, ProblemKind};

pub(super) fn decode(body: &[u8]) -> Decoded<'_> {
    let mut state = State::default();
    let mut out = Vec::with_capacity(body.len() / 4 * 3);
    state.piece(body, &mut out);
    match state.finish() {
        None => Decoded { bytes: Cow::Owned(out), problem: None },
        problem => Decoded { bytes: Cow::Borrowed(body), problem },
    }
}

/// What is kept between pieces of a body.
#[derive(Debug, Default)]
pub(super) struct State {
    begun: bool,
    ended: bool,
}

impl State {
    /// Decodes a piece of whole lines, or the last one.
    pub(super) fn piece(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        for line in piece.split_inclusive(|&octet| octet == b'\n') {
            let line = line.trim_ascii_end();
            if !self.begun {
                self.begun = line.starts_with(b"begin ");
            } else if self.ended || line == b"end" {
                self.ended = true;
                return;
            } else if let Some((&length, groups)) = line.split_first() {
                put_line(out, value(length), groups);
            }
        }
    }

    pub(super) fn finish(&self) -> Option<Problem> {
        (!self.begun).then_some(Problem { kind: ProblemKind::NoBegin, at: 0 })
    }
}

fn put_line(out: &mut Vec<u8>, length: u8, groups: &[u8]) {
    let end = out.len() + usize::from(length);
    for group in groups.chunks(4) {
        // Blanks at the end of a line stand for zeros, and are lost on the way.
        let bits = (0..4).fold(0_u32, |bits, place| {
            bits << 6 | group.get(place).map_or(0, |&octet| u32::from(value(octet)))
        });
        let [_, octets @ ..] = bits.to_be_bytes();
        out.extend_from_slice(&octets);
    }
    out.truncate(end);
}

fn value(octet: u8) -> u8 {
    octet.wrapping_sub(b' ') & 0x3f
}
