//! The canonical forms against a plain reading of RFC 6376 3.4, whatever the chunks.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use mailwright_dkim::canon::{Body, Canonicalization, field};
use proptest::collection::vec;
use proptest::prelude::*;

fn is_wsp(octet: u8) -> bool {
    octet == b' ' || octet == b'\t'
}

/// The parts between CRLFs.
fn lines(text: &[u8]) -> Vec<&[u8]> {
    let (mut lines, mut start) = (Vec::new(), 0);
    for at in 1..text.len() {
        if text[at - 1..=at] == *b"\r\n" {
            lines.push(&text[start..at - 1]);
            start = at + 1;
        }
    }
    lines.push(&text[start..]);
    lines
}

/// Every run of white space as one SP, and none at the end.
fn reduced(line: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    for &octet in line {
        match octet {
            b' ' | b'\t' if out.last() == Some(&b' ') => {}
            b' ' | b'\t' => out.push(b' '),
            _ => out.push(octet),
        }
    }
    if out.last() == Some(&b' ') {
        out.pop();
    }
    out
}

/// RFC 6376 3.4.3 and 3.4.4
fn body_by_lines(kind: Canonicalization, body: &[u8]) -> Vec<u8> {
    let relaxed = kind == Canonicalization::Relaxed;
    let mut lines: Vec<Vec<u8>> =
        lines(body).into_iter().map(|line| if relaxed { reduced(line) } else { line.to_vec() }).collect();
    while lines.last().is_some_and(Vec::is_empty) {
        lines.pop();
    }
    if lines.is_empty() && !relaxed {
        lines.push(Vec::new());
    }
    lines.into_iter().flat_map(|line| [line, b"\r\n".to_vec()].concat()).collect()
}

/// RFC 6376 3.4.2
fn field_by_steps(raw: &[u8]) -> Vec<u8> {
    let unfolded = lines(raw).concat();
    let colon = unfolded.iter().position(|&octet| octet == b':').unwrap();
    let mut name = unfolded[..colon].to_ascii_lowercase();
    while name.last().is_some_and(|&last| is_wsp(last)) {
        name.pop();
    }
    let value = reduced(&unfolded[colon + 1..]);
    let value = value.strip_prefix(b" ").unwrap_or(&value);
    [&name[..], b":", value, b"\r\n"].concat()
}

fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => Just(b" ".to_vec()),
        2 => Just(b"\t".to_vec()),
        4 => Just(b"\r\n".to_vec()),
        1 => Just(b"\r".to_vec()),
        1 => Just(b"\n".to_vec()),
        4 => Just(b"word".to_vec()),
        1 => vec(any::<u8>(), 0..4),
        1 => (1usize..200).prop_map(|n| vec![b' '; n]),
        1 => (1usize..200).prop_map(|n| b"\r\n".repeat(n)),
        1 => (1usize..3000).prop_map(|n| vec![b'x'; n]),
        1 => (1usize..60).prop_map(|n| b"some plain text of a line\r\n".repeat(n)),
    ]
}

proptest! {
    #[test]
    fn bodies(pieces in vec(piece(), 0..60), sizes in vec(prop_oneof![1usize..9, 1usize..3000], 1..6)) {
        let body = pieces.concat();
        for kind in Canonicalization::ALL {
            let (mut chunks, mut out) = (Body::new(kind), Vec::new());
            let (mut rest, mut sizes) = (&body[..], sizes.iter().cycle());
            while !rest.is_empty() {
                let (chunk, behind) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
                chunks.write(chunk, &mut |run| out.extend_from_slice(run));
                rest = behind;
            }
            chunks.finish(&mut |run| out.extend_from_slice(run));
            prop_assert_eq!(out, body_by_lines(kind, &body));
        }
    }

    #[test]
    fn fields(name in "[A-Za-z-]{1,20}[ \t]{0,3}", pieces in vec(piece(), 0..12)) {
        let raw = [name.as_bytes(), b":", &pieces.concat(), b"\r\n"].concat();
        let mut out = Vec::new();
        field(Canonicalization::Relaxed, &raw, &mut out);
        prop_assert_eq!(out, field_by_steps(&raw));
    }
}
