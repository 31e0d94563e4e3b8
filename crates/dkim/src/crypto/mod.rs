//! The cryptography, behind one private trait, by `ring` or by `aws-lc-rs`.

use crate::algorithm::HashAlgorithm;

/// What the rest of the crate asks of a library.
pub(crate) trait Backend {
    /// A hash that is being computed.
    type Hash: Clone;

    fn hash(algorithm: HashAlgorithm) -> Self::Hash;
    fn update(hash: &mut Self::Hash, octets: &[u8]);
    fn finish(hash: Self::Hash) -> Digest;
    /// RSASSA-PKCS1-v1_5 (RFC 8017 8.2.2) over a message, for keys from 1024 to 8192 bits.
    fn verify_rsa(hash: HashAlgorithm, n: &[u8], e: &[u8], message: &[u8], signature: &[u8]) -> bool;
    /// Pure Ed25519 (RFC 8032 5.1) over a message.
    fn verify_ed25519(key: &[u8; 32], message: &[u8], signature: &[u8]) -> bool;
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
            use $library::signature::{
                ED25519, RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
                RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RsaPublicKeyComponents, UnparsedPublicKey,
            };

            use super::{Backend, Digest};
            use crate::algorithm::HashAlgorithm;

            /// This library.
            #[allow(dead_code, reason = "only one backend is in use")]
            pub(crate) struct Library;

            impl Backend for Library {
                type Hash = Context;

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
            }
        }
    };
}
backend!(ring, "ring");
backend!(aws_lc_rs, "aws-lc-rs");
