//! Aggregate reports (RFC 9990; RFC 7489 appendix C).
//!
//! [`parse`] reads one, [`Report::to_xml`] writes the form of RFC 9990, [`mail`] sends it, and [`Aggregator`] makes reports
//! from evaluations.

mod element;
pub mod mail;
mod merge;
mod read;
mod scan;
mod value;
mod write;

use std::net::IpAddr;

use mailwright_message_model::authres::AuthResult;

pub use merge::{Aggregator, Full, MAX_ROWS, Observation};
pub(super) use read::read;
pub use write::{WriteError, WriteErrorKind};

use super::{Error, Limits, Parsed, Report as Any};
use crate::policy::{Alignment, Override, Policy, words};

/// The namespace of RFC 9990 (6.1).
pub const NAMESPACE: &str = "urn:ietf:params:xml:ns:dmarc-2.0";

/// An aggregate report. What a report lacks is `None` or empty.
///
/// Texts are trimmed; they are what a stranger wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Report {
    /// In which form it is.
    pub form: Form,
    /// The version of the format, as written.
    pub version: Option<Box<str>>,
    /// Who reports.
    pub metadata: Metadata,
    /// The policy that was found.
    pub policy: PolicyPublished,
    /// What was seen.
    pub rows: Vec<Row>,
    /// Extensions of the file.
    pub extensions: Vec<Extension>,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Form {
    /// That of RFC 9990: with its namespace.
    Rfc9990,
    /// That of RFC 7489.
    #[default]
    Rfc7489,
}

/// Who reports, and about which time (RFC 9990 3.1.1.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Metadata {
    /// The name of the reporting organization.
    pub org_name: Box<str>,
    /// Its address.
    pub email: Box<str>,
    /// More about how to contact it.
    pub extra_contact_info: Option<Box<str>>,
    /// The id of the report.
    pub report_id: Box<str>,
    /// Begin of the time, in seconds since the epoch.
    pub begin: Option<i64>,
    /// End of the time, in seconds since the epoch.
    pub end: Option<i64>,
    /// Errors met with the record.
    pub errors: Vec<Box<str>>,
    /// What wrote the report.
    pub generator: Option<Box<str>>,
}

/// The policy of the report (RFC 9990 3.1.1.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PolicyPublished {
    /// Where the record was found.
    pub domain: Box<str>,
    /// How it was found.
    pub discovery_method: Option<DiscoveryMethod>,
    /// The policy of the domain.
    pub p: Option<Policy>,
    /// The policy of subdomains.
    pub sp: Option<Policy>,
    /// The policy of subdomains that do not exist.
    pub np: Option<Policy>,
    /// How DKIM has to align.
    pub adkim: Option<Alignment>,
    /// How SPF has to align.
    pub aspf: Option<Alignment>,
    /// When failure reports are asked for, as written.
    pub fo: Option<Box<str>>,
    /// Whether the policy is being tested.
    pub testing: Option<bool>,
    /// The share of mail in percent (RFC 7489 alone).
    pub pct: Option<u8>,
}

words! {
    /// How a record was found (RFC 9990 3.1.1.5).
    DiscoveryMethod {
        /// By a public suffix list (RFC 7489).
        Psl = "psl",
        /// By a tree walk (RFC 9989).
        TreeWalk = "treewalk",
    }
}

words! {
    /// What was done with mail (RFC 9990 appendix A, `ActionDispositionType`).
    Disposition {
        /// Nothing.
        None = "none",
        /// Nothing, since it passed where the policy would have had it held.
        Pass = "pass",
        /// It was held as suspicious.
        Quarantine = "quarantine",
        /// It was refused.
        Reject = "reject",
    }
}

words! {
    /// Whether a mechanism gave an aligned pass (RFC 9990 3.1.1.9).
    DmarcResult {
        /// It did.
        Pass = "pass",
        /// It did not.
        Fail = "fail",
    }
}

words! {
    /// Which identity SPF checked (RFC 9990 3.1.1.13).
    Scope {
        /// MAIL FROM.
        MailFrom = "mfrom",
        /// HELO (RFC 7489 alone).
        Helo = "helo",
    }
}

/// Messages that are alike (RFC 9990 3.1.1.7).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Row {
    /// The client.
    pub source_ip: Option<IpAddr>,
    /// How many messages.
    pub count: u64,
    /// What was done with them.
    pub disposition: Option<Disposition>,
    /// Whether DKIM gave an aligned pass.
    pub dkim: Option<DmarcResult>,
    /// Whether SPF gave an aligned pass.
    pub spf: Option<DmarcResult>,
    /// Why something else was done than the policy asks for.
    pub reasons: Vec<Override>,
    /// The author domain.
    pub header_from: Box<str>,
    /// The domain of MAIL FROM; empty for the null reverse-path.
    pub envelope_from: Option<Box<str>>,
    /// The domain of RCPT TO.
    pub envelope_to: Option<Box<str>>,
    /// The DKIM signatures.
    pub dkim_results: Vec<DkimResult>,
    /// The SPF checks.
    pub spf_results: Vec<SpfResult>,
    /// Extensions of the row.
    pub extensions: Vec<Extension>,
}

/// A DKIM signature (RFC 9990 3.1.1.12).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DkimResult {
    /// `d=`.
    pub domain: Box<str>,
    /// `s=`.
    pub selector: Option<Box<str>>,
    /// What the check gave.
    pub result: Option<AuthResult>,
    /// More, for people.
    pub human_result: Option<Box<str>>,
}

/// An SPF check (RFC 9990 3.1.1.13).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SpfResult {
    /// The domain that was checked.
    pub domain: Option<Box<str>>,
    /// Which identity it is from.
    pub scope: Option<Scope>,
    /// What the check gave.
    pub result: Option<AuthResult>,
    /// More, for people.
    pub human_result: Option<Box<str>>,
}

/// An extension of older drafts: a name and where it is defined. What extensions hold is passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Extension {
    /// Its name.
    pub name: Box<str>,
    /// Where it is defined.
    pub definition: Box<str>,
}

impl Report {
    /// The messages of all rows.
    #[must_use]
    pub fn messages(&self) -> u64 {
        self.rows.iter().fold(0, |sum, row| sum.saturating_add(row.count))
    }
}

impl Row {
    /// Whether a mechanism gave an aligned pass, so that DMARC passed.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.dkim == Some(DmarcResult::Pass) || self.spf == Some(DmarcResult::Pass)
    }
}

/// Reads an aggregate report, in whatever it is wrapped.
///
/// # Errors
/// As [`parse`](super::parse), and where the report is one of another sort.
pub fn parse(octets: &[u8], limits: &Limits) -> Result<Parsed<Report>, Error> {
    let parsed = super::parse(octets, limits)?;
    match parsed.report {
        Any::Aggregate(report) => Ok(Parsed { report: *report, warnings: parsed.warnings }),
        _ => Err(Error::new(super::ErrorKind::NoFeedback)),
    }
}
