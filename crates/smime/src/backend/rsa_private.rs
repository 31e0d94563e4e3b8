//! RSA with the private key (RFC 8017).

use rsa::{Oaep, Pkcs1v15Encrypt, PrivateKey, PublicKey};

use super::Secret;
use crate::algorithm::Digest;
use crate::random::Rng;

/// RSAES-PKCS1-v1_5 (RFC 8017 7.2.2). Where the padding is wrong other octets come out, always the same for the same
/// input (implicit rejection); `None` only for what everyone can see to be wrong.
pub(crate) fn decrypt_pkcs1(key: &PrivateKey, sealed: &[u8]) -> Option<Secret> {
    key.decrypt(Pkcs1v15Encrypt, sealed).ok().map(Secret::new)
}

/// Calls `$run` with the type of a digest as `$type`.
macro_rules! typed {
    ($digest:expr, $type:ident => $run:expr) => {
        match $digest {
            Digest::Sha1 => {
                type $type = sha1::Sha1;
                $run
            }
            Digest::Sha224 => {
                type $type = sha2::Sha224;
                $run
            }
            Digest::Sha256 => {
                type $type = sha2::Sha256;
                $run
            }
            Digest::Sha384 => {
                type $type = sha2::Sha384;
                $run
            }
            Digest::Sha512 => {
                type $type = sha2::Sha512;
                $run
            }
        }
    };
}

/// RSAES-OAEP (RFC 8017 7.1.2) with any digests and label.
pub(crate) fn decrypt_oaep(
    key: &PrivateKey,
    (digest, mgf): (Digest, Digest),
    label: &[u8],
    sealed: &[u8],
) -> Option<Secret> {
    typed!(digest, D => typed!(mgf, M => {
        key.decrypt(Oaep::<D, M>::new_with_mgf_hash_and_label(label), sealed)
    }))
    .ok()
    .map(Secret::new)
}

/// RSAES-PKCS1-v1_5 with the public key.
pub(crate) fn encrypt_pkcs1(key: &PublicKey, random: &mut Rng<'_>, content: &[u8]) -> Option<Vec<u8>> {
    key.encrypt(random, Pkcs1v15Encrypt, content).ok()
}

/// RSAES-OAEP with the public key, SHA-256 and MGF1 with SHA-256 (RFC 8551 2.3).
pub(crate) fn encrypt_oaep(key: &PublicKey, random: &mut Rng<'_>, content: &[u8]) -> Option<Vec<u8>> {
    key.encrypt(random, Oaep::<sha2::Sha256>::new(), content).ok()
}

/// A public key of numbers in octets.
pub(crate) fn public_key(modulus: &[u8], exponent: &[u8]) -> Option<PublicKey> {
    let number = |octets: &[u8]| rsa::BoxedUint::from_be_slice_vartime(octets);
    PublicKey::new_with_size_limits(number(modulus), number(exponent), 1024..=8192).ok()
}
