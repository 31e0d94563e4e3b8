//! Private keys: PKCS #8 (RFC 5958), and the older forms of RSA (RFC 8017 A.1.2) and EC (RFC 5915).

use std::fmt;
use std::sync::Arc;

use der::Tag;

use crate::algorithm::AlgorithmIdentifier;
#[cfg(feature = "pqc")]
use crate::algorithm::PostQuantum;
use crate::backend::Secret;
#[cfg(feature = "pqc")]
use crate::backend::post_quantum::{self, MlKemKey};
use crate::backend::rsa_private::RsaPrivateKey;
use crate::ber::{Identifier, write};
use crate::error::Error;
use crate::oid::Oid;
use crate::tlv::{Element, Elements, constructed};
use crate::x509::key::{
    Curve, EC, ED25519, P256, P384, P521, PublicKey, PublicKeyInfo, RSA, RSA_PSS, X25519,
};
use crate::x509::pem_blocks;

/// A private key, to sign with or to open what was sealed for it. It is wiped when dropped and never printed.
#[derive(Clone)]
pub struct PrivateKey {
    kind: Kind,
}

/// The key by algorithm.
#[derive(Clone)]
pub(crate) enum Kind {
    Rsa(Arc<RsaPrivateKey>),
    /// The scalar, as long as the curve's field.
    Ec(Curve, Secret),
    Ed25519(Secret),
    X25519(Secret),
    /// The parameter set, the seed or else the expanded key, and the public key.
    #[cfg(feature = "pqc")]
    MlKem {
        set: u8,
        seed: bool,
        octets: Secret,
        public: Vec<u8>,
    },
}

const WHAT: &str = "private key";

impl PrivateKey {
    /// Reads PKCS #8, `RSAPrivateKey` or `ECPrivateKey`, in DER.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Asn1`](crate::ErrorKind::Asn1), [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) naming the
    /// algorithm, [`ErrorKind::Key`](crate::ErrorKind::Key) for numbers that are no key.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let outer = Element::only(der, 0, WHAT)?;
        let mut fields = outer.children(WHAT);
        let version = fields.tagged(Tag::Integer)?.small()?;
        match fields.peek() {
            Some(Tag::Sequence) => {
                let algorithm = AlgorithmIdentifier::read(fields.sequence()?)?;
                let inner = fields.tagged(Tag::OctetString)?;
                Self::from_inner(&algorithm, inner)
            }
            Some(Tag::OctetString) if version == 1 => Self::read_ec(None, outer),
            Some(Tag::Integer) => Self::read_rsa(der),
            _ => Err(fields.error()),
        }
    }

    /// Reads the first private key of a PEM file: `PRIVATE KEY`, `RSA PRIVATE KEY` or `EC PRIVATE KEY`.
    ///
    /// # Errors
    ///
    /// As [`Self::from_der`]; also for a file without such a block, and for encrypted ones.
    pub fn from_pem(text: &[u8]) -> Result<Self, Error> {
        let blocks = pem_blocks(text)?;
        let known = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];
        let block = blocks.iter().find(|block| known.contains(&block.label));
        Self::from_der(&block.ok_or_else(|| Error::key("no private key in this PEM file"))?.der)
    }

    fn from_inner(algorithm: &AlgorithmIdentifier<'_>, inner: Element<'_>) -> Result<Self, Error> {
        match algorithm.oid() {
            RSA | RSA_PSS => Self::read_rsa(inner.value),
            EC => {
                let named = algorithm.element().filter(|named| named.tag == Tag::ObjectIdentifier);
                let named = named.ok_or_else(|| Error::unsupported("explicit curve", algorithm.oid()))?;
                Self::read_ec(Some(curve(named.oid()?)?), Element::only(inner.value, inner.at, WHAT)?)
            }
            // RFC 8410 7: an OCTET STRING within the OCTET STRING.
            oid @ (ED25519 | X25519) => {
                let seed = Element::only(inner.value, inner.at, WHAT)?;
                if seed.tag != Tag::OctetString || seed.value.len() != 32 {
                    return Err(seed.error(WHAT));
                }
                let seed = Secret::new(seed.value.to_vec());
                Ok(Self { kind: if oid == ED25519 { Kind::Ed25519(seed) } else { Kind::X25519(seed) } })
            }
            #[cfg(feature = "pqc")]
            oid => match PostQuantum::key(oid) {
                Some(PostQuantum::MlKem(set)) => Self::read_ml_kem(set, inner),
                _ => Err(Error::unsupported(WHAT, oid)),
            },
            #[cfg(not(feature = "pqc"))]
            oid => Err(Error::unsupported(WHAT, oid)),
        }
    }

    /// RFC 9935 6: the seed, the key expanded from it, or both.
    #[cfg(feature = "pqc")]
    fn read_ml_kem(set: u8, inner: Element<'_>) -> Result<Self, Error> {
        let form = Element::only(inner.value, inner.at, WHAT)?;
        let (seed, octets) = match form.tag {
            Tag::OctetString => (false, form.value),
            Tag::Sequence => (true, form.children(WHAT).tagged(Tag::OctetString)?.value),
            tag if tag == crate::tlv::primitive(0) => (true, form.value),
            _ => return Err(form.error(WHAT)),
        };
        let key = if seed { MlKemKey::Seed(octets) } else { MlKemKey::Expanded(octets) };
        let public = post_quantum::ml_kem_public(set, &key);
        let public = public.ok_or_else(|| Error::key("the octets are no key of ML-KEM"))?;
        Ok(Self { kind: Kind::MlKem { set, seed, octets: Secret::new(octets.to_vec()), public } })
    }

    /// The secret that was sealed for this key (RFC 9629 2), `None` where it is none.
    pub(crate) fn decapsulate(&self, ciphertext: &[u8]) -> Result<Option<Secret>, Error> {
        match &self.kind {
            #[cfg(feature = "pqc")]
            Kind::MlKem { set, seed, octets, .. } => {
                let key = if *seed { MlKemKey::Seed(octets) } else { MlKemKey::Expanded(octets) };
                Ok(post_quantum::decapsulate(*set, &key, ciphertext))
            }
            _ => {
                let _ = ciphertext;
                Err(Error::key("a key that nothing is encapsulated for"))
            }
        }
    }

    /// RFC 8017 A.1.2
    fn read_rsa(der: &[u8]) -> Result<Self, Error> {
        let mut fields = Element::only(der, 0, WHAT)?.children(WHAT);
        if fields.tagged(Tag::Integer)?.small()? != 0 {
            return Err(Error::unsupported("RSA key of more than two primes", RSA));
        }
        let mut number =
            || fields.tagged(Tag::Integer)?.unsigned().map(rsa::BoxedUint::from_be_slice_vartime);
        let (n, e, d) = (number()?, number()?, number()?);
        let key = RsaPrivateKey::new(der, [n, e, d, number()?, number()?]);
        let key = key.ok_or_else(|| Error::key("the numbers are none of RSA"))?;
        Ok(Self { kind: Kind::Rsa(Arc::new(key)) })
    }

    /// RFC 5915 3
    fn read_ec(outside: Option<Curve>, element: Element<'_>) -> Result<Self, Error> {
        let mut fields = element.children(WHAT);
        fields.tagged(Tag::Integer)?;
        let scalar = fields.tagged(Tag::OctetString)?.value;
        let inside = match fields.optional(constructed(0))? {
            Some(named) => Some(curve(Elements::new(named.value, named.at, WHAT).oid()?)?),
            None => None,
        };
        let curve = outside.or(inside).ok_or_else(|| Error::key("EC without its curve"))?;
        // RFC 5915 3 wants all octets, and some writers leave zeros out or put one more in front.
        let octets = crate::backend::agree::scalar_octets(curve);
        let digits = scalar.get(scalar.iter().take_while(|octet| **octet == 0).count()..).unwrap_or_default();
        let missing = octets.checked_sub(digits.len()).ok_or_else(|| Error::key("an EC scalar too long"))?;
        let mut whole = Secret::new(vec![0; missing]);
        whole.extend_from_slice(digits);
        if crate::backend::agree::ec_public(curve, &whole).is_none() {
            return Err(Error::key("the EC scalar is none of its curve"));
        }
        Ok(Self { kind: Kind::Ec(curve, whole) })
    }

    pub(crate) const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Whether the public key of a certificate belongs to this key.
    #[must_use]
    pub fn matches(&self, public: &PublicKeyInfo<'_>) -> bool {
        match (&self.kind, public.public_key()) {
            (Kind::Rsa(key), Ok(PublicKey::Rsa(public))) => {
                use rsa::traits::PublicKeyParts as _;
                let modulus = key.numbers.n_bytes();
                modulus.iter().skip_while(|octet| **octet == 0).eq(public.modulus)
            }
            (Kind::Ec(curve, scalar), Ok(PublicKey::Ec(of, point))) => {
                let own = crate::backend::agree::ec_public(*curve, scalar).unwrap_or_default();
                // SEC 1 2.3.3: a compressed point has the first coordinate alone.
                let coordinate = |point: &[u8]| {
                    point
                        .get(1..crate::backend::agree::scalar_octets(*curve).saturating_add(1))
                        .map(<[u8]>::to_vec)
                };
                *curve == of && coordinate(&own) == coordinate(point)
            }
            (Kind::X25519(secret), Ok(PublicKey::X25519(public))) => {
                crate::backend::agree::x25519_public(secret).is_some_and(|own| own == *public)
            }
            (Kind::Ed25519(seed), Ok(PublicKey::Ed25519(public))) => {
                use ring::signature::KeyPair as _;
                ring::signature::Ed25519KeyPair::from_seed_unchecked(seed)
                    .is_ok_and(|pair| pair.public_key().as_ref() == public)
            }
            #[cfg(feature = "pqc")]
            (
                Kind::MlKem { set, public: own, .. },
                Ok(PublicKey::PostQuantum(PostQuantum::MlKem(of), public)),
            ) => *set == of && own == public,
            _ => false,
        }
    }

    /// The key as PKCS #8 in DER.
    #[must_use]
    pub fn to_pkcs8_der(&self) -> Secret {
        let null = [5, 0];
        let (algorithm, inner) = match &self.kind {
            Kind::Rsa(key) => (write::sequence(&[&write::oid(RSA), &null]), key.der.clone()),
            Kind::Ec(curve, scalar) => {
                let named = match curve {
                    Curve::P256 => P256,
                    Curve::P384 => P384,
                    Curve::P521 => P521,
                };
                let point = crate::backend::agree::ec_public(*curve, scalar).unwrap_or_default();
                let bits = write::element(Identifier::of(3), &[&[0], point.as_slice()].concat());
                let public = write::element(Identifier::context(1), &bits);
                let private = write::sequence(&[&write::integer(1), &write::octets(scalar), &public]);
                (write::sequence(&[&write::oid(EC), &write::oid(named)]), Secret::new(private))
            }
            Kind::Ed25519(seed) => {
                (write::sequence(&[&write::oid(ED25519)]), Secret::new(write::octets(seed)))
            }
            Kind::X25519(seed) => (write::sequence(&[&write::oid(X25519)]), Secret::new(write::octets(seed))),
            #[cfg(feature = "pqc")]
            Kind::MlKem { set, seed, octets, .. } => {
                let oid = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x04, *set];
                let form = if *seed { Identifier::context_primitive(0) } else { Identifier::OCTETS };
                let algorithm = write::sequence(&[&write::oid(Oid::from_octets(&oid))]);
                (algorithm, Secret::new(write::element(form, octets)))
            }
        };
        let inner = Secret::new(write::octets(&inner));
        Secret::new(write::sequence(&[&write::integer(0), &algorithm, &inner]))
    }
}

fn curve(oid: Oid<'_>) -> Result<Curve, Error> {
    match oid {
        P256 => Ok(Curve::P256),
        P384 => Ok(Curve::P384),
        P521 => Ok(Curve::P521),
        oid => Err(Error::unsupported("curve", oid)),
    }
}

impl PrivateKey {
    /// What kind of key it is, for people.
    #[must_use]
    pub const fn algorithm(&self) -> &'static str {
        match &self.kind {
            Kind::Rsa(_) => "RSA",
            Kind::Ec(Curve::P256, _) => "P-256",
            Kind::Ec(Curve::P384, _) => "P-384",
            Kind::Ec(Curve::P521, _) => "P-521",
            Kind::Ed25519(_) => "Ed25519",
            Kind::X25519(_) => "X25519",
            #[cfg(feature = "pqc")]
            Kind::MlKem { .. } => "ML-KEM",
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.algorithm())
    }
}
