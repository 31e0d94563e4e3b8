//! RSA signatures (RFC 8017).

use ::rsa::BoxedUint;
use ring::signature::{
    RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA384, RsaPublicKeyComponents,
};

use super::verify::{Signed, Unverified};
use super::{Hasher, digest};
use crate::algorithm::{Digest, PssParameters};
use crate::x509::key::RsaKey;

/// The largest modulus in bits: verification is quadratic in it, and no one issues more than half of it.
const MAX_MODULUS_BITS: usize = 8192;

/// The smallest modulus in bits that is looked at; what is good is said by the policy.
const MIN_MODULUS_BITS: usize = 512;

/// The largest exponent in octets: 33 bits, as `ring` and others have it. 65537 is what is used.
const MAX_EXPONENT_OCTETS: usize = 5;

/// RSASSA-PKCS1-v1_5 (RFC 8017 8.2.2).
pub(super) fn verify_pkcs1(
    key: &RsaKey<'_>,
    digest: Digest,
    signed: Signed<'_>,
    signature: &[u8],
) -> Result<(), Unverified> {
    check(key)?;
    if let Signed::Message(message) = signed
        && let Some(parameters) = of_ring(digest, key.bits())
    {
        let key = RsaPublicKeyComponents { n: key.modulus, e: key.exponent };
        return key.verify(parameters, message, signature).map_err(|_| Unverified::Mismatch);
    }
    let encoded = open(key, signature)?;
    let wanted = encode(digest, &signed.digest(digest)?, encoded.len()).ok_or(Unverified::Mismatch)?;
    if encoded == wanted { Ok(()) } else { Err(Unverified::Mismatch) }
}

fn of_ring(digest: Digest, bits: usize) -> Option<&'static ring::signature::RsaParameters> {
    match digest {
        Digest::Sha1 if bits >= 1024 => Some(&RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
        Digest::Sha256 if bits >= 1024 => Some(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        Digest::Sha384 if bits >= 2048 => Some(&RSA_PKCS1_2048_8192_SHA384),
        Digest::Sha512 if bits >= 1024 => Some(&RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        _ => None,
    }
}

/// EMSA-PKCS1-v1_5 (RFC 8017 9.2); `None` where the modulus is too short.
fn encode(digest: Digest, value: &[u8], octets: usize) -> Option<Vec<u8>> {
    let oid = digest.oid().octets();
    let short = |length: usize| u8::try_from(length).ok();
    // DigestInfo: SEQUENCE { SEQUENCE { OID, NULL }, OCTET STRING }
    let mut info = vec![0x30, short(oid.len() + value.len() + 8)?, 0x30, short(oid.len() + 4)?, 0x06];
    info.push(short(oid.len())?);
    info.extend(oid);
    info.extend([0x05, 0x00, 0x04, short(value.len())?]);
    info.extend(value);
    let padding = octets.checked_sub(info.len() + 3).filter(|padding| *padding >= 8)?;
    let mut encoded = vec![0x00, 0x01];
    encoded.resize(padding + 2, 0xff);
    encoded.push(0x00);
    encoded.extend(info);
    Some(encoded)
}

/// RSASSA-PSS (RFC 8017 8.1.2) with any digest, mask digest and salt.
pub(super) fn verify_pss(
    key: &RsaKey<'_>,
    parameters: &PssParameters,
    signed: Signed<'_>,
    signature: &[u8],
) -> Result<(), Unverified> {
    // RFC 4055 3.1: a key with parameters is bound to its digests, and its salt is the least.
    if let Some(Some(bound)) = key.pss
        && (bound.digest != parameters.digest || bound.mgf != parameters.mgf || parameters.salt < bound.salt)
    {
        return Err(Unverified::Key("bound to other PSS parameters"));
    }
    check(key)?;
    let encoded = open(key, signature)?;
    // RFC 8017 8.1.2 step 2 c: one bit less than the modulus.
    let bits = key.bits().saturating_sub(1);
    let (front, encoded) = encoded
        .split_at_checked(encoded.len().saturating_sub(bits.div_ceil(8)))
        .ok_or(Unverified::Mismatch)?;
    if front.iter().any(|octet| *octet != 0) {
        return Err(Unverified::Mismatch);
    }
    verify_emsa(encoded, bits, parameters, &signed.digest(parameters.digest)?)
        .then_some(())
        .ok_or(Unverified::Mismatch)
}

/// EMSA-PSS-VERIFY (RFC 8017 9.1.2).
fn verify_emsa(encoded: &[u8], bits: usize, parameters: &PssParameters, value: &[u8]) -> bool {
    let hash = parameters.digest.octets();
    let Some((0xbc, front)) = encoded.split_last() else { return false };
    let Some(masked) = front.len().checked_sub(hash) else { return false };
    let (Some(masked), Some(stated)) = (front.get(..masked), front.get(masked..)) else { return false };
    let unused = encoded.len().saturating_mul(8).saturating_sub(bits);
    let keep = 0xffu8.checked_shr(u32::try_from(unused).unwrap_or(u32::MAX)).unwrap_or(0);
    if masked.first().is_none_or(|first| first & !keep != 0) {
        return false;
    }
    let mut block = mgf1(parameters.mgf, stated, masked.len());
    block.iter_mut().zip(masked).for_each(|(mask, octet)| *mask ^= octet);
    if let Some(first) = block.first_mut() {
        *first &= keep;
    }
    let Some(padding) = block.len().checked_sub(parameters.salt.saturating_add(1)) else { return false };
    let (Some(zeros), Some([1, salt @ ..])) = (block.get(..padding), block.get(padding..)) else {
        return false;
    };
    if zeros.iter().any(|octet| *octet != 0) {
        return false;
    }
    digest(parameters.digest, &[&[0; 8], value, salt].concat()) == stated
}

/// MGF1 (RFC 8017 B.2.1).
pub(super) fn mgf1(hash: Digest, seed: &[u8], octets: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(octets.saturating_add(hash.octets()));
    for counter in 0u32.. {
        if mask.len() >= octets {
            break;
        }
        let mut hasher = Hasher::new(hash);
        hasher.update(seed);
        hasher.update(&counter.to_be_bytes());
        mask.extend(hasher.finish());
    }
    mask.truncate(octets);
    mask
}

fn check(key: &RsaKey<'_>) -> Result<(), Unverified> {
    if !(MIN_MODULUS_BITS..=MAX_MODULUS_BITS).contains(&key.bits()) {
        return Err(Unverified::Key("RSA modulus of a size that is not taken"));
    }
    if key.exponent.len() > MAX_EXPONENT_OCTETS || matches!(key.exponent, [] | [0..=2]) {
        return Err(Unverified::Key("RSA exponent that is not taken"));
    }
    Ok(())
}

/// RSAVP1 (RFC 8017 5.2.2): the encoded message, as long as the modulus.
fn open(key: &RsaKey<'_>, signature: &[u8]) -> Result<Vec<u8>, Unverified> {
    if signature.len() != key.modulus.len() {
        return Err(Unverified::Mismatch);
    }
    let odd = || Unverified::Key("RSA numbers that are none");
    let number = |octets: &[u8]| BoxedUint::from_be_slice_vartime(octets);
    let public = ::rsa::PublicKey::new_with_size_limits(
        number(key.modulus),
        number(key.exponent),
        MIN_MODULUS_BITS..=MAX_MODULUS_BITS,
    )
    .map_err(|_| odd())?;
    let modulus = ::rsa::traits::PublicKeyParts::n(&public);
    let signature = BoxedUint::from_be_slice(signature, modulus.bits_precision()).map_err(|_| odd())?;
    if signature >= **modulus {
        return Err(Unverified::Mismatch);
    }
    let opened = ::rsa::hazmat::rsa_encrypt(&public, &signature).map_err(|_| Unverified::Mismatch)?;
    let octets = opened.to_be_bytes();
    let extra = octets.len().checked_sub(key.modulus.len()).ok_or(Unverified::Mismatch)?;
    octets.get(extra..).map(<[u8]>::to_vec).ok_or(Unverified::Mismatch)
}
