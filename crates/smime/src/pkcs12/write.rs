//! Files written (RFC 7292 5.1).

use super::bags::{CERTIFICATE, ENCRYPTED_DATA, FRIENDLY_NAME, LOCAL_KEY_ID, SHROUDED_KEY, X509};
use super::derive::{MacDigest, Use, derive, wide};
use super::scheme::{PBES2, SCRYPT, SHA1_3DES3};
use super::{CertificateBag, DATA, HMAC_SHA256, KeyBag, Pkcs12};
use crate::algorithm::{Cipher, Digest};
use crate::backend::{Secret, cbc::Cbc, kdf};
use crate::ber::{Identifier, write};
use crate::error::Error;
use crate::limits::MAX_ITERATIONS;
use crate::oid::oids;

oids! {
    PBKDF2 = "1.2.840.113549.1.5.12";
}

/// Rounds where the caller does not say otherwise: what OWASP asks of PBKDF2 with SHA-256, and Firefox writes.
pub const DEFAULT_ITERATIONS: u32 = 600_000;

/// How a file is kept from those who do not know the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protection {
    /// AES-256 in CBC with PBKDF2 and SHA-256 (RFC 8018), the MAC with SHA-256.
    Pbes2 {
        /// Rounds of each derivation.
        iterations: u32,
    },
    /// AES-256 in CBC with scrypt (RFC 7914), the MAC with SHA-256 and 2,048 rounds: it has no other derivation, and its
    /// rounds are what a guesser attacks. Use it only with a strong password.
    Scrypt {
        /// The cost, as the exponent of two; with blocks of 8 it takes 2^(10 + cost) octets.
        log_cost: u8,
    },
    /// Triple DES and SHA-1 as PKCS #12 has them, for old software.
    TripleDes {
        /// Rounds of each derivation.
        iterations: u32,
    },
}

impl Default for Protection {
    fn default() -> Self {
        Self::Pbes2 { iterations: DEFAULT_ITERATIONS }
    }
}

/// An algorithm identifier, and what it sealed.
type Sealed = (Vec<u8>, Vec<u8>);

/// Fills octets with random ones.
pub(super) type Fill<'r> = &'r mut dyn FnMut(&mut [u8]);

impl Pkcs12 {
    /// The file, under a password. `fill` fills what it is given with octets that nobody can guess.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Limit`](crate::ErrorKind::Limit) for more rounds or memory than [`Pkcs12::open`] takes.
    pub fn to_der(&self, password: &str, protection: &Protection, fill: Fill<'_>) -> Result<Vec<u8>, Error> {
        let mut seal = |content: &[u8]| protection.seal(password, content, fill);
        let keys = self.keys.iter().map(|bag| key_bag(bag, &mut seal)).collect::<Result<Vec<_>, _>>()?;
        let keys = write::sequence(&keys.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let certificates: Vec<_> = self.certificates.iter().map(certificate_bag).collect();
        let certificates = write::sequence(&certificates.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let (algorithm, sealed) = seal(&certificates)?;
        let implicit = write::element(Identifier::context_primitive(0), &sealed);
        let encrypted = write::sequence(&[&write::oid(DATA), &algorithm, &implicit]);
        let encrypted = write::sequence(&[&write::integer(0), &encrypted]);
        let safe = write::sequence(&[
            &content_info(DATA, &write::octets(&keys)),
            &content_info(ENCRYPTED_DATA, &encrypted),
        ]);
        let mac = protection.mac(password, &safe, fill);
        let safe = content_info(DATA, &write::octets(&safe));
        Ok(write::sequence(&[&write::integer(3), &safe, &mac]))
    }
}

impl Protection {
    const fn rounds(&self) -> u32 {
        match self {
            Self::Pbes2 { iterations } | Self::TripleDes { iterations } => *iterations,
            Self::Scrypt { .. } => 2048,
        }
    }

    /// The algorithm identifier, and the content sealed.
    pub(super) fn seal(&self, password: &str, content: &[u8], fill: Fill<'_>) -> Result<Sealed, Error> {
        let rounds = u64::from(self.rounds());
        let mut salt = [0; 16];
        fill(&mut salt);
        let limit = || Error::limit("MAX_ITERATIONS", MAX_ITERATIONS);
        // A file has several derivations, which share the limit when it is opened.
        if rounds == 0 || rounds > MAX_ITERATIONS / 8 {
            return Err(limit());
        }
        if let Self::TripleDes { .. } = self {
            let (sha1, wide) = (MacDigest::Known(Digest::Sha1), wide(password));
            let key = derive(sha1, Use::Key, &wide, &salt, rounds, 24);
            let vector = derive(sha1, Use::Vector, &wide, &salt, rounds, 8);
            let parameters = write::sequence(&[&write::octets(&salt), &write::integer(rounds)]);
            let algorithm = write::sequence(&[&write::oid(SHA1_3DES3), &parameters]);
            return Ok((algorithm, sealed(Cipher::TripleDesCbc, &key, &vector, content)?));
        }
        let (derivation, key) = match self {
            Self::Scrypt { log_cost } => scrypt_key(password, &salt, *log_cost)?,
            _ => {
                let key =
                    kdf::pbkdf2(Digest::Sha256, password.as_bytes(), &salt, rounds, 32).ok_or_else(limit)?;
                let function = write::sequence(&[&write::oid(HMAC_SHA256), &NULL]);
                let parameters =
                    write::sequence(&[&write::octets(&salt), &write::integer(rounds), &function]);
                (write::sequence(&[&write::oid(PBKDF2), &parameters]), key)
            }
        };
        let mut vector = [0; 16];
        fill(&mut vector);
        let cipher = write::sequence(&[&write::oid(Cipher::Aes256Cbc.oid()), &write::octets(&vector)]);
        let parameters = write::sequence(&[&derivation, &cipher]);
        let algorithm = write::sequence(&[&write::oid(PBES2), &parameters]);
        Ok((algorithm, sealed(Cipher::Aes256Cbc, &key, &vector, content)?))
    }

    /// RFC 7292 4: `MacData`.
    fn mac(&self, password: &str, content: &[u8], fill: Fill<'_>) -> Vec<u8> {
        let mut salt = [0; 16];
        fill(&mut salt);
        let digest = if let Self::TripleDes { .. } = self { Digest::Sha1 } else { Digest::Sha256 };
        let (by, rounds) = (MacDigest::Known(digest), u64::from(self.rounds()));
        let key = derive(by, Use::Mac, &wide(password), &salt, rounds, by.octets());
        let algorithm = write::sequence(&[&write::oid(digest.oid()), &NULL]);
        let info = write::sequence(&[&algorithm, &write::octets(&by.hmac(&key, content))]);
        write::sequence(&[&info, &write::octets(&salt), &write::integer(rounds)])
    }
}

const NULL: [u8; 2] = [5, 0];

/// The derivation by scrypt with blocks of 8, one lane.
fn scrypt_key(password: &str, salt: &[u8], log_cost: u8) -> Result<(Vec<u8>, Secret), Error> {
    let limit = || Error::limit("MAX_SCRYPT_MEMORY", crate::limits::MAX_SCRYPT_MEMORY);
    let cost = 1u64.checked_shl(u32::from(log_cost)).ok_or_else(limit)?;
    if cost.saturating_add(1).saturating_mul(1024) > crate::limits::MAX_SCRYPT_MEMORY {
        return Err(limit());
    }
    let parameters = scrypt::Params::new(log_cost, 8, 1).map_err(|_| limit())?;
    let mut key = Secret::new(vec![0; 32]);
    scrypt::scrypt(password.as_bytes(), salt, &parameters, &mut key).map_err(|_| limit())?;
    let numbers = [cost, 8, 1].map(write::integer);
    let parameters: Vec<&[u8]> = numbers.iter().map(Vec::as_slice).collect();
    let parameters = write::sequence(&[&[write::octets(salt).as_slice()], parameters.as_slice()].concat());
    Ok((write::sequence(&[&write::oid(SCRYPT), &parameters]), key))
}

fn sealed(cipher: Cipher, key: &[u8], vector: &[u8], content: &[u8]) -> Result<Vec<u8>, Error> {
    let mut sealing = Cbc::seal(cipher, key, vector).ok_or(Error::key("of a wrong length"))?;
    let mut out = Vec::with_capacity(content.len().saturating_add(16));
    let mut sink = |piece: &[u8]| {
        out.extend_from_slice(piece);
        Ok(())
    };
    sealing.update(content, &mut sink)?;
    sealing.finish(&mut sink)?;
    Ok(out)
}

fn content_info(form: crate::Oid<'_>, content: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::oid(form), &write::element(Identifier::context(0), content)])
}

fn key_bag(bag: &KeyBag, seal: &mut dyn FnMut(&[u8]) -> Result<Sealed, Error>) -> Result<Vec<u8>, Error> {
    let (algorithm, sealed) = seal(&bag.pkcs8)?;
    let shrouded = write::sequence(&[&algorithm, &write::octets(&sealed)]);
    Ok(safe_bag(SHROUDED_KEY, &shrouded, bag.name.as_deref(), bag.id.as_deref()))
}

fn certificate_bag(bag: &CertificateBag) -> Vec<u8> {
    let octets = write::element(Identifier::context(0), &write::octets(&bag.der));
    let value = write::sequence(&[&write::oid(X509), &octets]);
    safe_bag(CERTIFICATE, &value, bag.name.as_deref(), bag.id.as_deref())
}

fn safe_bag(kind: crate::Oid<'_>, value: &[u8], name: Option<&str>, id: Option<&[u8]>) -> Vec<u8> {
    let attribute = |kind, value: Vec<u8>| write::sequence(&[&write::oid(kind), &write::set_of(vec![value])]);
    let mut attributes = Vec::new();
    if let Some(name) = name {
        // BMPString
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
        attributes.push(attribute(FRIENDLY_NAME, write::element(Identifier::of(30), &wide)));
    }
    if let Some(id) = id {
        attributes.push(attribute(LOCAL_KEY_ID, write::octets(id)));
    }
    let value = write::element(Identifier::context(0), value);
    let attributes = if attributes.is_empty() { Vec::new() } else { write::set_of(attributes) };
    write::sequence(&[&write::oid(kind), &value, &attributes])
}
