//! Why something cannot be sealed.

use core::fmt;

use crate::sign::SignError;

/// A message or a setting that cannot be sealed with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealError {
    /// DNS did not tell whether the chain holds: verify it again later, or pass the message on without a set of your own.
    Temporary,
    /// There are 50 sets already (RFC 8617 5.1).
    TooManySets,
    /// The chain is that of another message, or its fields were changed since it was verified.
    OtherChain,
    /// ARC-Seal is among the names for `h=` (RFC 8617 4.1.2).
    SealCovered,
    /// From is not among the names for `h=` (RFC 6376 5.4).
    FromNotSigned,
    /// An authserv-id that is empty or has control characters (RFC 8601 2.2).
    AuthservId(String),
    /// What no signer may do, DKIM or ARC: names, keys, messages that break a rule.
    Sign(SignError),
}

impl From<SignError> for SealError {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Temporary => f.write_str("the chain could not be verified: DNS did not answer"),
            Self::TooManySets => f.write_str("the message has 50 ARC Sets already (RFC 8617 5.1)"),
            Self::OtherChain => f.write_str("the ARC Sets of the message are not those that were verified"),
            Self::SealCovered => f.write_str("h= must not list ARC-Seal (RFC 8617 4.1.2)"),
            Self::FromNotSigned => f.write_str("From must be signed (RFC 6376 5.4)"),
            Self::AuthservId(id) => {
                write!(
                    f,
                    "an authserv-id is a word or text without control characters (RFC 8601 2.2): {id:?}"
                )
            }
            Self::Sign(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SealError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Sign(error) => Some(error),
            _ => None,
        }
    }
}
