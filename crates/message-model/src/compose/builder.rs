//! The usual message: addresses, subject, text, HTML, attachments.

use crate::date::DateTime;
use crate::field::ONCE;

use super::{Address, ComposeError, ComposeErrorKind, HeaderField, Options, Part, Transport, tree};

/// Writes the usual message; see the [module](super) for an example.
///
/// Text and HTML become a `multipart/alternative`, attachments make it a `multipart/mixed`; [`body`](Self::body) takes
/// any other tree. There is no Bcc: its addresses belong to the envelope.
#[derive(Debug, Default)]
pub struct Builder {
    from: Vec<Address>,
    sender: Vec<Address>,
    reply_to: Vec<Address>,
    to: Vec<Address>,
    cc: Vec<Address>,
    date: Option<DateTime>,
    subject: Option<String>,
    message_id: Option<String>,
    in_reply_to: Vec<String>,
    references: Vec<String>,
    fields: Vec<HeaderField>,
    text: Option<Part>,
    html: Option<Part>,
    body: Option<Part>,
    attachments: Vec<Part>,
    options: Options,
}

impl Builder {
    /// An empty message.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an author (RFC 5322 3.6.2); at least one is needed.
    #[must_use]
    pub fn from(mut self, author: impl Into<Address>) -> Self {
        self.from.push(author.into());
        self
    }

    /// Sets who sends it, needed if there are several authors (RFC 5322 3.6.2).
    #[must_use]
    pub fn sender(mut self, sender: impl Into<Address>) -> Self {
        self.sender = vec![sender.into()];
        self
    }

    /// Adds an address for replies.
    #[must_use]
    pub fn reply_to(mut self, address: impl Into<Address>) -> Self {
        self.reply_to.push(address.into());
        self
    }

    /// Adds a recipient.
    #[must_use]
    pub fn to(mut self, recipient: impl Into<Address>) -> Self {
        self.to.push(recipient.into());
        self
    }

    /// Adds a recipient of a copy.
    #[must_use]
    pub fn cc(mut self, recipient: impl Into<Address>) -> Self {
        self.cc.push(recipient.into());
        self
    }

    /// Sets the date (RFC 5322 3.6.1), which is needed.
    #[must_use]
    pub const fn date(mut self, date: DateTime) -> Self {
        self.date = Some(date);
        self
    }

    /// Sets the subject.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Sets the message identifier, with or without angle brackets. It must be the only one of its kind in the world
    /// (RFC 5322 3.6.4), so it is not made here.
    #[must_use]
    pub fn message_id(mut self, id: impl Into<String>) -> Self {
        self.message_id = Some(id.into());
        self
    }

    /// Adds a message that this one answers.
    #[must_use]
    pub fn in_reply_to(mut self, id: impl Into<String>) -> Self {
        self.in_reply_to.push(id.into());
        self
    }

    /// Adds messages of the thread, oldest first.
    #[must_use]
    pub fn references<I: Into<String>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.references.extend(ids.into_iter().map(Into::into));
        self
    }

    /// Adds a field of unstructured text behind the others.
    #[must_use]
    pub fn field(self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.header(HeaderField::text(name, text))
    }

    /// Adds a field of any form behind the others.
    #[must_use]
    pub fn header(mut self, field: HeaderField) -> Self {
        self.fields.push(field);
        self
    }

    /// Sets the plain text.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.text = Some(Part::text("plain", text));
        self
    }

    /// Sets the HTML.
    #[must_use]
    pub fn html(mut self, html: &str) -> Self {
        self.html = Some(Part::text("html", html));
        self
    }

    /// Sets what stands in the place of text and HTML.
    #[must_use]
    pub fn body(mut self, part: Part) -> Self {
        self.body = Some(part);
        self
    }

    /// Adds an attachment.
    #[must_use]
    pub fn attachment(
        self,
        file_name: impl Into<String>,
        media_type: impl Into<String>,
        octets: impl Into<Vec<u8>>,
    ) -> Self {
        self.attach(Part::new(media_type, octets).file_name(file_name))
    }

    /// Adds a part behind the text.
    #[must_use]
    pub fn attach(mut self, part: Part) -> Self {
        self.attachments.push(part);
        self
    }

    /// Sets what the transport carries; nothing but lines of ASCII if this is not called.
    #[must_use]
    pub const fn transport(mut self, transport: Transport) -> Self {
        self.options.transport = transport;
        self
    }

    /// Sets what the boundaries are made of; see [`Options::seed`].
    #[must_use]
    pub const fn seed(mut self, seed: u64) -> Self {
        self.options.seed = seed;
        self
    }

    /// Writes the message.
    ///
    /// # Errors
    /// [`ComposeError`] with the rule that is broken, also that From or Date is missing or a field stands twice that
    /// may not.
    pub fn build(self) -> Result<Vec<u8>, ComposeError> {
        let head = self.head()?;
        let options = self.options;
        tree::write(&self.content(), &options, Some(&head))
    }

    fn head(&self) -> Result<Vec<HeaderField>, ComposeError> {
        let addresses = |name, list: &Vec<Address>| {
            (!list.is_empty()).then(|| HeaderField::addresses(name, list.iter().cloned()))
        };
        let ids = |name, list: &Vec<String>| {
            (!list.is_empty()).then(|| HeaderField::message_ids(name, list.iter().cloned()))
        };
        let own = [
            self.date.map(|date| HeaderField::date("Date", date)),
            addresses("From", &self.from),
            addresses("Sender", &self.sender),
            addresses("Reply-To", &self.reply_to),
            addresses("To", &self.to),
            addresses("Cc", &self.cc),
            self.message_id.as_ref().map(|id| HeaderField::message_ids("Message-ID", [id])),
            ids("In-Reply-To", &self.in_reply_to),
            ids("References", &self.references),
            self.subject.as_ref().map(|subject| HeaderField::text("Subject", subject)),
        ];
        let head: Vec<HeaderField> = own.into_iter().flatten().chain(self.fields.iter().cloned()).collect();
        let count = |name: &str| head.iter().filter(|field| field.name().eq_ignore_ascii_case(name)).count();
        for name in ONCE {
            if count(name) > 1 {
                return Err(ComposeError::new(ComposeErrorKind::DuplicateField).within(name));
            }
        }
        // RFC 5322 3.6.2: Sender, if there are several authors
        let sender = if self.from.len() > 1 { "Sender" } else { "From" };
        for name in ["Date", "From", sender] {
            if count(name) == 0 {
                return Err(ComposeError::new(ComposeErrorKind::MissingField).within(name));
            }
        }
        Ok(head)
    }

    fn content(self) -> Part {
        let body = self.body.unwrap_or_else(|| match (self.text, self.html) {
            // RFC 2046 5.1.4: the richest last
            (Some(text), Some(html)) => Part::multipart("alternative", [text, html]),
            (text, html) => text.or(html).unwrap_or_else(|| Part::text("plain", "")),
        });
        if self.attachments.is_empty() {
            return body;
        }
        Part::multipart("mixed", std::iter::once(body).chain(self.attachments))
    }
}
