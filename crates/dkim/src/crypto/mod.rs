//! The cryptography, behind one private trait, by `ring` or by `aws-lc-rs`.

use crate::algorithm::HashAlgorithm;

/// What the rest of the crate asks of a library.
pub(crate) trait Backend {
    /// A hash that is being computed.
    type Hash: Clone;
    /// An RSA private key.
    type Rsa: Send + Sync;
    /// An Ed25519 private key.
    type Ed25519: Send + Sync;

    fn hash(algorithm: HashAlgorithm) -> Self::Hash;
    fn update(hash: &mut Self::Hash, octets: &[u8]);
    fn finish(hash: Self::Hash) -> Digest;
    /// RSASSA-PKCS1-v1_5 (RFC 8017 8.2.2) over a message, for keys from 1024 to 8192 bits.
    fn verify_rsa(hash: HashAlgorithm, n: &[u8], e: &[u8], message: &[u8], signature: &[u8]) -> bool;
    /// Pure Ed25519 (RFC 8032 5.1) over a message.
    fn verify_ed25519(key: &[u8; 32], message: &[u8], signature: &[u8]) -> bool;

    /// PKCS#8 (RFC 5208) or RSAPrivateKey (RFC 8017 A.1.2), from 2048 bits.
    fn rsa(der: &[u8]) -> Option<Self::Rsa>;
    /// With SHA-256.
    fn sign_rsa(key: &Self::Rsa, message: &[u8], octets: usize) -> Option<Vec<u8>>;
    fn ed25519(seed: &[u8; 32]) -> Option<Self::Ed25519>;
    fn ed25519_public(key: &Self::Ed25519) -> Option<[u8; 32]>;
    fn sign_ed25519(key: &Self::Ed25519, message: &[u8]) -> Vec<u8>;
    /// Octets from the random number generator of the system.
    fn random() -> Option<[u8; 32]>;
}

/// The value of a hash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digest {
    octets: [u8; 32],
    len: usize,
}

impl Digest {
    fn new(digest: &[u8]) -> Self {
        let (mut octets, mut len) = ([0; 32], 0);
        for (to, &from) in octets.iter_mut().zip(digest) {
            *to = from;
            len += 1;
        }
        Self { octets, len }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.octets.get(..self.len).unwrap_or_default()
    }
}

/// SHA-256 of octets that are all there.
pub(crate) fn sha256(octets: &[u8]) -> Digest {
    let mut hash = Crypto::hash(HashAlgorithm::Sha256);
    Crypto::update(&mut hash, octets);
    Crypto::finish(hash)
}

/// The library in use: where both are on, `aws-lc-rs`, whose Ed25519 is the faster one.
#[cfg(feature = "aws-lc-rs")]
pub(crate) use self::aws_lc_rs::Library as Crypto;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
pub(crate) use self::ring::Library as Crypto;

// aws-lc-rs has the interface of ring 0.16 and 0.17 on purpose, so both backends are one text.
macro_rules! backend {
    ($library:ident, $feature:literal) => {
        #[cfg(feature = $feature)]
        pub(crate) mod $library {
            use $library::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
            use $library::rand::{SecureRandom, SystemRandom};
            use $library::signature::{
                ED25519, Ed25519KeyPair, KeyPair, RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
                RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_SHA256, RsaKeyPair,
                RsaPublicKeyComponents, UnparsedPublicKey,
            };

            use super::{Backend, Digest};
            use crate::algorithm::HashAlgorithm;

            /// This library.
            #[allow(dead_code, reason = "only one backend is in use")]
            pub(crate) struct Library;

            impl Backend for Library {
                type Hash = Context;
                type Rsa = RsaKeyPair;
                type Ed25519 = Ed25519KeyPair;

                fn hash(algorithm: HashAlgorithm) -> Context {
                    Context::new(match algorithm {
                        HashAlgorithm::Sha256 => &SHA256,
                        HashAlgorithm::Sha1 => &SHA1_FOR_LEGACY_USE_ONLY,
                    })
                }

                fn update(hash: &mut Context, octets: &[u8]) {
                    hash.update(octets);
                }

                fn finish(hash: Context) -> Digest {
                    Digest::new(hash.finish().as_ref())
                }

                fn verify_rsa(
                    hash: HashAlgorithm,
                    n: &[u8],
                    e: &[u8],
                    message: &[u8],
                    signature: &[u8],
                ) -> bool {
                    let parameters = match hash {
                        HashAlgorithm::Sha256 => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
                        HashAlgorithm::Sha1 => &RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
                    };
                    RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).is_ok()
                }

                fn verify_ed25519(key: &[u8; 32], message: &[u8], signature: &[u8]) -> bool {
                    UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok()
                }

                fn rsa(der: &[u8]) -> Option<RsaKeyPair> {
                    RsaKeyPair::from_pkcs8(der).or_else(|_| RsaKeyPair::from_der(der)).ok()
                }

                fn sign_rsa(key: &RsaKeyPair, message: &[u8], octets: usize) -> Option<Vec<u8>> {
                    let mut signature = vec![0; octets];
                    let random = SystemRandom::new();
                    key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).ok()?;
                    Some(signature)
                }

                fn ed25519(seed: &[u8; 32]) -> Option<Ed25519KeyPair> {
                    Ed25519KeyPair::from_seed_unchecked(seed).ok()
                }

                fn ed25519_public(key: &Ed25519KeyPair) -> Option<[u8; 32]> {
                    key.public_key().as_ref().try_into().ok()
                }

                fn sign_ed25519(key: &Ed25519KeyPair, message: &[u8]) -> Vec<u8> {
                    key.sign(message).as_ref().to_vec()
                }

                fn random() -> Option<[u8; 32]> {
                    let mut octets = [0; 32];
                    SystemRandom::new().fill(&mut octets).ok()?;
                    Some(octets)
                }
            }
        }
    };
}
backend!(ring, "ring");
backend!(aws_lc_rs, "aws-lc-rs");
