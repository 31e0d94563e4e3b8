//! DMARC policy records (RFC 9989 4.7, 4.8): reading, writing, and what is odd in one.
//!
//! [`Record::parse`] reads as an evaluation must: after the version nothing is an error, what has no valid form is as if it
//! was not there. [`Record::parse_strict`] takes only what the grammar allows, and [`lint`](fn@lint) tells all that is odd.

mod build;
mod lint;
mod parse;
mod uri;

use std::fmt;
use std::str::FromStr;

use mailwright_message_model::Span;

pub use build::RecordBuilder;
pub use lint::{Finding, FindingKind, Severity, lint};
pub use uri::{ReportUri, UriError};

use crate::policy::{Alignment, FailureOption, Policy, Psd};

/// Octets of a record that are read. A TXT record has at most 65,535 (RFC 1035 3.2.1), one that is longer than the largest
/// UDP answer in use (4,096) is no honest one.
pub const MAX_RECORD: usize = 16 * 1024;

/// Report destinations of one tag that are kept (RFC 9990 3.5: "up to the Receiver's limits on supported URIs"). RFC 7489 6.2
/// asked for at least two; records with more than a handful are not seen.
pub const MAX_URIS: usize = 20;

/// A policy record, everything absent filled in with its default.
///
/// ```
/// use mailwright_dmarc::{Policy, Record};
///
/// let record: Record = "v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@example.com; t=y".parse()?;
/// assert_eq!(record.p().policy(), Some(Policy::Reject));
/// assert!(record.is_testing());
/// assert_eq!(record.rua()[0].uri(), "mailto:dmarc@example.com");
/// assert_eq!(record.to_string(), "v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@example.com; t=y");
/// assert!("v=DMARC2; p=reject".parse::<Record>().is_err());
/// # Ok::<(), mailwright_dmarc::RecordError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Record {
    pub(crate) p: PolicyTag,
    pub(crate) sp: PolicyTag,
    pub(crate) np: PolicyTag,
    pub(crate) adkim: Alignment,
    pub(crate) aspf: Alignment,
    pub(crate) psd: Psd,
    pub(crate) t: bool,
    pub(crate) fo: Vec<FailureOption>,
    pub(crate) rua: Vec<ReportUri>,
    pub(crate) ruf: Vec<ReportUri>,
    pub(crate) pct: u8,
}

/// The value of `p`, `sp` or `np`. That one is there and not valid matters (RFC 9989 4.10.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum PolicyTag {
    /// The tag is not there.
    Absent,
    /// A policy.
    Valid(Policy),
    /// Something else, as written; octets that are no UTF-8 are U+FFFD.
    Invalid(Box<str>),
}

impl PolicyTag {
    /// The policy, where there is a valid one.
    #[must_use]
    pub const fn policy(&self) -> Option<Policy> {
        match self {
            Self::Valid(policy) => Some(*policy),
            Self::Absent | Self::Invalid(_) => None,
        }
    }

    /// Whether the tag is there without a valid policy.
    #[must_use]
    pub const fn is_invalid(&self) -> bool {
        matches!(self, Self::Invalid(_))
    }
}

impl Record {
    /// Reads a record as RFC 9989 4.8 asks of receivers: what is no valid tag behind the version is passed over, what has no
    /// valid value gets its default. Of a tag that stands twice the first counts.
    ///
    /// # Errors
    /// [`RecordError`]: it is no DMARC record, because it does not begin with `v=DMARC1` as its first tag (4.7), or has more
    /// than [`MAX_RECORD`] octets.
    pub fn parse(record: &[u8]) -> Result<Self, RecordError> {
        parse::read(record, &mut |_| ())
    }

    /// Reads a record that has only what the grammar of RFC 9989 4.8 allows; unknown tags are allowed.
    ///
    /// # Errors
    /// The first thing that is not allowed.
    pub fn parse_strict(record: &[u8]) -> Result<Self, RecordError> {
        let mut first: Option<Finding> = None;
        let read = parse::read(record, &mut |finding: Finding| {
            if finding.kind.severity() == Severity::Error && first.is_none() {
                first = Some(finding);
            }
        })?;
        match first {
            Some(finding) => Err(RecordError { kind: finding.kind, position: finding.span.start }),
            None => Ok(read),
        }
    }

    /// A record that says nothing, to be filled.
    #[must_use]
    pub fn builder() -> RecordBuilder {
        RecordBuilder::new()
    }

    /// The policy of the domain itself.
    #[must_use]
    pub const fn p(&self) -> &PolicyTag {
        &self.p
    }

    /// The policy of subdomains.
    #[must_use]
    pub const fn sp(&self) -> &PolicyTag {
        &self.sp
    }

    /// The policy of subdomains that do not exist.
    #[must_use]
    pub const fn np(&self) -> &PolicyTag {
        &self.np
    }

    /// How DKIM has to align.
    #[must_use]
    pub const fn adkim(&self) -> Alignment {
        self.adkim
    }

    /// How SPF has to align.
    #[must_use]
    pub const fn aspf(&self) -> Alignment {
        self.aspf
    }

    /// Whether the domain is a public suffix.
    #[must_use]
    pub const fn psd(&self) -> Psd {
        self.psd
    }

    /// Whether the policy is being tested (`t=y`).
    #[must_use]
    pub const fn is_testing(&self) -> bool {
        self.t
    }

    /// When failure reports are asked for, as written. Without [`ruf`](Self::ruf) it is to be ignored (RFC 9989 4.7).
    #[must_use]
    pub fn fo(&self) -> &[FailureOption] {
        &self.fo
    }

    /// Where aggregate reports are wanted; only what is a valid URI.
    #[must_use]
    pub fn rua(&self) -> &[ReportUri] {
        &self.rua
    }

    /// Where failure reports are wanted; only what is a valid URI.
    #[must_use]
    pub fn ruf(&self) -> &[ReportUri] {
        &self.ruf
    }

    /// The share of mail in percent to which the policy applies in RFC 7489 (6.3); RFC 9989 does not know the tag.
    #[must_use]
    pub const fn pct(&self) -> u8 {
        self.pct
    }

    /// Whether the record cannot be used for a policy as it stands: no valid `p`, or an invalid `sp` or `np`
    /// (RFC 9989 4.10.1).
    #[must_use]
    pub const fn is_faulty(&self) -> bool {
        self.p.policy().is_none() || self.sp.is_invalid() || self.np.is_invalid()
    }
}

impl FromStr for Record {
    type Err = RecordError;

    /// As [`Record::parse`].
    fn from_str(record: &str) -> Result<Self, RecordError> {
        Self::parse(record.as_bytes())
    }
}

impl fmt::Display for Record {
    /// The record as it is published, tags with their default left out. Reading it gives an equal record.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("v=DMARC1")?;
        for (name, tag) in [("p", &self.p), ("sp", &self.sp), ("np", &self.np)] {
            match tag {
                PolicyTag::Absent => {}
                PolicyTag::Valid(policy) => write!(f, "; {name}={policy}")?,
                PolicyTag::Invalid(text) => write!(f, "; {name}={text}")?,
            }
        }
        for (name, mode) in [("adkim", self.adkim), ("aspf", self.aspf)] {
            if mode == Alignment::Strict {
                write!(f, "; {name}={mode}")?;
            }
        }
        if self.fo != [FailureOption::AllFail] {
            let words: Vec<&str> = self.fo.iter().map(|option| option.as_str()).collect();
            write!(f, "; fo={}", words.join(":"))?;
        }
        for (name, uris) in [("rua", &self.rua), ("ruf", &self.ruf)] {
            for (at, uri) in uris.iter().enumerate() {
                if at == 0 { write!(f, "; {name}={uri}")? } else { write!(f, ",{uri}")? }
            }
        }
        if self.psd != Psd::Unknown {
            write!(f, "; psd={}", self.psd)?;
        }
        if self.t {
            f.write_str("; t=y")?;
        }
        if self.pct < 100 {
            write!(f, "; pct={}", self.pct)?;
        }
        Ok(())
    }
}

/// Why a text is no DMARC record, or none that the grammar allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RecordError {
    kind: FindingKind,
    position: usize,
}

impl RecordError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> FindingKind {
        self.kind
    }

    /// Byte offset in the record.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// The section that is broken, as `RFC 9989 4.7`.
    #[must_use]
    pub const fn section(&self) -> &'static str {
        self.kind.section()
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: {} ({})", self.position, self.kind, self.section())
    }
}

impl std::error::Error for RecordError {}

/// A span of the record from offsets.
const fn span(start: usize, len: usize) -> Span {
    Span::new(start, start.saturating_add(len))
}

#[cfg(test)]
mod tests;
