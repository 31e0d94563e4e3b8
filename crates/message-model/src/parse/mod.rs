//! The span parser: one pass over the octets, one arena, an explicit path instead of recursion.

mod boundary;
mod header;
#[cfg(test)]
mod tests;

use crate::content_type::{self, Doubts};
use crate::defect::{Defect, DefectKind};
use crate::index::{FieldEntry, Index, Kind, NONE, PartEntry, PartId, span};
use crate::transfer::Encoding;
use crate::{Error, Limits, Span};
use boundary::{Boundaries, Hit};
use header::HeaderEnd;

pub(crate) use header::{Line, Lines};

/// Reads `raw` into spans; fails on [`Limits::bytes`] alone.
pub(crate) fn parse(raw: &[u8], limits: &Limits) -> Result<Index, Error> {
    let most = limits.bytes.min(Limits::MAX_BYTES);
    if raw.len() > most {
        return Err(Error::too_large(raw.len(), most));
    }
    let mut parser = Parser {
        raw,
        limits,
        index: Index::new(limits),
        path: Vec::with_capacity(4),
        boundaries: Boundaries::new(raw),
        cut: false,
        pos: 0,
    };
    parser.run();
    Ok(parser.index)
}

/// An entity that has begun and not ended, on the way from the message down to where we read.
struct Open {
    part: u32,
    last_child: u32,
}

struct Parser<'r> {
    raw: &'r [u8],
    limits: &'r Limits,
    index: Index,
    path: Vec<Open>,
    boundaries: Boundaries<'r>,
    /// Whether [`Limits::parts`] was reached, so that nothing is known of what follows.
    cut: bool,
    /// Where we read; at the start of a line whenever a delimiter is looked for.
    pos: usize,
}

/// What to do next behind the header of an entity.
enum Body {
    /// The entity inside was opened: read its header.
    Inside,
    /// Look for the delimiter that ends the body.
    Until,
}

impl Parser<'_> {
    fn run(&mut self) {
        self.open(None, 0, 0);
        loop {
            let mut hit = match self.read_header() {
                HeaderEnd::Body => match self.enter_body() {
                    Body::Inside => continue,
                    Body::Until => self.next_delimiter(),
                },
                HeaderEnd::Delimiter(hit) => Some(hit),
                HeaderEnd::Input => None,
            };
            loop {
                let Some(found) = hit else {
                    self.end_of_input();
                    return;
                };
                if self.take(&found) {
                    break;
                }
                hit = self.next_delimiter();
            }
        }
    }

    /// Opens an entity at `start`, inside the last of the path.
    fn open(&mut self, digest: Option<bool>, delimiter: u32, start: u32) {
        let id = offset(self.index.parts.len());
        let depth = offset(self.path.len());
        let mut parent = NONE;
        let mut ordinal = 1;
        if let Some(last) = self.path.last_mut() {
            parent = last.part;
            let elder = std::mem::replace(&mut last.last_child, id);
            if let Some(elder) = self.index.parts.get_mut(elder as usize) {
                elder.next_sibling = id;
                ordinal = elder.ordinal + 1;
            } else if let Some(entry) = self.index.parts.get_mut(parent as usize) {
                entry.first_child = id;
            }
        }
        let fields = offset(self.index.fields.len());
        let mut entry = PartEntry::opened(parent, depth, delimiter, start, fields, digest.unwrap_or(false));
        entry.ordinal = ordinal;
        self.index.parts.push(entry);
        self.path.push(Open { part: id, last_child: NONE });
        self.pos = start as usize;
    }

    /// Whether one more entity may be opened; the one that reaches the limit takes the rest as it is.
    fn last_allowed(&self) -> bool {
        self.index.parts.len() >= self.limits.parts
    }

    /// Decides by its header what the body of the newest entity is.
    fn enter_body(&mut self) -> Body {
        let raw = self.raw;
        let Some(entry) = self.path.last().and_then(|open| self.index.parts.get(open.part as usize)) else {
            return Body::Until;
        };
        let (body, depth, in_digest) = (entry.body, entry.depth, entry.in_digest);
        let (type_field, encoding_field) = (self.field(entry.content_type), self.field(entry.encoding));
        let scan = type_field.map(|field| content_type::scan(value_of(raw, field)));
        if let (Some(scan), Some(field)) = (&scan, type_field) {
            self.note_content_type(scan.doubts, span(field.start, field.end));
        }
        let usable = scan.as_ref().filter(|scan| !scan.doubts.unusable_type);
        let kind = match usable {
            Some(scan) if scan.type_.eq_ignore_ascii_case(b"multipart") => Kind::Multipart,
            Some(scan) if is_message(scan.type_, scan.subtype) => Kind::Message,
            None if in_digest => Kind::Message, // RFC 2046 5.1.5
            _ => return Body::Until,
        };
        let encoding = encoding_field.map(|field| Encoding::parse(value_of(raw, field))).unwrap_or_default();
        let encoded = !encoding.is_identity();
        let place =
            encoding_field.or(type_field).map_or(span(body, body), |field| span(field.start, field.end));
        if encoded || encoding == Encoding::Unknown {
            self.defect(DefectKind::EncodedComposite, place); // RFC 2045 6.4
        }
        if self.last_allowed() {
            self.defect(DefectKind::PartsCut, span(body, body));
            return Body::Until;
        }
        if depth as usize >= self.limits.depth {
            self.defect(DefectKind::DepthCut, span(body, body));
            return Body::Until;
        }
        match kind {
            Kind::Multipart => {
                let subtype = usable.map_or(&b""[..], |scan| scan.subtype);
                let digest = subtype.eq_ignore_ascii_case(b"digest");
                match scan.and_then(|scan| scan.boundary) {
                    Some(boundary) => {
                        self.set_kind(Kind::Multipart);
                        self.boundaries.push(self.path.len() - 1, boundary, digest);
                    }
                    _ => self.defect(DefectKind::MissingBoundary, place),
                }
                Body::Until
            }
            // Offsets of decoded octets would not be offsets of this message: the body stays whole.
            Kind::Message if !encoded => {
                self.set_kind(Kind::Message);
                self.open(None, body, body);
                if self.last_allowed() { self.cut_parts() } else { Body::Inside }
            }
            _ => Body::Until,
        }
    }

    /// The entity just opened is the last one allowed: it takes all that follows as its body.
    fn cut_parts(&mut self) -> Body {
        self.defect(DefectKind::PartsCut, Span::new(self.pos, self.raw.len()));
        self.boundaries.forget();
        self.cut = true;
        Body::Until
    }

    fn note_content_type(&mut self, doubts: Doubts, at: Span) {
        let kinds = [
            (doubts.unusable_type, DefectKind::BadContentType),
            (doubts.duplicate_boundary || doubts.mixed_boundary, DefectKind::DuplicateParameter),
            (doubts.odd_type || doubts.extended_boundary, DefectKind::ParameterSyntax),
            (doubts.long_boundary, DefectKind::LongBoundary),
            (doubts.boundary_ends_blank, DefectKind::BoundaryEndsInBlank),
            (doubts.illegal_boundary, DefectKind::BoundaryCharacter),
        ];
        for (_, kind) in kinds.into_iter().filter(|(set, _)| *set) {
            self.defect(kind, at);
        }
    }

    fn next_delimiter(&mut self) -> Option<Hit> {
        let part = self.path.last().map_or(0, |open| open.part);
        self.boundaries.next(self.pos, &mut Notes { defects: &mut self.index.defects, part: PartId(part) })
    }

    /// Ends what the delimiter ends. Whether it began a new entity.
    fn take(&mut self, hit: &Hit) -> bool {
        while self.path.len() > hit.path + 1 {
            self.close_last(hit.line_break, Some(hit));
        }
        let Some(owner) = self.path.last() else { return false };
        let Some(entry) = self.index.parts.get_mut(owner.part as usize) else { return false };
        // RFC 2046 5.1.1: the line break in front belongs to the delimiter, except where a delimiter has it already.
        let floor = if entry.first_child == NONE { entry.body } else { 0 };
        let line_break = hit.line_break.max(floor);
        if entry.preamble_end == NONE {
            entry.preamble_end = line_break;
        }
        if hit.close {
            entry.close = line_break;
            entry.close_end = hit.line_end;
            self.pos = hit.line_end as usize;
            self.boundaries.close(hit.boundary);
            return false;
        }
        self.open(Some(hit.digest), line_break, hit.line_end);
        if self.last_allowed() {
            self.cut_parts();
            return false;
        }
        true
    }

    /// Ends the last entity of the path at `end`, because of `hit` or of the end of the input.
    fn close_last(&mut self, end: u32, hit: Option<&Hit>) {
        let Some(open) = self.path.pop() else { return };
        let Some(entry) = self.index.parts.get_mut(open.part as usize) else { return };
        entry.end_at(end);
        let (multipart, unclosed) = (entry.kind == Kind::Multipart, entry.close == NONE);
        let (body, first_field, fields_end) = (entry.body, entry.fields, entry.fields_end);
        let childless = open.last_child == NONE;
        if fields_end > first_field
            && let Some(last) = self.index.fields.get_mut(fields_end as usize - 1)
        {
            last.end = last.end.min(end.max(last.value));
        }
        if !multipart {
            return;
        }
        self.boundaries.pop(self.path.len());
        let (kind, at) = match hit {
            _ if self.cut => return,
            _ if childless => (DefectKind::NoParts, span(body, end)),
            Some(hit) if unclosed => (DefectKind::InnerUnclosed, span(hit.line_break, hit.line_end)),
            None if unclosed => (DefectKind::MissingClose, span(end, end)),
            _ => return,
        };
        self.index.defects.push(Defect { kind, at, part: PartId(open.part) });
    }

    fn end_of_input(&mut self) {
        let end = offset(self.raw.len());
        while !self.path.is_empty() {
            self.close_last(end, None);
        }
    }

    fn set_kind(&mut self, kind: Kind) {
        if let Some(entry) = self.path.last().and_then(|open| self.index.parts.get_mut(open.part as usize)) {
            entry.kind = kind;
        }
    }

    fn field(&self, index: u32) -> Option<FieldEntry> {
        self.index.fields.get(index as usize).copied()
    }

    fn defect(&mut self, kind: DefectKind, at: Span) {
        let part = self.path.last().map_or(0, |open| open.part);
        self.index.defects.push(Defect { kind, at, part: PartId(part) });
    }
}

/// Where the boundary search writes its defects.
pub(crate) struct Notes<'i> {
    defects: &'i mut Vec<Defect>,
    part: PartId,
}

impl Notes<'_> {
    fn push(&mut self, kind: DefectKind, start: usize, end: usize) {
        self.defects.push(Defect { kind, at: Span::new(start, end), part: self.part });
    }
}

fn value_of(raw: &[u8], field: FieldEntry) -> &[u8] {
    span(field.value, field.end).of(raw)
}

/// The composite types of RFC 2046 5.2.1 and RFC 6532 3.7.
fn is_message(type_: &[u8], subtype: &[u8]) -> bool {
    type_.eq_ignore_ascii_case(b"message")
        && (subtype.eq_ignore_ascii_case(b"rfc822") || subtype.eq_ignore_ascii_case(b"global"))
}

/// An offset or count in 32 bits; [`Limits::MAX_BYTES`] keeps every one of them below.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE - 1)
}
