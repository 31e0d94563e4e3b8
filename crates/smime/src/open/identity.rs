//! Whether the signer is the sender (RFC 8550 3).

use std::fmt;

use crate::path::same_address;

/// Whether the signer's certificate is for who the message says it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "result", rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Identity {
    /// All addresses in From are in the certificate.
    Match,
    /// These addresses of From are not in the certificate.
    Mismatch {
        /// Those that are not.
        from: Vec<String>,
        /// Those that the certificate is for.
        certified: Vec<String>,
    },
    /// The certificate is for no address.
    NotCertified,
    /// The message is from no address.
    NoFrom,
    /// It was not asked for.
    NotJudged,
}

impl Identity {
    /// RFC 8550 3 is content with an address in From or Sender; here every address in From must be certified, for those are
    /// what a reader sees.
    pub(super) fn judge(from: &[String], certified: &[String]) -> Self {
        if certified.is_empty() {
            return Self::NotCertified;
        }
        if from.is_empty() {
            return Self::NoFrom;
        }
        let missing: Vec<String> = from
            .iter()
            .filter(|address| !certified.iter().any(|known| same_address(known, address)))
            .cloned()
            .collect();
        match missing.is_empty() {
            true => Self::Match,
            false => Self::Mismatch { from: missing, certified: certified.to_vec() },
        }
    }

    /// Whether nothing speaks against it.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        matches!(self, Self::Match | Self::NotJudged)
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Match => f.write_str("the signer is the sender"),
            Self::Mismatch { from, certified } => {
                write!(f, "the message is from {}, its signer is {}", from.join(", "), certified.join(", "))
            }
            Self::NotCertified => f.write_str("the certificate of the signer is for no address"),
            Self::NoFrom => f.write_str("the message is from no address"),
            Self::NotJudged => f.write_str("whether the signer is the sender was not asked"),
        }
    }
}
