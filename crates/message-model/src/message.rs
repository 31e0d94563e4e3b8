//! The message: what [`parse`](Message::parse) makes of the octets received.

use std::borrow::Cow;

use crate::address::AddressList;
use crate::date::DateTime;
use crate::index::Index;
use crate::message_id::MessageId;
use crate::{Defect, Entity, Error, Field, Limits, PartId, parse};

/// A message as spans over the octets received; nothing is copied or decoded before it is asked for.
///
/// ```
/// use mailwright_message_model::Message;
///
/// let raw = b"From: =?utf-8?q?Zo=C3=AB?= <zoe@example.org>\r\nSubject: Lunch\r\n\r\nAt noon?\r\n";
/// let message = Message::parse(raw)?;
/// assert_eq!(message.subject().as_deref(), Some("Lunch"));
/// assert_eq!(message.from().addresses()[0].name(), Some("Zoë"));
/// assert_eq!(message.root().body_raw(), b"At noon?\r\n");
/// # Ok::<(), mailwright_message_model::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Message<'a> {
    raw: &'a [u8],
    index: Cow<'a, Index>,
}

impl<'a> Message<'a> {
    /// Reads `raw`, in the form it was received (CRLF) or stored (LF), under the default [`Limits`].
    ///
    /// Takes time linear in the octets, and memory for the entities and fields only.
    ///
    /// # Errors
    /// The message is larger than [`Limits::BYTES`]. Nothing else fails: what is odd becomes a [`Defect`].
    pub fn parse(raw: &'a [u8]) -> Result<Self, Error> {
        Self::parse_with(raw, &Limits::default())
    }

    /// Reads `raw` under limits of your own.
    ///
    /// # Errors
    /// The message is larger than [`Limits::bytes`].
    pub fn parse_with(raw: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        Ok(Self { raw, index: Cow::Owned(parse::parse(raw, limits)?) })
    }

    /// The octets that were parsed.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The message itself as an entity: its header, and its body with all inside.
    #[must_use]
    pub fn root(&self) -> Entity<'_, 'a> {
        Entity::new(self, 0)
    }

    /// The entity `id`; `None` for an id of another message that has more entities.
    #[must_use]
    pub fn entity(&self, id: PartId) -> Option<Entity<'_, 'a>> {
        (id.index() < self.index.parts.len()).then(|| Entity::new(self, id.0))
    }

    /// All entities in the order in which they stand in the message; the first is [`root`](Self::root).
    pub fn walk(&self) -> impl ExactSizeIterator<Item = Entity<'_, 'a>> + DoubleEndedIterator {
        (0..self.index.parts.len()).map(|id| Entity::new(self, u32::try_from(id).unwrap_or(0)))
    }

    /// The fields of the message's own header, from the top. DKIM counts from the bottom: `.rev()`.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = Field<'a>> + DoubleEndedIterator {
        self.root().fields()
    }

    /// The first field of the message's own header with that name, in any case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Field<'a>> {
        self.root().field(name)
    }

    /// The decoded text of the first Subject.
    #[must_use]
    pub fn subject(&self) -> Option<Cow<'a, str>> {
        self.field("Subject").map(|field| field.text())
    }

    /// The addresses of the first From.
    #[must_use]
    pub fn from(&self) -> AddressList<'a> {
        self.field("From").map(|field| field.addresses()).unwrap_or_default()
    }

    /// The first Date, where it can be read.
    #[must_use]
    pub fn date(&self) -> Option<DateTime> {
        self.field("Date")?.date()
    }

    /// The first identifier of the first Message-ID.
    #[must_use]
    pub fn message_id(&self) -> Option<MessageId<'a>> {
        self.field("Message-ID")?.message_ids().next()
    }

    /// What is wrong with the structure, in the order in which it was found; kept from parsing, so it costs nothing.
    ///
    /// The structure only: [`inspect`](Self::inspect) has all, and is what a gateway wants.
    #[must_use]
    pub fn defects(&self) -> &[Defect] {
        &self.index.defects
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }
}

/// A message that owns its octets.
///
/// ```
/// use mailwright_message_model::MessageBuf;
///
/// let owned = MessageBuf::parse(b"Subject: hi\r\n\r\nhello".to_vec())?;
/// assert_eq!(owned.message().field("Subject").unwrap().value(), b"hi");
/// # Ok::<(), mailwright_message_model::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct MessageBuf {
    raw: Vec<u8>,
    index: Index,
}

impl MessageBuf {
    /// Reads `raw` under the default [`Limits`].
    ///
    /// # Errors
    /// The message is larger than [`Limits::BYTES`].
    pub fn parse(raw: Vec<u8>) -> Result<Self, Error> {
        Self::parse_with(raw, &Limits::default())
    }

    /// Reads `raw` under limits of your own.
    ///
    /// # Errors
    /// The message is larger than [`Limits::bytes`].
    pub fn parse_with(raw: Vec<u8>, limits: &Limits) -> Result<Self, Error> {
        let index = parse::parse(&raw, limits)?;
        Ok(Self { raw, index })
    }

    /// The borrowed form, at no cost.
    #[must_use]
    pub fn message(&self) -> Message<'_> {
        Message { raw: &self.raw, index: Cow::Borrowed(&self.index) }
    }

    /// The octets that were parsed.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Gives the octets back.
    #[must_use]
    pub fn into_raw(self) -> Vec<u8> {
        self.raw
    }
}

impl From<Message<'_>> for MessageBuf {
    fn from(message: Message<'_>) -> Self {
        Self { raw: message.raw.to_vec(), index: message.index.into_owned() }
    }
}
