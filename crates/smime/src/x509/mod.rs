//! Certificates and revocation lists (RFC 5280), read in place.

pub(crate) mod certificate;
mod crl;
pub(crate) mod extension;
mod general_name;
pub(crate) mod key;
pub(crate) mod name;
pub(crate) mod ocsp;
mod pem;
pub(crate) mod signed;
mod time;

pub use certificate::Certificate;
pub(crate) use certificate::hex;
pub use crl::{Crl, CrlEntries, CrlEntry};
pub use extension::{
    AuthorityKeyId, BasicConstraints, DistributionPoint, ExtendedKeyUsage, Extension,
    IssuingDistributionPoint, KeyUsage, NameConstraints, PointName, PolicyConstraints, PolicyMapping,
    Reasons, Subtree,
};
pub use general_name::{GeneralName, GeneralNames};
pub use key::PublicKeyInfo;
pub use name::{Attribute, Name};
pub use ocsp::OcspResponse;
pub use pem::{PemBlock, pem_blocks};
pub use time::Time;
