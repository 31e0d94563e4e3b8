//! Messages made: signed, encrypted, compressed.

mod cms;
mod compress;
mod encrypt;
mod entity;
mod recipient;
mod sign;

pub use compress::compress;
pub use encrypt::{Encryptor, Transport};
pub use sign::Signer;
