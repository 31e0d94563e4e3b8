//! Failure reports (RFC 9991, RFC 6591) and other feedback reports (RFC 5965).
//!
//! [`parse`] reads one, also such that have only a text for people; [`Report::of`] begins one about an evaluation, and
//! [`Report::to_fields`] and [`mail`] write it.

mod read;
pub(super) mod text;
mod write;

use std::net::IpAddr;

use mailwright_message_model::date::DateTime;

pub(super) use read::read;
pub use write::{FieldError, MailError, Submission, mail};

use super::{Error, ErrorKind, Limits, Parsed, Report as Any};
use crate::evaluate::Evaluation;

/// The feedback type of failure reports (RFC 6591 3.1).
pub const AUTH_FAILURE: &str = "auth-failure";

/// A feedback report. What it lacks is `None` or empty; texts are unfolded, comments are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Report {
    /// The type, in lower case: [`AUTH_FAILURE`], `abuse`, `fraud`, `virus`, `other`, `not-spam`.
    pub feedback_type: Box<str>,
    /// The version of the format.
    pub version: Option<Box<str>>,
    /// What wrote it.
    pub user_agent: Option<Box<str>>,
    /// The client that the message came from.
    pub source_ip: Option<IpAddr>,
    /// Its port (RFC 6692).
    pub source_port: Option<u16>,
    /// When the message came: Arrival-Date or Received-Date, in seconds since the epoch.
    pub arrival_date: Option<i64>,
    /// How many messages alike; 1 where it is not said (RFC 5965 3.2).
    pub incidents: u64,
    /// ENVID.
    pub original_envelope_id: Option<Box<str>>,
    /// MAIL FROM, without angle brackets.
    pub original_mail_from: Option<Box<str>>,
    /// RCPT TO, without angle brackets.
    pub original_rcpt_to: Vec<Box<str>>,
    /// The server that reports, without the type of the name.
    pub reporting_mta: Option<Box<str>>,
    /// The domains that it is about.
    pub reported_domain: Vec<Box<str>>,
    /// The URIs that it is about.
    pub reported_uri: Vec<Box<str>>,
    /// Values of Authentication-Results: claims of the reporter.
    pub authentication_results: Vec<Box<str>>,
    /// What failed, in lower case: `dmarc`, `dkim`, `spf`, `bodyhash`, `signature`, `revoked`, `adsp` (RFC 6591 3.1, RFC 9991 4).
    pub auth_failure: Vec<Box<str>>,
    /// The mechanisms that gave no aligned identifier, in lower case, or `none` (RFC 9991 4).
    pub identity_alignment: Vec<Box<str>>,
    /// What became of the message.
    pub delivery_result: Option<Box<str>>,
    /// The DKIM signature that failed.
    pub dkim: Dkim,
    /// The SPF record that was applied (RFC 6591 3.2.3).
    pub spf_dns: Vec<Box<str>>,
    /// Further fields, name and value.
    pub other: Vec<(Box<str>, Box<str>)>,
    /// The message, or its header, as the reporter sends it.
    pub message: Option<Vec<u8>>,
    /// Whether it was read from the text for people.
    pub from_text: bool,
}

/// The DKIM signature that failed (RFC 6591 3.2.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Dkim {
    /// `d=`.
    pub domain: Option<Box<str>>,
    /// `i=`.
    pub identity: Option<Box<str>>,
    /// `s=`.
    pub selector: Option<Box<str>>,
    /// The canonicalised header, in base64.
    pub canonicalized_header: Option<Box<str>>,
    /// The canonicalised body, in base64.
    pub canonicalized_body: Option<Box<str>>,
    /// The key record.
    pub selector_dns: Option<Box<str>>,
}

impl Report {
    /// Whether it tells that authentication failed; another one tells of abuse or something else.
    #[must_use]
    pub fn is_auth_failure(&self) -> bool {
        &*self.feedback_type == AUTH_FAILURE
    }

    /// A DMARC failure report about an evaluation (RFC 9991 4): type, author domain and alignment are filled in.
    #[must_use]
    pub fn of(evaluation: &Evaluation) -> Self {
        let mut failed: Vec<Box<str>> = Vec::new();
        if !evaluation.dkim_aligned() {
            failed.push("dkim".into());
        }
        if !evaluation.spf_aligned() {
            failed.push("spf".into());
        }
        if failed.is_empty() {
            failed.push("none".into());
        }
        let mut dkim = Dkim::default();
        // RFC 9991 4: required where the signature of an aligned identifier failed.
        if let Some(signature) = evaluation.dkim.iter().find(|dkim| dkim.is_aligned() && !dkim.passes()) {
            dkim.domain = Some(signature.domain.as_str().into());
            dkim.identity = Some(format!("@{}", signature.domain).into());
            dkim.selector.clone_from(&signature.selector);
        }
        Self {
            feedback_type: AUTH_FAILURE.into(),
            version: Some("1".into()),
            incidents: 1,
            reported_domain: evaluation.author.iter().map(|author| author.as_str().into()).collect(),
            auth_failure: vec!["dmarc".into()],
            identity_alignment: failed,
            dkim,
            ..Self::default()
        }
    }

    /// When the message came.
    #[must_use]
    pub fn arrival(&self) -> Option<DateTime> {
        DateTime::from_unix(self.arrival_date?, 0)
    }
}

/// Reads a failure report or another feedback report: a message.
///
/// # Errors
/// As [`parse`](super::parse), and where it is a report of another sort.
///
/// ```
/// use mailwright_dmarc::report::{Limits, failure};
///
/// let mail = b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\
///     Content-Type: message/feedback-report\r\n\r\n\
///     Feedback-Type: auth-failure\r\nAuth-Failure: dmarc\r\nSource-IP: 192.0.2.1\r\nReported-Domain: example.com\r\n\
///     --b--\r\n";
/// let parsed = failure::parse(mail, &Limits::default())?;
/// assert!(parsed.report.is_auth_failure());
/// assert_eq!(&*parsed.report.reported_domain[0], "example.com");
/// # Ok::<(), mailwright_dmarc::report::Error>(())
/// ```
pub fn parse(octets: &[u8], limits: &Limits) -> Result<Parsed<Report>, Error> {
    let parsed = super::parse(octets, limits)?;
    match parsed.report {
        Any::Failure(report) => Ok(Parsed { report: *report, warnings: parsed.warnings }),
        _ => Err(Error::new(ErrorKind::NoReport)),
    }
}
