//! What a verification found.

use core::fmt;

use mailwright_message_model::Span;

use super::reason::{Outcome, Reason};
use crate::algorithm::KeyType;
use crate::signature::Signature;

/// What was found about all signatures of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Verification {
    /// One result for each DKIM-Signature field, from the top, whatever is in it.
    pub signatures: Vec<SignatureResult>,
}

/// What was found about one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SignatureResult {
    /// Which field of the header it is, from 0.
    pub field: usize,
    /// The octets of the field in the message.
    pub span: Span,
    /// What became of it.
    pub outcome: Outcome,
    /// Why it did not pass.
    pub reason: Option<Reason>,
    /// The octets in the message that the reason is about: a tag, or the whole field.
    pub reason_span: Option<Span>,
    /// What the field says, where it can be read.
    pub signature: Option<Signature>,
    /// `d=`, `s=`, `i=` and `a=` as they stand in a field that cannot be used. They are claims.
    pub claimed: Option<Claimed>,
    /// Whether `b=` matches the header fields and the key; `None` where it was not tried.
    pub signature_ok: Option<bool>,
    /// Whether `bh=` is the hash of the body; `None` where it was not tried.
    pub body_ok: Option<bool>,
    /// How much of the body is signed; `None` where it was not hashed.
    pub body: Option<Coverage>,
    /// The key, where there is one.
    pub key: Option<KeyInfo>,
    /// What is signed, and what people should know though it passes.
    pub warnings: Vec<Warning>,
    /// For each name of `h=` the field it covers; `None` where there is none, so that adding one breaks the signature.
    pub covers: Vec<Option<usize>>,
}

/// What a malformed field says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Claimed {
    /// `d=`
    pub domain: Option<String>,
    /// `s=`
    pub selector: Option<String>,
    /// `i=`
    pub identity: Option<String>,
    /// `a=`
    pub algorithm: Option<String>,
    /// `b=`, without white space, its first 16 characters.
    pub signature: Option<String>,
}

/// The part of the body that is signed, in octets of its canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Coverage {
    /// Octets that are signed, from the start.
    pub signed: u64,
    /// All octets.
    pub total: u64,
}

/// The key that a signature was verified with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct KeyInfo {
    /// Its type.
    pub key_type: KeyType,
    /// Its size.
    pub bits: u32,
    /// The domain tests DKIM: a failure should count as no signature (RFC 6376 3.6.1, flag `y`).
    pub testing: bool,
}

/// Something about a signature that is worth knowing even if it passes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Warning {
    /// `l=` leaves a part of the body uncovered: anybody can have added it (RFC 6376 8.2).
    UncoveredBody(Coverage),
    /// A field of a name that is signed is not covered itself: anybody can have added it (RFC 6376 8.15).
    UnsignedDuplicate {
        /// The name.
        name: String,
        /// Where the field stands.
        span: Span,
    },
    /// Fields of these names can be added without breaking the signature (RFC 6376 8.15).
    NotOversigned(Vec<String>),
    /// The key has fewer than 2048 bits (RFC 8301 3.2).
    ShortKey {
        /// Its bits.
        bits: u32,
    },
    /// SHA-1, which the policy allows (RFC 8301 3.1).
    Sha1,
}

impl Verification {
    /// Whether a question was not answered yet. The outcomes are not to be used then: resolve and evaluate again.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.signatures.iter().any(|result| result.reason == Some(Reason::Pending))
    }

    /// The signatures that hold.
    pub fn passing(&self) -> impl Iterator<Item = &SignatureResult> {
        self.signatures.iter().filter(|result| result.outcome == Outcome::Pass)
    }

    /// One outcome for the message: pass if any signature passes, else fail if any fails, else that of the first; `None` without
    /// signatures. What counts for DMARC is which domains pass.
    #[must_use]
    pub fn overall(&self) -> Option<Outcome> {
        let any = |outcome| self.signatures.iter().any(|result| result.outcome == outcome);
        [Outcome::Pass, Outcome::Fail]
            .into_iter()
            .find(|&outcome| any(outcome))
            .or_else(|| self.signatures.first().map(|result| result.outcome))
    }
}

impl SignatureResult {
    /// The domain that signed, or that a field which cannot be used names, in A-labels where it is a domain.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        match (&self.signature, &self.claimed) {
            (Some(signature), _) => Some(signature.domain.as_str()),
            (None, claimed) => claimed.as_ref()?.domain.as_deref(),
        }
    }

    /// The selector, likewise.
    #[must_use]
    pub fn selector(&self) -> Option<&str> {
        match (&self.signature, &self.claimed) {
            (Some(signature), _) => Some(signature.selector.as_str()),
            (None, claimed) => claimed.as_ref()?.selector.as_deref(),
        }
    }

    /// Whether it holds.
    #[must_use]
    pub fn is_pass(&self) -> bool {
        self.outcome == Outcome::Pass
    }

    /// Whether the key is in test mode.
    #[must_use]
    pub fn is_testing(&self) -> bool {
        self.key.is_some_and(|key| key.testing)
    }
}

impl Coverage {
    /// Octets that are not signed.
    #[must_use]
    pub const fn uncovered(self) -> u64 {
        self.total.saturating_sub(self.signed)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for SignatureResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.outcome)?;
        match (self.selector(), self.domain()) {
            (Some(selector), Some(domain)) => write!(f, " by {domain} (selector {selector})")?,
            (None, Some(domain)) => write!(f, " by {domain}")?,
            _ => {}
        }
        if let Some(reason) = &self.reason {
            write!(f, ": {reason}")?;
        }
        for warning in &self.warnings {
            write!(f, "; {warning}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UncoveredBody(body) => {
                write!(f, "the last {} of {} octets of the body are not signed", body.uncovered(), body.total)
            }
            Self::UnsignedDuplicate { name, span } => {
                write!(f, "the {name} field at {span} is not signed, another is")
            }
            Self::NotOversigned(names) => write!(f, "can be added unnoticed: {}", names.join(", ")),
            Self::ShortKey { bits } => write!(f, "a key of {bits} bits is short (RFC 8301 3.2)"),
            Self::Sha1 => f.write_str("SHA-1 is broken (RFC 8301 3.1)"),
        }
    }
}
