//! MIME entities to be written.

use std::fmt;
use std::mem;

use crate::transfer::Encoding;

use super::body::canonical;
use super::param::Parameters;
use super::{ComposeError, HeaderField, Options, tree};

/// An entity to be written, with its children (RFC 2045, RFC 2046).
///
/// ```
/// use mailwright_message_model::compose::{Options, Part, Transport};
///
/// // RFC 1847 2.1: what is signed is written first, and then taken as it is.
/// let signed = Part::text("plain", "Hello\n").build(&Options::new(Transport::SevenBit, 1))?;
/// let message = Part::multipart("signed", [
///     Part::entity(signed.clone()),
///     Part::new("application/pkcs7-signature", b"...").file_name("smime.p7s"),
/// ])
/// .parameter("protocol", "application/pkcs7-signature")
/// .parameter("micalg", "sha-256")
/// .build(&Options::new(Transport::SevenBit, 2))?;
/// assert!(message.windows(signed.len()).any(|octets| octets == signed));
/// # Ok::<(), mailwright_message_model::compose::ComposeError>(())
/// ```
///
/// Trees of any depth are written and dropped without recursion.
pub struct Part {
    pub(super) fields: Vec<HeaderField>,
    pub(super) type_: Parameters,
    pub(super) disposition: Option<Parameters>,
    pub(super) encoding: Option<Encoding>,
    pub(super) content: Content,
    /// The parts of a multipart, the one message of `message/rfc822`.
    pub(super) children: Vec<Self>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// To be encoded.
    Octets(Vec<u8>),
    /// Encoded already, as `encoding` says.
    Encoded(Vec<u8>),
    /// Header and body.
    Entity(Vec<u8>),
    /// A message, in `message/rfc822`.
    Message(Vec<u8>),
    /// The children.
    Multipart,
    /// The one child.
    MessageOf,
}

impl Part {
    /// Octets of the type `media_type`, which come back from decoding as they are. Text types are sent readable where
    /// they can be, `message/*` as it is (RFC 2045 6.4: it must have CRLF at the end of lines), everything else in base64.
    pub fn new(media_type: impl Into<String>, octets: impl Into<Vec<u8>>) -> Self {
        Self::with(media_type, Content::Octets(octets.into()), Vec::new())
    }

    /// Text of the type `text/subtype`, in UTF-8. Its line breaks become CRLF.
    pub fn text(subtype: &str, text: &str) -> Self {
        Self::new(format!("text/{subtype}"), canonical(text)).parameter("charset", "utf-8")
    }

    /// A body that is encoded already; it is taken as it is.
    pub fn encoded(media_type: impl Into<String>, encoding: Encoding, body: impl Into<Vec<u8>>) -> Self {
        Self::with(media_type, Content::Encoded(body.into()), Vec::new()).encoding(encoding)
    }

    /// A multipart of `children`; the boundary is made when it is written.
    pub fn multipart(subtype: &str, children: impl IntoIterator<Item = Self>) -> Self {
        Self::with(format!("multipart/{subtype}"), Content::Multipart, children.into_iter().collect())
    }

    /// A `message/rfc822` around `message`, whose header fields are its [`field`](Self::field)s. It is `message/global`
    /// (RFC 6532 3.7) if a header in it is not ASCII.
    #[must_use]
    pub fn message(message: Self) -> Self {
        Self::with("message/rfc822", Content::MessageOf, vec![message])
    }

    /// A `message/rfc822` around the octets of a message, which are taken as they are.
    pub fn message_octets(message: impl Into<Vec<u8>>) -> Self {
        Self::with("message/rfc822", Content::Message(message.into()), Vec::new())
    }

    /// A whole entity, header and body, which is taken as it is: for signed parts. Other settings do not matter to it.
    pub fn entity(octets: impl Into<Vec<u8>>) -> Self {
        Self::with("", Content::Entity(octets.into()), Vec::new())
    }

    fn with(media_type: impl Into<String>, content: Content, children: Vec<Self>) -> Self {
        Self {
            fields: Vec::new(),
            type_: Parameters::new(media_type),
            disposition: None,
            encoding: None,
            content,
            children,
        }
    }

    /// Adds a parameter of the Content-Type.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.type_.push(name, value);
        self
    }

    /// Adds a header field in front of those that MIME has.
    #[must_use]
    pub fn field(mut self, field: HeaderField) -> Self {
        self.fields.push(field);
        self
    }

    /// Sets the Content-Disposition: `inline`, `attachment`; parameters set before go.
    #[must_use]
    pub fn disposition(mut self, kind: impl Into<String>) -> Self {
        self.disposition = Some(Parameters::new(kind));
        self
    }

    /// Adds a file name; without a disposition the part becomes an attachment (RFC 2183 2.3).
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.disposition.get_or_insert_with(|| Parameters::new("attachment")).push("filename", name);
        self
    }

    /// Adds a Content-ID, with or without angle brackets (RFC 2045 7, RFC 2392).
    #[must_use]
    pub fn content_id(self, id: impl Into<String>) -> Self {
        self.field(HeaderField::message_ids("Content-ID", [id]))
    }

    /// Has the content sent in `encoding` instead of one chosen by what it holds.
    #[must_use]
    pub const fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = Some(encoding);
        self
    }

    /// Writes the entity, header and body.
    ///
    /// # Errors
    /// [`ComposeError`] with the rule that a field, a parameter or the tree breaks.
    pub fn build(&self, options: &Options) -> Result<Vec<u8>, ComposeError> {
        tree::write(self, options, None)
    }
}

/// Drops the children one by one: a deep tree would overflow the stack.
impl Drop for Part {
    fn drop(&mut self) {
        let mut parts = mem::take(&mut self.children);
        while let Some(mut part) = parts.pop() {
            parts.append(&mut part.children);
        }
    }
}

impl fmt::Debug for Part {
    /// The part without its children and its octets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("type", &self.type_.value)
            .field("children", &self.children.len())
            .finish_non_exhaustive()
    }
}
