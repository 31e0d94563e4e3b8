//! The content key sealed for a recipient (RFC 5652 6.2).

use super::cms::{self, NULL};
use super::encrypt::Transport;
use crate::algorithm::{Cipher, Digest};
use crate::backend::wrap::{self, Wrap};
use crate::backend::{Secret, agree, kdf, rsa_private};
use crate::ber::{Identifier, write};
use crate::cms::open_key::shared_info;
use crate::cms::recipient::Agreement;
use crate::error::{Error, ErrorKind};
use crate::oid::{Oid, oids};
use crate::random::{Random, Rng};
use crate::x509::Certificate;
use crate::x509::key::{Curve, EC, P256, P384, P521, PublicKey, RSA, X25519};

oids! {
    RSA_OAEP = "1.2.840.113549.1.1.7";
    MGF1 = "1.2.840.113549.1.1.8";
    STD_DH_SHA256 = "1.3.132.1.11.1";
    STD_DH_SHA384 = "1.3.132.1.11.2";
    STD_DH_SHA512 = "1.3.132.1.11.3";
    STD_DH_HKDF_SHA256 = "1.2.840.113549.1.9.16.3.19";
    AES128_WRAP = "2.16.840.1.101.3.4.1.5";
    AES192_WRAP = "2.16.840.1.101.3.4.1.25";
    AES256_WRAP = "2.16.840.1.101.3.4.1.45";
    PWRI_KEK = "1.2.840.113549.1.9.16.3.9";
    PBKDF2 = "1.2.840.113549.1.5.12";
    HMAC_SHA256 = "1.2.840.113549.2.9";
}

/// Rounds of the derivation from a password: what OWASP asked for PBKDF2 with SHA-256 in 2023.
const ITERATIONS: u64 = 600_000;

fn fill(random: &mut dyn Random, octets: usize) -> Result<Secret, Error> {
    let mut filled = Secret::new(vec![0; octets]);
    random.fill(&mut filled).map_err(|_| Error::new(ErrorKind::Io(std::io::ErrorKind::Other)))?;
    Ok(filled)
}

/// New octets for a key or a vector.
pub(crate) fn new_secret(random: &mut dyn Random, octets: usize) -> Result<Secret, Error> {
    fill(random, octets)
}

/// The content key for the holder of a certificate.
pub(super) fn for_certificate(
    certificate: &Certificate<'_>,
    content_key: &[u8],
    transport: Transport,
    random: &mut dyn Random,
) -> Result<Vec<u8>, Error> {
    let refused = || Error::key("the certificate's key cannot be encrypted to");
    match certificate.public_key().public_key()? {
        PublicKey::Rsa(key) => {
            let public = rsa_private::public_key(key.modulus, key.exponent).ok_or_else(refused)?;
            let mut random = Rng(random);
            let (identifier, sealed) = match transport {
                Transport::Pkcs1 => {
                    (cms::with(RSA, &NULL), rsa_private::encrypt_pkcs1(&public, &mut random, content_key))
                }
                Transport::Oaep => {
                    let digest = cms::with(Digest::Sha256.oid(), &NULL);
                    let mask = cms::with(MGF1, &digest);
                    let parameters = write::sequence(&[
                        &write::element(Identifier::context(0), &digest),
                        &write::element(Identifier::context(1), &mask),
                    ]);
                    let sealed = rsa_private::encrypt_oaep(&public, &mut random, content_key);
                    (cms::with(RSA_OAEP, &parameters), sealed)
                }
            };
            let sealed = sealed.ok_or_else(refused)?;
            Ok(write::sequence(&[
                &write::integer(0),
                &cms::issuer_and_serial(certificate),
                &identifier,
                &write::octets(&sealed),
            ]))
        }
        PublicKey::Ec(curve, point) => {
            let (named, digest, oid) = match curve {
                Curve::P256 => (P256, Digest::Sha256, STD_DH_SHA256),
                Curve::P384 => (P384, Digest::Sha384, STD_DH_SHA384),
                Curve::P521 => (P521, Digest::Sha512, STD_DH_SHA512),
            };
            let secret = ephemeral(curve, random)?;
            let own = agree::ec_public(curve, &secret).ok_or_else(refused)?;
            let shared = agree::ecdh(curve, &secret, point).ok_or_else(refused)?;
            let originator = cms::with(EC, &write::oid(named));
            agreed(certificate, content_key, &shared, (&originator, &own), (digest, oid, false))
        }
        PublicKey::X25519(public) => {
            let secret = fill(random, 32)?;
            let own = agree::x25519_public(&secret).ok_or_else(refused)?;
            let shared = agree::x25519(&secret, public).ok_or_else(refused)?;
            let scheme = (Digest::Sha256, STD_DH_HKDF_SHA256, true);
            agreed(certificate, content_key, &shared, (&cms::bare(X25519), &own), scheme)
        }
        _ => Err(refused()),
    }
}

/// A random scalar: octets are drawn until they are one, which is almost always the first time.
fn ephemeral(curve: Curve, random: &mut dyn Random) -> Result<Secret, Error> {
    for _ in 0..64 {
        let mut secret = fill(random, agree::scalar_octets(curve))?;
        if let (Curve::P521, Some(first)) = (curve, secret.first_mut()) {
            *first &= 1; // 521 bits in 66 octets
        }
        if agree::ec_public(curve, &secret).is_some() {
            return Ok(secret);
        }
    }
    Err(Error::key("random octets that never were a scalar"))
}

/// `KeyAgreeRecipientInfo` (RFC 5753 3.1.1, RFC 8418 3).
fn agreed(
    certificate: &Certificate<'_>,
    content_key: &[u8],
    shared: &[u8],
    (originator, own): (&[u8], &[u8]),
    (digest, oid, hkdf): (Digest, Oid<'_>, bool),
) -> Result<Vec<u8>, Error> {
    let (wrap, wrap_oid) = wrap_for(content_key);
    let wrap_identifier = cms::bare(wrap_oid);
    let agreement = Agreement { digest, hkdf, wrap, wrap_identifier: &wrap_identifier };
    let info = shared_info(&agreement, None);
    let octets = wrap.key_octets();
    let key = if hkdf {
        kdf::hkdf(digest, shared, &[], &info, octets)
    } else {
        Some(kdf::x963(digest, shared, &info, octets))
    };
    let wrapped =
        key.and_then(|key| wrap.wrap(&key, content_key)).ok_or_else(|| Error::key("no key to wrap in"))?;
    let bits = write::element(Identifier::of(3), &[&[0], own].concat());
    let public = write::element(Identifier::context(1), &[originator, &bits].concat());
    let each = write::sequence(&[&cms::issuer_and_serial(certificate), &write::octets(&wrapped)]);
    let fields = [
        write::integer(3),
        write::element(Identifier::context(0), &public),
        cms::with(oid, &wrap_identifier),
        write::sequence(&[&each]),
    ];
    Ok(write::element(Identifier::context(1), &fields.concat()))
}

/// The wrapping as strong as the key (RFC 3565 2.3.2).
fn wrap_for(content_key: &[u8]) -> (Wrap, Oid<'static>) {
    match content_key.len() {
        0..=16 => (Wrap::Aes128, AES128_WRAP),
        17..=24 => (Wrap::Aes192, AES192_WRAP),
        _ => (Wrap::Aes256, AES256_WRAP),
    }
}

/// `KEKRecipientInfo` (RFC 5652 6.2.3).
pub(crate) fn for_shared(id: &[u8], kek: &[u8], content_key: &[u8]) -> Result<Vec<u8>, Error> {
    let (wrap, oid) = match kek.len() {
        16 => (Wrap::Aes128, AES128_WRAP),
        24 => (Wrap::Aes192, AES192_WRAP),
        32 => (Wrap::Aes256, AES256_WRAP),
        _ => return Err(Error::key("a key to wrap in has 16, 24 or 32 octets")),
    };
    let wrapped = wrap.wrap(kek, content_key).ok_or_else(|| Error::key("no key to wrap in"))?;
    let fields =
        [write::integer(4), write::sequence(&[&write::octets(id)]), cms::bare(oid), write::octets(&wrapped)];
    Ok(write::element(Identifier::context(2), &fields.concat()))
}

/// `PasswordRecipientInfo` (RFC 5652 6.2.4, RFC 3211).
pub(super) fn for_password(
    password: &[u8],
    content_key: &[u8],
    random: &mut dyn Random,
) -> Result<Vec<u8>, Error> {
    let refused = || Error::key("no key from this password");
    let (salt, vector, padding) = (fill(random, 16)?, fill(random, 16)?, fill(random, 32)?);
    let key = kdf::pbkdf2(Digest::Sha256, password, &salt, ITERATIONS, 32).ok_or_else(refused)?;
    let wrapped = wrap::wrap_pwri(&key, &vector, content_key, &padding).ok_or_else(refused)?;
    let parameters = write::sequence(&[
        &write::octets(&salt),
        &write::integer(ITERATIONS),
        &write::integer(32),
        &cms::with(HMAC_SHA256, &NULL),
    ]);
    let derivation = cms::implicit(0, &cms::with(PBKDF2, &parameters));
    let cipher = cms::with(Cipher::Aes256Cbc.oid(), &write::octets(&vector));
    let fields = [write::integer(0), derivation, cms::with(PWRI_KEK, &cipher), write::octets(&wrapped)];
    Ok(write::element(Identifier::context(3), &fields.concat()))
}
