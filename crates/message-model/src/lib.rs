//! What a message is: header fields, the MIME tree, and everything odd about it, as spans of the octets received.
//!
//! ```
//! use mailwright_message_model::Message;
//!
//! let raw = b"From: Zo\xc3\xab <zoe@example.org>\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n\r\nAt noon?\r\n";
//! let message = Message::parse(raw)?;
//! assert_eq!(message.subject().as_deref(), Some("Caf\u{e9}"));
//! assert_eq!(message.bodies().text[0].text().as_deref(), Some("At noon?\r\n"));
//! # Ok::<(), mailwright_message_model::Error>(())
//! ```
//!
//! A gateway refuses what two readers would read differently:
//!
//! ```
//! use mailwright_message_model::Message;
//!
//! let message = Message::parse(b"From: a@example.org\r\nFrom: b@example.net\r\nDate: 1 Jan 2026 10:00 +0000\r\n\r\n")?;
//! let defects = message.inspect();
//! let refused = defects.iter().find(|defect| defect.kind.is_ambiguous());
//! assert_eq!(refused.unwrap().kind.name(), "DuplicateField");
//! # Ok::<(), mailwright_message_model::Error>(())
//! ```
//!
//! # Where things are
//!
//! - **Reading.** [`Message::parse`] finds spans and copies nothing; [`Message::walk`] gives every [`Entity`] of the tree,
//!   [`Entity::fields`] every [`Field`] with its exact octets. [`Header`] reads a few fields without the rest.
//! - **Decoding**, when asked: [`Entity::decoded`], [`Entity::text`], [`Field::text`], [`Field::addresses`] and its
//!   neighbours; [`Message::bodies`] chooses text, HTML and attachments as clients do. The modules [`address`], [`date`],
//!   [`message_id`], [`received`], [`content_type`], [`encoded_word`], [`charset`], [`transfer`] read bare values as well.
//! - **What is odd.** [`Message::defects`] has the structure's, free with parsing; [`Message::inspect`] has all, those of
//!   fields, encodings and octets too: a gateway wants it. Each [`Defect`] has its place, its rule and a sentence for a
//!   postmaster.
//! - **The vocabulary** that the other crates of mailwright share: [`authres`], [`block`], [`domain`], [`envelope`],
//!   [`mailbox`].
//! - **Writing**: [`compose`]. **Mailboxes**: [`mbox`].
//!
//! # What it holds to
//!
//! Mail is never an error: only [`Limits::bytes`] refuses a message, every other limit cuts and says so. Nothing recurses
//! on the input, and time is linear in it. Offsets and raw octets are those of the input; what DKIM and S/MIME hash is
//! never put together again from decoded parts.
#![forbid(unsafe_code)]

pub mod address;
pub mod authres;
pub mod block;
mod bodies;
mod cfws;
pub mod charset;
pub mod compose;
pub mod content_type;
pub mod date;
mod defect;
pub mod domain;
pub mod encoded_word;
mod entity;
pub mod envelope;
mod error;
mod field;
mod grammar;
mod index;
mod inspect;
mod limits;
pub mod list_id;
pub mod mailbox;
pub mod mbox;
mod message;
pub mod message_id;
mod parse;
pub mod phrases;
pub mod received;
mod section;
mod span;
mod tile;
pub mod transfer;

pub use bodies::Bodies;
pub use defect::{Defect, DefectKind, Severity};
pub use entity::{Entity, MediaType};
pub use error::{Error, ErrorKind};
pub use field::{Field, Header};
pub use index::PartId;
pub use limits::Limits;
pub use message::{Message, MessageBuf};
pub use section::PartNumber;
pub use span::Span;
pub use tile::{Tile, TileKind};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
