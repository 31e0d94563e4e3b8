#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod build;
mod coded;
pub mod cors;
mod css;
mod engine;
pub mod gate;
mod html;
pub mod lint;
pub mod locate;
mod report;
mod rules;
mod strip;
mod text;
mod validate;

#[doc(hidden)]
pub use css::fuzz as fuzz_css;
pub use report::{ErrorCode, Finding, Report, Severity, Status};
pub use strip::{strip, stripped_spans};
pub use validate::{Limits, MAX_DOCUMENT, Validator, validate, validate_bytes};
