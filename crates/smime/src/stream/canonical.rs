//! The line ends of mail in place of those of a file (RFC 8551 3.1.1), piece by piece.

use memchr::memchr_iter;

/// What is known of the octets before.
#[derive(Clone, Copy, Default)]
pub(crate) struct Canonical {
    /// Whether the last one was a carriage return.
    after_return: bool,
}

impl Canonical {
    /// Whether `piece`, which comes next, has a line end that is a line feed alone.
    pub(crate) fn changes(self, piece: &[u8]) -> bool {
        let first = piece.first() == Some(&b'\n') && !self.after_return;
        first || has_bare(piece)
    }

    /// Appends the next octets, with the line ends of mail.
    pub(crate) fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        out.reserve(piece.len().saturating_add(piece.len() / 32));
        let mut from = 0;
        let mut after_return = self.after_return;
        for at in memchr_iter(b'\n', piece) {
            let line = piece.get(from..at).unwrap_or_default();
            out.extend_from_slice(line);
            let ends = line.last().map_or(after_return, |last| *last == b'\r');
            out.extend_from_slice(if ends { b"\n" } else { b"\r\n" });
            from = at.saturating_add(1);
            after_return = false;
        }
        out.extend_from_slice(piece.get(from..).unwrap_or_default());
        self.pass(piece);
    }

    /// Passes over octets that are as they must be.
    pub(crate) fn pass(&mut self, piece: &[u8]) {
        if let Some(last) = piece.last() {
            self.after_return = *last == b'\r';
        }
    }
}

/// Whether there is a line feed behind another octet than a carriage return. Pairs are compared without a branch each, for
/// mail has a line end every 70 octets.
fn has_bare(piece: &[u8]) -> bool {
    const PIECE: usize = 4096;
    let behind = piece.get(1..).unwrap_or_default();
    piece.chunks(PIECE).zip(behind.chunks(PIECE)).any(|(before, octets)| {
        let bare = |(before, octet): (&u8, &u8)| u8::from(*octet == b'\n') & u8::from(*before != b'\r');
        before.iter().zip(octets).map(bare).fold(0, |any, bare| any | bare) != 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_become_those_of_mail_wherever_the_pieces_end() {
        for (text, wanted) in [
            (&b"a\r\nb\r\n"[..], &b"a\r\nb\r\n"[..]),
            (b"a\nb\r\nc\n\nd", b"a\r\nb\r\nc\r\n\r\nd"),
            (b"\n", b"\r\n"),
            (b"a\rb\n", b"a\rb\r\n"),
            (b"\r\n\r\n", b"\r\n\r\n"),
            (b"\r\r\n\n", b"\r\r\n\r\n"),
            (b"\r", b"\r"),
            (b"", b""),
        ] {
            for size in 1..=text.len().max(1) {
                let (mut canonical, mut out, mut changed) = (Canonical::default(), Vec::new(), false);
                for piece in text.chunks(size) {
                    changed |= canonical.changes(piece);
                    canonical.push(piece, &mut out);
                }
                assert_eq!(out, wanted);
                assert_eq!(changed, out != text);
            }
        }
    }
}
