#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![allow(dead_code, unused_imports, reason = "the paths that use it are being built")]

pub mod algorithm;
mod backend;
mod ber;
pub mod cms;
mod error;
pub mod limits;
mod oid;
mod private_key;
mod tlv;
pub mod x509;

pub use algorithm::Digest;
pub use error::{Error, ErrorKind};
pub use oid::Oid;
pub use private_key::PrivateKey;
