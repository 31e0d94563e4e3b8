//! The message cut into tiles: every octet belongs to exactly one.

use crate::{Entity, Message, PartId, Span};

/// A piece of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Tile {
    /// What it is.
    pub kind: TileKind,
    /// Where it stands.
    pub span: Span,
    /// The entity that it belongs to; a delimiter belongs to the part that follows, a close delimiter to its multipart.
    pub part: PartId,
}

/// The kinds of [`Tile`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum TileKind {
    /// A header field with its folding and line break.
    Field,
    /// Lines of a header that are no field: an mbox `From ` line, a byte order mark, lines without a colon, the fields
    /// behind a limit.
    OtherHeader,
    /// The line that ends a header.
    EmptyLine,
    /// The body of an entity that is not taken apart.
    Body,
    /// What stands in a multipart before its first delimiter.
    Preamble,
    /// A delimiter line with the line break before it (RFC 2046 5.1.1).
    Delimiter,
    /// A close delimiter line with the line break before it.
    CloseDelimiter,
    /// What stands in a multipart behind its close delimiter.
    Epilogue,
}

impl Message<'_> {
    /// Every octet of the message, each in exactly one tile, from the first to the last; empty tiles are left out.
    ///
    /// ```
    /// use mailwright_message_model::{Message, TileKind};
    ///
    /// let message = Message::parse(b"Subject: hi\n\nhello\n")?;
    /// let kinds: Vec<_> = message.tiles().iter().map(|tile| tile.kind).collect();
    /// assert_eq!(kinds, [TileKind::Field, TileKind::EmptyLine, TileKind::Body]);
    /// # Ok::<(), mailwright_message_model::Error>(())
    /// ```
    #[must_use]
    pub fn tiles(&self) -> Vec<Tile> {
        let mut tiles = Tiles { message: self, out: Vec::new() };
        let mut open: Vec<Entity<'_, '_>> = Vec::new();
        for entity in self.walk() {
            let parent = entity.parent().map(|parent| parent.id());
            while let Some(done) = open.pop_if(|last| Some(last.id()) != parent) {
                tiles.end(&done);
            }
            tiles.push(TileKind::Delimiter, entity.delimiter_span(), entity.id());
            tiles.header(&entity);
            tiles.push(TileKind::Preamble, entity.preamble_span(), entity.id());
            if entity.is_leaf() {
                tiles.push(TileKind::Body, entity.body_span(), entity.id());
            } else {
                open.push(entity);
            }
        }
        while let Some(done) = open.pop() {
            tiles.end(&done);
        }
        tiles.out
    }
}

struct Tiles<'m, 'a> {
    message: &'m Message<'a>,
    out: Vec<Tile>,
}

impl Tiles<'_, '_> {
    fn push(&mut self, kind: TileKind, span: Span, part: PartId) {
        if !span.is_empty() {
            self.out.push(Tile { kind, span, part });
        }
    }

    fn header(&mut self, entity: &Entity<'_, '_>) {
        let (header, part) = (entity.header_span(), entity.id());
        let mut at = header.start;
        for field in entity.fields() {
            let span = field.span();
            self.push(TileKind::OtherHeader, Span::new(at, span.start), part);
            self.push(TileKind::Field, span, part);
            at = span.end;
        }
        let rest = Span::new(at, header.end);
        let octets = rest.of(self.message.raw());
        let empty_line = match octets {
            b"\n" | [.., b'\n', b'\n'] => 1,
            b"\r\n" | [.., b'\n', b'\r', b'\n'] => 2,
            _ => 0,
        };
        let line = rest.end - empty_line;
        self.push(TileKind::OtherHeader, Span::new(rest.start, line), part);
        self.push(TileKind::EmptyLine, Span::new(line, rest.end), part);
    }

    fn end(&mut self, entity: &Entity<'_, '_>) {
        self.push(TileKind::CloseDelimiter, entity.close_span().unwrap_or_default(), entity.id());
        self.push(TileKind::Epilogue, entity.epilogue_span(), entity.id());
    }
}
