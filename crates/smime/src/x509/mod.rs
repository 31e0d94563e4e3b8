//! Certificates and what they are made of (RFC 5280).

pub(crate) mod key;

pub use key::PublicKeyInfo;
