//! Why a signature is not good.

use std::fmt;

use crate::algorithm::Digest;
use crate::error::{Error, ErrorKind};

/// Why a signature is not that of its signer over the content, or not one to rely on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum SignatureFault {
    /// The signer's certificate is neither in the message nor known.
    NoCertificate,
    /// It cannot be read.
    Malformed(Error),
    /// An algorithm that this build does not have.
    Unsupported(Error),
    /// An attribute that must be signed is not there.
    Missing {
        /// The name of the attribute.
        name: &'static str,
        /// What asks for it.
        rule: &'static str,
    },
    /// An attribute that may be there once, with one value, is there in another number.
    Repeated {
        /// The name of the attribute.
        name: &'static str,
        /// What asks for it.
        rule: &'static str,
    },
    /// An attribute stands on the wrong side: one that must be signed is not, or the other way round.
    Misplaced {
        /// The name of the attribute.
        name: &'static str,
        /// What asks for it.
        rule: &'static str,
    },
    /// The content is not data, and there are no signed attributes.
    AttributesWanted,
    /// The content is not of the type that was signed.
    ContentType,
    /// The content is not the one that was signed: its digest is another.
    MessageDigest,
    /// There are no signed attributes, and the content looks as if it were some.
    ContentLikeAttributes,
    /// No content is there, neither inside nor beside.
    NoContent,
    /// Content beside the signature and inside of it.
    TwoContents,
    /// The digest is not among those announced before the content, which went by.
    NotAnnounced(Digest),
    /// The whole content would be needed, but it went by.
    ContentNotKept,
    /// The digest of the content is not the one of the attributes.
    TwoDigests {
        /// That of the content.
        content: Digest,
        /// That of the attributes, which the signature names.
        attributes: Digest,
    },
    /// The algorithms are not those that were signed.
    AlgorithmProtection,
    /// The signer signed the name of another certificate.
    OtherCertificate,
    /// The key cannot have made the signature.
    Key(&'static str),
    /// The signature is not that of the key over what was signed.
    Mismatch,
    /// A digest that the policy does not rely on.
    WeakDigest(Digest),
    /// A key shorter than the policy relies on.
    WeakKey {
        /// Its bits.
        bits: usize,
    },
    /// The signing time lies after the time of the check.
    FutureSigningTime,
}

impl SignatureFault {
    /// The document and section with the rule.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::NoCertificate | Self::Malformed(_) => "RFC 5652 5.3",
            Self::Unsupported(_) => "RFC 8551 2.1",
            Self::Missing { rule, .. } | Self::Repeated { rule, .. } | Self::Misplaced { rule, .. } => rule,
            Self::AttributesWanted => "RFC 5652 5.3",
            Self::ContentType => "RFC 5652 11.1",
            Self::MessageDigest => "RFC 5652 11.2",
            Self::ContentLikeAttributes | Self::Mismatch => "RFC 5652 5.4",
            Self::NoContent | Self::TwoContents => "RFC 8551 3.5",
            Self::NotAnnounced(_) | Self::ContentNotKept => "RFC 5652 5.1",
            Self::TwoDigests { .. } => "RFC 8933 4",
            Self::AlgorithmProtection => "RFC 6211 2",
            Self::OtherCertificate => "RFC 5035 4",
            Self::Key(_) => "RFC 5652 5.6",
            Self::WeakDigest(_) => "RFC 8551 2.1",
            Self::WeakKey { .. } => "RFC 8551 4.2",
            Self::FutureSigningTime => "RFC 8551 2.5.1",
        }
    }

    /// Whether nothing is known to be wrong: the check could not be made.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        matches!(
            self,
            Self::NoCertificate | Self::Unsupported(_) | Self::NotAnnounced(_) | Self::ContentNotKept
        )
    }
}

impl From<Error> for SignatureFault {
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::Unsupported { .. } => Self::Unsupported(error),
            _ => Self::Malformed(error),
        }
    }
}

impl fmt::Display for SignatureFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCertificate => f.write_str("the certificate of the signer is not at hand"),
            Self::Malformed(error) | Self::Unsupported(error) => error.fmt(f),
            Self::Missing { name, .. } => write!(f, "the attribute {name} is not signed"),
            Self::Repeated { name, .. } => {
                write!(f, "the attribute {name} must be there once, with one value")
            }
            Self::Misplaced { name, .. } => {
                write!(f, "the attribute {name} stands among those that are signed or not, and must not")
            }
            Self::AttributesWanted => f.write_str("content that is not data needs signed attributes"),
            Self::ContentType => f.write_str("the content is of another type than was signed"),
            Self::MessageDigest => f.write_str("the content was changed: its digest is not the one signed"),
            Self::ContentLikeAttributes => f.write_str(
                "the content looks like signed attributes, which may have been signed for another message",
            ),
            Self::NoContent => f.write_str("there is nothing that was signed"),
            Self::TwoContents => f.write_str("a detached signature has content of its own"),
            Self::NotAnnounced(digest) => write!(f, "{digest} was not announced before the content"),
            Self::ContentNotKept => f.write_str("the signature needs the whole content, which went by"),
            Self::TwoDigests { content, attributes } => {
                write!(f, "the content is digested by {content}, its attributes by {attributes}")
            }
            Self::AlgorithmProtection => f.write_str("the algorithms are not those that were signed"),
            Self::OtherCertificate => f.write_str("the signer signed the name of another certificate"),
            Self::Key(why) => write!(f, "the key cannot have made the signature: {why}"),
            Self::Mismatch => f.write_str("the signature is not that of the certificate's key"),
            Self::WeakDigest(digest) => write!(f, "{digest} is not to be relied on"),
            Self::WeakKey { bits } => write!(f, "a key of {bits} bits is not to be relied on"),
            Self::FutureSigningTime => f.write_str("signed at a time that has not come"),
        }
    }
}
