//! Features of structure.

use super::sink::Sink;
use super::{Scan, View, order};

/// Octets of a value whose shape counts, and turns of the shape itself.
const MAX_SHAPED: usize = 200;
const MAX_TURNS: usize = 24;

/// The order of fields, the size of each and the shape of its value. Takes and gives the hash of the name before.
pub(super) fn field<S: Sink>(scan: &mut Scan<'_, S>, name: &str, text: &str, before: u64) -> u64 {
    let key = *scan.sink.key();
    let hash = key.token(0x21, name.as_bytes());
    scan.sink.add(View::Shape, hash, |out| {
        out.push_str("has:");
        out.push_str(name);
    });
    scan.sink.add(View::Shape, key.pair(before, hash, 0), |out| {
        out.push_str("next:");
        out.push_str(name);
    });
    scan.sink.add(View::Shape, key.number(hash, order(text.len())), |out| {
        out.push_str("size:");
        out.push_str(name);
    });
    let shape = shape(text);
    scan.sink.add(View::Shape, key.token(hash, shape.as_bytes()), |out| {
        out.push_str("shape:");
        out.push_str(name);
        out.push(' ');
        out.push_str(&shape);
    });
    hash
}

/// A value with each run of capitals, small letters, digits and blanks as one character of its kind.
fn shape(text: &str) -> String {
    let mut shape = String::with_capacity(MAX_TURNS);
    let mut last = '\0';
    let mut turns = 0;
    for character in text.chars().take(MAX_SHAPED) {
        let kind = match character {
            'A'..='Z' => 'A',
            'a'..='z' => 'a',
            '0'..='9' => '0',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if kind != last {
            turns += 1;
            if turns > MAX_TURNS {
                break;
            }
            shape.push(kind);
            last = kind;
        }
    }
    shape
}

/// What letters a text is made of, in twentieths and orders.
pub(super) fn text<S: Sink>(scan: &mut Scan<'_, S>, kind: &str, text: &str) {
    let (mut letters, mut capitals, mut digits, mut bangs, mut wide, mut lines) =
        (0usize, 0usize, 0usize, 0usize, 0usize, 0usize);
    for octet in text.bytes() {
        match octet {
            b'A'..=b'Z' => capitals += 1,
            b'a'..=b'z' => letters += 1,
            b'0'..=b'9' => digits += 1,
            b'!' => bangs += 1,
            b'\n' => lines += 1,
            128.. => wide += 1,
            _ => {}
        }
    }
    let salt = scan.sink.key().token(0x22, kind.as_bytes());
    let share = |part: usize, whole: usize| {
        let parts = part.saturating_mul(20).checked_div(whole.saturating_add(1)).unwrap_or(0);
        u64::try_from(parts).unwrap_or(0)
    };
    scan.number(View::Shape, salt, "capitals", share(capitals, letters.saturating_add(capitals)));
    scan.number(View::Shape, salt, "digits", share(digits, text.len()));
    scan.number(View::Shape, salt, "wide", share(wide, text.len()));
    scan.number(View::Shape, salt, "bangs", order(bangs));
    scan.number(View::Shape, salt, "size", order(text.len()));
    scan.number(View::Shape, salt, "lines", order(lines));
}

/// How often words were hidden.
pub(super) fn tricks<S: Sink>(scan: &mut Scan<'_, S>) {
    let tricks = scan.tricks;
    let counts = [
        ("zero-width", tricks.undone.zero_width),
        ("compatible", tricks.undone.compatible),
        ("mixed", tricks.undone.mixed),
        ("split", tricks.split_words),
        ("entities", tricks.needless_entities),
        ("hidden", tricks.hidden),
    ];
    for (name, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        scan.number(View::Shape, 0x23, name, order(count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        assert_eq!(shape("Mon, 24 Nov 2026"), "Aa, 0 Aa 0");
        assert_eq!(shape(&"a1".repeat(100)).len(), MAX_TURNS);
    }
}
