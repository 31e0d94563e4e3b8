//! Diffie-Hellman on curves (RFC 5753, 8418).

use super::Secret;
use crate::x509::key::Curve;

/// The shared secret of a private scalar and a public point; `None` where the point is not on the curve or is its
/// identity, or the scalar is none.
pub(crate) fn ecdh(curve: Curve, secret: &[u8], point: &[u8]) -> Option<Secret> {
    // Points in other forms are for RustCrypto: `aws-lc-rs` would take a whole `SubjectPublicKeyInfo` for one.
    #[cfg(feature = "aws-lc")]
    if point.first() == Some(&4) {
        return super::aws_lc::ecdh(curve, secret, point);
    }
    /// The same for each curve, whose types differ.
    macro_rules! on {
        ($curve:ident) => {{
            let secret = $curve::SecretKey::from_slice(secret).ok()?;
            let point = $curve::PublicKey::from_sec1_bytes(point).ok()?;
            let shared = $curve::ecdh::diffie_hellman(secret.to_nonzero_scalar(), point.as_affine());
            Some(Secret::new(shared.raw_secret_bytes().to_vec()))
        }};
    }
    match curve {
        Curve::P256 => on!(p256),
        Curve::P384 => on!(p384),
        Curve::P521 => on!(p521),
    }
}

/// The point of a private scalar, not compressed.
pub(crate) fn ec_public(curve: Curve, secret: &[u8]) -> Option<Vec<u8>> {
    #[cfg(feature = "aws-lc")]
    if let Some(point) = super::aws_lc::ec_public(curve, secret) {
        return Some(point);
    }
    macro_rules! on {
        ($curve:ident) => {{
            let secret = $curve::SecretKey::from_slice(secret).ok()?;
            Some($curve::Sec1Point::from(secret.public_key()).as_bytes().to_vec())
        }};
    }
    match curve {
        Curve::P256 => on!(p256),
        Curve::P384 => on!(p384),
        Curve::P521 => on!(p521),
    }
}

/// X25519 (RFC 7748); `None` for the points whose secret is all zeros (RFC 8418 2).
pub(crate) fn x25519(secret: &[u8], public: &[u8]) -> Option<Secret> {
    let secret = x25519_dalek::StaticSecret::from(<[u8; 32]>::try_from(secret).ok()?);
    let public = x25519_dalek::PublicKey::from(<[u8; 32]>::try_from(public).ok()?);
    let shared = secret.diffie_hellman(&public);
    shared.was_contributory().then(|| Secret::new(shared.as_bytes().to_vec()))
}

/// The public key of X25519.
pub(crate) fn x25519_public(secret: &[u8]) -> Option<[u8; 32]> {
    let secret = x25519_dalek::StaticSecret::from(<[u8; 32]>::try_from(secret).ok()?);
    Some(x25519_dalek::PublicKey::from(&secret).to_bytes())
}

/// Octets of a secret scalar.
pub(crate) const fn scalar_octets(curve: Curve) -> usize {
    match curve {
        Curve::P256 => 32,
        Curve::P384 => 48,
        Curve::P521 => 66,
    }
}
