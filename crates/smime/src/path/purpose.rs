//! For what the last certificate may be used, and for whom (RFC 8550 3, 4.4).

use mailwright_message_model::domain::Domain;

use super::refusal::Rule;
use crate::oid::{Oid, oids};
use crate::x509::{Certificate, KeyUsage};

oids! {
    EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    ANY_USAGE = "2.5.29.37.0";
}

/// What the key of the last certificate is to be used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// Whatever it is.
    #[default]
    Any,
    /// Signatures over mail.
    EmailSign,
    /// Encryption of mail to its holder.
    EmailEncrypt,
}

impl Purpose {
    /// Whether nothing in the certificate forbids it.
    #[must_use]
    pub fn allows(self, certificate: &Certificate<'_>) -> bool {
        self.check(certificate).is_ok()
    }

    pub(crate) fn check(self, certificate: &Certificate<'_>) -> Result<(), Rule> {
        // RFC 8550 4.4.2
        let usage = match self {
            Self::Any => return Ok(()),
            Self::EmailSign => KeyUsage::DIGITAL_SIGNATURE.or(KeyUsage::NON_REPUDIATION),
            Self::EmailEncrypt => KeyUsage::KEY_ENCIPHERMENT.or(KeyUsage::KEY_AGREEMENT),
        };
        if certificate.key_usage()?.is_some_and(|allowed| !allowed.any_of(usage)) {
            return Err(Rule::KeyUsage);
        }
        // RFC 8550 4.4.4
        check_extended(certificate, EMAIL_PROTECTION)
    }
}

/// The purpose must be among those of the extended key usage, if there is one (RFC 5280 4.2.1.12).
pub(super) fn check_extended(certificate: &Certificate<'_>, purpose: Oid<'_>) -> Result<(), Rule> {
    match certificate.extended_key_usage()? {
        Some(allowed) if !allowed.has(purpose) && !allowed.has(ANY_USAGE) => Err(Rule::ExtendedKeyUsage),
        _ => Ok(()),
    }
}

/// Whether the certificate is for this address (RFC 8550 3).
pub(super) fn check_address(certificate: &Certificate<'_>, address: &str) -> Result<(), Rule> {
    let found = certificate.email_addresses().into_iter().any(|certified| same_address(certified, address));
    if found { Ok(()) } else { Err(Rule::Address(address.escape_debug().to_string())) }
}

/// Whether two addresses are the same: the local part octet for octet, the domain without case and as A-labels.
///
/// ```
/// use mailwright_smime::path::same_address;
///
/// assert!(same_address("alice@Example.com", "alice@example.com"));
/// assert!(!same_address("Alice@example.com", "alice@example.com"));
/// ```
#[must_use]
pub fn same_address(one: &str, other: &str) -> bool {
    let (Some((local, domain)), Some((other_local, other_domain))) =
        (one.rsplit_once('@'), other.rsplit_once('@'))
    else {
        return false;
    };
    if local != other_local || local.is_empty() {
        return false;
    }
    domain.eq_ignore_ascii_case(other_domain)
        || matches!(
            (Domain::parse(domain.as_bytes()), Domain::parse(other_domain.as_bytes())),
            (Ok(domain), Ok(other)) if domain == other
        )
}
