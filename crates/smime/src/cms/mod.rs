//! Cryptographic Message Syntax (RFC 5652): the structures, without MIME around them.

pub(crate) mod attribute;
pub(crate) mod compressed;
pub(crate) mod content;
pub(crate) mod decrypt;
pub(crate) mod digested;
pub(crate) mod enveloped;
mod fault;
pub(crate) mod hashes;
pub(crate) mod open_key;
pub(crate) mod recipient;
mod recipient_info;
pub(crate) mod signed;
pub(crate) mod signer;
pub(crate) mod verify;

pub use content::ContentType;
pub use decrypt::Opened;
pub use fault::SignatureFault;
pub use open_key::{Keys, OpenedBy};
pub use recipient_info::{RecipientForm, RecipientId, RecipientInfo};
