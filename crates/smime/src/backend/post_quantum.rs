//! ML-DSA, SLH-DSA and ML-KEM (FIPS 204, 205, 203).

use ml_dsa::signature::Verifier as _;
use ml_kem::{Decapsulate as _, DecapsulationKey, KeyExport as _, KeyInit as _};

use super::Secret;
use super::verify::Unverified;
use crate::algorithm::PostQuantum;

const KEY: Unverified = Unverified::Key("octets that are no key of this parameter set");

/// Verifies with an empty context (RFC 9882 3, RFC 9814 3).
pub(super) fn verify(
    set: PostQuantum,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), Unverified> {
    /// The same for each parameter set, whose types differ.
    macro_rules! ml_dsa {
        ($set:ident) => {{
            let key = ml_dsa::KeyInit::new_from_slice(key).map_err(|_| KEY)?;
            let key: ml_dsa::VerifyingKey<ml_dsa::$set> = key;
            let signature = ml_dsa::Signature::try_from(signature).map_err(|_| Unverified::Mismatch)?;
            key.verify(message, &signature).map_err(|_| Unverified::Mismatch)
        }};
    }
    macro_rules! slh_dsa {
        ($set:ident) => {{
            let key = slh_dsa::VerifyingKey::<slh_dsa::$set>::try_from(key).map_err(|_| KEY)?;
            let signature = slh_dsa::Signature::try_from(signature).map_err(|_| Unverified::Mismatch)?;
            slh_dsa::signature::Verifier::verify(&key, message, &signature).map_err(|_| Unverified::Mismatch)
        }};
    }
    match set {
        PostQuantum::MlDsa(17) => ml_dsa!(MlDsa44),
        PostQuantum::MlDsa(18) => ml_dsa!(MlDsa65),
        PostQuantum::MlDsa(19) => ml_dsa!(MlDsa87),
        PostQuantum::SlhDsa(20) => slh_dsa!(Sha2_128s),
        PostQuantum::SlhDsa(21) => slh_dsa!(Sha2_128f),
        PostQuantum::SlhDsa(22) => slh_dsa!(Sha2_192s),
        PostQuantum::SlhDsa(23) => slh_dsa!(Sha2_192f),
        PostQuantum::SlhDsa(24) => slh_dsa!(Sha2_256s),
        PostQuantum::SlhDsa(25) => slh_dsa!(Sha2_256f),
        PostQuantum::SlhDsa(26) => slh_dsa!(Shake128s),
        PostQuantum::SlhDsa(27) => slh_dsa!(Shake128f),
        PostQuantum::SlhDsa(28) => slh_dsa!(Shake192s),
        PostQuantum::SlhDsa(29) => slh_dsa!(Shake192f),
        PostQuantum::SlhDsa(30) => slh_dsa!(Shake256s),
        PostQuantum::SlhDsa(31) => slh_dsa!(Shake256f),
        _ => Err(Unverified::Key("no key to sign with")),
    }
}

/// What a private key of ML-KEM gives.
pub(crate) enum MlKemKey<'k> {
    /// The 64 octets that it is made of.
    Seed(&'k [u8]),
    /// The key made of them.
    Expanded(&'k [u8]),
}

/// The key of a parameter set, whose type is another for each.
macro_rules! read {
    ($set:ident, $key:expr) => {{
        let key: Option<DecapsulationKey<ml_kem::$set>> = match $key {
            MlKemKey::Seed(seed) => DecapsulationKey::new_from_slice(seed).ok(),
            MlKemKey::Expanded(octets) =>
            {
                #[allow(deprecated, reason = "RFC 9935 6 has it as one of the forms of private keys")]
                (*octets).try_into().ok().and_then(|octets| DecapsulationKey::from_expanded(octets).ok())
            }
        };
        key
    }};
}

/// The shared secret of a ciphertext; of a wrong one another secret, which tells nothing (FIPS 203 7.3).
pub(crate) fn decapsulate(set: u8, key: &MlKemKey<'_>, ciphertext: &[u8]) -> Option<Secret> {
    let shared = match set {
        1 => read!(MlKem512, key)?.decapsulate_slice(ciphertext).ok()?.to_vec(),
        2 => read!(MlKem768, key)?.decapsulate_slice(ciphertext).ok()?.to_vec(),
        3 => read!(MlKem1024, key)?.decapsulate_slice(ciphertext).ok()?.to_vec(),
        _ => return None,
    };
    Some(Secret::new(shared))
}

/// The public key of a private one.
pub(crate) fn ml_kem_public(set: u8, key: &MlKemKey<'_>) -> Option<Vec<u8>> {
    match set {
        1 => Some(read!(MlKem512, key)?.encapsulation_key().to_bytes().to_vec()),
        2 => Some(read!(MlKem768, key)?.encapsulation_key().to_bytes().to_vec()),
        3 => Some(read!(MlKem1024, key)?.encapsulation_key().to_bytes().to_vec()),
        _ => None,
    }
}
