//! ECDSA (RFC 5480, RFC 5753 2.1.1).

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    EcdsaVerificationAlgorithm, UnparsedPublicKey,
};

use super::verify::{Signed, Unverified};
use crate::algorithm::Digest;
use crate::x509::key::Curve;

pub(super) fn verify(
    curve: Curve,
    point: &[u8],
    digest: Digest,
    signed: Signed<'_>,
    signature: &[u8],
) -> Result<(), Unverified> {
    // RFC 5480 2.2: points may be compressed, which `ring` does not take.
    if let Signed::Message(message) = signed
        && point.first() == Some(&4)
        && let Some(algorithm) = of_ring(curve, digest)
    {
        return UnparsedPublicKey::new(algorithm, point)
            .verify(message, signature)
            .map_err(|_| Unverified::Mismatch);
    }
    let value = padded(signed.digest(digest)?, curve);
    match curve {
        Curve::P256 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| POINT)?;
            let signature =
                p256::ecdsa::DerSignature::from_bytes(signature).map_err(|_| Unverified::Mismatch)?;
            key.verify_prehash(&value, &signature)
        }
        Curve::P384 => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| POINT)?;
            let signature =
                p384::ecdsa::DerSignature::from_bytes(signature).map_err(|_| Unverified::Mismatch)?;
            key.verify_prehash(&value, &signature)
        }
        Curve::P521 => {
            let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| POINT)?;
            let signature =
                p521::ecdsa::DerSignature::from_bytes(signature).map_err(|_| Unverified::Mismatch)?;
            key.verify_prehash(&value, &signature)
        }
    }
    .map_err(|_| Unverified::Mismatch)
}

const POINT: Unverified = Unverified::Key("no point of the curve");

fn of_ring(curve: Curve, digest: Digest) -> Option<&'static EcdsaVerificationAlgorithm> {
    match (curve, digest) {
        (Curve::P256, Digest::Sha256) => Some(&ECDSA_P256_SHA256_ASN1),
        (Curve::P256, Digest::Sha384) => Some(&ECDSA_P256_SHA384_ASN1),
        (Curve::P384, Digest::Sha256) => Some(&ECDSA_P384_SHA256_ASN1),
        (Curve::P384, Digest::Sha384) => Some(&ECDSA_P384_SHA384_ASN1),
        _ => None,
    }
}

/// The digest as long as the curve's field: a shorter one is a smaller number (FIPS 186-5 6.4.2), which RustCrypto
/// refuses to widen by much.
fn padded(value: Vec<u8>, curve: Curve) -> Vec<u8> {
    let octets: usize = match curve {
        Curve::P256 => 32,
        Curve::P384 => 48,
        Curve::P521 => 66,
    };
    let mut wide = vec![0; octets.saturating_sub(value.len())];
    wide.extend(value);
    wide
}
