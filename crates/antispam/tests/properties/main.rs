//! What holds for any input.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod checks;
mod learning;
