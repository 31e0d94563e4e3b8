//! What certificates, CRLs and OCSP responses have in common: a body, an algorithm, a signature (RFC 5280 4.1.1).

use der::Tag;

use crate::algorithm::AlgorithmIdentifier;
use crate::error::Error;
use crate::tlv::Element;

/// A signed object, its body unread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignedObject<'a> {
    /// All of it.
    pub(crate) raw: &'a [u8],
    /// What is signed.
    pub(crate) body: Element<'a>,
    pub(crate) algorithm: AlgorithmIdentifier<'a>,
    pub(crate) signature: &'a [u8],
}

impl<'a> SignedObject<'a> {
    pub(crate) fn read(element: Element<'a>, what: &'static str) -> Result<Self, Error> {
        if element.tag != Tag::Sequence {
            return Err(element.error(what));
        }
        let mut fields = element.children(what);
        let body = fields.tagged(Tag::Sequence)?;
        let algorithm = AlgorithmIdentifier::read(fields.sequence()?)?;
        // No signature scheme has bits that fill no octet: such a one is wrong, which is for the verification to say.
        let signature = fields.tagged(Tag::BitString)?.octets_of_bits().unwrap_or_default();
        fields.finish()?;
        Ok(Self { raw: element.raw, body, algorithm, signature })
    }
}
