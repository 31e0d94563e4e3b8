//! What certificates, CRLs and OCSP responses have in common: a body, an algorithm, a signature (RFC 5280 4.1.1).

use der::Tag;

use super::extension::{AUTHORITY_KEY_ID, AuthorityKeyId, Extensions, authority_key_id};
use super::name::Name;
use crate::algorithm::AlgorithmIdentifier;
use crate::error::Error;
use crate::tlv::Element;

/// What certificates and revocation lists have in common beyond that: an issuer, and extensions.
#[derive(Clone, Debug)]
pub(crate) struct Issued<'a> {
    pub(crate) signed: SignedObject<'a>,
    /// The algorithm as it was signed along.
    pub(crate) algorithm: AlgorithmIdentifier<'a>,
    pub(crate) issuer: Name<'a>,
    pub(crate) extensions: Extensions<'a>,
}

impl<'a> Issued<'a> {
    /// RFC 5280 4.1.1.2, 5.1.1.2: the algorithm beside the signature must be the one that was signed along.
    pub(crate) fn has_one_algorithm(&self) -> bool {
        let (outer, inner) = (&self.signed.algorithm, &self.algorithm);
        outer.oid() == inner.oid() && outer.parameters() == inner.parameters()
    }

    /// Which key of the issuer signed (RFC 5280 4.2.1.1, 5.2.1), if that can be read.
    pub(crate) fn authority_key_id(&self) -> Option<AuthorityKeyId<'a>> {
        self.extensions.typed(AUTHORITY_KEY_ID, "authority key identifier", authority_key_id).ok().flatten()
    }
}

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
