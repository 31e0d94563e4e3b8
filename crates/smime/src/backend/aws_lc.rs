//! Private keys in `aws-lc-rs`: three times as fast as what is pure Rust, and more.

use aws_lc_rs::agreement::{self, ECDH_P256, ECDH_P384, ECDH_P521, UnparsedPublicKey};
use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, Algorithm, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext,
    UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512,
    OaepAlgorithm, OaepPrivateDecryptingKey, Pkcs1PrivateDecryptingKey, PrivateDecryptingKey,
};
use aws_lc_rs::signature::{
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512,
    RsaEncoding, RsaKeyPair,
};

use super::Secret;
use super::cbc::Run;
use crate::algorithm::{Cipher, Digest};
use crate::ber::write;
use crate::x509::key::{Curve, RSA};

/// A private key of RSA of 2048 to 8192 bits.
pub(super) struct Rsa {
    pkcs1: Pkcs1PrivateDecryptingKey,
    oaep: OaepPrivateDecryptingKey,
    pair: RsaKeyPair,
}

impl Rsa {
    /// Of `RSAPrivateKey` (RFC 8017 A.1.2); `None` for keys that are not taken.
    pub(super) fn new(der: &[u8]) -> Option<Self> {
        let algorithm = write::sequence(&[&write::oid(RSA), &[5, 0]]);
        let pkcs8 = Secret::new(write::sequence(&[&write::integer(0), &algorithm, &write::octets(der)]));
        let key = PrivateDecryptingKey::from_pkcs8(&pkcs8).ok()?;
        Some(Self {
            pkcs1: Pkcs1PrivateDecryptingKey::new(key.clone()).ok()?,
            oaep: OaepPrivateDecryptingKey::new(key).ok()?,
            pair: RsaKeyPair::from_der(der).ok()?,
        })
    }

    /// RSAES-PKCS1-v1_5 (RFC 8017 7.2.2); `None` where the padding is wrong. The padding is looked at in constant time, and
    /// the answer is told by a branch.
    pub(super) fn decrypt_pkcs1(&self, sealed: &[u8]) -> Option<Secret> {
        let mut opened = Secret::new(vec![0; self.pkcs1.min_output_size()]);
        let octets = self.pkcs1.decrypt(sealed, &mut opened).ok()?.len();
        opened.truncate(octets);
        Some(opened)
    }

    /// RSAES-OAEP (RFC 8017 7.1.2).
    pub(super) fn decrypt_oaep(
        &self,
        algorithm: &'static OaepAlgorithm,
        label: &[u8],
        sealed: &[u8],
    ) -> Option<Secret> {
        let mut opened = Secret::new(vec![0; self.oaep.min_output_size()]);
        let octets = self.oaep.decrypt(algorithm, sealed, &mut opened, Some(label)).ok()?.len();
        opened.truncate(octets);
        Some(opened)
    }

    /// The signature over `message`.
    pub(super) fn sign(&self, encoding: &'static dyn RsaEncoding, message: &[u8]) -> Option<Vec<u8>> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = aws_lc_rs::rand::SystemRandom::new();
        self.pair.sign(encoding, &random, message, &mut signature).ok()?;
        Some(signature)
    }
}

/// OAEP with these digests, where they are the same.
pub(super) fn oaep(digest: Digest, mgf: Digest) -> Option<&'static OaepAlgorithm> {
    match (digest, mgf) {
        (Digest::Sha1, Digest::Sha1) => Some(&OAEP_SHA1_MGF1SHA1),
        (Digest::Sha256, Digest::Sha256) => Some(&OAEP_SHA256_MGF1SHA256),
        (Digest::Sha384, Digest::Sha384) => Some(&OAEP_SHA384_MGF1SHA384),
        (Digest::Sha512, Digest::Sha512) => Some(&OAEP_SHA512_MGF1SHA512),
        _ => None,
    }
}

/// RSASSA-PKCS1-v1_5 with this digest.
pub(super) fn pkcs1(digest: Digest) -> Option<&'static dyn RsaEncoding> {
    match digest {
        Digest::Sha256 => Some(&RSA_PKCS1_SHA256),
        Digest::Sha384 => Some(&RSA_PKCS1_SHA384),
        Digest::Sha512 => Some(&RSA_PKCS1_SHA512),
        _ => None,
    }
}

/// RSASSA-PSS with this digest, in the mask too, and a salt as long as it.
pub(super) fn pss(digest: Digest) -> Option<&'static dyn RsaEncoding> {
    match digest {
        Digest::Sha256 => Some(&RSA_PSS_SHA256),
        Digest::Sha384 => Some(&RSA_PSS_SHA384),
        Digest::Sha512 => Some(&RSA_PSS_SHA512),
        _ => None,
    }
}

/// As [`agree::ecdh`](super::agree::ecdh).
pub(super) fn ecdh(curve: Curve, secret: &[u8], point: &[u8]) -> Option<Secret> {
    agreed(of_curve(curve), secret, point)
}

fn agreed(algorithm: &'static agreement::Algorithm, secret: &[u8], public: &[u8]) -> Option<Secret> {
    let secret = agreement::PrivateKey::from_private_key(algorithm, secret).ok()?;
    let public = UnparsedPublicKey::new(algorithm, public);
    agreement::agree(&secret, public, (), |shared| Ok(Secret::new(shared.to_vec()))).ok()
}

/// As [`agree::ec_public`](super::agree::ec_public).
pub(super) fn ec_public(curve: Curve, secret: &[u8]) -> Option<Vec<u8>> {
    let secret = agreement::PrivateKey::from_private_key(of_curve(curve), secret).ok()?;
    Some(secret.compute_public_key().ok()?.as_ref().to_vec())
}

fn of_curve(curve: Curve) -> &'static agreement::Algorithm {
    match curve {
        Curve::P256 => &ECDH_P256,
        Curve::P384 => &ECDH_P384,
        Curve::P521 => &ECDH_P521,
    }
}

/// Seals with a cipher in CBC, block by block; `None` for other ciphers.
pub(super) fn seal_cbc(cipher: Cipher, key: &[u8], vector: &[u8]) -> Option<Run> {
    let key = EncryptingKey::cbc(UnboundCipherKey::new(of_cipher(cipher)?, key).ok()?).ok()?;
    let mut vector = vector.to_vec();
    Some(Box::new(move |blocks| {
        let context = match vector.len() {
            8 => EncryptionContext::Iv64(FixedLength::try_from(vector.as_slice()).ok()?),
            _ => EncryptionContext::Iv128(FixedLength::try_from(vector.as_slice()).ok()?),
        };
        key.less_safe_encrypt(blocks, context).ok()?;
        let last = blocks.get(blocks.len().checked_sub(vector.len())?..)?;
        vector.copy_from_slice(last);
        Some(())
    }))
}

/// Opens Triple DES in CBC, block by block; `None` for keys that are not taken. AES is opened faster by RustCrypto, which has
/// eight blocks in work at once.
pub(super) fn open_3des(key: &[u8], vector: &[u8]) -> Option<Run> {
    let key = UnboundCipherKey::new(of_cipher(Cipher::TripleDesCbc)?, key).ok()?;
    let key = DecryptingKey::cbc(key).ok()?;
    let mut vector: [u8; 8] = vector.try_into().ok()?;
    Some(Box::new(move |blocks| {
        let next = *blocks.last_chunk()?;
        key.decrypt(blocks, DecryptionContext::Iv64(FixedLength::from(vector))).ok()?;
        vector = next;
        Some(())
    }))
}

fn of_cipher(cipher: Cipher) -> Option<&'static Algorithm> {
    match cipher {
        Cipher::Aes128Cbc => Some(&AES_128),
        Cipher::Aes192Cbc => Some(&AES_192),
        Cipher::Aes256Cbc => Some(&AES_256),
        #[allow(deprecated, reason = "old mail is sealed with it")]
        Cipher::TripleDesCbc => Some(&aws_lc_rs::cipher::DES_EDE3_FOR_LEGACY_USE_ONLY),
        _ => None,
    }
}
