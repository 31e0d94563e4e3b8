//! Uuencode, decoded: lines of a length octet and groups of four, from `begin` to `end` (POSIX uuencode).

use std::borrow::Cow;

use super::{Decoded, ProblemKind, Problems};

pub(super) fn decode(body: &[u8]) -> Decoded<'_> {
    let mut problems = Problems::default();
    let mut lines = body.split_inclusive(|&octet| octet == b'\n');
    if !lines.any(|line| line.starts_with(b"begin ")) {
        problems.add(ProblemKind::NoBegin, 0);
        return Decoded { bytes: Cow::Borrowed(body), problem: problems.0 };
    }
    let mut out = Vec::with_capacity(body.len() / 4 * 3);
    for line in lines {
        let line = line.trim_ascii_end();
        if line == b"end" {
            break;
        }
        let Some((&length, groups)) = line.split_first() else {
            continue;
        };
        let end = out.len() + usize::from(value(length));
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
    Decoded { bytes: Cow::Owned(out), problem: problems.0 }
}

fn value(octet: u8) -> u8 {
    octet.wrapping_sub(b' ') & 0x3f
}
