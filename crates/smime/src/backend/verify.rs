//! Signatures verified.

use super::{ecdsa, rsa};
use crate::algorithm::SignatureScheme;
use crate::error::Error;
use crate::x509::key::{DsaDomain, PublicKey, PublicKeyInfo};

/// Why a signature does not stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unverified {
    /// It is not that of this key over this message.
    Mismatch,
    /// The key is not one of the scheme, or breaks its rules.
    Key(&'static str),
    /// Scheme or key are not known here, or cannot be read.
    Error(Error),
}

/// What is signed: the message, or its digest where the message was read in pieces.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Signed<'a> {
    Message(&'a [u8]),
    Digest(&'a [u8]),
}

/// Verifies `signature` over `message`. `inherited` are the parameters of a DSA key that has none of its own
/// (RFC 5280 6.1.2 (i)).
pub(crate) fn verify(
    scheme: &SignatureScheme,
    key: &PublicKeyInfo<'_>,
    inherited: Option<DsaDomain<'_>>,
    signed: Signed<'_>,
    signature: &[u8],
) -> Result<(), Unverified> {
    let _ = inherited;
    match (scheme, key.public_key()?) {
        (SignatureScheme::RsaPkcs1(digest), PublicKey::Rsa(key)) if key.pss.is_none() => {
            rsa::verify_pkcs1(&key, *digest, signed, signature)
        }
        (SignatureScheme::RsaPss(parameters), PublicKey::Rsa(key)) => {
            rsa::verify_pss(&key, parameters, signed, signature)
        }
        (SignatureScheme::Ecdsa(digest), PublicKey::Ec(curve, point)) => {
            ecdsa::verify(curve, point, *digest, signed, signature)
        }
        (SignatureScheme::Ed25519, PublicKey::Ed25519(key)) => match signed {
            Signed::Message(message) => {
                ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, key)
                    .verify(message, signature)
                    .map_err(|_| Unverified::Mismatch)
            }
            // RFC 8419 3.1: PureEdDSA signs the message itself.
            Signed::Digest(_) => Err(Unverified::Key("Ed25519 signs no digest")),
        },
        #[cfg(feature = "legacy")]
        (SignatureScheme::Dsa(digest), PublicKey::Dsa(key)) => {
            let domain = key.domain.or(inherited).ok_or(Unverified::Key("DSA without parameters"))?;
            super::dsa::verify(&domain, key.y, *digest, signed, signature)
        }
        #[cfg(not(feature = "legacy"))]
        (SignatureScheme::Dsa(_), PublicKey::Dsa(_)) => {
            Err(Error::unsupported("DSA (feature legacy)", key.algorithm().oid()).into())
        }
        #[cfg(feature = "pqc")]
        (SignatureScheme::PostQuantum(set), PublicKey::PostQuantum(of, key)) if *set == of => match signed {
            Signed::Message(message) => super::post_quantum::verify(of, key, message, signature),
            // RFC 9882 3, RFC 9814 3: the pure forms sign the message itself.
            Signed::Digest(_) => Err(Unverified::Key("what signs no digest")),
        },
        #[cfg(not(feature = "pqc"))]
        (SignatureScheme::PostQuantum(_), PublicKey::PostQuantum(..)) => {
            Err(Error::unsupported("signature (feature pqc)", key.algorithm().oid()).into())
        }
        _ => Err(Unverified::Key("not of the signature's algorithm")),
    }
}

impl Signed<'_> {
    /// The digest of what is signed.
    pub(crate) fn digest(self, digest: crate::Digest) -> Result<Vec<u8>, Unverified> {
        match self {
            Self::Message(message) => Ok(super::digest(digest, message)),
            Self::Digest(value) if value.len() == digest.octets() => Ok(value.to_vec()),
            Self::Digest(_) => Err(Unverified::Mismatch),
        }
    }
}

impl From<Error> for Unverified {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}
