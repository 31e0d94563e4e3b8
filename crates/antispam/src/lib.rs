#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod attachment;
pub mod authentication;
pub mod content;
pub mod dnsbl;
mod error;
mod filter;
mod finding;
pub mod greylist;
pub mod html;
mod input;
pub mod learn;
mod limits;
mod line;
pub mod lists;
pub mod model;
pub mod names;
pub mod rules;
pub mod store;
mod verdict;

pub use error::{Error, ErrorKind, Place};
pub use filter::Filter;
pub use finding::{Check, Finding, Findings};
pub use input::{Class, Input, UnknownClass};
pub use limits::{Limits, MAX_DETAIL, MAX_FINDINGS, MAX_MESSAGE};
pub use verdict::{Action, Thresholds, TokenEvidence, Verdict};
