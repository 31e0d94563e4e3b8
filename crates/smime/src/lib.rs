#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod algorithm;
mod backend;
mod ber;
mod capabilities;
pub mod cms;
mod error;
pub mod ess;
pub mod header_protection;
pub mod limits;
mod make;
mod oid;
mod open;
pub mod path;
pub mod pkcs12;
mod policy;
#[cfg(feature = "__primitives")]
#[doc(hidden)]
pub mod primitive;
mod private_key;
mod random;
#[cfg(feature = "serde")]
mod serialize;
pub mod store;
pub mod stream;
mod tlv;
pub mod x509;

pub use algorithm::{Cipher, Digest};
pub use capabilities::Capabilities;
pub use error::{Error, ErrorKind};
pub use make::{Encryptor, Signer, Transport, compress};
pub use oid::{Oid, OidBuf};
pub use open::{
    Chain, Context, Countersignature, Coverage, EncryptedLayer, EncryptionKey, Identity, Layer, LayerKind,
    Report, SenderField, SignedLayer, SignerReport, Stated, TimeOfCheck, Verdict, Warning, Why, has_layers,
    open, open_cms, outside_fields, verify_detached,
};
pub use policy::Policy;
pub use private_key::PrivateKey;
pub use random::{NoRandom, Random, SystemRandom};
pub use x509::Time;
