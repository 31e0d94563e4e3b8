#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![allow(dead_code, reason = "the callers follow")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod algorithm;
mod base64;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod body_hash;
pub mod canon;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod crypto;
pub mod key;
mod quoted;
pub mod tags;
