//! What a message is: header fields, the MIME tree, and everything odd about it, as spans of the bytes received.
#![forbid(unsafe_code)]

pub mod address;
pub mod authres;
pub mod block;
mod body;
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
mod index;
mod inspect;
mod limits;
pub mod list;
pub mod mailbox;
pub mod mbox;
mod message;
pub mod message_id;
mod parse;
pub mod received;
mod section;
mod span;
mod tile;
pub mod transfer;

pub use body::Bodies;
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
