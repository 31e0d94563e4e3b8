//! Keys from shared secrets and passwords.

use ring::pbkdf2;

use super::{Hasher, Secret};
use crate::algorithm::Digest;

/// The KDF of X9.63 (RFC 5753 7.2, SEC 1 3.6.1): `octets` of key from the secret and `info`.
pub(crate) fn x963(digest: Digest, secret: &[u8], info: &[u8], octets: usize) -> Secret {
    let mut key = Secret::new(Vec::with_capacity(octets.saturating_add(digest.octets())));
    for counter in 1u32.. {
        if key.len() >= octets {
            break;
        }
        let mut hasher = Hasher::new(digest);
        hasher.update(secret);
        hasher.update(&counter.to_be_bytes());
        hasher.update(info);
        key.extend(hasher.finish());
    }
    key.truncate(octets);
    key
}

/// HKDF (RFC 5869), in CMS without salt (RFC 8418 2.2); `None` for digests that it is not defined with, and for more octets
/// than it gives.
pub(crate) fn hkdf(digest: Digest, secret: &[u8], salt: &[u8], info: &[u8], octets: usize) -> Option<Secret> {
    struct Length(usize);
    impl ring::hkdf::KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    let algorithm = match digest {
        Digest::Sha256 => ring::hkdf::HKDF_SHA256,
        Digest::Sha384 => ring::hkdf::HKDF_SHA384,
        Digest::Sha512 => ring::hkdf::HKDF_SHA512,
        _ => return None,
    };
    let mut key = Secret::new(vec![0; octets]);
    let extracted = ring::hkdf::Salt::new(algorithm, salt).extract(secret);
    extracted.expand(&[info], Length(octets)).ok()?.fill(&mut key).ok()?;
    Some(key)
}

/// PBKDF2 (RFC 8018 5.2); `None` where the digest is not one of `ring`, or there are no rounds.
pub(crate) fn pbkdf2(
    digest: Digest,
    password: &[u8],
    salt: &[u8],
    iterations: u64,
    octets: usize,
) -> Option<Secret> {
    let algorithm = match digest {
        Digest::Sha1 => pbkdf2::PBKDF2_HMAC_SHA1,
        Digest::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
        Digest::Sha384 => pbkdf2::PBKDF2_HMAC_SHA384,
        Digest::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
        Digest::Sha224 => return None,
    };
    let rounds = u32::try_from(iterations).ok().and_then(std::num::NonZeroU32::new)?;
    let mut key = Secret::new(vec![0; octets]);
    pbkdf2::derive(algorithm, rounds, salt, password, &mut key);
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pbkdf2_of_rfc_6070() {
        let key = pbkdf2(Digest::Sha1, b"password", b"salt", 2, 20).unwrap();
        assert_eq!(key[..4], [0xea, 0x6c, 0x01, 0x4d]);
    }
}
