//! Header fields (RFC 6376 3.4.1, 3.4.2, 3.7).

use mailwright_message_model::Span;
use memchr::{memchr, memchr_iter};

use super::{Canonicalization, is_wsp};

/// Appends a whole header field, its line break included, in canonical form.
///
/// `raw` is the field as it stands in the message. Octets are octets: nothing is decoded, whatever their charset. A CR or LF
/// that is not part of a CRLF is data.
///
/// ```
/// use mailwright_dkim::canon::{Canonicalization, field};
/// let mut out = Vec::new();
/// field(Canonicalization::Relaxed, b"SUBject :  a \r\n\t b\r\n", &mut out);
/// assert_eq!(out, b"subject:a b\r\n");
/// ```
pub fn field(kind: Canonicalization, raw: &[u8], out: &mut Vec<u8>) {
    match kind {
        // RFC 6376 3.4.1
        Canonicalization::Simple => {
            out.extend_from_slice(raw);
            if !raw.ends_with(b"\r\n") {
                // The last field of a message that ends within it.
                out.extend_from_slice(b"\r\n");
            }
        }
        Canonicalization::Relaxed => {
            relaxed(raw, out);
            out.extend_from_slice(b"\r\n");
        }
    }
}

/// Appends the signature field itself, in which the value of `b=` is empty and after which no line break stands
/// (RFC 6376 3.7).
///
/// `b` is the [raw span](crate::tags::Tag::raw_span) of the tag, counted in `raw`.
pub fn signature_field(kind: Canonicalization, raw: &[u8], b: Span, out: &mut Vec<u8>) {
    let raw = raw.strip_suffix(b"\r\n").unwrap_or(raw);
    let before = raw.get(..b.start).unwrap_or(raw);
    let behind = raw.get(b.end..).unwrap_or_default();
    match kind {
        Canonicalization::Simple => {
            out.extend_from_slice(before);
            out.extend_from_slice(behind);
        }
        Canonicalization::Relaxed => {
            let mut whole = Vec::with_capacity(before.len() + behind.len());
            whole.extend_from_slice(before);
            whole.extend_from_slice(behind);
            relaxed(&whole, out);
        }
    }
}

/// RFC 6376 3.4.2, without the line break at the end.
fn relaxed(raw: &[u8], out: &mut Vec<u8>) {
    let raw = raw.strip_suffix(b"\r\n").unwrap_or(raw);
    out.reserve(raw.len() + 2);
    let colon = memchr(b':', raw).unwrap_or(raw.len());
    let (name, rest) = raw.split_at_checked(colon).unwrap_or((raw, &[]));
    let (name, _) = split_end(name);
    out.extend(name.iter().map(u8::to_ascii_lowercase));
    let Some((_, mut rest)) = rest.split_first() else { return };
    out.push(b':');
    let start = out.len();
    let mut blank = false;
    loop {
        // Unfolding: a line break in a field stands before white space.
        let (line, behind) = match line_break(rest) {
            Some(at) => (rest.get(..at).unwrap_or(rest), rest.get(at + 2..)),
            None => (rest, None),
        };
        let inside = line.iter().position(|&octet| !is_wsp(octet)).and_then(|first| line.get(first..));
        if let Some(inside) = inside {
            let (inside, blank_behind) = split_end(inside);
            if (blank || inside.len() + blank_behind < line.len()) && out.len() > start {
                out.push(b' ');
            }
            reduce(inside, out);
            blank = blank_behind > 0;
        } else {
            blank |= !line.is_empty();
        }
        match behind {
            Some(behind) => rest = behind,
            None => return,
        }
    }
}

/// Where the first CRLF stands.
fn line_break(text: &[u8]) -> Option<usize> {
    let cr = |lf: usize| lf.checked_sub(1).filter(|&at| text.get(at) == Some(&b'\r'));
    memchr_iter(b'\n', text).find_map(cr)
}

/// A text without the white space at its end, and how much that is.
fn split_end(text: &[u8]) -> (&[u8], usize) {
    let end = text.iter().rposition(|&octet| !is_wsp(octet)).map_or(0, |last| last + 1);
    (text.get(..end).unwrap_or(text), text.len() - end)
}

/// Appends a part of a line that neither begins nor ends in white space: each run of that as one SP.
fn reduce(text: &[u8], out: &mut Vec<u8>) {
    // Without a way out, so that many octets are looked at together.
    let behind = text.get(1..).unwrap_or_default();
    let changes = text
        .iter()
        .zip(behind)
        .fold(false, |changes, (&this, &next)| changes | (this == b'\t') | ((this == b' ') & (next == b' ')));
    if !changes {
        out.extend_from_slice(text);
        return;
    }
    let mut blank = false;
    for &octet in text {
        if !is_wsp(octet) {
            out.push(octet);
        } else if !blank {
            out.push(b' ');
        }
        blank = is_wsp(octet);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Canonicalization::{Relaxed, Simple};

    fn canonical(kind: Canonicalization, raw: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        field(kind, raw, &mut out);
        out
    }

    #[test]
    fn the_example_of_the_rfc() {
        // RFC 6376 3.4.5
        assert_eq!(canonical(Relaxed, b"A: X\r\n"), b"a:X\r\n");
        assert_eq!(canonical(Relaxed, b"B : Y\t\r\n\tZ  \r\n"), b"b:Y Z\r\n");
        assert_eq!(canonical(Simple, b"B : Y\t\r\n\tZ  \r\n"), b"B : Y\t\r\n\tZ  \r\n");
    }

    #[test]
    fn octets_are_octets() {
        assert_eq!(canonical(Relaxed, b"X:\r\n \xff\xa0\x0b \x0c\r\n"), b"x:\xff\xa0\x0b \x0c\r\n");
        assert_eq!(canonical(Relaxed, b"X: \r\n \r\n"), b"x:\r\n");
        assert_eq!(canonical(Relaxed, b"X: a\rb\nc\r\n"), b"x:a\rb\nc\r\n");
        assert_eq!(canonical(Simple, b"X: end"), b"X: end\r\n");
    }

    #[test]
    fn the_value_of_b_is_deleted_with_the_white_space_around_it() {
        let raw = b"DKIM-Signature: v=1; b= AA\r\n BB ; d=x\r\n";
        let b = Span::new(23, 32);
        assert_eq!(b.of(raw), b" AA\r\n BB ");
        let mut out = Vec::new();
        signature_field(Simple, raw, b, &mut out);
        assert_eq!(out, b"DKIM-Signature: v=1; b=; d=x");
        out.clear();
        signature_field(Relaxed, raw, b, &mut out);
        assert_eq!(out, b"dkim-signature:v=1; b=; d=x");
    }
}
