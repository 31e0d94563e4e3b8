//! One signer of signed data (RFC 5652 5.3).

use der::Tag;

use super::attribute::Attributes;
use crate::algorithm::AlgorithmIdentifier;
use crate::error::Error;
use crate::tlv::{Element, Elements, constructed, primitive};
use crate::x509::{Certificate, Name};

/// A `SignerInfo`.
#[derive(Clone, Debug)]
pub(crate) struct SignerInfo<'a> {
    pub(crate) signer: CertificateId<'a>,
    pub(crate) digest: AlgorithmIdentifier<'a>,
    /// The content of the SET OF signed attributes, as it stands in the input.
    pub(crate) signed_attributes: Option<Element<'a>>,
    pub(crate) algorithm: AlgorithmIdentifier<'a>,
    pub(crate) signature: &'a [u8],
    pub(crate) unsigned_attributes: Option<Element<'a>>,
}

/// How a certificate is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CertificateId<'a> {
    /// By its issuer and the serial number there.
    IssuerAndSerial {
        /// The whole element of the name.
        issuer: &'a [u8],
        /// The content of the INTEGER.
        serial: &'a [u8],
    },
    /// By the key identifier of its subject.
    KeyId(&'a [u8]),
}

const WHAT: &str = "signer";

impl<'a> SignerInfo<'a> {
    /// Reads the element of a `SignerInfo`.
    pub(crate) fn read(der: &'a [u8]) -> Result<Self, Error> {
        let mut fields = Element::only(der, 0, WHAT)?.children(WHAT);
        fields.tagged(Tag::Integer)?; // the version, which says what the identifier says as well
        let signer = CertificateId::read(&mut fields)?;
        let digest = AlgorithmIdentifier::read(fields.sequence()?)?;
        let signed_attributes = fields.optional(constructed(0))?;
        let algorithm = AlgorithmIdentifier::read(fields.sequence()?)?;
        let signature = fields.tagged(Tag::OctetString)?.value;
        let unsigned_attributes = fields.optional(constructed(1))?;
        fields.finish()?;
        Ok(Self { signer, digest, signed_attributes, algorithm, signature, unsigned_attributes })
    }

    /// The signed attributes, none where there are none.
    pub(crate) fn signed(&self) -> Result<Option<Attributes<'a>>, Error> {
        self.signed_attributes.map(|set| Attributes::read(set.children(WHAT))).transpose()
    }

    /// The attributes that are not signed; what cannot be read counts as absent, for nothing rests on them.
    pub(crate) fn unsigned(&self) -> Attributes<'a> {
        self.unsigned_attributes.and_then(|set| Attributes::read(set.children(WHAT)).ok()).unwrap_or_default()
    }
}

impl<'a> CertificateId<'a> {
    /// A `SignerIdentifier` or `RecipientIdentifier`.
    pub(crate) fn read(fields: &mut Elements<'a>) -> Result<Self, Error> {
        let element = fields.any()?;
        if element.tag == primitive(0) {
            return Ok(Self::KeyId(element.value));
        }
        if element.tag == constructed(0) {
            // BER allows the string in pieces; in one piece it is read as well.
            return Ok(Self::KeyId(Element::only(element.value, element.at, WHAT)?.value));
        }
        if element.tag != Tag::Sequence {
            return Err(element.error(WHAT));
        }
        let mut inside = element.children(WHAT);
        let issuer = inside.tagged(Tag::Sequence)?.raw;
        let serial = inside.tagged(Tag::Integer)?.value;
        inside.finish()?;
        Ok(Self::IssuerAndSerial { issuer, serial })
    }
}

impl CertificateId<'_> {
    /// Whether this is the certificate that is meant.
    pub(crate) fn names(&self, certificate: &Certificate<'_>) -> bool {
        match self {
            Self::KeyId(id) => certificate.subject_key_id() == Some(*id),
            Self::IssuerAndSerial { issuer, serial } => {
                certificate.serial() == *serial
                    && Element::only(issuer, 0, WHAT)
                        .and_then(Name::read)
                        .is_ok_and(|issuer| issuer.matches(&certificate.issuer()))
            }
        }
    }
}
