//! PKCS #12 (RFC 7292): private keys and certificates in one file, under a password.
//!
//! ```
//! use mailwright_smime::pkcs12::{Pkcs12, Protection};
//! # use mailwright_smime::PrivateKey;
//! # fn run(key: &PrivateKey, certificate: &[u8], mut random: impl FnMut(&mut [u8])) -> Result<(), mailwright_smime::Error> {
//! let mut file = Pkcs12::new();
//! file.add(key, &[certificate], Some("Alice"));
//! let der = file.to_der("correct horse", &Protection::default(), &mut random)?;
//!
//! let opened = Pkcs12::open(&der, "correct horse")?;
//! let (key, certificate) = opened.identities()?.remove(0);
//! # Ok(())
//! # }
//! ```

mod bags;
mod derive;
mod pkcs8;
mod scheme;
mod write;

use std::fmt;

use der::Tag;
use subtle::ConstantTimeEq as _;

use crate::algorithm::AlgorithmIdentifier;
use crate::backend::Secret;
use crate::ber;
use crate::error::{Error, ErrorKind};
use crate::limits::MAX_PKCS12;
use crate::oid::oids;
use crate::private_key::PrivateKey;
use crate::tlv::{Element, constructed};
use crate::x509::Certificate;
use derive::{MacDigest, Use, derive, wide};
use scheme::Password;

pub use write::{DEFAULT_ITERATIONS, Protection};

oids! {
    DATA = "1.2.840.113549.1.7.1";
    PBMAC1 = "1.2.840.113549.1.5.14";
    HMAC_SHA1 = "1.2.840.113549.2.7";
    HMAC_SHA224 = "1.2.840.113549.2.8";
    HMAC_SHA256 = "1.2.840.113549.2.9";
    HMAC_SHA384 = "1.2.840.113549.2.10";
    HMAC_SHA512 = "1.2.840.113549.2.11";
}

/// What a file holds.
#[derive(Clone, Default)]
pub struct Pkcs12 {
    keys: Vec<KeyBag>,
    certificates: Vec<CertificateBag>,
}

/// A private key of a file.
#[derive(Clone)]
pub struct KeyBag {
    pkcs8: Secret,
    name: Option<String>,
    id: Option<Vec<u8>>,
}

/// A certificate of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateBag {
    der: Vec<u8>,
    name: Option<String>,
    id: Option<Vec<u8>>,
}

const WHAT: &str = "PKCS #12";

impl Pkcs12 {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens a file, in DER or BER. Without a MAC it is read as it is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decrypt`] for a wrong password or a changed file; [`ErrorKind::Unsupported`] naming the algorithm;
    /// [`ErrorKind::Limit`]; [`ErrorKind::Asn1`] for what is no PKCS #12.
    pub fn open(file: &[u8], password: &str) -> Result<Self, Error> {
        if file.len() > MAX_PKCS12 {
            return Err(Error::limit("MAX_PKCS12", MAX_PKCS12 as u64));
        }
        let der = definite(file)?;
        let mut fields = Element::only(&der, 0, WHAT)?.sequence(WHAT)?;
        if fields.tagged(Tag::Integer)?.small()? != 3 {
            return Err(fields.error());
        }
        let mut info = fields.sequence()?;
        let form = info.oid()?;
        if form != DATA {
            // RFC 7292 3.1: under a public key, which no one writes.
            return Err(Error::unsupported("PKCS #12 integrity", form));
        }
        let content = info.tagged(constructed(0))?;
        let content = Element::only(content.value, content.at, WHAT)?;
        let safe = bags::octets(&content)?;
        let mac = fields.optional(Tag::Sequence)?;
        fields.finish()?;
        // RFC 7292 B.1 ends a password in a zero; some write the empty one without.
        let mut password = Password::new(password, wide(password));
        if let Some(mac) = mac
            && !check_mac(mac, &safe, &mut password)?
        {
            password.wide.clear();
            if !password.text.is_empty() || !check_mac(mac, &safe, &mut password)? {
                return Err(Error::new(ErrorKind::Decrypt));
            }
        }
        bags::read(&definite(&safe)?, &mut password)
    }

    /// The private keys.
    #[must_use]
    pub fn keys(&self) -> &[KeyBag] {
        &self.keys
    }

    /// The certificates.
    #[must_use]
    pub fn certificates(&self) -> &[CertificateBag] {
        &self.certificates
    }

    /// Each key that can be used here, with its certificate: the one whose public key is that of the key.
    ///
    /// # Errors
    ///
    /// As [`PrivateKey::from_der`], where no key of the file can be used.
    pub fn identities(&self) -> Result<Vec<(PrivateKey, Vec<u8>)>, Error> {
        let mut identities = Vec::new();
        let mut first = None;
        for bag in &self.keys {
            let key = match bag.private_key() {
                Ok(key) => key,
                Err(error) => {
                    first.get_or_insert(error);
                    continue;
                }
            };
            let is_its = |bag: &&CertificateBag| {
                Certificate::from_der(&bag.der)
                    .is_ok_and(|certificate| key.matches(&certificate.public_key()))
            };
            if let Some(certificate) = self.certificates.iter().find(is_its) {
                identities.push((key, certificate.der.clone()));
            }
        }
        match first {
            Some(error) if identities.is_empty() => Err(error),
            _ => Ok(identities),
        }
    }

    /// Adds a key and its certificates, the first of which is that of the key.
    pub fn add(&mut self, key: &PrivateKey, certificates: &[&[u8]], name: Option<&str>) {
        let id =
            crate::backend::digest(crate::Digest::Sha1, certificates.first().copied().unwrap_or_default());
        self.keys.push(KeyBag {
            pkcs8: key.to_pkcs8_der(),
            name: name.map(str::to_owned),
            id: Some(id.clone()),
        });
        for (at, der) in certificates.iter().enumerate() {
            let first = at == 0;
            self.certificates.push(CertificateBag {
                der: der.to_vec(),
                name: name.filter(|_| first).map(str::to_owned),
                id: first.then(|| id.clone()),
            });
        }
    }
}

impl KeyBag {
    /// The key, for use.
    ///
    /// # Errors
    ///
    /// As [`PrivateKey::from_der`].
    pub fn private_key(&self) -> Result<PrivateKey, Error> {
        PrivateKey::from_der(&self.pkcs8)
    }

    /// The friendly name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What ties it to its certificate.
    #[must_use]
    pub fn local_key_id(&self) -> Option<&[u8]> {
        self.id.as_deref()
    }
}

impl CertificateBag {
    /// The DER of the certificate.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The friendly name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What ties it to its key.
    #[must_use]
    pub fn local_key_id(&self) -> Option<&[u8]> {
        self.id.as_deref()
    }
}

/// BER as DER: Firefox and Thunderbird write indefinite lengths.
fn definite(input: &[u8]) -> Result<Secret, Error> {
    let mut reader = ber::Reader::new(input, WHAT);
    let der = Secret::new(reader.collect()?);
    if reader.is_at_end()? { Ok(der) } else { Err(reader.error()) }
}

/// RFC 7292 4, RFC 9579 4: whether the MAC is that of the content under the password.
fn check_mac(mac: Element<'_>, content: &[u8], password: &mut Password<'_>) -> Result<bool, Error> {
    let mut fields = mac.sequence(WHAT)?;
    let mut info = fields.sequence()?;
    let algorithm = AlgorithmIdentifier::read(info.sequence()?)?;
    let stated = info.tagged(Tag::OctetString)?.value;
    info.finish()?;
    let salt = fields.tagged(Tag::OctetString)?.value;
    let rounds = fields.optional(Tag::Integer)?.map_or(Ok(1), |rounds| rounds.small())?;
    fields.finish()?;
    let (digest, key) = if algorithm.oid() == PBMAC1 {
        pbmac1(&algorithm, password)?
    } else {
        let digest = MacDigest::read(&algorithm)?;
        password.spend(rounds)?;
        (digest, derive(digest, Use::Mac, &password.wide, salt, rounds, digest.octets()))
    };
    Ok(digest.hmac(&key, content).as_slice().ct_eq(stated).into())
}

/// RFC 9579 4: the key of a MAC by PBKDF2.
fn pbmac1(
    algorithm: &AlgorithmIdentifier<'_>,
    password: &mut Password<'_>,
) -> Result<(MacDigest, Secret), Error> {
    let parameters = algorithm.element().ok_or_else(|| Error::asn1(0, WHAT))?;
    let mut fields = parameters.sequence(WHAT)?;
    let derivation = AlgorithmIdentifier::read(fields.sequence()?)?;
    let scheme = AlgorithmIdentifier::read(fields.sequence()?)?;
    fields.finish()?;
    let digest = match scheme.oid() {
        HMAC_SHA1 => crate::Digest::Sha1,
        HMAC_SHA224 => crate::Digest::Sha224,
        HMAC_SHA256 => crate::Digest::Sha256,
        HMAC_SHA384 => crate::Digest::Sha384,
        HMAC_SHA512 => crate::Digest::Sha512,
        oid => return Err(Error::unsupported("message authentication", oid)),
    };
    Ok((MacDigest::Known(digest), password.pbkdf2(&derivation, digest.octets())?))
}

impl fmt::Debug for Pkcs12 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pkcs12({} keys, {} certificates)", self.keys.len(), self.certificates.len())
    }
}

impl fmt::Debug for KeyBag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyBag({})", self.name().unwrap_or("-"))
    }
}

/// HMAC, for the test vectors.
#[cfg(feature = "__primitives")]
pub(crate) fn hmac(digest: crate::Digest, key: &[u8], content: &[u8]) -> Secret {
    MacDigest::Known(digest).hmac(key, content)
}
