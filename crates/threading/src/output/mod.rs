//! Threads as text: IMAP, a tree for the terminal, HTML, JSON, Graphviz, JMAP. Nothing recurses on the depth of a thread.

mod dot;
mod html;
mod imap;
mod jmap;
#[cfg(feature = "serde")]
mod json;
mod text;

pub use dot::Dot;
pub use html::{Html, MAX_NESTED};
pub use imap::Imap;
pub use jmap::{JmapThread, jmap};
#[cfg(feature = "serde")]
pub use json::Json;
pub use text::{MAX_DRAWN, MIN_WIDTH, Text};
