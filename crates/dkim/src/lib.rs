#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(any(feature = "ring", feature = "aws-lc-rs")),
    allow(dead_code, reason = "without cryptography only reading is left")
)]

pub mod algorithm;
#[cfg(all(feature = "arc", any(feature = "ring", feature = "aws-lc-rs")))]
pub mod arc;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub mod atps;
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
pub mod diagnose;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub mod sign;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub mod verify;

pub use policy::{Limits, LineEnds, Policy, Treat};
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub use sign::{SignError, SignErrorKind, SignatureField, Signer};
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub use verify::{Outcome, Prepared, Reason, SignatureResult, Verification, Verifier, verify};
