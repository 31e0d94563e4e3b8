//! The cryptography, behind functions of our own: `ring` where it serves, RustCrypto for the rest; with the feature `aws-lc`
//! `aws-lc-rs` for private keys.

pub(crate) mod agree;
#[cfg(feature = "aws-lc")]
mod aws_lc;
pub(crate) mod cbc;
mod digest;
#[cfg(feature = "legacy")]
mod dsa;
mod ecdsa;
pub(crate) mod gcm;
pub(crate) mod kdf;
#[cfg(feature = "pqc")]
pub(crate) mod post_quantum;
mod rsa;
pub(crate) mod rsa_private;
mod sign;
mod verify;
pub(crate) mod wrap;

/// Octets that are wiped when they are no longer needed.
pub(crate) type Secret = zeroize::Zeroizing<Vec<u8>>;

pub(crate) use digest::{Hasher, digest, digest_again};
pub(crate) use sign::sign;
pub(crate) use verify::{Signed, Unverified, verify};
