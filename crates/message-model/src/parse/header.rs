//! The lines of a header (RFC 5322 2.2): fields, folding, what is neither.

use memchr::{memchr, memchr2};

use super::boundary::{At, Hit};
use super::{Notes, Parser, offset};
use crate::Span;
use crate::defect::{DefectKind, KindSet};
use crate::index::{FieldEntry, NONE, PartId};

/// Why a header ended.
pub(super) enum HeaderEnd {
    /// An empty line: the body follows.
    Body,
    /// The delimiter of an open multipart.
    Delimiter(Hit),
    /// The end of the input.
    Input,
}

/// What a line of a header is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// The empty line that ends the header.
    Empty,
    /// The next line of a folded field.
    Continuation,
    /// The first line of a field whose name has that many octets; the value begins `value` octets into the line.
    Field { name: usize, value: usize },
    /// Neither.
    Odd,
}

/// The lines of a header from an offset on: `(what, start, end)`, the line break included.
pub(crate) struct Lines<'r> {
    raw: &'r [u8],
    pos: usize,
}

impl<'r> Lines<'r> {
    pub(crate) fn new(raw: &'r [u8], pos: usize) -> Self {
        Self { raw, pos }
    }
}

impl Iterator for Lines<'_> {
    type Item = (Line, usize, usize);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.raw.get(self.pos..)?;
        let (what, len) = classify(rest)?;
        let start = self.pos;
        self.pos += len;
        Some((what, start, self.pos))
    }
}

#[inline]
fn classify(rest: &[u8]) -> Option<(Line, usize)> {
    let line_len = |from: usize| {
        let behind = rest.get(from..).unwrap_or_default();
        memchr(b'\n', behind).map_or(rest.len(), |at| from + at + 1)
    };
    match rest {
        [] => None,
        [b'\n', ..] => Some((Line::Empty, 1)),
        [b'\r', b'\n', ..] => Some((Line::Empty, 2)),
        [b' ' | b'\t', ..] => Some((Line::Continuation, line_len(1))),
        _ => match memchr2(b':', b'\n', rest) {
            Some(at) if rest.get(at) == Some(&b':') => {
                let name = rest.get(..at).unwrap_or_default();
                let what = match name_len(name) {
                    0 => Line::Odd,
                    len => Line::Field { name: len, value: at + 1 },
                };
                Some((what, line_len(at + 1)))
            }
            Some(at) => Some((Line::Odd, at + 1)),
            None => Some((Line::Odd, rest.len())),
        },
    }
}

/// Octets of the name in what stands before a colon: printable ASCII (RFC 5322 3.6.8), then perhaps blanks
/// (RFC 5322 4.5); 0 where it is no name.
#[inline]
fn name_len(before: &[u8]) -> usize {
    if before.iter().all(u8::is_ascii_graphic) {
        return before.len();
    }
    let name = before.trim_ascii_end();
    if before.ends_with(b"\r") || !name.iter().all(u8::is_ascii_graphic) { 0 } else { name.len() }
}

impl Parser<'_> {
    /// Reads the header of the newest entity, which begins where we are.
    pub(super) fn read_header(&mut self) -> HeaderEnd {
        let (part, first_field) = match self.path.last() {
            Some(open) => (open.part, self.index.fields.len()),
            None => return HeaderEnd::Input,
        };
        let start = self.skip_opening(part);
        let mut header = Header {
            first_field,
            content_type: NONE,
            encoding: NONE,
            said: KindSet::default(),
            folding: false,
        };
        let mut end = None;
        let raw = self.raw;
        let mut after_delimiter = part != 0;
        for (what, at, next) in Lines::new(raw, start) {
            self.pos = next;
            match what {
                Line::Empty => {
                    end = Some(HeaderEnd::Body);
                    break;
                }
                Line::Continuation => self.continuation(&mut header, at, next),
                Line::Field { .. } | Line::Odd if raw.get(at) == Some(&b'-') => {
                    match self.delimiter_in_header(part, at) {
                        // RFC 2046 5.1.1: each delimiter has a line break of its own in front, so the second one of a
                        // pair starts no part. Of its own multipart only: an outer delimiter is to be seen at every
                        // depth (5.1.2).
                        Some(hit) if after_delimiter && !hit.close && hit.path + 2 == self.path.len() => {
                            self.once(&mut header, DefectKind::DoubledDelimiter, Span::new(at, next));
                            continue;
                        }
                        Some(hit) => {
                            if after_delimiter {
                                self.once(&mut header, DefectKind::DoubledDelimiter, Span::new(at, next));
                            }
                            end = Some(HeaderEnd::Delimiter(hit));
                            break;
                        }
                        None => self.begin_line(&mut header, what, at, next),
                    }
                }
                Line::Field { .. } | Line::Odd => self.begin_line(&mut header, what, at, next),
            }
            after_delimiter = false;
        }
        let end = end.unwrap_or(HeaderEnd::Input);
        let body = match &end {
            HeaderEnd::Delimiter(hit) => hit.line_break,
            _ => offset(self.pos),
        };
        if !matches!(end, HeaderEnd::Body) && self.index.fields.len() > first_field {
            self.defect(DefectKind::NoEmptyLine, Span::new(body as usize, body as usize));
        }
        if let Some(entry) = self.index.parts.get_mut(part as usize) {
            entry.body = body.max(entry.start);
            entry.fields_end = offset(self.index.fields.len());
            entry.content_type = header.content_type;
            entry.encoding = header.encoding;
        }
        end
    }

    /// Passes over what may stand in front of the first field: a byte order mark, the `From ` line of an mbox.
    fn skip_opening(&mut self, part: u32) -> usize {
        let mut at = self.pos;
        let rest = self.raw.get(at..).unwrap_or_default();
        if part == 0 && rest.starts_with(b"\xef\xbb\xbf") {
            self.defect(DefectKind::ByteOrderMark, Span::new(at, at + 3));
            at += 3;
        }
        let rest = self.raw.get(at..).unwrap_or_default();
        if rest.starts_with(b"From ") || rest.starts_with(b">From ") {
            at += memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        }
        self.pos = at;
        at
    }

    fn delimiter_in_header(&mut self, part: u32, at: usize) -> Option<Hit> {
        let notes = &mut Notes { defects: &mut self.index.defects, part: PartId(part) };
        match self.boundaries.at_line(at, notes) {
            At::Hit(hit) => Some(hit),
            At::Text => None,
        }
    }

    fn begin_line(&mut self, header: &mut Header, what: Line, at: usize, next: usize) {
        if let Line::Field { name, value } = what {
            self.begin_field(header, at, name, value, next);
        } else {
            header.folding = false;
            self.once(header, DefectKind::NoColon, Span::new(at, next));
        }
    }

    fn begin_field(&mut self, header: &mut Header, at: usize, name_len: usize, value: usize, next: usize) {
        let total = self.index.fields.len();
        if total >= self.limits.fields {
            header.folding = false;
            self.once(header, DefectKind::FieldsCut, Span::new(at, at));
            return;
        }
        let name = self.raw.get(at..at + name_len).unwrap_or_default();
        if name_len + 1 != value {
            self.once(header, DefectKind::SpaceBeforeColon, Span::new(at, at + value));
        }
        // The first of several counts (RFC 2045 3 allows one).
        let slot = match name_len {
            12 if name.eq_ignore_ascii_case(b"Content-Type") => Some(&mut header.content_type),
            25 if name.eq_ignore_ascii_case(b"Content-Transfer-Encoding") => Some(&mut header.encoding),
            _ => None,
        };
        let again = match slot {
            Some(slot) if *slot == NONE => {
                *slot = offset(total);
                false
            }
            Some(_) => true,
            None => false,
        };
        if again {
            self.once(header, DefectKind::DuplicateMimeField, Span::new(at, next));
        }
        header.folding = true;
        self.index.fields.push(FieldEntry {
            start: offset(at),
            name_end: offset(at + name_len),
            value: offset(at + value),
            end: offset(next),
        });
    }

    fn continuation(&mut self, header: &mut Header, at: usize, next: usize) {
        if header.said.contains(DefectKind::FieldsCut) {
            return; // of a field that is passed over
        }
        if !header.folding {
            let first = header.said.is_empty() && self.index.fields.len() == header.first_field;
            let kind = if first { DefectKind::LeadingContinuation } else { DefectKind::NoColon };
            self.once(header, kind, Span::new(at, next));
            return;
        }
        if let Some(field) = self.index.fields.last_mut() {
            field.end = offset(next);
        }
        let line = self.raw.get(at..next).unwrap_or_default();
        if line.iter().all(u8::is_ascii_whitespace) {
            self.once(header, DefectKind::BlankContinuation, Span::new(at, next));
        }
    }

    /// A defect that is told once a header, where it occurs first.
    fn once(&mut self, header: &mut Header, kind: DefectKind, at: Span) {
        if header.said.insert(kind) {
            self.defect(kind, at);
        }
    }
}

/// What is known of the header that is read.
struct Header {
    first_field: usize,
    content_type: u32,
    encoding: u32,
    /// The defects told.
    said: KindSet,
    /// Whether a continuation line would belong to the last field.
    folding: bool,
}
