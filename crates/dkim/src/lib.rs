#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![allow(dead_code, reason = "the callers follow")]

pub mod algorithm;
#[cfg(all(feature = "arc", any(feature = "ring", feature = "aws-lc-rs")))]
pub mod arc;
mod base64;
pub mod canon;
mod header;
pub mod key;
mod line_ends;
mod policy;
mod quoted;
pub mod signature;
pub mod tags;

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod body_hash;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod crypto;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub mod verify;

pub use policy::{Limits, LineEnds, Policy, Treat};
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub use verify::{Outcome, Prepared, Reason, SignatureResult, Verification, Verifier, verify};
