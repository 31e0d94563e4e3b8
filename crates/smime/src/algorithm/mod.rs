//! Algorithm identifiers (RFC 5280 4.1.1.2), digests and signature schemes.

mod cipher;
mod digest;
mod post_quantum;
mod scheme;

use der::Tag;

pub use cipher::Cipher;
pub(crate) use cipher::CipherStart;
pub use digest::Digest;
pub(crate) use post_quantum::PostQuantum;
pub(crate) use scheme::{PssParameters, SignatureScheme};

use crate::error::Error;
use crate::oid::Oid;
use crate::tlv::{Element, Elements};

/// An algorithm and its parameters, as they stand in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlgorithmIdentifier<'a> {
    oid: Oid<'a>,
    parameters: Option<Element<'a>>,
}

impl<'a> AlgorithmIdentifier<'a> {
    /// Reads the content of an `AlgorithmIdentifier`.
    pub(crate) fn read(mut fields: Elements<'a>) -> Result<Self, Error> {
        let oid = fields.oid()?;
        let parameters = if fields.is_empty() { None } else { Some(fields.any()?) };
        fields.finish()?;
        Ok(Self { oid, parameters })
    }

    /// The algorithm.
    #[must_use]
    pub const fn oid(&self) -> Oid<'a> {
        self.oid
    }

    /// The DER of the parameters, if there are any.
    #[must_use]
    pub fn parameters(&self) -> Option<&'a [u8]> {
        self.parameters.map(|parameters| parameters.raw)
    }

    pub(crate) const fn element(&self) -> Option<Element<'a>> {
        self.parameters
    }

    /// Whether the parameters are absent or NULL, which mean the same for digests (RFC 5754 2) and most signatures.
    pub(crate) fn no_parameters(&self) -> bool {
        self.parameters.is_none_or(|parameters| parameters.tag == Tag::Null && parameters.value.is_empty())
    }
}
