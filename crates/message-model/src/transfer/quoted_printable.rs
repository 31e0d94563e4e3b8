//! Quoted-printable, decoded (RFC 2045 6.7).

use std::borrow::Cow;

use super::{Decoded, ProblemKind, Problems};

pub(super) fn decode(body: &[u8]) -> Decoded<'_> {
    let mut problems = Problems::default();
    let mut out = Vec::with_capacity(body.len());
    piece(body, 0, &mut out, &mut problems);
    Decoded { bytes: Cow::Owned(out), problem: problems.0 }
}

/// Decodes a piece of whole lines (or the last one) that starts at `start` of the body.
pub(super) fn piece(piece: &[u8], start: usize, out: &mut Vec<u8>, problems: &mut Problems) {
    let mut rest = piece;
    while let Some(found) = memchr::memchr2(b'=', b'\n', rest) {
        let Some((before, behind)) = rest.split_at_checked(found) else {
            break;
        };
        if let [b'\n', behind @ ..] = behind {
            put_line(out, before);
            rest = behind;
            continue;
        }
        out.extend_from_slice(before);
        rest = behind;
        // Escapes come in rows.
        while let [b'=', behind @ ..] = rest {
            rest = match behind {
                &[high, low, ref behind @ ..] if let Some(octet) = escape(high, low) => {
                    out.push(octet);
                    behind
                }
                _ => match soft_break(behind) {
                    Some(behind) => behind,
                    None => {
                        problems.add(ProblemKind::BadEscape, start + piece.len() - rest.len());
                        out.push(b'=');
                        behind
                    }
                },
            };
        }
    }
    out.extend_from_slice(trim_end(rest));
}

/// Where a line that is too long to keep may be cut: not in an escape, and in front of blanks.
pub(super) fn cut(line: &[u8]) -> usize {
    let mut end = line.len();
    loop {
        end = trim_end(line.get(..end).unwrap_or_default()).len();
        match line.get(..end).unwrap_or_default() {
            [before @ .., b'='] | [before @ .., b'=', _] => end = before.len(),
            _ => return end,
        }
    }
}

/// RFC 2045 6.7 (3): blanks at the end of a line were added on the way.
fn put_line(out: &mut Vec<u8>, line: &[u8]) {
    let (line, line_break) = match line {
        [line @ .., b'\r'] => (line, b"\r\n".as_slice()),
        _ => (line, b"\n".as_slice()),
    };
    out.extend_from_slice(trim_end(line));
    out.extend_from_slice(line_break);
}

fn trim_end(mut line: &[u8]) -> &[u8] {
    while let [kept @ .., b' ' | b'\t'] = line {
        line = kept;
    }
    line
}

/// RFC 2045 6.7 (5): what stands behind the soft line break whose `=` was just read.
fn soft_break(behind: &[u8]) -> Option<&[u8]> {
    let blanks = behind.iter().take_while(|octet| matches!(octet, b' ' | b'\t')).count();
    match behind.get(blanks..).unwrap_or_default() {
        [b'\r', b'\n', behind @ ..] | [b'\n', behind @ ..] => Some(behind),
        // A body that ends in `=`.
        [] => Some(&[]),
        [b'\r'] => Some(&[]),
        _ => None,
    }
}

/// The octet that two hexadecimal digits stand for; lower case is not legal, yet robust to accept (RFC 2045 6.7 (1)).
pub(crate) fn escape(high: u8, low: u8) -> Option<u8> {
    let digit = |octet: u8| DIGITS.get(usize::from(octet)).copied().unwrap_or(u8::MAX);
    let (high, low) = (digit(high), digit(low));
    (high | low < 16).then_some(high << 4 | low)
}

/// The value of each hexadecimal digit; 255 for any other octet.
static DIGITS: [u8; 256] = digits();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated at compile time: an index out of bounds would not build"
)]
const fn digits() -> [u8; 256] {
    let mut digits = [u8::MAX; 256];
    let mut value = 0;
    while value < 16 {
        let digit = b"0123456789abcdef"[value as usize];
        digits[digit as usize] = value;
        digits[digit.to_ascii_uppercase() as usize] = value;
        value += 1;
    }
    digits
}
