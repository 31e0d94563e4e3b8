//! What holds for any input, a file a subject.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod auth;
mod compose;
mod fields;
mod mbox;
mod message;
mod mime;
