//! RSA with the private key (RFC 8017).

use rsa::hazmat::rsa_decrypt_and_check;
use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, Oaep, Pkcs1v15Encrypt, PublicKey};

#[cfg(feature = "aws-lc")]
use super::aws_lc;
use super::rsa::mgf1;
use super::{Secret, digest as hash_of};
use crate::algorithm::Digest;
use crate::random::Rng;

/// A private key of RSA.
pub(crate) struct RsaPrivateKey {
    /// Its own form in DER (RFC 8017 A.1.2).
    pub(crate) der: Secret,
    pub(crate) numbers: rsa::PrivateKey,
    /// The same for `aws-lc-rs`, where it takes the key.
    #[cfg(feature = "aws-lc")]
    pub(super) aws_lc: Option<aws_lc::Rsa>,
}

impl RsaPrivateKey {
    /// Of its form in DER and the numbers in it: modulus, exponents, two primes; `None` where they are none of RSA.
    pub(crate) fn new(der: &[u8], [n, e, d, p, q]: [BoxedUint; 5]) -> Option<Self> {
        let numbers = rsa::PrivateKey::from_components(n, e, d, vec![p, q]).ok()?;
        Some(Self {
            der: Secret::new(der.to_vec()),
            numbers,
            #[cfg(feature = "aws-lc")]
            aws_lc: aws_lc::Rsa::new(der),
        })
    }

    /// RSAES-PKCS1-v1_5 (RFC 8017 7.2.2). Where the padding is wrong other octets come out, always the same for the same
    /// input (implicit rejection); `None` only for what everyone can see to be wrong. With `aws-lc-rs` it is `None` in both
    /// cases, and what comes out instead is made by who asks.
    pub(crate) fn decrypt_pkcs1(&self, sealed: &[u8]) -> Option<Secret> {
        #[cfg(feature = "aws-lc")]
        if let Some(key) = &self.aws_lc {
            return key.decrypt_pkcs1(sealed);
        }
        self.numbers.decrypt(Pkcs1v15Encrypt, sealed).ok().map(Secret::new)
    }

    /// RSAES-OAEP (RFC 8017 7.1.2) with any digests and label. The crate `rsa` has it too, but passes over the first octet,
    /// which has to be zero (step 3 g).
    pub(crate) fn decrypt_oaep(
        &self,
        (digest, mgf): (Digest, Digest),
        label: &[u8],
        sealed: &[u8],
    ) -> Option<Secret> {
        #[cfg(feature = "aws-lc")]
        if let Some(key) = &self.aws_lc
            && let Some(algorithm) = aws_lc::oaep(digest, mgf)
        {
            return key.decrypt_oaep(algorithm, label, sealed);
        }
        let octets = self.numbers.size();
        // Step 1
        if sealed.len() != octets || octets < digest.octets().checked_mul(2)?.checked_add(2)? {
            return None;
        }
        let number = BoxedUint::from_be_slice(sealed, self.numbers.n_bits_precision()).ok()?;
        let opened = rsa_decrypt_and_check(&self.numbers, None::<&mut Rng<'_>>, &number).ok()?;
        let opened = Secret::new(opened.to_be_bytes().into_vec());
        let encoded = opened.get(opened.len().checked_sub(octets)?..)?;
        decode(encoded, (digest, mgf), label)
    }
}

/// EME-OAEP decoding (RFC 8017 7.1.2 step 3). Which of its rules is broken cannot be seen from the time it takes.
fn decode(encoded: &[u8], (digest, mgf): (Digest, Digest), label: &[u8]) -> Option<Secret> {
    use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};
    let (first, rest) = encoded.split_first()?;
    let (seed, block) = rest.split_at_checked(digest.octets())?;
    let masked = |octets: &[u8], by: &[u8]| {
        let mask = Secret::new(mgf1(mgf, by, octets.len()));
        Secret::new(mask.iter().zip(octets).map(|(mask, octet)| mask ^ octet).collect())
    };
    let seed = masked(seed, block);
    let block = masked(block, &seed);
    let (hash, padded) = block.split_at_checked(digest.octets())?;
    // Zeros up to the first 1.
    let (mut before, mut zeros, mut good) = (Choice::from(1), 0u32, first.ct_eq(&0));
    good &= hash.ct_eq(&hash_of(digest, label));
    for octet in padded {
        let one = octet.ct_eq(&1);
        good &= octet.ct_eq(&0) | one | !before;
        before &= !one;
        zeros.conditional_assign(&zeros.wrapping_add(1), before);
    }
    good &= !before;
    // Once the padding is right, how long it is may be seen.
    let message = padded.get(usize::try_from(zeros).ok()?.checked_add(1)?..);
    if bool::from(good) { Some(Secret::new(message?.to_vec())) } else { None }
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
