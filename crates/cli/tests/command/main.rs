//! Runs the built binary and looks at what it says.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests"
)]

mod amp;
mod authentication;
mod bounce;
mod certificates;
mod check;
mod conformance;
mod dmarc;
mod documented;
mod harmless;
mod mailboxes;
mod program;
mod signatures;
mod smime;
mod spam;
mod spf;
mod threads;
mod verbs;
mod width;
