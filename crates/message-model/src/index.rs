//! What parsing leaves behind: offsets in two arenas, nothing copied. Dropping and cloning it is iterative.

use crate::{Defect, Limits, Span};

/// Marks an absent index or offset.
pub(crate) const NONE: u32 = u32::MAX;

/// The place of an entity in the tree of its message; the message itself is [`PartId::ROOT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PartId(pub(crate) u32);

impl PartId {
    /// The message itself.
    pub const ROOT: Self = Self(0);

    /// The position of the entity in document order, from 0.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// How the body of an entity is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Leaf,
    Multipart,
    Message,
}

#[derive(Clone, Debug)]
pub(crate) struct PartEntry {
    pub parent: u32,
    pub first_child: u32,
    pub next_sibling: u32,
    pub depth: u32,
    /// Place among its siblings, from 1.
    pub ordinal: u32,
    /// Start of the delimiter line in front, its line break included; equal to `start` where there is none.
    pub delimiter: u32,
    pub start: u32,
    pub body: u32,
    pub end: u32,
    pub fields: u32,
    pub fields_end: u32,
    /// Index of the field that counts, in the arena of fields.
    pub content_type: u32,
    pub encoding: u32,
    /// End of the preamble; start and end of the close delimiter (`NONE` where it is missing).
    pub preamble_end: u32,
    pub close: u32,
    pub close_end: u32,
    pub kind: Kind,
    /// Whether the parent is a multipart/digest, so that the default type is message/rfc822.
    pub in_digest: bool,
}

impl PartEntry {
    pub(crate) fn opened(
        parent: u32,
        depth: u32,
        delimiter: u32,
        start: u32,
        fields: u32,
        in_digest: bool,
    ) -> Self {
        Self {
            parent,
            first_child: NONE,
            next_sibling: NONE,
            depth,
            ordinal: 1,
            delimiter,
            start,
            body: start,
            end: start,
            fields,
            fields_end: fields,
            content_type: NONE,
            encoding: NONE,
            preamble_end: NONE,
            close: NONE,
            close_end: NONE,
            kind: Kind::Leaf,
            in_digest,
        }
    }

    /// Sets where the entity ends. A line break that turns out to be the delimiter's (RFC 2046 5.1.1) may have been
    /// taken for the end of the header, of a delimiter or of a close delimiter before: those end here as well.
    pub(crate) fn end_at(&mut self, end: u32) {
        self.end = end;
        self.delimiter = self.delimiter.min(end);
        self.start = self.start.min(end);
        self.body = self.body.min(end);
        if self.kind == Kind::Multipart {
            self.preamble_end = self.preamble_end.min(end);
            if self.close != NONE {
                self.close = self.close.min(end);
                self.close_end = self.close_end.min(end);
            }
        }
    }
}

/// One header field: `start..name_end` is its name, `value..end` what stands behind the colon.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldEntry {
    pub start: u32,
    pub name_end: u32,
    pub value: u32,
    pub end: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Index {
    pub parts: Vec<PartEntry>,
    pub fields: Vec<FieldEntry>,
    pub defects: Vec<Defect>,
    pub field_bytes: usize,
}

impl Index {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            parts: Vec::with_capacity(4),
            fields: Vec::with_capacity(32),
            defects: Vec::new(),
            field_bytes: limits.field_bytes,
        }
    }

    pub(crate) fn part(&self, id: u32) -> Option<&PartEntry> {
        self.parts.get(id as usize)
    }
}

pub(crate) fn span(start: u32, end: u32) -> Span {
    Span::new(start as usize, end as usize)
}
