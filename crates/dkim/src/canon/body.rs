//! The body (RFC 6376 3.4.3, 3.4.4), in chunks of any size and in constant memory.
//!
//! The simple form never looks at a line. The relaxed form is written in blocks to a buffer, and at once where long stretches
//! stay as they are.

use memchr::memchr;

use super::blanks::{BLOCK, WINDOW, dropped, squeeze, unchanged};
use super::{Canonicalization, is_wsp};

/// The canonical form of a body that arrives in chunks.
///
/// ```
/// use mailwright_dkim::canon::{Body, Canonicalization};
/// let (mut body, mut out) = (Body::new(Canonicalization::Relaxed), Vec::new());
/// for chunk in [&b" C \r"[..], b"\nD \t E\r\n\r", b"\n \r\n"] {
///     body.write(chunk, &mut |run| out.extend_from_slice(run));
/// }
/// body.finish(&mut |run| out.extend_from_slice(run));
/// assert_eq!(out, b" C\r\nD E\r\n");
/// ```
#[derive(Clone, Debug)]
pub struct Body {
    kind: Canonicalization,
    end: End,
    /// Canonical octets, tabs apart, that have not been given yet (relaxed only): the first `used`. A call of the hash for each
    /// block would cost more than the copy.
    gathered: Vec<u8>,
    used: usize,
    /// White space that has not been written yet (relaxed only).
    blank: bool,
    /// A CR whose next octet has not come yet, behind that white space (relaxed only).
    cr: bool,
}

/// The end of the body so far: line breaks that count only when something follows (RFC 6376 3.4.3, 3.4.4).
#[derive(Clone, Debug, Default)]
struct End {
    line_breaks: u64,
    /// A CR behind them whose next octet has not come yet.
    cr: bool,
    /// Whether anything but line breaks has come.
    content: bool,
}

impl Body {
    /// Before the first octet.
    #[must_use]
    pub fn new(kind: Canonicalization) -> Self {
        Self { kind, end: End::default(), gathered: Vec::new(), used: 0, blank: false, cr: false }
    }

    /// Takes the next octets of the body and gives runs of canonical octets to `sink`.
    pub fn write(&mut self, chunk: &[u8], sink: &mut impl FnMut(&[u8])) {
        match self.kind {
            Canonicalization::Simple => self.end.put(chunk, sink),
            Canonicalization::Relaxed => self.relaxed(chunk, sink),
        }
    }

    /// Gives what is left at the end of the body.
    pub fn finish(mut self, sink: &mut impl FnMut(&[u8])) {
        if self.cr {
            self.put(if self.blank { b" \r" } else { b"\r" }, sink);
        }
        self.flush(sink);
        self.end.finish(sink);
        // RFC 6376 3.4.3: an empty body is one CRLF; 3.4.4: an empty body is nothing.
        if self.end.content || self.kind == Canonicalization::Simple {
            sink(b"\r\n");
        }
    }

    fn relaxed(&mut self, chunk: &[u8], sink: &mut impl FnMut(&[u8])) {
        let mut chunk = chunk;
        if self.cr {
            match chunk {
                [] => return,
                // RFC 6376 3.4.4: white space at the end of lines is ignored.
                [b'\n', rest @ ..] => {
                    self.put(b"\r\n", sink);
                    chunk = rest;
                }
                _ => self.put(if self.blank { b" \r" } else { b"\r" }, sink),
            }
            (self.cr, self.blank) = (false, false);
        }
        if self.blank {
            while let [first, rest @ ..] = chunk
                && is_wsp(*first)
            {
                chunk = rest;
            }
            match chunk {
                [] => return,
                [b'\r'] => {
                    self.cr = true;
                    return;
                }
                // RFC 6376 3.4.4: ignored at the end of a line, else one SP.
                [b'\r', b'\n', ..] => {}
                _ => self.put(b" ", sink),
            }
        }
        // White space at the end, and a CR behind it, are judged by what follows.
        let text = match chunk {
            [before @ .., b'\r'] => before,
            _ => chunk,
        };
        self.cr = text.len() < chunk.len();
        let end = text.iter().rposition(|&octet| !is_wsp(octet)).map_or(0, |last| last + 1);
        self.blank = end < text.len();
        self.relaxed_text(text.get(..end).unwrap_or_default(), sink);
    }

    /// `text` neither stands behind white space that is still to be written nor ends in any.
    fn relaxed_text(&mut self, text: &[u8], sink: &mut impl FnMut(&[u8])) {
        let mut rest = text;
        // Blocks in a row of which nothing was dropped.
        let mut quiet = 0;
        while let Some(window) = rest.first_chunk::<WINDOW>() {
            let dropped = dropped(window);
            quiet = if dropped == 0 { quiet + 1 } else { 0 };
            if quiet == QUIET {
                quiet = 0;
                let (run, behind) = rest.split_at_checked(unchanged(rest)).unwrap_or((rest, &[]));
                if run.len() >= LONG {
                    self.flush(sink);
                    self.end.put(run, sink);
                    rest = behind;
                    continue;
                }
            }
            self.gather(window, dropped, BLOCK, sink);
            rest = rest.get(BLOCK..).unwrap_or_default();
        }
        // No octet of the filling is white space or LF.
        let mut last = [0u8; WINDOW + BLOCK];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        for (at, part) in rest.chunks(BLOCK).enumerate() {
            if let Some(window) = last.get(at * BLOCK..).and_then(|last| last.first_chunk()) {
                self.gather(window, dropped(window), part.len(), sink);
            }
        }
    }

    /// Few canonical octets.
    fn put(&mut self, octets: &[u8], sink: &mut impl FnMut(&[u8])) {
        let mut window = [0u8; WINDOW];
        for (to, from) in window.iter_mut().zip(octets) {
            *to = *from;
        }
        self.gather(&window, 0, octets.len(), sink);
    }

    /// Writes the first `len` octets of the first block of `window`, but what is `dropped` of them.
    #[inline]
    fn gather(&mut self, window: &[u8; WINDOW], dropped: u64, len: usize, sink: &mut impl FnMut(&[u8])) {
        if self.gathered.len() < self.used + WINDOW {
            self.flush(sink);
            self.gathered.resize(GATHER, 0);
        }
        if let Some(to) = self.gathered.get_mut(self.used..).and_then(|room| room.first_chunk_mut()) {
            self.used += squeeze(window, dropped, to) - (BLOCK - len);
        }
    }

    fn flush(&mut self, sink: &mut impl FnMut(&[u8])) {
        let gathered = self.gathered.get_mut(..self.used).unwrap_or_default();
        // RFC 6376 3.4.4: white space within a line is SP.
        if memchr(b'\t', gathered).is_some() {
            for octet in gathered.iter_mut() {
                *octet = if *octet == b'\t' { b' ' } else { *octet };
            }
        }
        self.end.put(gathered, sink);
        self.used = 0;
    }
}

/// Octets that are gathered.
const GATHER: usize = 4 << 10;
/// From this on octets that stay as they are are not gathered.
const LONG: usize = 512;
/// After so many blocks of which nothing was dropped the next may well stay as they are.
const QUIET: u32 = 8;

impl End {
    /// Writes all but the line breaks at its end.
    fn put(&mut self, run: &[u8], sink: &mut impl FnMut(&[u8])) {
        let mut content = run;
        if self.cr {
            match run {
                [] => return,
                [b'\n', rest @ ..] => {
                    self.line_breaks = self.line_breaks.saturating_add(1);
                    content = rest;
                }
                _ => self.write(b"\r", sink),
            }
        }
        self.cr = false;
        if let [before @ .., b'\r'] = content {
            content = before;
            self.cr = true;
        }
        let mut line_breaks: u64 = 0;
        while let [before @ .., b'\r', b'\n'] = content {
            content = before;
            line_breaks += 1;
        }
        if !content.is_empty() {
            self.write(content, sink);
        }
        self.line_breaks = self.line_breaks.saturating_add(line_breaks);
    }

    fn finish(&mut self, sink: &mut impl FnMut(&[u8])) {
        if self.cr {
            self.write(b"\r", sink);
        }
    }

    /// Writes what does not end in a line break.
    fn write(&mut self, content: &[u8], sink: &mut impl FnMut(&[u8])) {
        self.write_line_breaks(sink);
        sink(content);
        self.content = true;
    }

    fn write_line_breaks(&mut self, sink: &mut impl FnMut(&[u8])) {
        const MANY: &[u8; 64] = b"\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\
                                  \r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n";
        while let Some(rest) = self.line_breaks.checked_sub(32) {
            sink(MANY);
            self.line_breaks = rest;
        }
        let octets = usize::try_from(self.line_breaks * 2).unwrap_or(0);
        if let Some(few @ [_, ..]) = MANY.get(..octets) {
            sink(few);
        }
        self.line_breaks = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Canonicalization::{Relaxed, Simple};

    fn canonical(kind: Canonicalization, chunks: &[&[u8]]) -> Vec<u8> {
        let (mut body, mut out) = (Body::new(kind), Vec::new());
        for chunk in chunks {
            body.write(chunk, &mut |run| out.extend_from_slice(run));
        }
        body.finish(&mut |run| out.extend_from_slice(run));
        out
    }

    /// Whole, octet by octet, and split in two at every place.
    fn check(kind: Canonicalization, body: &[u8], want: &[u8]) {
        assert_eq!(canonical(kind, &[body]), want, "{kind} {:?}", String::from_utf8_lossy(body));
        let octets: Vec<&[u8]> = body.chunks(1).collect();
        assert_eq!(canonical(kind, &octets), want, "{kind} octets of {:?}", String::from_utf8_lossy(body));
        for at in 0..=body.len() {
            let (one, two) = body.split_at(at);
            assert_eq!(
                canonical(kind, &[one, two]),
                want,
                "{kind} at {at} of {:?}",
                String::from_utf8_lossy(body)
            );
        }
    }

    #[test]
    fn simple_bodies() {
        check(Simple, b"", b"\r\n");
        check(Simple, b"\r\n\r\n", b"\r\n");
        check(Simple, b" C \r\nD \t E\r\n\r\n\r\n", b" C \r\nD \t E\r\n");
        check(Simple, b"no line break", b"no line break\r\n");
        check(Simple, b"a\r\n \r\n\r\n", b"a\r\n \r\n");
        check(Simple, b"a\r", b"a\r\r\n");
        check(Simple, b"a\r\r\n", b"a\r\r\n");
        check(Simple, b"a\n\n", b"a\n\n\r\n");
        check(Simple, b"\r\n\r\na", b"\r\n\r\na\r\n");
    }

    #[test]
    fn relaxed_bodies() {
        check(Relaxed, b"", b"");
        check(Relaxed, b"\r\n\r\n", b"");
        check(Relaxed, b"\r\n \t\r\n", b"");
        check(Relaxed, b" \t", b"");
        // RFC 6376 3.4.5
        check(Relaxed, b" C \r\nD \t E\r\n\r\n\r\n", b" C\r\nD E\r\n");
        check(Relaxed, b"no line break", b"no line break\r\n");
        check(Relaxed, b"a \r\n \t \r\n\tb\t", b"a\r\n\r\n b\r\n");
        check(Relaxed, b"a \r \r\n", b"a \r\r\n");
        check(Relaxed, b"a \n b", b"a \n b\r\n");
        check(Relaxed, b"a \r", b"a \r\r\n");
        check(Relaxed, b"a\r\r\n", b"a\r\r\n");
        check(Relaxed, b"x\x0c \x0b\r\n", b"x\x0c \x0b\r\n");
    }

    #[test]
    fn across_blocks() {
        for pad in 0..70 {
            let mut body = vec![b'x'; pad];
            body.extend_from_slice(b"  y\t\tz \r\n\r\n \r\nw \r\n \r\n");
            let mut want = vec![b'x'; pad];
            want.extend_from_slice(b" y z\r\n\r\n\r\nw\r\n");
            check(Relaxed, &body, &want);
        }
    }

    #[test]
    fn many_blank_lines() {
        let mut body = b"a".to_vec();
        body.extend(b"\r\n".repeat(1000));
        check(Simple, &body, b"a\r\n");
        body.push(b'b');
        let mut want = body.clone();
        want.extend_from_slice(b"\r\n");
        assert_eq!(canonical(Simple, &[&body]), want);
        assert_eq!(canonical(Relaxed, &body.chunks(7).collect::<Vec<_>>()), want);
    }
}
