//! The open boundaries and the search for the next delimiter line (RFC 2046 5.1).

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::{Notes, offset};
use crate::defect::{DefectKind, KindSet};

/// A delimiter line of an open multipart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    /// Position of the multipart on the path.
    pub path: usize,
    /// Position among the boundaries.
    pub boundary: usize,
    /// Whether it is the close delimiter.
    pub close: bool,
    /// Whether the multipart is a multipart/digest.
    pub digest: bool,
    /// Start of the line break in front, which is the delimiter's.
    pub line_break: u32,
    /// Behind the line, its line break included.
    pub line_end: u32,
}

/// What a line that begins with two hyphens is.
pub(super) enum At {
    Hit(Hit),
    Text,
}

struct Boundary<'r> {
    path: usize,
    text: Cow<'r, [u8]>,
    digest: bool,
    closed: bool,
    said: KindSet,
}

/// The boundaries of the multiparts that are open, the outermost first.
pub(super) struct Boundaries<'r> {
    raw: &'r [u8],
    open: Vec<Boundary<'r>>,
    finder: Option<memmem::Finder<'static>>,
}

impl<'r> Boundaries<'r> {
    pub(super) fn new(raw: &'r [u8]) -> Self {
        Self { raw, open: Vec::new(), finder: None }
    }

    /// `text` is the value of the parameter without blanks at its end, as those of the line do not count either.
    pub(super) fn push(&mut self, path: usize, text: Cow<'r, [u8]>, digest: bool) {
        self.open.push(Boundary { path, text, digest, closed: false, said: KindSet::default() });
    }

    /// Forgets the boundary of the multipart at `path`, which has ended.
    pub(super) fn pop(&mut self, path: usize) {
        while self.open.pop_if(|boundary| boundary.path >= path).is_some() {}
    }

    /// The close delimiter was seen: what follows is epilogue.
    pub(super) fn close(&mut self, boundary: usize) {
        if let Some(boundary) = self.open.get_mut(boundary) {
            boundary.closed = true;
        }
    }

    /// No delimiter counts any more.
    pub(super) fn forget(&mut self) {
        self.open.clear();
    }

    /// The next delimiter line from the line start `from` on.
    pub(super) fn next(&mut self, from: usize, notes: &mut Notes<'_>) -> Option<Hit> {
        if self.open.is_empty() {
            return None;
        }
        let raw = self.raw;
        let finder = self.finder.take().unwrap_or_else(|| memmem::Finder::new(b"\n--"));
        let mut found = None;
        if raw.get(from..).is_some_and(|rest| rest.starts_with(b"--"))
            && let At::Hit(hit) = self.at_line(from, notes)
        {
            found = Some(hit);
        }
        if found.is_none() {
            let rest = raw.get(from..).unwrap_or_default();
            for at in finder.find_iter(rest) {
                if let At::Hit(hit) = self.at_line(from + at + 1, notes) {
                    found = Some(hit);
                    break;
                }
            }
        }
        self.finder = Some(finder);
        found
    }

    /// What the line at `start` is to the open boundaries: the innermost that it fits wins.
    pub(super) fn at_line(&mut self, start: usize, notes: &mut Notes<'_>) -> At {
        let raw = self.raw;
        let rest = raw.get(start..).unwrap_or_default();
        let Some(behind) = rest.strip_prefix(b"--") else { return At::Text };
        let len = memchr(b'\n', behind);
        let line = behind.get(..len.unwrap_or(behind.len())).unwrap_or_default();
        let line_end = start + 2 + len.map_or(behind.len(), |len| len + 1);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // RFC 2046 5.1.1: transport padding.
        let line = trim_blanks(line);
        let mut hit: Option<(usize, bool)> = None;
        let mut said = KindSet::default();
        for (at, boundary) in self.open.iter_mut().enumerate().rev() {
            let Some(more) = line.strip_prefix(boundary.text.as_ref()) else { continue };
            let fits = match more {
                b"" => Some(false),
                b"--" => Some(true),
                _ => None,
            };
            let kind = match fits {
                Some(_) if boundary.closed && hit.is_some() => continue,
                Some(_) if boundary.closed => DefectKind::DelimiterAfterClose,
                Some(close) if hit.is_none() => {
                    hit = Some((at, close));
                    continue;
                }
                Some(_) => DefectKind::BoundaryConflict,
                None if hit.is_some() => continue,
                None => DefectKind::BoundaryPrefix,
            };
            // Once a boundary, and of one line once.
            if boundary.said.insert(kind) && said.insert(kind) {
                notes.push(kind, start, line_end);
            }
        }
        let Some((at, close)) = hit else { return At::Text };
        let Some(boundary) = self.open.get(at) else { return At::Text };
        At::Hit(Hit {
            path: boundary.path,
            boundary: at,
            close,
            digest: boundary.digest,
            line_break: offset(line_break_before(raw, start)),
            line_end: offset(line_end),
        })
    }
}

/// Start of the line break that ends in front of `line`.
fn line_break_before(raw: &[u8], line: usize) -> usize {
    match raw.get(..line) {
        Some([.., b'\r', b'\n']) => line - 2,
        Some([.., b'\n']) => line - 1,
        _ => line,
    }
}

fn trim_blanks(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}
