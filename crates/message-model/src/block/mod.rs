//! Header-like blocks inside bodies: delivery-status (RFC 3464), feedback-report (RFC 5965), disposition-notification
//! (RFC 8098).
//!
//! Such a body is groups of fields, apart by blank lines: in a delivery status one for the message and one for each recipient.
//! What the wild sends is read: any kind of line break, blanks before the colon, blank lines with blanks in them, lines that
//! are no field. Nothing is copied until text is asked for, and nothing is guessed: what a group without its blank line
//! means is for the caller to say.

mod typed;

use std::borrow::Cow;
use std::iter::FusedIterator;

use memchr::memchr2;

pub use typed::{Typed, decode_utf8_address, decode_xtext};

use crate::Span;

/// What is read of a body of blocks at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockLimits {
    /// Blocks of a body. Default [`BlockLimits::BLOCKS`].
    pub blocks: usize,
    /// Lines of a block that are fields or oddities. Default [`BlockLimits::FIELDS`].
    pub fields: usize,
    /// Octets of a field that its text shows. Default [`BlockLimits::FIELD_BYTES`].
    pub field_bytes: usize,
}

impl BlockLimits {
    /// More recipients than any server reports in one message; 100 is what RFC 5321 4.5.3.1.8 asks a server to take.
    pub const BLOCKS: usize = 10_000;
    /// The registries of all three formats have some sixty field names together.
    pub const FIELDS: usize = 1_000;
    /// A diagnostic of a multi-line SMTP reply has hundreds of octets; the text of a field is copied when it is folded.
    pub const FIELD_BYTES: usize = 16 * 1024;
}

impl Default for BlockLimits {
    fn default() -> Self {
        Self { blocks: Self::BLOCKS, fields: Self::FIELDS, field_bytes: Self::FIELD_BYTES }
    }
}

/// The blocks of a body, in order.
///
/// ```
/// use mailwright_message_model::block::Blocks;
///
/// let body = b"Reporting-MTA: dns; mx.example.org\r\n\r\n\
///     Final-Recipient: rfc822; jo@example.net\r\nAction: failed (for good)\r\nStatus : 5.1.1\r\n";
/// let mut blocks = Blocks::new(body);
/// let message = blocks.next().unwrap();
/// assert_eq!(message.get("reporting-mta").unwrap().typed().unwrap().value, "mx.example.org");
/// let recipient = blocks.next().unwrap();
/// assert_eq!(recipient.get("Action").unwrap().without_comments(), "failed");
/// assert_eq!(recipient.get("Status").unwrap().text(), "5.1.1");
/// let address = recipient.get("Final-Recipient").unwrap().typed().unwrap();
/// assert_eq!(address.mailbox().unwrap().to_string(), "jo@example.net");
/// ```
#[derive(Clone, Debug)]
pub struct Blocks<'a> {
    body: &'a [u8],
    position: usize,
    limits: BlockLimits,
    count: usize,
    cut: bool,
}

impl<'a> Blocks<'a> {
    /// The blocks of a body, its transfer encoding taken off.
    #[must_use]
    pub fn new(body: &'a [u8]) -> Self {
        Self::with_limits(body, BlockLimits::default())
    }

    /// The same with other limits.
    #[must_use]
    pub const fn with_limits(body: &'a [u8], limits: BlockLimits) -> Self {
        Self { body, position: 0, limits, count: 0, cut: false }
    }

    /// Whether there were more blocks than the limit allows; known when the iterator has ended.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.cut
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = FieldBlock<'a>;

    fn next(&mut self) -> Option<FieldBlock<'a>> {
        let mut block: Option<Span> = None;
        while let Some(line) = line_at(self.body, self.position) {
            if line.content.of(self.body).trim_ascii().is_empty() {
                self.position = line.next;
                if block.is_some() {
                    break;
                }
                continue;
            }
            if self.count >= self.limits.blocks {
                self.cut = true;
                return None;
            }
            block = Some(Span::new(block.map_or(line.content.start, |b| b.start), line.next));
            self.position = line.next;
        }
        self.count = self.count.saturating_add(1);
        block.map(|span| FieldBlock { body: self.body, span, limits: self.limits })
    }
}

impl FusedIterator for Blocks<'_> {}

/// One group of fields. All spans are relative to the body.
#[derive(Clone, Copy, Debug)]
pub struct FieldBlock<'a> {
    body: &'a [u8],
    span: Span,
    limits: BlockLimits,
}

/// What a block is made of.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Entry<'a> {
    /// A field.
    Field(BlockField<'a>),
    /// A line that is no field: without colon, or with something before it that is no field name.
    Odd(Span),
}

impl<'a> FieldBlock<'a> {
    /// Where the block stands, last line break included.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// All octets of the block.
    #[must_use]
    pub fn raw(&self) -> &'a [u8] {
        self.span.of(self.body)
    }

    /// Fields and odd lines in order, up to the limit.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        Entries { block: *self, position: self.span.start }.take(self.limits.fields)
    }

    /// The fields in order.
    pub fn fields(&self) -> impl Iterator<Item = BlockField<'a>> + use<'a> {
        self.entries().filter_map(|entry| match entry {
            Entry::Field(field) => Some(field),
            Entry::Odd(_) => None,
        })
    }

    /// The lines that are no fields.
    pub fn oddities(&self) -> impl Iterator<Item = Span> + use<'a> {
        self.entries().filter_map(|entry| match entry {
            Entry::Odd(span) => Some(span),
            Entry::Field(_) => None,
        })
    }

    /// The first field of that name, in any case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<BlockField<'a>> {
        self.fields().find(|field| field.is(name))
    }

    /// All fields of that name, as several Original-Rcpt-To (RFC 5965 3.2).
    pub fn all<'n>(&self, name: &'n str) -> impl Iterator<Item = BlockField<'a>> + use<'a, 'n> {
        self.fields().filter(move |field| field.is(name))
    }

    /// Whether there were more lines than the limit allows.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        Entries { block: *self, position: self.span.start }.nth(self.limits.fields).is_some()
    }
}

struct Entries<'a> {
    block: FieldBlock<'a>,
    position: usize,
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let body = self.block.body.get(..self.block.span.end)?;
        let first = line_at(body, self.position)?;
        self.position = first.next;
        let Some((name, value)) = split_name(body, first.content) else {
            return Some(Entry::Odd(Span::new(first.content.start, first.next)));
        };
        let mut last = first;
        // RFC 5322 2.2.3: folding.
        while let Some(line) = line_at(body, last.next) {
            if !matches!(line.content.of(body).first(), Some(b' ' | b'\t')) {
                break;
            }
            last = line;
        }
        self.position = last.next;
        Some(Entry::Field(BlockField {
            body,
            name,
            value: Span::new(value, last.content.end),
            span: Span::new(name.start, last.next),
            field_bytes: self.block.limits.field_bytes,
        }))
    }
}

/// One field of a block.
#[derive(Clone, Copy, Debug)]
pub struct BlockField<'a> {
    body: &'a [u8],
    name: Span,
    value: Span,
    span: Span,
    field_bytes: usize,
}

impl<'a> BlockField<'a> {
    /// The name as written.
    #[must_use]
    pub fn name(&self) -> &'a str {
        std::str::from_utf8(self.name.of(self.body)).unwrap_or_default()
    }

    /// Whether the field has that name, in any case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// Where the field stands, last line break included.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// Where [`value_raw`](Self::value_raw) stands.
    #[must_use]
    pub const fn value_span(&self) -> Span {
        self.value
    }

    /// All octets behind the colon but the last line break: for texts in another charset than UTF-8.
    #[must_use]
    pub fn value_raw(&self) -> &'a [u8] {
        self.value.of(self.body)
    }

    /// The value unfolded, without the blanks around it, up to [`BlockLimits::field_bytes`]. Octets that are no UTF-8 show as
    /// U+FFFD.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        let value = self.value_raw().trim_ascii();
        let value = match value.get(..self.field_bytes) {
            Some(head) => head.get(..whole_characters(head)).unwrap_or(head).trim_ascii_end(),
            None => value,
        };
        // All line breaks inside are folding.
        if memchr2(b'\r', b'\n', value).is_none() {
            return String::from_utf8_lossy(value);
        }
        let unfolded: Vec<u8> = value.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
        Cow::Owned(String::from_utf8_lossy(&unfolded).into_owned())
    }

    /// Whether [`text`](Self::text) ends before the value does.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.value_raw().trim_ascii().len() > self.field_bytes
    }

    /// The text without comments and the blanks around them, as for Action and Status (RFC 3464 2.1.1). A comment that does
    /// not end is text.
    #[must_use]
    pub fn without_comments(&self) -> Cow<'a, str> {
        typed::without_comments(self.text())
    }

    /// The value as `type; value` (RFC 3464 2.1.2); `None` without a `;`.
    #[must_use]
    pub fn typed(&self) -> Option<Typed<'a>> {
        Typed::split(self.text())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for FieldBlock<'_> {
    /// A list of fields.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.fields())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for BlockField<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut field = serializer.serialize_struct("BlockField", 2)?;
        field.serialize_field("name", self.name())?;
        field.serialize_field("value", &self.text())?;
        field.end()
    }
}

#[derive(Clone, Copy)]
struct BlockLine {
    content: Span,
    /// Where the next line begins.
    next: usize,
}

/// The line at `start`, which CRLF, LF, CR or the end of the body ends.
fn line_at(body: &[u8], start: usize) -> Option<BlockLine> {
    let rest = body.get(start..).filter(|rest| !rest.is_empty())?;
    let len = memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
    let ending = match rest.get(len..).unwrap_or_default() {
        [b'\r', b'\n', ..] => 2,
        [] => 0,
        _ => 1,
    };
    let end = start.saturating_add(len);
    Some(BlockLine { content: Span::new(start, end), next: end.saturating_add(ending) })
}

/// The name of a field (RFC 5322 3.6.8, blanks behind it as in 4.5) and where its value begins.
fn split_name(body: &[u8], line: Span) -> Option<(Span, usize)> {
    let content = line.of(body);
    let colon = memchr::memchr(b':', content)?;
    let name = content.get(..colon)?.trim_ascii_end();
    if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    let end = line.start.saturating_add(name.len());
    Some((Span::new(line.start, end), line.start.saturating_add(colon).saturating_add(1)))
}

/// Octets of `text` without the start of a UTF-8 character at its end.
fn whole_characters(text: &[u8]) -> usize {
    let tail = text.iter().rev().take(3).take_while(|b| **b & 0xc0 == 0x80).count();
    let lead = text.len().saturating_sub(tail).saturating_sub(1);
    let wanted = match text.get(lead) {
        Some(0xc0..=0xdf) => 1,
        Some(0xe0..=0xef) => 2,
        Some(0xf0..) => 3,
        _ => tail,
    };
    if tail < wanted { lead } else { text.len() }
}

#[cfg(test)]
mod tests;
