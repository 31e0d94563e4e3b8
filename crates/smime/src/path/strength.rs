//! Whether algorithms and keys of a path are good enough.

use super::refusal::Rule;
use crate::Digest;
use crate::algorithm::SignatureScheme;
use crate::policy::Policy;
use crate::x509::Certificate;
use crate::x509::key::{DsaDomain, PublicKey, bits};

/// The digest of the issuer's signature.
pub(super) fn check_digest(policy: &Policy, certificate: &Certificate<'_>) -> Result<(), Rule> {
    let scheme = SignatureScheme::from_identifier(&certificate.signature_algorithm())?;
    if scheme.digest() == Some(Digest::Sha1) && !policy.allow_sha1 { Err(Rule::WeakDigest) } else { Ok(()) }
}

/// The size of the subject's key, with the parameters that one of DSA inherits. Unknown kinds of keys are left to whoever
/// uses them.
pub(super) fn check_key(
    policy: &Policy,
    certificate: &Certificate<'_>,
    inherited: Option<DsaDomain<'_>>,
) -> Result<(), Rule> {
    let bits = match certificate.public_key().public_key() {
        Ok(PublicKey::Rsa(key)) => key.bits(),
        Ok(PublicKey::Dsa(key)) => match key.domain.or(inherited) {
            Some(domain) => bits(domain.p),
            None => return Err(Rule::Key("DSA without parameters")),
        },
        _ => return Ok(()),
    };
    let least = policy.min_bits.max(Policy::LEAST_BITS);
    if bits < least { Err(Rule::WeakKey { bits, least }) } else { Ok(()) }
}
