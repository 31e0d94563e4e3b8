//! The body (RFC 6376 3.4.3, 3.4.4), in chunks of any size and in constant memory.
//!
//! Octets that stay as they are go to the hash in runs as long as they come. The simple form never looks at a line; the relaxed
//! form looks for what it changes (a tab, or white space before white space or a line break) in blocks, so that ordinary text
//! passes in long runs too.

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
    /// Short runs that wait for more (relaxed only): a copy costs less than a call of the hash.
    short: Vec<u8>,
    used: usize,
    /// White space that has not been written yet (relaxed only).
    blank: bool,
    /// A CR whose next octet has not come yet.
    cr: bool,
}

/// The end of the body so far: line breaks that count only when something follows (RFC 6376 3.4.3, 3.4.4).
#[derive(Clone, Debug, Default)]
struct End {
    line_breaks: u64,
    /// Whether anything but line breaks has come.
    content: bool,
}

impl Body {
    /// Before the first octet.
    #[must_use]
    pub fn new(kind: Canonicalization) -> Self {
        Self { kind, end: End::default(), short: Vec::new(), used: 0, blank: false, cr: false }
    }

    /// Takes the next octets of the body and gives runs of canonical octets to `sink`.
    pub fn write(&mut self, chunk: &[u8], sink: &mut impl FnMut(&[u8])) {
        match self.kind {
            Canonicalization::Simple => self.simple(chunk, sink),
            Canonicalization::Relaxed => self.relaxed(chunk, sink),
        }
    }

    /// Gives what is left at the end of the body.
    pub fn finish(mut self, sink: &mut impl FnMut(&[u8])) {
        if self.cr {
            if self.blank {
                self.put(b" ", sink);
            }
            self.put(b"\r", sink);
        }
        self.flush(sink);
        // RFC 6376 3.4.3: an empty body is one CRLF; 3.4.4: an empty body is nothing.
        if self.end.content || self.kind == Canonicalization::Simple {
            sink(b"\r\n");
        }
    }

    fn simple(&mut self, chunk: &[u8], sink: &mut impl FnMut(&[u8])) {
        let mut chunk = chunk;
        if self.cr {
            match chunk {
                [] => return,
                [b'\n', rest @ ..] => {
                    self.end.put(b"\r\n", sink);
                    chunk = rest;
                }
                _ => self.end.put(b"\r", sink),
            }
            self.cr = false;
        }
        if let [before @ .., b'\r'] = chunk {
            self.cr = true;
            chunk = before;
        }
        self.end.put(chunk, sink);
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
                _ => {
                    if self.blank {
                        self.put(b" ", sink);
                    }
                    self.put(b"\r", sink);
                }
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
            self.blank = false;
        }
        self.relaxed_text(chunk, sink);
    }

    /// `chunk` is not behind white space that is still to be written.
    fn relaxed_text(&mut self, chunk: &[u8], sink: &mut impl FnMut(&[u8])) {
        // Everything before `given` has been written or dropped.
        let (mut given, mut at) = (0usize, 0usize);
        // Blocks in a row without a change.
        let mut quiet = 0u32;
        loop {
            let rest = chunk.get(at..).unwrap_or_default();
            let Some((mut changes, width)) = changes(rest, &mut quiet) else { break };
            while changes != 0 {
                let blank = at + changes.trailing_zeros() as usize;
                changes &= changes - 1;
                if blank < given {
                    continue; // within white space that has been passed
                }
                let blanks =
                    chunk.get(blank..).unwrap_or_default().iter().take_while(|&&b| is_wsp(b)).count();
                let behind = blank + blanks;
                let next = chunk.get(behind..).unwrap_or_default();
                match next {
                    [] | [b'\r'] => {
                        self.put_part(chunk, given, blank, sink);
                        (self.blank, self.cr) = (true, !next.is_empty());
                        return;
                    }
                    // RFC 6376 3.4.4: ignored at the end of a line.
                    [b'\r', b'\n', ..] => self.put_part(chunk, given, blank, sink),
                    // RFC 6376 3.4.4: white space within a line is one SP; if it begins with one, that is taken.
                    _ if chunk.get(blank) == Some(&b' ') => self.put_part(chunk, given, blank + 1, sink),
                    _ => {
                        self.put_part(chunk, given, blank, sink);
                        self.put(b" ", sink);
                    }
                }
                given = behind;
            }
            at += width;
        }
        // The last octet is judged by what follows it.
        let end = match chunk.get(given..).unwrap_or_default() {
            [.., b'\r'] => {
                self.cr = true;
                chunk.len() - 1
            }
            [.., last] if is_wsp(*last) => {
                self.blank = true;
                chunk.len() - 1
            }
            _ => chunk.len(),
        };
        self.put_part(chunk, given, end, sink);
    }

    fn put(&mut self, run: &[u8], sink: &mut impl FnMut(&[u8])) {
        self.put_part(run, 0, run.len(), sink);
    }

    /// Writes `from..to` of `chunk`: at once where it is long, else together with what follows.
    #[inline]
    fn put_part(&mut self, chunk: &[u8], from: usize, to: usize, sink: &mut impl FnMut(&[u8])) {
        let len = to.saturating_sub(from);
        if len >= SHORT {
            self.flush(sink);
            self.end.put(chunk.get(from..to).unwrap_or_default(), sink);
            return;
        }
        if self.used + len + COPY > self.short.len() {
            self.flush(sink);
            self.short.resize(GATHER, 0);
        }
        copy(self.short.get_mut(self.used..).unwrap_or_default(), chunk, from, len);
        self.used += len;
    }

    fn flush(&mut self, sink: &mut impl FnMut(&[u8])) {
        self.end.put(self.short.get(..self.used).unwrap_or_default(), sink);
        self.used = 0;
    }
}

/// Runs shorter than this are gathered.
const SHORT: usize = 512;
/// Octets that are gathered.
const GATHER: usize = 8 << 10;
/// Octets that are copied at once.
const COPY: usize = 32;

/// Copies `len` octets of `chunk` in blocks of a fixed size, which is several times as fast as a call of memcpy for the few
/// octets between two changes. Writes up to [`COPY`] octets more than `len`, where `to` has the room.
#[inline]
fn copy(to: &mut [u8], chunk: &[u8], from: usize, len: usize) {
    let mut done = 0;
    while done < len {
        let source = chunk.get(from + done..).and_then(|rest| rest.first_chunk::<COPY>());
        let target = to.get_mut(done..).and_then(|rest| rest.first_chunk_mut::<COPY>());
        match (source, target) {
            (Some(source), Some(target)) => *target = *source,
            _ => {
                // Near the end of the chunk.
                let rest = chunk.get(from + done..from + len).unwrap_or_default();
                for (to, from) in to.iter_mut().skip(done).zip(rest) {
                    *to = *from;
                }
                return;
            }
        }
        done += COPY;
    }
}

impl End {
    /// Writes a run in which a CRLF is never split from its neighbour: all but the line breaks at its end.
    fn put(&mut self, run: &[u8], sink: &mut impl FnMut(&[u8])) {
        let mut content = run;
        let mut line_breaks: u64 = 0;
        while let [before @ .., b'\r', b'\n'] = content {
            content = before;
            line_breaks += 1;
        }
        if content.is_empty() {
            self.line_breaks = self.line_breaks.saturating_add(line_breaks);
            return;
        }
        self.write_line_breaks(sink);
        sink(content);
        self.content = true;
        self.line_breaks = line_breaks;
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

/// Octets that are looked at together; the compiler makes vector instructions of it.
const BLOCK: usize = 64;

/// Which of the next octets may change in the relaxed form: bit n stands for octet n of `text`. Also how many octets were
/// looked at; `None` where fewer than two are left. `quiet` counts the blocks in a row without a change.
#[inline]
fn changes(text: &[u8], quiet: &mut u32) -> Option<(u64, usize)> {
    let Some(window) = text.first_chunk::<{ BLOCK + 1 }>() else {
        let behind = text.get(1..).filter(|behind| !behind.is_empty())?;
        let bit = |(n, (&this, &next))| u64::from(changed(this, next)) << n;
        let bits = text.iter().zip(behind).enumerate().map(bit).fold(0, |bits, bit| bits | bit);
        return Some((bits, behind.len()));
    };
    if *quiet >= QUIET {
        // Base64 has no blanks at all, which is the cheaper question.
        let blanks = window.first_chunk::<BLOCK>().map_or(1, |block| {
            block.iter().fold(0u8, |any, &octet| any | u8::from((octet == b' ') | (octet == b'\t')))
        });
        if blanks == 0 {
            return Some((0, BLOCK));
        }
        *quiet = 0;
    }
    let (mut flags, mut any) = ([0u8; BLOCK], 0u8);
    let behind = window.get(1..).unwrap_or_default();
    for ((flag, &this), &next) in flags.iter_mut().zip(window).zip(behind) {
        *flag = u8::from(changed(this, next));
        any |= *flag;
    }
    if any == 0 {
        *quiet += 1;
        return Some((0, BLOCK));
    }
    *quiet = 0;
    let (eights, _) = flags.as_chunks::<8>();
    let mut bits = 0u64;
    for (n, eight) in eights.iter().enumerate() {
        // Gathers the low bits of eight octets in the highest octet.
        bits |= (u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * n);
    }
    Some((bits, BLOCK))
}

/// Blocks without a change after which the next may well have no blank.
const QUIET: u32 = 8;

/// A tab, or a blank before white space or CR. Written without branches.
#[inline]
fn changed(this: u8, next: u8) -> bool {
    (this == b'\t') | ((this == b' ') & ((next == b' ') | (next == b'\t') | (next == b'\r')))
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
