//! Properties, one file a subject.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod eval;
mod flat;
mod record;
mod rounds;
mod world;
