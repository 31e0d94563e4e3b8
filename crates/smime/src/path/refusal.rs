//! Why a certificate is not good: the rule, where it stands, and which certificate broke it.

use std::fmt;

use crate::Time;
use crate::error::Error;
use crate::x509::Certificate;

/// A rule that a path broke.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Rule {
    /// No known certificate leads from this one to a trust anchor.
    NoPath,
    /// The signature is not that of the issuer's key.
    Signature,
    /// The key does not fit the signature, or breaks the rules of its algorithm.
    Key(&'static str),
    /// An algorithm that is not known, or not built in; the object identifier.
    Algorithm(String),
    /// The algorithm beside the signature is another than the signed one.
    AlgorithmMismatch,
    /// The digest of the signature is too weak for the policy.
    WeakDigest,
    /// The key has fewer bits than the policy asks for.
    WeakKey {
        /// Bits of the key.
        bits: usize,
        /// Bits that are asked for.
        least: usize,
    },
    /// The time is before the validity.
    NotYetValid(Time),
    /// The time is after the validity.
    Expired(Time),
    /// Revoked, since when, and the number of the reason.
    Revoked {
        /// When it was revoked.
        since: Time,
        /// The number of the reason (RFC 5280 5.3.1).
        reason: u8,
    },
    /// Whether it is revoked could not be found out, and has to be.
    RevocationUnknown(Unknown),
    /// The issuer is not the subject of the certificate above.
    IssuerName,
    /// A name that no permitted subtree holds.
    NameNotPermitted(String),
    /// A name in an excluded subtree.
    NameExcluded(String),
    /// Name constraints, or a name under them, that cannot be understood.
    NameConstraints(&'static str),
    /// No valid policy, where one is required.
    PolicyRequired,
    /// Policies that are not well-formed: one twice, or a mapping of anyPolicy.
    Policies(&'static str),
    /// No CA certificate.
    NotCa,
    /// More intermediates than a CA above allows.
    PathLength,
    /// The key usage forbids it.
    KeyUsage,
    /// The extended key usage does not name the purpose.
    ExtendedKeyUsage,
    /// A critical extension that is not known; its object identifier.
    CriticalExtension(String),
    /// An extension that occurs twice.
    DuplicateExtension,
    /// An extension that is needed and cannot be read.
    Malformed(&'static str),
    /// Not a certificate of this address.
    Address(String),
    /// A limit of the search.
    Limit(&'static str),
}

/// Why revocation could not be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Unknown {
    /// Nothing is at hand that is about the certificate.
    NothingAtHand,
    /// What is at hand is too old or too new.
    NotInTime,
    /// What is at hand is not signed by one who may.
    NotSigned,
    /// What is at hand cannot be understood.
    NotUnderstood,
    /// What is at hand is not about all reasons.
    SomeReasons,
    /// Paths nest too deep, or in a circle.
    Circular,
}

/// A certificate has no valid path: the refusal of the path that came nearest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    rule: Rule,
    certificate: Option<String>,
    /// How near the path came to be one.
    pub(crate) rank: Rank,
}

/// How near a refused path was to its goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    NoIssuer,
    BadLink,
    Complete,
}

impl PathError {
    pub(crate) fn new(rule: Rule, certificate: &Certificate<'_>, rank: Rank) -> Self {
        Self { rule, certificate: Some(certificate.to_string()), rank }
    }

    pub(crate) const fn limit(which: &'static str) -> Self {
        Self { rule: Rule::Limit(which), certificate: None, rank: Rank::Complete }
    }

    /// The rule that was broken.
    #[must_use]
    pub const fn rule(&self) -> &Rule {
        &self.rule
    }

    /// The certificate that broke it: its subject and serial number.
    #[must_use]
    pub fn certificate(&self) -> Option<&str> {
        self.certificate.as_deref()
    }

    /// The RFC and section of the rule.
    #[must_use]
    pub const fn section(&self) -> &'static str {
        self.rule.section()
    }
}

impl Rule {
    /// The RFC and section of the rule.
    #[must_use]
    pub const fn section(&self) -> &'static str {
        match self {
            Self::NoPath | Self::Limit(_) => "RFC 5280 6.1",
            Self::Signature | Self::Key(_) | Self::Algorithm(_) => "RFC 5280 6.1.3 (a)(1)",
            Self::AlgorithmMismatch => "RFC 5280 4.1.1.2",
            Self::WeakDigest => "RFC 8550 4.3",
            Self::WeakKey { .. } => "RFC 8550 4.3",
            Self::NotYetValid(_) | Self::Expired(_) => "RFC 5280 6.1.3 (a)(2)",
            Self::Revoked { .. } | Self::RevocationUnknown(_) => "RFC 5280 6.1.3 (a)(3)",
            Self::IssuerName => "RFC 5280 6.1.3 (a)(4)",
            Self::NameNotPermitted(_) => "RFC 5280 6.1.3 (b)",
            Self::NameExcluded(_) => "RFC 5280 6.1.3 (c)",
            Self::NameConstraints(_) => "RFC 5280 4.2.1.10",
            Self::PolicyRequired => "RFC 5280 6.1.3 (f), RFC 9618 5.3",
            Self::Policies(_) => "RFC 5280 4.2.1.4, 6.1.4 (a)",
            Self::NotCa => "RFC 5280 6.1.4 (k)",
            Self::PathLength => "RFC 5280 6.1.4 (l)",
            Self::KeyUsage => "RFC 5280 6.1.4 (n), RFC 8550 4.4.2",
            Self::ExtendedKeyUsage => "RFC 8550 4.4.4",
            Self::CriticalExtension(_) => "RFC 5280 6.1.4 (o), 6.1.5 (f)",
            Self::DuplicateExtension | Self::Malformed(_) => "RFC 5280 4.2",
            Self::Address(_) => "RFC 8550 3",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPath => f.write_str("no path to a trust anchor"),
            Self::Signature => f.write_str("signature is not that of the issuer's key"),
            Self::Key(why) => write!(f, "key of the issuer: {why}"),
            Self::Algorithm(oid) => write!(f, "algorithm {oid} is not supported"),
            Self::AlgorithmMismatch => f.write_str("two different signature algorithms are named"),
            Self::WeakDigest => f.write_str("signed with a digest that is too weak"),
            Self::WeakKey { bits, least } => write!(f, "key of {bits} bits, {least} are asked for"),
            Self::NotYetValid(from) => write!(f, "not valid before {from}"),
            Self::Expired(until) => write!(f, "not valid after {until}"),
            Self::Revoked { since, reason } => write!(f, "revoked since {since} (reason {reason})"),
            Self::RevocationUnknown(why) => write!(f, "revocation could not be checked: {why}"),
            Self::IssuerName => f.write_str("issuer is not the subject above"),
            Self::NameNotPermitted(name) => write!(f, "name {name} is not permitted by a CA above"),
            Self::NameExcluded(name) => write!(f, "name {name} is excluded by a CA above"),
            Self::NameConstraints(why) => write!(f, "name constraints: {why}"),
            Self::PolicyRequired => f.write_str("no valid policy, and one is required"),
            Self::Policies(why) => write!(f, "policies: {why}"),
            Self::NotCa => f.write_str("is no CA"),
            Self::PathLength => f.write_str("more intermediates than allowed"),
            Self::KeyUsage => f.write_str("key usage forbids it"),
            Self::ExtendedKeyUsage => f.write_str("extended key usage does not allow it"),
            Self::CriticalExtension(oid) => write!(f, "critical extension {oid} is not known"),
            Self::DuplicateExtension => f.write_str("an extension occurs twice"),
            Self::Malformed(what) => write!(f, "{what} cannot be read"),
            Self::Address(address) => write!(f, "is not for {address}"),
            Self::Limit(which) => write!(f, "over the limit {which}"),
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NothingAtHand => "nothing at hand is about the certificate",
            Self::NotInTime => "what is at hand is not of that time",
            Self::NotSigned => "what is at hand is not signed by one who may",
            Self::NotUnderstood => "what is at hand cannot be understood",
            Self::SomeReasons => "what is at hand is not about all reasons",
            Self::Circular => "the path of its signer is circular or too deep",
        })
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(certificate) = &self.certificate {
            write!(f, "{certificate}: ")?;
        }
        write!(f, "{} ({})", self.rule, self.section())
    }
}

impl std::error::Error for PathError {}

impl From<Error> for Rule {
    fn from(error: Error) -> Self {
        match error.kind() {
            crate::ErrorKind::Unsupported { oid, .. } => Self::Algorithm(oid.clone()),
            crate::ErrorKind::Asn1 { what, .. } => Self::Malformed(what),
            _ => Self::Malformed("certificate"),
        }
    }
}
