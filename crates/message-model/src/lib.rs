//! What a message is: header fields, the MIME tree, and everything odd about it, as spans of the bytes received.
#![forbid(unsafe_code)]

pub mod address;
pub mod authres;
pub mod block;
pub mod charset;
pub mod compose;
pub mod content_type;
pub mod date;
pub mod domain;
pub mod encoded_word;
pub mod envelope;
pub mod list;
pub mod mailbox;
pub mod mbox;
pub mod message_id;
pub mod received;
mod span;
pub mod transfer;

pub use span::Span;
