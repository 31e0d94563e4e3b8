//! Signatures made.

use p256::ecdsa::signature::hazmat::PrehashSigner;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512,
    RsaEncoding, RsaKeyPair,
};
use rsa::Pkcs1v15Sign;

#[cfg(feature = "aws-lc")]
use super::aws_lc;
use super::rsa_private::RsaPrivateKey;
use super::{Secret, agree, digest};
use crate::algorithm::{Digest, SignatureScheme};
use crate::error::Error;
use crate::private_key::{Kind, PrivateKey};
use crate::x509::key::Curve;

/// The signature of `key` over `message`. `ring` takes what is random about it from the operating system: the blinding of
/// RSA, the salt of PSS, the number of ECDSA.
pub(crate) fn sign(key: &PrivateKey, scheme: &SignatureScheme, message: &[u8]) -> Result<Vec<u8>, Error> {
    match (key.kind(), scheme) {
        (Kind::Rsa(key), SignatureScheme::RsaPkcs1(hash)) => sign_pkcs1(key, *hash, message),
        (Kind::Rsa(key), SignatureScheme::RsaPss(parameters)) => {
            #[cfg(feature = "aws-lc")]
            if let (Some(key), Some(encoding)) = (&key.aws_lc, aws_lc::pss(parameters.digest)) {
                return key.sign(encoding, message).ok_or_else(|| Error::key("RSA key that cannot sign"));
            }
            let encoding: &'static dyn RsaEncoding = match parameters.digest {
                Digest::Sha256 => &RSA_PSS_SHA256,
                Digest::Sha384 => &RSA_PSS_SHA384,
                Digest::Sha512 => &RSA_PSS_SHA512,
                _ => return Err(Error::key("PSS is made with SHA-256 and its larger sisters alone")),
            };
            sign_rsa(&key.der, encoding, message)
                .ok_or_else(|| Error::key("PSS is made with RSA keys of 2048 to 4096 bits"))
        }
        (Kind::Ec(curve, scalar), SignatureScheme::Ecdsa(hash)) => sign_ecdsa(*curve, scalar, *hash, message),
        (Kind::Ed25519(seed), SignatureScheme::Ed25519) => {
            let pair =
                Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| Error::key("no seed of Ed25519"))?;
            Ok(pair.sign(message).as_ref().to_vec())
        }
        _ => Err(Error::key("not of the signature's algorithm")),
    }
}

fn sign_pkcs1(key: &RsaPrivateKey, hash: Digest, message: &[u8]) -> Result<Vec<u8>, Error> {
    #[cfg(feature = "aws-lc")]
    if let (Some(key), Some(encoding)) = (&key.aws_lc, aws_lc::pkcs1(hash)) {
        return key.sign(encoding, message).ok_or_else(|| Error::key("RSA key that cannot sign"));
    }
    let of_ring: Option<&'static dyn RsaEncoding> = match hash {
        Digest::Sha256 => Some(&RSA_PKCS1_SHA256),
        Digest::Sha384 => Some(&RSA_PKCS1_SHA384),
        Digest::Sha512 => Some(&RSA_PKCS1_SHA512),
        _ => None,
    };
    if let Some(signature) = of_ring.and_then(|encoding| sign_rsa(&key.der, encoding, message)) {
        return Ok(signature);
    }
    // Keys that `ring` does not take: short ones, and those of an exponent of 3.
    let hashed = digest(hash, message);
    let padding = match hash {
        Digest::Sha1 => return Err(Error::key("nothing is signed with SHA-1")),
        Digest::Sha224 => Pkcs1v15Sign::new::<sha2::Sha224>(),
        Digest::Sha256 => Pkcs1v15Sign::new::<sha2::Sha256>(),
        Digest::Sha384 => Pkcs1v15Sign::new::<sha2::Sha384>(),
        Digest::Sha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
    };
    key.numbers.sign(padding, &hashed).map_err(|_| Error::key("RSA key that cannot sign"))
}

fn sign_rsa(der: &[u8], encoding: &'static dyn RsaEncoding, message: &[u8]) -> Option<Vec<u8>> {
    let pair = RsaKeyPair::from_der(der).ok()?;
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(encoding, &SystemRandom::new(), message, &mut signature).ok()?;
    Some(signature)
}

fn sign_ecdsa(curve: Curve, scalar: &Secret, hash: Digest, message: &[u8]) -> Result<Vec<u8>, Error> {
    let refused = || Error::key("EC key that cannot sign");
    let of_ring = match (curve, hash) {
        (Curve::P256, Digest::Sha256) => Some(&ECDSA_P256_SHA256_ASN1_SIGNING),
        (Curve::P384, Digest::Sha384) => Some(&ECDSA_P384_SHA384_ASN1_SIGNING),
        _ => None,
    };
    if let Some(algorithm) = of_ring {
        let random = SystemRandom::new();
        let point = agree::ec_public(curve, scalar).ok_or_else(refused)?;
        let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, scalar, &point, &random)
            .map_err(|_| refused())?;
        return Ok(pair.sign(&random, message).map_err(|_| refused())?.as_ref().to_vec());
    }
    // RFC 6979: the number is made of key and message. A digest shorter than half of the order is not taken.
    let hashed = digest(hash, message);
    /// The same for each curve, whose types differ.
    macro_rules! on {
        ($curve:ident) => {{
            let key = $curve::ecdsa::SigningKey::from_slice(scalar).map_err(|_| refused())?;
            let signature: $curve::ecdsa::DerSignature = key.sign_prehash(&hashed).map_err(|_| refused())?;
            Ok(signature.as_bytes().to_vec())
        }};
    }
    match curve {
        Curve::P256 => on!(p256),
        Curve::P384 => on!(p384),
        Curve::P521 => on!(p521),
    }
}
