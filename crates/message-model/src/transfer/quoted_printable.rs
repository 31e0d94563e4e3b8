//! Quoted-printable, decoded (RFC 2045 6.7).

use std::borrow::Cow;

use super::{Decoded, ProblemKind, Problems};

pub(super) fn decode(body: &[u8]) -> Decoded<'_> {
    let mut problems = Problems::default();
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(found) = memchr::memchr2(b'=', b'\n', rest) {
        let Some((before, behind)) = rest.split_at_checked(found) else {
            break;
        };
        if let [b'\n', behind @ ..] = behind {
            put_line(&mut out, before);
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
                        problems.add(ProblemKind::BadEscape, body.len() - rest.len());
                        out.push(b'=');
                        behind
                    }
                },
            };
        }
    }
    out.extend_from_slice(trim_end(rest));
    Decoded { bytes: Cow::Owned(out), problem: problems.0 }
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

/// Lower case is not legal, yet robust to accept (RFC 2045 6.7).
pub(crate) fn escape(high: u8, low: u8) -> Option<u8> {
    let high = nibble(high);
    let low = nibble(low);
    (high | low < 16).then_some(high << 4 | low)
}

/// The value of a hexadecimal digit; 255 for any other octet.
fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'A'..=b'F' => digit - b'A' + 10,
        b'a'..=b'f' => digit - b'a' + 10,
        _ => u8::MAX,
    }
}
