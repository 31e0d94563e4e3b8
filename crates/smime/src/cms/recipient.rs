//! Recipients of enveloped data (RFC 5652 6.2): for whom the content key is sealed, and how.

use der::Tag;

use super::signer::CertificateId;
use crate::algorithm::{AlgorithmIdentifier, Digest};
use crate::backend::wrap::Wrap;
use crate::error::Error;
use crate::oid::{Oid, oids};
use crate::tlv::{Element, Elements, constructed};
use crate::x509::key::RSA;

oids! {
    RSA_OAEP = "1.2.840.113549.1.1.7";
    MGF1 = "1.2.840.113549.1.1.8";
    P_SPECIFIED = "1.2.840.113549.1.1.9";
    AES128_WRAP = "2.16.840.1.101.3.4.1.5";
    AES192_WRAP = "2.16.840.1.101.3.4.1.25";
    AES256_WRAP = "2.16.840.1.101.3.4.1.45";
    AES128_WRAP_PAD = "2.16.840.1.101.3.4.1.8";
    AES192_WRAP_PAD = "2.16.840.1.101.3.4.1.28";
    AES256_WRAP_PAD = "2.16.840.1.101.3.4.1.48";
    CMS_3DES_WRAP = "1.2.840.113549.1.9.16.3.6";
    STD_DH_SHA1 = "1.3.133.16.840.63.0.2";
    STD_DH_SHA224 = "1.3.132.1.11.0";
    STD_DH_SHA256 = "1.3.132.1.11.1";
    STD_DH_SHA384 = "1.3.132.1.11.2";
    STD_DH_SHA512 = "1.3.132.1.11.3";
    COFACTOR_DH_SHA1 = "1.3.133.16.840.63.0.3";
    COFACTOR_DH_SHA224 = "1.3.132.1.14.0";
    COFACTOR_DH_SHA256 = "1.3.132.1.14.1";
    COFACTOR_DH_SHA384 = "1.3.132.1.14.2";
    COFACTOR_DH_SHA512 = "1.3.132.1.14.3";
    STD_DH_HKDF_SHA256 = "1.2.840.113549.1.9.16.3.19";
    STD_DH_HKDF_SHA384 = "1.2.840.113549.1.9.16.3.20";
    STD_DH_HKDF_SHA512 = "1.2.840.113549.1.9.16.3.21";
    ORI_KEM = "1.2.840.113549.1.9.16.13.3";
    HKDF_SHA256 = "1.2.840.113549.1.9.16.3.28";
    HKDF_SHA384 = "1.2.840.113549.1.9.16.3.29";
    HKDF_SHA512 = "1.2.840.113549.1.9.16.3.30";
    PWRI_KEK = "1.2.840.113549.1.9.16.3.9";
    PBKDF2 = "1.2.840.113549.1.5.12";
    HMAC_SHA1 = "1.2.840.113549.2.7";
    HMAC_SHA224 = "1.2.840.113549.2.8";
    HMAC_SHA256 = "1.2.840.113549.2.9";
    HMAC_SHA384 = "1.2.840.113549.2.10";
    HMAC_SHA512 = "1.2.840.113549.2.11";
}

const WHAT: &str = "recipient";

/// A recipient, as far as it is read before someone asks for its key.
#[derive(Clone, Debug)]
pub(crate) enum Recipient<'a> {
    /// The content key, sealed for a public key (RFC 5652 6.2.1).
    Transport { id: CertificateId<'a>, algorithm: AlgorithmIdentifier<'a>, sealed: &'a [u8] },
    /// The content key, wrapped in a key agreed on with each of several (RFC 5652 6.2.2).
    Agreement {
        originator: Element<'a>,
        ukm: Option<&'a [u8]>,
        algorithm: AlgorithmIdentifier<'a>,
        keys: Vec<(CertificateId<'a>, &'a [u8])>,
    },
    /// The content key, wrapped in one that both have (RFC 5652 6.2.3).
    KeyEncryption { id: &'a [u8], algorithm: AlgorithmIdentifier<'a>, wrapped: &'a [u8] },
    /// The content key, wrapped in one from a password (RFC 5652 6.2.4).
    Password {
        derivation: Option<AlgorithmIdentifier<'a>>,
        algorithm: AlgorithmIdentifier<'a>,
        wrapped: &'a [u8],
    },
    /// The content key, wrapped in one that was sealed for a public key (RFC 9629).
    Kem(Box<Kem<'a>>),
    /// Another form (RFC 5652 6.2.5).
    Other,
}

impl<'a> Recipient<'a> {
    /// Reads the element of a `RecipientInfo`.
    pub(crate) fn read(der: &'a [u8]) -> Result<Self, Error> {
        let element = Element::only(der, 0, WHAT)?;
        let mut fields = element.children(WHAT);
        if element.tag == Tag::Sequence {
            fields.tagged(Tag::Integer)?;
            let id = CertificateId::read(&mut fields)?;
            let algorithm = AlgorithmIdentifier::read(fields.sequence()?)?;
            let sealed = fields.tagged(Tag::OctetString)?.value;
            return Ok(Self::Transport { id, algorithm, sealed });
        }
        if element.tag == constructed(1) {
            fields.tagged(Tag::Integer)?;
            let originator = fields.tagged(constructed(0))?;
            let originator = Element::only(originator.value, originator.at, WHAT)?;
            let ukm = match fields.optional(constructed(1))? {
                Some(ukm) => Some(Elements::new(ukm.value, ukm.at, WHAT).tagged(Tag::OctetString)?.value),
                None => None,
            };
            let algorithm = AlgorithmIdentifier::read(fields.sequence()?)?;
            let mut list = fields.sequence()?;
            let mut keys = Vec::new();
            while !list.is_empty() {
                if keys.len() >= crate::limits::MAX_RECIPIENTS {
                    return Err(Error::limit("MAX_RECIPIENTS", crate::limits::MAX_RECIPIENTS as u64));
                }
                let mut each = list.sequence()?;
                keys.push((read_agreement_id(&mut each)?, each.tagged(Tag::OctetString)?.value));
            }
            return Ok(Self::Agreement { originator, ukm, algorithm, keys });
        }
        if element.tag == constructed(2) {
            fields.tagged(Tag::Integer)?;
            let id = fields.sequence()?.tagged(Tag::OctetString)?.value;
            let algorithm = AlgorithmIdentifier::read(fields.sequence()?)?;
            return Ok(Self::KeyEncryption {
                id,
                algorithm,
                wrapped: fields.tagged(Tag::OctetString)?.value,
            });
        }
        if element.tag == constructed(3) {
            fields.tagged(Tag::Integer)?;
            let derivation = match fields.optional(constructed(0))? {
                Some(derivation) => Some(AlgorithmIdentifier::read(derivation.children(WHAT))?),
                None => None,
            };
            let algorithm = AlgorithmIdentifier::read(fields.sequence()?)?;
            let wrapped = fields.tagged(Tag::OctetString)?.value;
            return Ok(Self::Password { derivation, algorithm, wrapped });
        }
        if element.tag == constructed(4) && fields.oid()? == ORI_KEM {
            return Ok(Self::Kem(Box::new(Kem::read(fields.sequence()?)?)));
        }
        Ok(Self::Other)
    }
}

/// `KEMRecipientInfo` (RFC 9629 3).
#[derive(Clone, Debug)]
pub(crate) struct Kem<'a> {
    pub(crate) id: CertificateId<'a>,
    pub(crate) ciphertext: &'a [u8],
    pub(crate) derivation: AlgorithmIdentifier<'a>,
    pub(crate) key_octets: Element<'a>,
    pub(crate) ukm: Option<Element<'a>>,
    /// The element of the wrapping, which goes into the key.
    pub(crate) wrap: Element<'a>,
    pub(crate) wrapped: &'a [u8],
}

impl<'a> Kem<'a> {
    fn read(mut fields: Elements<'a>) -> Result<Self, Error> {
        fields.tagged(Tag::Integer)?;
        let id = CertificateId::read(&mut fields)?;
        fields.sequence()?; // the algorithm, which is that of the key
        let ciphertext = fields.tagged(Tag::OctetString)?.value;
        let derivation = AlgorithmIdentifier::read(fields.sequence()?)?;
        let key_octets = fields.tagged(Tag::Integer)?;
        let ukm = fields.optional(constructed(0))?;
        let wrap = fields.tagged(Tag::Sequence)?;
        let wrapped = fields.tagged(Tag::OctetString)?.value;
        Ok(Self { id, ciphertext, derivation, key_octets, ukm, wrap, wrapped })
    }

    /// The digest of HKDF, the one derivation in use (RFC 8619, RFC 9936 2.2).
    pub(crate) fn digest(&self) -> Result<Digest, Error> {
        match self.derivation.oid() {
            HKDF_SHA256 => Ok(Digest::Sha256),
            HKDF_SHA384 => Ok(Digest::Sha384),
            HKDF_SHA512 => Ok(Digest::Sha512),
            oid => Err(Error::unsupported("key derivation", oid)),
        }
    }

    /// `CMSORIforKEMOtherInfo` (RFC 9629 5).
    pub(crate) fn info(&self) -> Vec<u8> {
        let ukm = self.ukm.map_or(&[][..], |ukm| ukm.raw);
        crate::ber::write::sequence(&[self.wrap.raw, self.key_octets.raw, ukm])
    }
}

/// `KeyAgreeRecipientIdentifier`: as elsewhere, but the key identifier stands in a `RecipientKeyIdentifier`.
fn read_agreement_id<'a>(fields: &mut Elements<'a>) -> Result<CertificateId<'a>, Error> {
    match fields.optional(constructed(0))? {
        Some(key) => Ok(CertificateId::KeyId(key.children(WHAT).tagged(Tag::OctetString)?.value)),
        None => CertificateId::read(fields),
    }
}

/// How a content key is sealed for an RSA key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport<'a> {
    Pkcs1,
    Oaep { digest: Digest, mgf: Digest, label: &'a [u8] },
}

impl<'a> Transport<'a> {
    pub(crate) fn read(algorithm: &AlgorithmIdentifier<'a>) -> Result<Self, Error> {
        match algorithm.oid() {
            RSA => Ok(Self::Pkcs1),
            RSA_OAEP => Self::read_oaep(algorithm),
            oid => Err(Error::unsupported("key transport", oid)),
        }
    }

    /// RFC 4055 4.1: `RSAES-OAEP-params`, all of which have defaults.
    fn read_oaep(algorithm: &AlgorithmIdentifier<'a>) -> Result<Self, Error> {
        let (mut digest, mut mgf, mut label) = (Digest::Sha1, Digest::Sha1, &[][..]);
        if let Some(parameters) = algorithm.element().filter(|parameters| parameters.tag == Tag::Sequence) {
            let mut fields = parameters.children(WHAT);
            if let Some(hash) = fields.optional(constructed(0))? {
                digest = Digest::from_identifier(&inside(hash)?)?;
            }
            if let Some(mask) = fields.optional(constructed(1))? {
                let mask = inside(mask)?;
                if mask.oid() != MGF1 {
                    return Err(Error::unsupported("mask generation", mask.oid()));
                }
                let hash = mask.element().ok_or_else(|| parameters.error(WHAT))?;
                mgf = Digest::from_identifier(&AlgorithmIdentifier::read(hash.children(WHAT))?)?;
            }
            if let Some(source) = fields.optional(constructed(2))? {
                let source = inside(source)?;
                if source.oid() != P_SPECIFIED {
                    return Err(Error::unsupported("source of the label", source.oid()));
                }
                label = source.element().map_or(&[][..], |label| label.value);
            }
            fields.finish()?;
        }
        Ok(Self::Oaep { digest, mgf, label })
    }
}

/// The algorithm identifier inside an explicit tag.
fn inside<'a>(tagged: Element<'a>) -> Result<AlgorithmIdentifier<'a>, Error> {
    AlgorithmIdentifier::read(Elements::new(tagged.value, tagged.at, WHAT).sequence()?)
}

/// How a key is agreed on, and what is wrapped in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Agreement<'a> {
    pub(crate) digest: Digest,
    /// HKDF (RFC 8418) rather than the KDF of X9.63 (RFC 5753).
    pub(crate) hkdf: bool,
    pub(crate) wrap: Wrap,
    /// The identifier of the wrapping, as it stands: it goes into the key (RFC 5753 7.2).
    pub(crate) wrap_identifier: &'a [u8],
}

impl<'a> Agreement<'a> {
    pub(crate) fn read(algorithm: &AlgorithmIdentifier<'a>) -> Result<Self, Error> {
        let (digest, hkdf) = match algorithm.oid() {
            STD_DH_SHA1 | COFACTOR_DH_SHA1 => (Digest::Sha1, false),
            STD_DH_SHA224 | COFACTOR_DH_SHA224 => (Digest::Sha224, false),
            STD_DH_SHA256 | COFACTOR_DH_SHA256 => (Digest::Sha256, false),
            STD_DH_SHA384 | COFACTOR_DH_SHA384 => (Digest::Sha384, false),
            STD_DH_SHA512 | COFACTOR_DH_SHA512 => (Digest::Sha512, false),
            STD_DH_HKDF_SHA256 => (Digest::Sha256, true),
            STD_DH_HKDF_SHA384 => (Digest::Sha384, true),
            STD_DH_HKDF_SHA512 => (Digest::Sha512, true),
            oid => return Err(Error::unsupported("key agreement", oid)),
        };
        let parameters = algorithm.element().ok_or_else(|| Error::asn1(0, WHAT))?;
        let wrap = wrap_of(&AlgorithmIdentifier::read(parameters.children(WHAT))?)?;
        Ok(Self { digest, hkdf, wrap, wrap_identifier: parameters.raw })
    }
}

/// RFC 3565 2.3.2, RFC 5649 3, RFC 3370 4.3.1
pub(crate) fn wrap_of(algorithm: &AlgorithmIdentifier<'_>) -> Result<Wrap, Error> {
    match algorithm.oid() {
        AES128_WRAP => Ok(Wrap::Aes128),
        AES192_WRAP => Ok(Wrap::Aes192),
        AES256_WRAP => Ok(Wrap::Aes256),
        AES128_WRAP_PAD => Ok(Wrap::Aes128Padded),
        AES192_WRAP_PAD => Ok(Wrap::Aes192Padded),
        AES256_WRAP_PAD => Ok(Wrap::Aes256Padded),
        CMS_3DES_WRAP => Ok(Wrap::TripleDes),
        oid => Err(Error::unsupported("key wrapping", oid)),
    }
}

/// `OriginatorPublicKey` (RFC 5652 6.2.2): the octets of the key. The algorithm repeats the recipient's.
pub(crate) fn originator_key(originator: Element<'_>) -> Result<&[u8], Error> {
    if originator.tag != constructed(1) {
        return Err(Error::unsupported("originator with a certificate", Oid::from_octets(&[])));
    }
    let mut fields = originator.children(WHAT);
    fields.sequence()?;
    fields.tagged(Tag::BitString)?.octets_of_bits()
}

/// A key derivation from a password (RFC 8018 A.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pbkdf2<'a> {
    pub(crate) salt: &'a [u8],
    pub(crate) iterations: u64,
    pub(crate) octets: Option<u64>,
    pub(crate) digest: Digest,
}

impl<'a> Pbkdf2<'a> {
    pub(crate) fn read(algorithm: &AlgorithmIdentifier<'a>) -> Result<Self, Error> {
        if algorithm.oid() != PBKDF2 {
            return Err(Error::unsupported("key derivation", algorithm.oid()));
        }
        let parameters = algorithm.element().ok_or_else(|| Error::asn1(0, WHAT))?;
        let mut fields = parameters.children(WHAT);
        let salt = fields.tagged(Tag::OctetString)?.value;
        let iterations = fields.tagged(Tag::Integer)?.small()?;
        if iterations > crate::limits::MAX_ITERATIONS {
            return Err(Error::limit("MAX_ITERATIONS", crate::limits::MAX_ITERATIONS));
        }
        let octets = fields.optional(Tag::Integer)?.map(|octets| octets.small()).transpose()?;
        let digest = match fields.optional(Tag::Sequence)? {
            None => Digest::Sha1,
            Some(prf) => match AlgorithmIdentifier::read(prf.children(WHAT))?.oid() {
                HMAC_SHA1 => Digest::Sha1,
                HMAC_SHA224 => Digest::Sha224,
                HMAC_SHA256 => Digest::Sha256,
                HMAC_SHA384 => Digest::Sha384,
                HMAC_SHA512 => Digest::Sha512,
                oid => return Err(Error::unsupported("pseudo-random function", oid)),
            },
        };
        Ok(Self { salt, iterations, octets, digest })
    }
}

/// `id-alg-PWRI-KEK` (RFC 3211 2.3): the cipher that wraps is its parameter.
pub(crate) fn pwri_cipher<'a>(algorithm: &AlgorithmIdentifier<'a>) -> Result<AlgorithmIdentifier<'a>, Error> {
    if algorithm.oid() != PWRI_KEK {
        return Err(Error::unsupported("key wrapping", algorithm.oid()));
    }
    let parameters = algorithm.element().ok_or_else(|| Error::asn1(0, WHAT))?;
    AlgorithmIdentifier::read(parameters.children(WHAT))
}
