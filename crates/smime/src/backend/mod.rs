//! The cryptography, behind functions of our own: `ring` where it serves, RustCrypto for the rest.

mod digest;
#[cfg(feature = "legacy")]
mod dsa;
mod ecdsa;
mod rsa;
mod verify;

pub(crate) use digest::{Hasher, digest};
pub(crate) use verify::{Signed, Unverified, verify};
