//! Writing messages: folded header fields, encoded words, multipart bodies.
//!
//! [`Builder`] writes the usual message, [`Part`] any MIME tree, [`HeaderField`] one field and [`Folder`] a field unit by
//! unit. Nothing here reads a clock or makes random numbers: date, message id and the [seed](Options::seed) of the
//! boundaries are passed in, so that the same calls write the same octets.
//!
//! Lines end in CRLF. CR, LF and NUL in a name or value are an error, not another field.
//!
//! ```
//! use mailwright_message_model::compose::Builder;
//! use mailwright_message_model::date::DateTime;
//! use mailwright_message_model::Message;
//!
//! let octets = Builder::new()
//!     .from(("Änne", "aenne@example.org"))
//!     .to("bob@example.net")
//!     .subject("Zwölf Boxkämpfer")
//!     .date(DateTime::from_unix(1_700_000_000, 60).unwrap())
//!     .message_id("1@example.org")
//!     .text("jagen Viktor\n")
//!     .html("<p>jagen Viktor</p>\n")
//!     .attachment("Sylt.pdf", "application/pdf", b"%PDF-1.7")
//!     .build()?;
//!
//! let message = Message::parse(&octets).unwrap();
//! assert_eq!(message.subject().as_deref(), Some("Zwölf Boxkämpfer"));
//! let types: Vec<String> = message.walk().map(|entity| entity.media_type().to_string()).collect();
//! assert_eq!(types, ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"]);
//! assert!(message.defects().is_empty());
//! # Ok::<(), mailwright_message_model::compose::ComposeError>(())
//! ```

mod address;
mod body;
mod boundary;
mod builder;
mod error;
mod field;
mod fold;
mod param;
mod part;
mod text;
mod tree;

pub use address::Address;
pub use builder::Builder;
pub use error::{ComposeError, ComposeErrorKind};
pub use field::HeaderField;
pub use fold::{Folder, LINE_MUST, LINE_SHOULD};
pub use part::Part;

/// What all servers on the way are known to carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Transport {
    /// Lines of ASCII: everything else is encoded (RFC 5321 2.3.1).
    #[default]
    SevenBit,
    /// Bodies of any octets in lines (8BITMIME, RFC 6152): text is not encoded.
    EightBitMime,
    /// Header fields in UTF-8 as well (SMTPUTF8, RFC 6531, RFC 6532): addresses outside of ASCII can be written.
    SmtpUtf8,
}

/// What is passed in for the writing of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Options {
    /// What the transport carries.
    pub transport: Transport,
    /// Makes the boundaries. Any value gives boundaries that do not occur in the parts; a random one gives such that
    /// nobody can foresee.
    pub seed: u64,
}

impl Options {
    /// Options for `transport` and `seed`.
    #[must_use]
    pub const fn new(transport: Transport, seed: u64) -> Self {
        Self { transport, seed }
    }
}
