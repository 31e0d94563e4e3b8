#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![allow(dead_code, unused_imports, reason = "CMS, which uses it, is being built")]

pub mod algorithm;
mod backend;
mod ber;
pub mod cms;
mod error;
pub mod header_protection;
pub mod limits;
mod oid;
mod open;
pub mod path;
mod policy;
mod private_key;
mod tlv;
pub mod x509;

pub use algorithm::Digest;
pub use error::{Error, ErrorKind};
pub use oid::{Oid, OidBuf};
pub use open::{
    Chain, Context, Countersignature, Coverage, EncryptedLayer, Identity, Layer, LayerKind, Report,
    SenderField, SignedLayer, SignerReport, TimeOfCheck, Verdict, Warning, Why, open, open_cms,
    verify_detached,
};
pub use policy::Policy;
pub use private_key::PrivateKey;
pub use x509::Time;
