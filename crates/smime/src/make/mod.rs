//! Messages made: signed, encrypted, compressed.

mod cms;
mod compress;
mod encrypt;
pub(crate) mod entity;
mod recipient;
mod sign;

pub use compress::compress;
pub(crate) use encrypt::Sealing;
#[cfg(test)]
pub(crate) use recipient::for_shared;
pub(crate) use recipient::new_secret;

pub use encrypt::{Encryptor, Transport};
pub use sign::Signer;
