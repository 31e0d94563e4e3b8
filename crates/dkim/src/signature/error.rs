//! Why a DKIM-Signature field is none that can be verified.

use core::fmt;

use mailwright_message_model::Span;

use crate::tags::TagErrorKind;

/// What is wrong with a field, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SignatureError {
    pub(crate) kind: SignatureErrorKind,
    pub(crate) span: Span,
}

/// The kinds of [`SignatureError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum SignatureErrorKind {
    /// No tag list (RFC 6376 3.2).
    Syntax(TagErrorKind),
    /// A required tag is missing (RFC 6376 6.1.1).
    Missing(&'static str),
    /// The value of this tag is not of its form (RFC 6376 3.5).
    Value(&'static str),
    /// `v=` is not 1.
    Version,
    /// An algorithm that nobody here knows.
    Algorithm,
    /// A canonicalisation that nobody here knows.
    Canonicalization,
    /// `q=` has no `dns/txt`.
    Query,
    /// `h=` does not list From (RFC 6376 5.4, 6.1.1).
    FromNotSigned,
    /// The domain of `i=` is neither that of `d=` nor below it.
    IdentityOutsideDomain,
    /// `x=` is not later than `t=`.
    ExpiresBeforeSigned,
    /// ARC: no instance of 1 to 50.
    Instance,
    /// ARC: a message signature whose `h=` lists ARC-Seal.
    SealCovered,
    /// ARC: a seal with `h=`.
    SealHasHeaderList,
    /// ARC: a seal without `cv=` of none, pass or fail.
    ChainValidation,
}

impl SignatureError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> SignatureErrorKind {
        self.kind
    }

    /// Where, in the octets of the field.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }
}

impl SignatureErrorKind {
    /// The RFC and section that decides.
    #[must_use]
    pub const fn section(self) -> &'static str {
        match self {
            Self::Syntax(_) => "RFC 6376 3.2",
            Self::Missing(_) | Self::Version | Self::FromNotSigned | Self::IdentityOutsideDomain => {
                "RFC 6376 6.1.1"
            }
            Self::Value(_) | Self::Query | Self::ExpiresBeforeSigned => "RFC 6376 3.5",
            Self::Algorithm => "RFC 6376 3.3",
            Self::Canonicalization => "RFC 6376 3.4",
            Self::Instance => "RFC 8617 4.2.1",
            Self::SealCovered => "RFC 8617 4.1.2",
            Self::SealHasHeaderList | Self::ChainValidation => "RFC 8617 4.1.3",
        }
    }
}

impl fmt::Display for SignatureErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(kind) => write!(f, "the signature has {}", kind.as_str()),
            Self::Missing(tag) => write!(f, "the signature has no {tag}="),
            Self::Value(tag) => write!(f, "the value of {tag}= is malformed"),
            Self::Version => f.write_str("the version of the signature is not 1"),
            Self::Algorithm => f.write_str("the algorithm is unknown"),
            Self::Canonicalization => f.write_str("the canonicalization is unknown"),
            Self::Query => f.write_str("no query method is known"),
            Self::FromNotSigned => f.write_str("From is not signed"),
            Self::IdentityOutsideDomain => f.write_str("the domain of i= is not within that of d="),
            Self::ExpiresBeforeSigned => f.write_str("the signature expires before it was made"),
            Self::Instance => f.write_str("there is no instance, i= with a number from 1 to 50"),
            Self::SealCovered => f.write_str("h= of a message signature must not list ARC-Seal"),
            Self::SealHasHeaderList => f.write_str("a seal must not have h="),
            Self::ChainValidation => f.write_str("a seal needs cv= of none, pass or fail"),
        }
    }
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "octets {}: {} ({})", self.span, self.kind, self.kind.section())
    }
}

impl std::error::Error for SignatureError {}
