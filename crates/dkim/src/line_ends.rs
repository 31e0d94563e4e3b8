//! Bare CR and bare LF made CRLF, in chunks: the one place where line breaks are changed.

use memchr::memchr2;

/// The state between chunks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Normalizer {
    /// A CR has come, and its LF may follow.
    cr: bool,
}

impl Normalizer {
    pub(crate) fn write(&mut self, chunk: &[u8], sink: &mut impl FnMut(&[u8])) {
        let mut rest = chunk;
        if !self.cr && is_normal(chunk) {
            return sink(chunk);
        }
        if self.cr && !rest.is_empty() {
            self.cr = false;
            sink(b"\r\n");
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        // Runs that are right are given whole, their CRLFs included.
        let (mut given, mut at) = (0, 0);
        while let Some(found) = memchr2(b'\r', b'\n', rest.get(at..).unwrap_or_default()) {
            let found = at + found;
            match rest.get(found..) {
                Some([b'\r', b'\n', ..]) => at = found + 2,
                Some([b'\r']) => {
                    sink(rest.get(given..found).unwrap_or_default());
                    self.cr = true;
                    return;
                }
                _ => {
                    sink(rest.get(given..found).unwrap_or_default());
                    sink(b"\r\n");
                    at = found + 1;
                    given = at;
                }
            }
        }
        sink(rest.get(given..).unwrap_or_default());
    }

    pub(crate) fn finish(self, sink: &mut impl FnMut(&[u8])) {
        if self.cr {
            sink(b"\r\n");
        }
    }
}

/// Octets that are looked at together; the compiler makes vector instructions of it.
const BLOCK: usize = 64;

/// Whether every CR of a chunk stands before an LF of it, and every LF behind a CR.
fn is_normal(chunk: &[u8]) -> bool {
    let alone = |this: u8, next: u8| (this == b'\r') != (next == b'\n');
    if chunk.first() == Some(&b'\n') || chunk.last() == Some(&b'\r') {
        return false;
    }
    let mut rest = chunk;
    while let Some(window) = rest.first_chunk::<{ BLOCK + 1 }>() {
        let behind = window.get(1..).unwrap_or_default();
        if window.iter().zip(behind).fold(false, |any, (&this, &next)| any | alone(this, next)) {
            return false;
        }
        rest = rest.get(BLOCK..).unwrap_or_default();
    }
    !rest.iter().zip(rest.iter().skip(1)).any(|(&this, &next)| alone(this, next))
}

/// The whole text with every line break CRLF.
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub(crate) fn normalized(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut normalizer = Normalizer::default();
    normalizer.write(text, &mut |run| out.extend_from_slice(run));
    normalizer.finish(&mut |run| out.extend_from_slice(run));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_split() {
        let (text, want) = (b"a\r\n\rb\n\nc\r\r\n\nd\r", b"a\r\n\r\nb\r\n\r\nc\r\n\r\n\r\nd\r\n");
        for at in 0..=text.len() {
            for size in 1..4 {
                let (mut normalizer, mut out) = (Normalizer::default(), Vec::new());
                let (one, two) = text.split_at(at);
                for chunk in core::iter::once(one).chain(two.chunks(size)) {
                    normalizer.write(chunk, &mut |run| out.extend_from_slice(run));
                }
                normalizer.finish(&mut |run| out.extend_from_slice(run));
                assert_eq!(out, want);
            }
        }
    }
}
