//! An entity of the MIME tree (RFC 2045 2.4): the message itself, or a part of it.

use std::borrow::Cow;

use crate::content_type::{ContentType, Disposition};
use crate::index::{FieldEntry, Kind, NONE, PartEntry, PartId, span};
use crate::transfer::{self, Decoded, Encoding};
use crate::{Field, Message, Span, charset, content_type};

/// An entity: a header and a body, and perhaps entities inside.
#[derive(Clone, Copy)]
pub struct Entity<'m, 'a> {
    message: &'m Message<'a>,
    id: u32,
}

impl<'m, 'a> Entity<'m, 'a> {
    pub(crate) fn new(message: &'m Message<'a>, id: u32) -> Self {
        Self { message, id }
    }

    /// The place of the entity in its message.
    #[must_use]
    pub const fn id(&self) -> PartId {
        PartId(self.id)
    }

    /// Levels above this entity; 0 for the message itself.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.entry().map_or(0, |entry| entry.depth as usize)
    }

    /// The multipart or message that this entity stands in.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.entry().map(|entry| entry.parent).filter(|parent| *parent != NONE).map(|id| Self { id, ..*self })
    }

    /// The entities directly inside, in order: the parts of a multipart, the message of a message/rfc822.
    pub fn children(&self) -> impl Iterator<Item = Self> + use<'m, 'a> {
        let message = self.message;
        let first = self.entry().map_or(NONE, |entry| entry.first_child);
        let next = move |id: &u32| {
            message.index().part(*id).map(|entry| entry.next_sibling).filter(|id| *id != NONE)
        };
        std::iter::successors((first != NONE).then_some(first), next).map(move |id| Self { message, id })
    }

    /// Place among the entities of the same parent, from 1.
    #[must_use]
    pub fn ordinal(&self) -> u32 {
        self.entry().map_or(1, |entry| entry.ordinal)
    }

    /// Header and body: what multipart/signed hashes (RFC 1847 2.1). The delimiters around are not part of it.
    #[must_use]
    pub fn raw(&self) -> &'a [u8] {
        self.span().of(self.message.raw())
    }

    /// Where [`raw`](Self::raw) stands in the message.
    #[must_use]
    pub fn span(&self) -> Span {
        self.spans(|entry| (entry.start, entry.end))
    }

    /// The header with the empty line that ends it.
    #[must_use]
    pub fn header_raw(&self) -> &'a [u8] {
        self.header_span().of(self.message.raw())
    }

    /// Where [`header_raw`](Self::header_raw) stands in the message.
    #[must_use]
    pub fn header_span(&self) -> Span {
        self.spans(|entry| (entry.start, entry.body))
    }

    /// The body as it stands, undecoded.
    #[must_use]
    pub fn body_raw(&self) -> &'a [u8] {
        self.body_span().of(self.message.raw())
    }

    /// Where [`body_raw`](Self::body_raw) stands in the message.
    #[must_use]
    pub fn body_span(&self) -> Span {
        self.spans(|entry| (entry.body, entry.end))
    }

    /// The delimiter line in front of a part of a multipart, with the line break before it; empty for other entities.
    #[must_use]
    pub fn delimiter_span(&self) -> Span {
        self.spans(|entry| (entry.delimiter, entry.start))
    }

    /// What stands in a multipart before its first delimiter; empty for other entities.
    #[must_use]
    pub fn preamble(&self) -> &'a [u8] {
        self.preamble_span().of(self.message.raw())
    }

    /// Where [`preamble`](Self::preamble) stands in the message.
    #[must_use]
    pub fn preamble_span(&self) -> Span {
        self.spans(|entry| match entry.kind {
            Kind::Multipart => (entry.body, entry.preamble_end),
            _ => (entry.body, entry.body),
        })
    }

    /// The close delimiter line of a multipart, with the line break before it; `None` where it is missing.
    #[must_use]
    pub fn close_span(&self) -> Option<Span> {
        self.entry().filter(|entry| entry.close != NONE).map(|entry| span(entry.close, entry.close_end))
    }

    /// What stands in a multipart behind its close delimiter; empty for other entities.
    #[must_use]
    pub fn epilogue(&self) -> &'a [u8] {
        self.epilogue_span().of(self.message.raw())
    }

    /// Where [`epilogue`](Self::epilogue) stands in the message.
    #[must_use]
    pub fn epilogue_span(&self) -> Span {
        self.spans(|entry| match entry.close {
            NONE => (entry.end, entry.end),
            _ => (entry.close_end, entry.end),
        })
    }

    /// Whether the body was read as the parts of a multipart. A multipart without a boundary, or beyond a limit, was not.
    #[must_use]
    pub fn is_multipart(&self) -> bool {
        self.entry().is_some_and(|entry| entry.kind == Kind::Multipart)
    }

    /// Whether the body was read as a message inside (message/rfc822, message/global).
    #[must_use]
    pub fn is_message(&self) -> bool {
        self.entry().is_some_and(|entry| entry.kind == Kind::Message)
    }

    /// Whether the body is not taken apart any further.
    #[must_use]
    pub fn is_leaf(&self) -> bool {
        self.entry().is_none_or(|entry| entry.kind == Kind::Leaf)
    }

    /// The fields of this entity's header, from the top.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = Field<'a>> + DoubleEndedIterator + use<'m, 'a> {
        let message = self.message;
        let entries: &'m [FieldEntry] = self
            .entry()
            .and_then(|entry| message.index().fields.get(entry.fields as usize..entry.fields_end as usize))
            .unwrap_or_default();
        entries.iter().map(move |entry| field(message, entry))
    }

    /// The first field with that name, in any case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Field<'a>> {
        self.fields().find(|field| field.is(name))
    }

    /// All fields with that name, from the top.
    pub fn fields_named<'n>(
        &self,
        name: &'n str,
    ) -> impl DoubleEndedIterator<Item = Field<'a>> + use<'m, 'n, 'a> {
        self.fields().filter(move |field| field.is(name))
    }

    /// Type and subtype in lower case, the default where the field is missing or cannot be read (RFC 2045 5.2, RFC 2046
    /// 5.1.5).
    #[must_use]
    pub fn media_type(&self) -> MediaType<'a> {
        let usable = self.content_type_field().and_then(|field| {
            let scan = content_type::scan(field.value_raw());
            (!scan.doubts.unusable_type).then_some((scan.type_, scan.subtype))
        });
        match usable {
            Some((type_, subtype)) => MediaType { type_: lower(type_), subtype: lower(subtype) },
            None => self.default_type(),
        }
    }

    /// Content-Type with its parameters; `None` where the field is missing or cannot be read.
    #[must_use]
    pub fn content_type(&self) -> Option<ContentType<'a>> {
        self.content_type_field()?.content_type().filter(ContentType::is_usable)
    }

    /// The Content-Type that counts: the first (RFC 2045 3 allows one).
    #[must_use]
    pub fn content_type_field(&self) -> Option<Field<'a>> {
        self.field_at(self.entry()?.content_type)
    }

    /// Content-Disposition, where there is one that can be read.
    #[must_use]
    pub fn disposition(&self) -> Option<Disposition<'a>> {
        self.field("Content-Disposition")?.disposition()
    }

    /// The file name that the sender gives: of Content-Disposition, else the name of Content-Type. It is a stranger's
    /// text: never open a file by it.
    #[must_use]
    pub fn file_name(&self) -> Option<String> {
        let disposition = self.disposition();
        let named = disposition.as_ref().and_then(Disposition::file_name).map(str::to_owned);
        named.or_else(|| {
            self.content_type().and_then(|content_type| content_type.file_name().map(str::to_owned))
        })
    }

    /// The transfer encoding; 7bit where there is no field (RFC 2045 6.1).
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding_field().map_or(Encoding::SevenBit, |field| Encoding::parse(field.value_raw()))
    }

    /// The Content-Transfer-Encoding that counts: the first.
    #[must_use]
    pub fn encoding_field(&self) -> Option<Field<'a>> {
        self.field_at(self.entry()?.encoding)
    }

    /// The body with its transfer encoding undone. Borrowed where there is nothing to undo.
    #[must_use]
    pub fn decoded(&self) -> Decoded<'a> {
        transfer::decode(self.encoding(), self.body_raw())
    }

    /// The text of a `text/*` leaf, decoded from its transfer encoding and charset; `None` for other entities.
    ///
    /// Where no charset is named, or an unknown one, UTF-8 or else windows-1252 is assumed.
    #[must_use]
    pub fn text(&self) -> Option<Cow<'a, str>> {
        self.text_of(usize::MAX)
    }

    /// The text of the first `most` octets of the body.
    pub(crate) fn text_of(&self, most: usize) -> Option<Cow<'a, str>> {
        if !self.is_leaf() || self.media_type().type_ != "text" {
            return None;
        }
        let content_type = self.content_type();
        let name = content_type.as_ref().and_then(ContentType::charset);
        let body = self.body_raw();
        Some(match transfer::decode(self.encoding(), body.get(..most).unwrap_or(body)).bytes {
            Cow::Borrowed(octets) => to_text(name, octets),
            Cow::Owned(octets) => Cow::Owned(to_text(name, &octets).into_owned()),
        })
    }

    pub(crate) fn next_sibling(&self) -> Option<u32> {
        self.entry().map(|entry| entry.next_sibling).filter(|id| *id != NONE)
    }

    fn default_type(&self) -> MediaType<'a> {
        let (type_, subtype) = match self.entry() {
            Some(entry) if entry.in_digest => ("message", "rfc822"), // RFC 2046 5.1.5
            _ => ("text", "plain"),                                  // RFC 2045 5.2
        };
        MediaType { type_: Cow::Borrowed(type_), subtype: Cow::Borrowed(subtype) }
    }

    fn entry(&self) -> Option<&'m PartEntry> {
        self.message.index().part(self.id)
    }

    fn field_at(&self, index: u32) -> Option<Field<'a>> {
        self.message.index().fields.get(index as usize).map(|entry| field(self.message, entry))
    }

    fn spans(&self, of: impl FnOnce(&PartEntry) -> (u32, u32)) -> Span {
        self.entry().map_or(Span::default(), |entry| {
            let (start, end) = of(entry);
            span(start, end)
        })
    }
}

impl std::fmt::Debug for Entity<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entity").field("id", &self.id).field("type", &self.media_type().to_string()).finish()
    }
}

/// Type and subtype of a body, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MediaType<'a> {
    /// As `text`.
    pub type_: Cow<'a, str>,
    /// As `plain`.
    pub subtype: Cow<'a, str>,
}

impl MediaType<'_> {
    /// Whether it is `type_/subtype`; both in lower case.
    #[must_use]
    pub fn is(&self, type_: &str, subtype: &str) -> bool {
        self.type_ == type_ && self.subtype == subtype
    }
}

impl std::fmt::Display for MediaType<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.type_, self.subtype)
    }
}

fn to_text<'o>(charset_name: Option<&str>, octets: &'o [u8]) -> Cow<'o, str> {
    let named = charset_name.and_then(|name| charset::decode(name.as_bytes(), octets));
    named.unwrap_or_else(|| charset::decode_lossy(octets))
}

fn lower(octets: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(octets) {
        Cow::Borrowed(text) if !text.bytes().any(|octet| octet.is_ascii_uppercase()) => Cow::Borrowed(text),
        text => Cow::Owned(text.to_ascii_lowercase()),
    }
}

fn field<'a>(message: &Message<'a>, entry: &FieldEntry) -> Field<'a> {
    let raw = span(entry.start, entry.end).of(message.raw());
    let name_len = (entry.name_end - entry.start) as usize;
    let value_at = (entry.value - entry.start) as usize;
    Field::new(raw, entry.start as usize, name_len, value_at, message.index().field_bytes)
}
