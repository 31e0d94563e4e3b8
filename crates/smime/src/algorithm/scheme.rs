//! Signature schemes: what a signature algorithm identifier says.

use super::{AlgorithmIdentifier, Digest, PostQuantum};
use crate::error::Error;
use crate::oid::oids;
use crate::tlv::{Element, Elements, constructed};

oids! {
    RSA = "1.2.840.113549.1.1.1";
    RSA_SHA1 = "1.2.840.113549.1.1.5";
    RSA_SHA224 = "1.2.840.113549.1.1.14";
    RSA_SHA256 = "1.2.840.113549.1.1.11";
    RSA_SHA384 = "1.2.840.113549.1.1.12";
    RSA_SHA512 = "1.2.840.113549.1.1.13";
    RSA_PSS = "1.2.840.113549.1.1.10";
    /// An old name of sha1WithRSAEncryption, which Microsoft's tools wrote.
    OIW_RSA_SHA1 = "1.3.14.3.2.29";
    MGF1 = "1.2.840.113549.1.1.8";
    EC_KEY = "1.2.840.10045.2.1";
    ECDSA_SHA1 = "1.2.840.10045.4.1";
    ECDSA_SHA224 = "1.2.840.10045.4.3.1";
    ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    ECDSA_SHA384 = "1.2.840.10045.4.3.3";
    ECDSA_SHA512 = "1.2.840.10045.4.3.4";
    ED25519 = "1.3.101.112";
    DSA = "1.2.840.10040.4.1";
    DSA_SHA1 = "1.2.840.10040.4.3";
    DSA_SHA224 = "2.16.840.1.101.3.4.3.1";
    DSA_SHA256 = "2.16.840.1.101.3.4.3.2";
    DSA_SHA384 = "2.16.840.1.101.3.4.3.3";
    DSA_SHA512 = "2.16.840.1.101.3.4.3.4";
}

/// How a signature is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureScheme {
    RsaPkcs1(Digest),
    RsaPss(PssParameters),
    Ecdsa(Digest),
    Ed25519,
    Dsa(Digest),
    /// ML-DSA or SLH-DSA, which sign the message itself (RFC 9882, RFC 9814).
    PostQuantum(PostQuantum),
}

/// The parameters of RSASSA-PSS (RFC 4055 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PssParameters {
    pub(crate) digest: Digest,
    pub(crate) mgf: Digest,
    pub(crate) salt: usize,
}

impl SignatureScheme {
    /// The scheme of a signature over a certificate, a CRL or an OCSP response: it names its digest.
    pub(crate) fn from_identifier(identifier: &AlgorithmIdentifier<'_>) -> Result<Self, Error> {
        Self::named(identifier, None)
    }

    /// The scheme of a signer whose digest algorithm is named apart (RFC 5652 5.3): the identifier may name the key's
    /// algorithm alone (RFC 3370 3, RFC 5754 3).
    pub(crate) fn with_digest(identifier: &AlgorithmIdentifier<'_>, digest: Digest) -> Result<Self, Error> {
        Self::named(identifier, Some(digest))
    }

    fn named(identifier: &AlgorithmIdentifier<'_>, apart: Option<Digest>) -> Result<Self, Error> {
        let oid = identifier.oid();
        let unsupported = || Error::unsupported("signature", oid);
        let scheme = match oid {
            RSA => Self::RsaPkcs1(apart.ok_or_else(unsupported)?),
            RSA_SHA1 | OIW_RSA_SHA1 => Self::RsaPkcs1(Digest::Sha1),
            RSA_SHA224 => Self::RsaPkcs1(Digest::Sha224),
            RSA_SHA256 => Self::RsaPkcs1(Digest::Sha256),
            RSA_SHA384 => Self::RsaPkcs1(Digest::Sha384),
            RSA_SHA512 => Self::RsaPkcs1(Digest::Sha512),
            RSA_PSS => return PssParameters::read(identifier).map(Self::RsaPss),
            EC_KEY => Self::Ecdsa(apart.ok_or_else(unsupported)?),
            ECDSA_SHA1 => Self::Ecdsa(Digest::Sha1),
            ECDSA_SHA224 => Self::Ecdsa(Digest::Sha224),
            ECDSA_SHA256 => Self::Ecdsa(Digest::Sha256),
            ECDSA_SHA384 => Self::Ecdsa(Digest::Sha384),
            ECDSA_SHA512 => Self::Ecdsa(Digest::Sha512),
            // RFC 8410 3: the parameters are absent.
            ED25519 if identifier.element().is_none() => return Ok(Self::Ed25519),
            DSA => Self::Dsa(apart.ok_or_else(unsupported)?),
            DSA_SHA1 => Self::Dsa(Digest::Sha1),
            DSA_SHA224 => Self::Dsa(Digest::Sha224),
            DSA_SHA256 => Self::Dsa(Digest::Sha256),
            DSA_SHA384 => Self::Dsa(Digest::Sha384),
            DSA_SHA512 => Self::Dsa(Digest::Sha512),
            // RFC 9881 2, RFC 9909 3: the parameters are absent.
            oid if identifier.element().is_none() => {
                return PostQuantum::signature(oid).map(Self::PostQuantum).ok_or_else(unsupported);
            }
            _ => return Err(unsupported()),
        };
        Ok(scheme)
    }

    /// The digest that the scheme asks for; Ed25519 fixes it (RFC 8419 2.3), the schemes after quantum computers take any.
    pub(crate) const fn digest(&self) -> Option<Digest> {
        match self {
            Self::RsaPkcs1(digest) | Self::Ecdsa(digest) | Self::Dsa(digest) => Some(*digest),
            Self::RsaPss(parameters) => Some(parameters.digest),
            Self::Ed25519 => Some(Digest::Sha512),
            Self::PostQuantum(_) => None,
        }
    }

    /// Whether the scheme signs the message and not a digest of it.
    pub(crate) const fn signs_message(&self) -> bool {
        matches!(self, Self::Ed25519 | Self::PostQuantum(_))
    }
}

impl PssParameters {
    /// The defaults (RFC 4055 3.1).
    const DEFAULT: Self = Self { digest: Digest::Sha1, mgf: Digest::Sha1, salt: 20 };

    /// The parameters of `id-RSASSA-PSS`, which must be there in a signature.
    pub(crate) fn read(identifier: &AlgorithmIdentifier<'_>) -> Result<Self, Error> {
        const WHAT: &str = "RSASSA-PSS parameters";
        let Some(parameters) = identifier.element() else {
            return Err(Error::unsupported("signature without parameters", identifier.oid()));
        };
        let mut fields = parameters.sequence(WHAT)?;
        let mut read = Self::DEFAULT;
        if let Some(hash) = fields.optional(constructed(0))? {
            read.digest = Digest::from_identifier(&inner(hash, WHAT)?)?;
        }
        if let Some(mask) = fields.optional(constructed(1))? {
            let mask = inner(mask, WHAT)?;
            if mask.oid() != MGF1 {
                return Err(Error::unsupported("mask generation", mask.oid()));
            }
            let hash = mask.element().ok_or_else(|| parameters.error(WHAT))?;
            read.mgf = Digest::from_identifier(&AlgorithmIdentifier::read(hash.children(WHAT))?)?;
        }
        if let Some(salt) = fields.optional(constructed(2))? {
            let salt = Element::only(salt.value, salt.at, WHAT)?.small()?;
            read.salt = usize::try_from(salt).map_err(|_| parameters.error(WHAT))?;
        }
        if let Some(trailer) = fields.optional(constructed(3))?
            && Element::only(trailer.value, trailer.at, WHAT)?.small()? != 1
        {
            return Err(parameters.error(WHAT));
        }
        fields.finish()?;
        Ok(read)
    }
}

/// The algorithm identifier inside an explicit tag.
fn inner<'a>(tagged: Element<'a>, what: &'static str) -> Result<AlgorithmIdentifier<'a>, Error> {
    let mut inside = Elements::new(tagged.value, tagged.at, what);
    let identifier = AlgorithmIdentifier::read(inside.sequence()?)?;
    inside.finish()?;
    Ok(identifier)
}
