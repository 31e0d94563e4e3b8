#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod cors;
pub mod locate;
mod strip;

pub use strip::{strip, stripped_spans};
