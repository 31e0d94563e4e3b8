//! Cryptographic Message Syntax (RFC 5652): the structures, without MIME around them.

pub(crate) mod attribute;
pub(crate) mod content;
mod fault;
pub(crate) mod hashes;
pub(crate) mod signed;
pub(crate) mod signer;
pub(crate) mod verify;

pub use content::ContentType;
pub use fault::SignatureFault;
