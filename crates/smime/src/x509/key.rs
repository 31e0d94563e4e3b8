//! Subject public keys (RFC 5280 4.1.2.7, RFC 3279, 5480, 4055, 8410).

use std::fmt;

use der::Tag;

use crate::algorithm::{AlgorithmIdentifier, PostQuantum, PssParameters};
use crate::error::Error;
use crate::oid::oids;
use crate::tlv::{Element, Elements};

oids! {
    RSA = "1.2.840.113549.1.1.1";
    RSA_PSS = "1.2.840.113549.1.1.10";
    EC = "1.2.840.10045.2.1";
    P256 = "1.2.840.10045.3.1.7";
    P384 = "1.3.132.0.34";
    P521 = "1.3.132.0.35";
    ED25519 = "1.3.101.112";
    X25519 = "1.3.101.110";
    DSA = "1.2.840.10040.4.1";
}

/// A `SubjectPublicKeyInfo`, as it stands in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKeyInfo<'a> {
    algorithm: AlgorithmIdentifier<'a>,
    raw: &'a [u8],
    key: Element<'a>,
}

/// A public key, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PublicKey<'a> {
    Rsa(RsaKey<'a>),
    Ec(Curve, &'a [u8]),
    Ed25519(&'a [u8]),
    X25519(&'a [u8]),
    Dsa(DsaKey<'a>),
    PostQuantum(PostQuantum, &'a [u8]),
}

/// A public key of RSA; numbers without leading zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RsaKey<'a> {
    pub(crate) modulus: &'a [u8],
    pub(crate) exponent: &'a [u8],
    /// A key for PSS alone, with what it is bound to (RFC 4055 1.2).
    pub(crate) pss: Option<Option<PssParameters>>,
}

/// A public key of DSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DsaKey<'a> {
    /// Absent: those of the issuer's key (RFC 3279 2.3.2).
    pub(crate) domain: Option<DsaDomain<'a>>,
    pub(crate) y: &'a [u8],
}

/// The domain parameters of DSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DsaDomain<'a> {
    pub(crate) p: &'a [u8],
    pub(crate) q: &'a [u8],
    pub(crate) g: &'a [u8],
}

/// The curves of NIST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

const WHAT: &str = "public key";

impl<'a> PublicKeyInfo<'a> {
    /// Reads the element of a `SubjectPublicKeyInfo`.
    pub(crate) fn read(element: Element<'a>) -> Result<Self, Error> {
        let mut fields = element.children(WHAT);
        let algorithm = AlgorithmIdentifier::read(fields.sequence()?)?;
        let key = fields.tagged(Tag::BitString)?;
        key.octets_of_bits()?;
        fields.finish()?;
        Ok(Self { algorithm, raw: element.raw, key })
    }

    /// The algorithm of the key.
    #[must_use]
    pub const fn algorithm(&self) -> AlgorithmIdentifier<'a> {
        self.algorithm
    }

    /// The whole `SubjectPublicKeyInfo` as DER.
    #[must_use]
    pub const fn as_der(&self) -> &'a [u8] {
        self.raw
    }

    /// The octets of the bit string.
    #[must_use]
    pub fn octets(&self) -> &'a [u8] {
        self.key.octets_of_bits().unwrap_or_default()
    }

    /// The bits of an RSA modulus, of the prime of DSA or of a curve; `None` where the key cannot be read.
    #[must_use]
    pub fn bits(&self) -> Option<usize> {
        Some(match self.public_key().ok()? {
            PublicKey::Rsa(key) => bits(key.modulus),
            PublicKey::Dsa(key) => bits(key.domain?.p),
            PublicKey::Ec(Curve::P256, _) | PublicKey::Ed25519(_) | PublicKey::X25519(_) => 256,
            PublicKey::Ec(Curve::P384, _) => 384,
            PublicKey::Ec(Curve::P521, _) => 521,
            PublicKey::PostQuantum(..) => return None,
        })
    }

    pub(crate) fn public_key(&self) -> Result<PublicKey<'a>, Error> {
        let octets = self.octets();
        let at = self.key.at.saturating_add(1);
        match self.algorithm.oid() {
            RSA => read_rsa(octets, at, None),
            RSA_PSS => {
                let bound = self.algorithm.element().map(|_| PssParameters::read(&self.algorithm));
                read_rsa(octets, at, Some(bound.transpose()?))
            }
            EC => Ok(PublicKey::Ec(self.curve()?, octets)),
            ED25519 if octets.len() == 32 => Ok(PublicKey::Ed25519(octets)),
            X25519 if octets.len() == 32 => Ok(PublicKey::X25519(octets)),
            DSA => self.read_dsa(octets, at),
            oid => match PostQuantum::key(oid) {
                // RFC 9881 4, RFC 9909 4, RFC 9935 4: the parameters are absent.
                Some(set) if self.algorithm.element().is_none() => Ok(PublicKey::PostQuantum(set, octets)),
                _ => Err(Error::unsupported(WHAT, oid)),
            },
        }
    }

    /// RFC 5480 2.1.1: named curves only.
    fn curve(&self) -> Result<Curve, Error> {
        let named = self.algorithm.element().ok_or_else(|| self.key.error("curve"))?;
        if named.tag != Tag::ObjectIdentifier {
            return Err(Error::unsupported("explicit curve", self.algorithm.oid()));
        }
        match named.oid()? {
            P256 => Ok(Curve::P256),
            P384 => Ok(Curve::P384),
            P521 => Ok(Curve::P521),
            oid => Err(Error::unsupported("curve", oid)),
        }
    }

    fn read_dsa(&self, octets: &'a [u8], at: usize) -> Result<PublicKey<'a>, Error> {
        let y = Element::only(octets, at, WHAT)?;
        if y.tag != Tag::Integer {
            return Err(y.error(WHAT));
        }
        let domain = match self.algorithm.element() {
            Some(parameters) if parameters.tag == Tag::Sequence => Some(DsaDomain::read(parameters)?),
            _ => None,
        };
        Ok(PublicKey::Dsa(DsaKey { domain, y: y.unsigned()? }))
    }
}

impl fmt::Display for PublicKeyInfo<'_> {
    /// The algorithm and the size, for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.public_key() {
            Ok(PublicKey::Rsa(key)) if key.pss.is_some() => write!(f, "RSA for PSS, {} bits", key.bits()),
            Ok(PublicKey::Rsa(key)) => write!(f, "RSA, {} bits", key.bits()),
            Ok(PublicKey::Ec(Curve::P256, _)) => f.write_str("EC, P-256"),
            Ok(PublicKey::Ec(Curve::P384, _)) => f.write_str("EC, P-384"),
            Ok(PublicKey::Ec(Curve::P521, _)) => f.write_str("EC, P-521"),
            Ok(PublicKey::Ed25519(_)) => f.write_str("Ed25519"),
            Ok(PublicKey::X25519(_)) => f.write_str("X25519"),
            Ok(PublicKey::Dsa(key)) => match key.domain {
                Some(domain) => write!(f, "DSA, {} bits", bits(domain.p)),
                None => f.write_str("DSA, with the parameters of its issuer"),
            },
            Ok(PublicKey::PostQuantum(PostQuantum::MlDsa(_), _)) => f.write_str("ML-DSA"),
            Ok(PublicKey::PostQuantum(PostQuantum::SlhDsa(_), _)) => f.write_str("SLH-DSA"),
            Ok(PublicKey::PostQuantum(PostQuantum::MlKem(_), _)) => f.write_str("ML-KEM"),
            Err(_) => write!(f, "{} (not supported)", self.algorithm.oid()),
        }
    }
}

impl<'a> DsaDomain<'a> {
    /// RFC 3279 2.3.2: `Dss-Parms`.
    fn read(parameters: Element<'a>) -> Result<Self, Error> {
        let mut fields = parameters.sequence(WHAT)?;
        let mut number = || fields.tagged(Tag::Integer)?.unsigned();
        let read = Self { p: number()?, q: number()?, g: number()? };
        fields.finish()?;
        Ok(read)
    }
}

impl RsaKey<'_> {
    pub(crate) fn bits(&self) -> usize {
        bits(self.modulus)
    }
}

/// RFC 8017 A.1.1: `RSAPublicKey`.
fn read_rsa<'a>(
    octets: &'a [u8],
    at: usize,
    pss: Option<Option<PssParameters>>,
) -> Result<PublicKey<'a>, Error> {
    let mut outer = Elements::new(octets, at, WHAT);
    let mut fields = outer.sequence()?;
    outer.finish()?;
    let modulus = fields.tagged(Tag::Integer)?.unsigned()?;
    let exponent = fields.tagged(Tag::Integer)?.unsigned()?;
    fields.finish()?;
    Ok(PublicKey::Rsa(RsaKey { modulus, exponent, pss }))
}

/// The bits of a number without leading zero octets.
pub(crate) fn bits(number: &[u8]) -> usize {
    number.first().map_or(0, |first| {
        let unused = usize::try_from(first.leading_zeros()).unwrap_or_default();
        number.len().saturating_mul(8).saturating_sub(unused)
    })
}
