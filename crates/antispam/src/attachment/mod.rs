//! Attachments by what they are, not by what they are called.

mod archive;
mod kind;
mod name;

pub use archive::{Archive, MAX_MEMBERS, Member};
pub use kind::{Content, Danger};
pub use name::{FileName, NameTrick};
