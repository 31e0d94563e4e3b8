//! The verdict on a message or a signer.

use std::fmt;

use super::Identity;
use crate::cms::SignatureFault;
use crate::error::Error;
use crate::path::PathError;

/// What a message or a signer is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Signed by who it says, whole, and by one who is trusted; of these, all that the context asked to be judged.
    Good,
    /// Something is wrong.
    Bad(Why),
    /// Nothing is known to be wrong, but something could not be checked.
    Unknown(Why),
    /// Nothing is signed.
    Unsigned,
}

/// Why something is not good.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// The signature.
    Signature(SignatureFault),
    /// The way to one who is trusted.
    Chain(PathError),
    /// The signer is not the sender.
    Identity(Identity),
    /// Only a part of the message is signed.
    Partial,
    /// It is signed data in which no one signed.
    NoSigner,
    /// The layer cannot be read.
    Layer(Error),
}

impl Verdict {
    /// One word for it, or two.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad(_) => "bad",
            Self::Unknown(_) => "unknown",
            Self::Unsigned => "not signed",
        }
    }

    /// Whether it is good.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        matches!(self, Self::Good)
    }
}

impl Why {
    /// The document and section that decided.
    #[must_use]
    pub fn rule(&self) -> &str {
        match self {
            Self::Signature(fault) => fault.rule(),
            Self::Chain(error) => error.section(),
            Self::Identity(_) => "RFC 8550 3",
            Self::Partial => "RFC 8551 3.5",
            Self::NoSigner => "RFC 5652 5.1",
            Self::Layer(_) => "RFC 5652 3",
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signature(fault) => fault.fmt(f),
            Self::Chain(error) => {
                if let Some(certificate) = error.certificate() {
                    write!(f, "{certificate}: ")?;
                }
                error.rule().fmt(f)
            }
            Self::Identity(identity) => identity.fmt(f),
            Self::Partial => f.write_str("only a part of the message is signed"),
            Self::NoSigner => f.write_str("no one signed"),
            Self::Layer(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good | Self::Unsigned => f.write_str(self.word()),
            Self::Bad(why) | Self::Unknown(why) => write!(f, "{}: {why} ({})", self.word(), why.rule()),
        }
    }
}
