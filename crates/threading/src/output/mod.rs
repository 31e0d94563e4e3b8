//! Threads as text.

mod imap;

pub use imap::Imap;
