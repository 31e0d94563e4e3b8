//! The backend's primitives one by one, for the test vectors of others: no part of the public interface, and behind a
//! feature that promises nothing.

use crate::algorithm::{PssParameters, SignatureScheme};
use crate::backend::{self, Signed, Unverified, agree, gcm, kdf, wrap::Wrap};
use crate::error::{Error, ErrorKind};
use crate::oid::Oid;
use crate::private_key::{Kind, PrivateKey};
use crate::tlv::Element;
use crate::x509::key::{PublicKey, PublicKeyInfo};
use crate::{Cipher, Digest};

/// How a signature is made.
#[derive(Clone, Copy, Debug)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(Digest),
    /// RSASSA-PSS.
    RsaPss {
        /// Of the message.
        digest: Digest,
        /// Of the mask.
        mgf: Digest,
        /// Octets of the salt.
        salt: usize,
    },
    /// ECDSA.
    Ecdsa(Digest),
    /// Ed25519.
    Ed25519,
    /// DSA.
    Dsa(Digest),
    /// The one of the key.
    PostQuantum,
}

/// How a key is wrapped.
#[derive(Clone, Copy, Debug)]
pub enum Wrapping {
    /// RFC 3394.
    Kw,
    /// RFC 5649.
    Kwp,
}

const fn refused() -> Error {
    Error::new(ErrorKind::Decrypt)
}

fn public(spki: &[u8]) -> Result<PublicKeyInfo<'_>, Error> {
    PublicKeyInfo::read(Element::only(spki, 0, "public key")?)
}

/// Whether `signature` is that of the key of a `SubjectPublicKeyInfo` over `message`, whole or by its digest.
///
/// # Errors
///
/// It is not, or is not supported; the two ways disagree.
pub fn verify(scheme: Scheme, spki: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error> {
    let key = public(spki)?;
    let scheme = match (scheme, key.public_key()?) {
        (Scheme::RsaPkcs1(digest), _) => SignatureScheme::RsaPkcs1(digest),
        (Scheme::RsaPss { digest, mgf, salt }, _) => {
            SignatureScheme::RsaPss(PssParameters { digest, mgf, salt })
        }
        (Scheme::Ecdsa(digest), _) => SignatureScheme::Ecdsa(digest),
        (Scheme::Ed25519, _) => SignatureScheme::Ed25519,
        (Scheme::Dsa(digest), _) => SignatureScheme::Dsa(digest),
        (Scheme::PostQuantum, PublicKey::PostQuantum(set, _)) => SignatureScheme::PostQuantum(set),
        (Scheme::PostQuantum, _) => return Err(refused()),
    };
    let whole = backend::verify(&scheme, &key, None, Signed::Message(message), signature);
    if let (false, Some(digest)) = (scheme.signs_message(), scheme.digest()) {
        let value = backend::digest(digest, message);
        if backend::verify(&scheme, &key, None, Signed::Digest(&value), signature) != whole {
            return Err(Error::key("the message and its digest are answered differently"));
        }
    }
    whole.map_err(|why| match why {
        Unverified::Error(error) => error,
        Unverified::Mismatch | Unverified::Key(_) => refused(),
    })
}

/// The signature of RSASSA-PKCS1-v1_5, the one that is the same each time.
///
/// # Errors
///
/// The key is of another kind.
pub fn sign_pkcs1(key: &PrivateKey, digest: Digest, message: &[u8]) -> Result<Vec<u8>, Error> {
    backend::sign(key, &SignatureScheme::RsaPkcs1(digest), message)
}

/// RSAES-PKCS1-v1_5; other octets where the padding is wrong.
///
/// # Errors
///
/// The key is of another kind, or the input of another length than its modulus.
pub fn decrypt_pkcs1(key: &PrivateKey, sealed: &[u8]) -> Result<Vec<u8>, Error> {
    let Kind::Rsa(key) = key.kind() else { return Err(refused()) };
    Ok(key.decrypt_pkcs1(sealed).ok_or_else(refused)?.to_vec())
}

/// RSAES-OAEP.
///
/// # Errors
///
/// The key is of another kind, or the input was not sealed so.
pub fn decrypt_oaep(
    key: &PrivateKey,
    digest: Digest,
    mgf: Digest,
    label: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, Error> {
    let Kind::Rsa(key) = key.kind() else { return Err(refused()) };
    Ok(key.decrypt_oaep((digest, mgf), label, sealed).ok_or_else(refused)?.to_vec())
}

/// The secret of a key and that of a `SubjectPublicKeyInfo`.
///
/// # Errors
///
/// They are of different curves, or the public key is no point of the curve.
pub fn agree(key: &PrivateKey, spki: &[u8]) -> Result<Vec<u8>, Error> {
    match (key.kind(), public(spki)?.public_key()?) {
        (Kind::Ec(curve, _), PublicKey::Ec(of, point)) if *curve == of => agree_with(key, point),
        (Kind::X25519(_), PublicKey::X25519(point)) => agree_with(key, point),
        _ => Err(refused()),
    }
}

/// The same with the octets of a point.
///
/// # Errors
///
/// As `agree`.
pub fn agree_with(key: &PrivateKey, point: &[u8]) -> Result<Vec<u8>, Error> {
    let shared = match key.kind() {
        Kind::Ec(curve, scalar) => agree::ecdh(*curve, scalar, point),
        Kind::X25519(secret) => agree::x25519(secret, point),
        _ => None,
    };
    Ok(shared.ok_or_else(refused)?.to_vec())
}

/// The secret of an encapsulation.
///
/// # Errors
///
/// The key is of another kind, or the octets are of another length than its ciphertexts.
pub fn decapsulate(key: &PrivateKey, ciphertext: &[u8]) -> Result<Vec<u8>, Error> {
    Ok(key.decapsulate(ciphertext)?.ok_or_else(refused)?.to_vec())
}

/// CBC with the padding of RFC 5652 6.3.
///
/// # Errors
///
/// The cipher has no CBC, or key, vector, length or padding are wrong.
pub fn cbc_open(cipher: Cipher, key: &[u8], vector: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Error> {
    run(backend::cbc::Cbc::open(cipher, key, vector), sealed)
}

/// The other way.
///
/// # Errors
///
/// The cipher has no CBC, or key or vector are of another length.
pub fn cbc_seal(cipher: Cipher, key: &[u8], vector: &[u8], content: &[u8]) -> Result<Vec<u8>, Error> {
    run(backend::cbc::Cbc::seal(cipher, key, vector), content)
}

fn run(cbc: Option<backend::cbc::Cbc>, input: &[u8]) -> Result<Vec<u8>, Error> {
    let mut cbc = cbc.ok_or_else(refused)?;
    let mut output = Vec::new();
    let mut sink = |piece: &[u8]| {
        output.extend_from_slice(piece);
        Ok(())
    };
    cbc.update(input, &mut sink)?;
    cbc.finish(&mut sink)?;
    Ok(output)
}

/// GCM with a whole tag.
///
/// # Errors
///
/// The cipher has no GCM, key or nonce are wrong, or the tag is.
pub fn gcm_open(
    cipher: Cipher,
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    sealed: &[u8],
    tag: &[u8],
) -> Result<Vec<u8>, Error> {
    let (mut hashing, mut stream) = gcm::start(cipher, key, nonce, aad).ok_or_else(refused)?;
    hashing.update(sealed);
    if !hashing.verify(tag, 16) {
        return Err(refused());
    }
    let mut content = sealed.to_vec();
    stream.apply(&mut content);
    Ok(content)
}

/// The other way: what is sealed, and the tag.
///
/// # Errors
///
/// The cipher has no GCM, or key or nonce are wrong.
pub fn gcm_seal(
    cipher: Cipher,
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    content: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let (mut hashing, mut stream) = gcm::start(cipher, key, nonce, aad).ok_or_else(refused)?;
    let mut sealed = content.to_vec();
    stream.apply(&mut sealed);
    hashing.update(&sealed);
    Ok((sealed, hashing.finish().to_vec()))
}

fn wrap(wrapping: Wrapping, key: &[u8]) -> Result<Wrap, Error> {
    match (wrapping, key.len()) {
        (Wrapping::Kw, 16) => Ok(Wrap::Aes128),
        (Wrapping::Kw, 24) => Ok(Wrap::Aes192),
        (Wrapping::Kw, 32) => Ok(Wrap::Aes256),
        (Wrapping::Kwp, 16) => Ok(Wrap::Aes128Padded),
        (Wrapping::Kwp, 24) => Ok(Wrap::Aes192Padded),
        (Wrapping::Kwp, 32) => Ok(Wrap::Aes256Padded),
        _ => Err(refused()),
    }
}

/// The key that was wrapped.
///
/// # Errors
///
/// It was not wrapped in this key.
pub fn unwrap_key(wrapping: Wrapping, key: &[u8], wrapped: &[u8]) -> Result<Vec<u8>, Error> {
    Ok(wrap(wrapping, key)?.unwrap(key, wrapped).ok_or_else(refused)?.to_vec())
}

/// The other way.
///
/// # Errors
///
/// `content` is of a length that is not wrapped.
pub fn wrap_key(wrapping: Wrapping, key: &[u8], content: &[u8]) -> Result<Vec<u8>, Error> {
    wrap(wrapping, key)?.wrap(key, content).ok_or_else(refused)
}

fn no_identifier(what: &'static str) -> Error {
    Error::unsupported(what, Oid::from_octets(&[]))
}

/// HKDF (RFC 5869).
///
/// # Errors
///
/// The digest is not one that keys are derived with here, or more is asked for than can be had.
pub fn hkdf(
    digest: Digest,
    secret: &[u8],
    salt: &[u8],
    info: &[u8],
    octets: usize,
) -> Result<Vec<u8>, Error> {
    if matches!(digest, Digest::Sha1 | Digest::Sha224) {
        return Err(no_identifier("HKDF"));
    }
    Ok(kdf::hkdf(digest, secret, salt, info, octets).ok_or_else(refused)?.to_vec())
}

/// PBKDF2 (RFC 8018 5.2).
///
/// # Errors
///
/// The digest is not one that keys are derived with here.
pub fn pbkdf2(
    digest: Digest,
    password: &[u8],
    salt: &[u8],
    rounds: u64,
    octets: usize,
) -> Result<Vec<u8>, Error> {
    let key = kdf::pbkdf2(digest, password, salt, rounds, octets);
    Ok(key.ok_or_else(|| no_identifier("PBKDF2"))?.to_vec())
}

/// HMAC (RFC 2104).
#[must_use]
pub fn hmac(digest: Digest, key: &[u8], message: &[u8]) -> Vec<u8> {
    crate::pkcs12::hmac(digest, key, message).to_vec()
}
