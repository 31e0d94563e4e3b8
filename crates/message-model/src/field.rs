//! A header field: its exact octets and what they say.

use std::borrow::Cow;

use memchr::memchr;

use crate::address::AddressList;
use crate::content_type::{ContentType, Disposition};
use crate::date::DateTime;
use crate::list_id::ListId;
use crate::message_id::MessageIds;
use crate::parse::{Line, Lines};
use crate::phrases::Phrases;
use crate::received::Received;
use crate::{Limits, Span, encoded_word};

/// The fields that a header may hold once (RFC 5322 3.6).
pub(crate) const ONCE: [&str; 11] = [
    "Date",
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Subject",
];

/// One header field. The octets are exact; every decoded view is made when asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    raw: &'a [u8],
    start: usize,
    name_len: usize,
    value_at: usize,
    view: usize,
}

impl<'a> Field<'a> {
    /// `raw` is the whole field, which begins at `start` in its message; the value begins at `value_at` in `raw`, and
    /// decoded views look at `view` octets of it.
    pub(crate) fn new(raw: &'a [u8], start: usize, name_len: usize, value_at: usize, view: usize) -> Self {
        Self { raw, start, name_len, value_at, view }
    }

    /// A field that stands alone: `name: value`, folded or not, with or without its last line break.
    ///
    /// `None` where there is no name and colon.
    #[must_use]
    pub fn parse(raw: &'a [u8]) -> Option<Self> {
        match Lines::new(raw, 0).next()? {
            (Line::Field { name, value }, ..) => Some(Self::new(raw, 0, name, value, Limits::FIELD_BYTES)),
            _ => None,
        }
    }

    /// All octets of the field: name, colon, value, folding and the last line break.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Where the field stands in the octets that were parsed.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span { start: self.start, end: self.start + self.raw.len() }
    }

    /// The name as written.
    #[must_use]
    pub fn name(&self) -> &'a [u8] {
        self.raw.get(..self.name_len).unwrap_or_default()
    }

    /// Whether the field has that name, in any case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name.as_bytes())
    }

    /// Everything behind the colon, the last line break included.
    #[must_use]
    pub fn value_raw(&self) -> &'a [u8] {
        self.raw.get(self.value_at..).unwrap_or_default()
    }

    /// Where [`value_raw`](Self::value_raw) stands in the octets that were parsed.
    #[must_use]
    pub const fn value_span(&self) -> Span {
        Span::new(self.start + self.value_at, self.start + self.raw.len())
    }

    /// The value without the blanks and the line break around it; folding inside is kept.
    #[must_use]
    pub fn value(&self) -> &'a [u8] {
        self.value_raw().trim_ascii()
    }

    /// Whether the decoded views end before the value does ([`Limits::field_bytes`](crate::Limits::field_bytes)).
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.value_raw().len() > self.view
    }

    /// The unfolded text with encoded words decoded (RFC 5322 3.2.5, RFC 2047).
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        encoded_word::decode(self.view())
    }

    /// The value as a list of addresses (RFC 5322 3.4).
    #[must_use]
    pub fn addresses(&self) -> AddressList<'a> {
        AddressList::parse(self.view())
    }

    /// The value as message identifiers (RFC 5322 3.6.4), for Message-ID, In-Reply-To, References, Content-ID.
    #[must_use]
    pub fn message_ids(&self) -> MessageIds<'a> {
        MessageIds::parse(self.view())
    }

    /// The value as a date (RFC 5322 3.3).
    #[must_use]
    pub fn date(&self) -> Option<DateTime> {
        DateTime::parse(self.view())
    }

    /// The value as a Content-Type (RFC 2045 5.1).
    #[must_use]
    pub fn content_type(&self) -> Option<ContentType<'a>> {
        ContentType::parse(self.view())
    }

    /// The value as a Content-Disposition (RFC 2183).
    #[must_use]
    pub fn disposition(&self) -> Option<Disposition<'a>> {
        Disposition::parse(self.view())
    }

    /// The value as a trace field (RFC 5321 4.4).
    #[must_use]
    pub fn received(&self) -> Received<'a> {
        Received::parse(self.view())
    }

    /// The value as the identity of a mailing list (RFC 2919), for List-Id.
    #[must_use]
    pub fn list_id(&self) -> Option<ListId<'a>> {
        ListId::parse(self.view())
    }

    /// The value as text between commas, as in Keywords (RFC 5322 3.6.5).
    #[must_use]
    pub fn phrases(&self) -> Phrases<'a> {
        Phrases::parse(self.view())
    }

    /// What the decoded views look at.
    fn view(&self) -> &'a [u8] {
        let value = self.value_raw();
        value.get(..self.view).unwrap_or(value)
    }
}

/// The fields of a header and nothing else: the fastest way to a few of them.
///
/// Reads as far as it is asked to, ends at the empty line, takes no memory. Lines that are no field are passed over,
/// and an mbox `From ` line in front too; [`Message`](crate::Message) says what was odd.
///
/// ```
/// use mailwright_message_model::Header;
///
/// let raw = b"Message-ID: <1@example.org>\r\nSubject: hi\r\n\r\nbody";
/// let subject = Header::new(raw).find(|field| field.is("Subject"));
/// assert_eq!(subject.unwrap().value(), b"hi");
/// ```
#[derive(Clone, Debug)]
pub struct Header<'a> {
    raw: &'a [u8],
    pos: usize,
}

impl<'a> Header<'a> {
    /// The header at the start of `raw`, which may be a whole message.
    #[must_use]
    pub fn new(raw: &'a [u8]) -> Self {
        let mark = if raw.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let rest = raw.get(mark..).unwrap_or_default();
        let is_from = rest.starts_with(b"From ") || rest.starts_with(b">From ");
        let from = if is_from { memchr(b'\n', rest).map_or(rest.len(), |at| at + 1) } else { 0 };
        Self { raw, pos: mark + from }
    }

    /// Where the next line begins; behind the last field, where the empty line or the body begins.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.pos
    }
}

impl<'a> Iterator for Header<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        let mut lines = Lines::new(self.raw, self.pos);
        let (start, name, value, mut end) = loop {
            match lines.next() {
                Some((Line::Field { name, value }, start, end)) => break (start, name, value, end),
                Some((Line::Empty, ..)) | None => return None,
                Some((_, _, end)) => self.pos = end,
            }
        };
        while let [b' ' | b'\t', ..] = self.raw.get(end..).unwrap_or_default() {
            end = lines.next().map_or(self.raw.len(), |(_, _, next)| next);
        }
        self.pos = end;
        let raw = self.raw.get(start..end).unwrap_or_default();
        Some(Field::new(raw, start, name, value, Limits::FIELD_BYTES))
    }
}
