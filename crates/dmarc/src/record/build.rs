//! Making a record.

use super::uri::{ReportUri, UriError};
use super::{PolicyTag, Record, parse};
use crate::policy::{Alignment, FailureOption, Policy, Psd};

/// Makes a [`Record`].
///
/// ```
/// use mailwright_dmarc::{Alignment, Policy, Record};
///
/// let record = Record::builder().policy(Policy::Quarantine).adkim(Alignment::Strict).rua("mailto:d@example.com")?.build();
/// assert_eq!(record.to_string(), "v=DMARC1; p=quarantine; adkim=s; rua=mailto:d@example.com");
/// # Ok::<(), mailwright_dmarc::record::UriError>(())
/// ```
#[derive(Clone, Debug)]
pub struct RecordBuilder(Record);

impl RecordBuilder {
    pub(super) fn new() -> Self {
        Self(parse::empty())
    }

    /// Sets the policy of the domain.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.0.p = PolicyTag::Valid(policy);
        self
    }

    /// Sets the policy of subdomains.
    #[must_use]
    pub fn subdomains(mut self, policy: Policy) -> Self {
        self.0.sp = PolicyTag::Valid(policy);
        self
    }

    /// Sets the policy of subdomains that do not exist.
    #[must_use]
    pub fn nonexistent(mut self, policy: Policy) -> Self {
        self.0.np = PolicyTag::Valid(policy);
        self
    }

    /// Sets how DKIM has to align.
    #[must_use]
    pub const fn adkim(mut self, mode: Alignment) -> Self {
        self.0.adkim = mode;
        self
    }

    /// Sets how SPF has to align.
    #[must_use]
    pub const fn aspf(mut self, mode: Alignment) -> Self {
        self.0.aspf = mode;
        self
    }

    /// Says whether the domain is a public suffix.
    #[must_use]
    pub const fn psd(mut self, psd: Psd) -> Self {
        self.0.psd = psd;
        self
    }

    /// Says that the policy is being tested.
    #[must_use]
    pub const fn testing(mut self, testing: bool) -> Self {
        self.0.t = testing;
        self
    }

    /// Sets when failure reports are wanted. An option that stood before is passed over, and so is the second of
    /// [`FailureOption::AllFail`] and [`FailureOption::AnyFail`], which exclude each other (RFC 9989 4.7).
    #[must_use]
    pub fn failure_options(mut self, options: impl IntoIterator<Item = FailureOption>) -> Self {
        let general = |o: &FailureOption| matches!(o, FailureOption::AllFail | FailureOption::AnyFail);
        let mut kept: Vec<FailureOption> = Vec::new();
        for option in options {
            let excluded = kept.contains(&option) || (general(&option) && kept.iter().any(general));
            if !excluded {
                kept.push(option);
            }
        }
        if !kept.is_empty() {
            self.0.fo = kept;
        }
        self
    }

    /// Adds a destination of aggregate reports.
    ///
    /// # Errors
    /// As [`ReportUri::parse`].
    pub fn rua(mut self, uri: &str) -> Result<Self, UriError> {
        self.0.rua.push(ReportUri::parse(uri.as_bytes())?);
        Ok(self)
    }

    /// Adds a destination of failure reports.
    ///
    /// # Errors
    /// As [`ReportUri::parse`].
    pub fn ruf(mut self, uri: &str) -> Result<Self, UriError> {
        self.0.ruf.push(ReportUri::parse(uri.as_bytes())?);
        Ok(self)
    }

    /// The record.
    #[must_use]
    pub fn build(self) -> Record {
        self.0
    }
}
