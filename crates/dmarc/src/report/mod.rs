//! Reports: aggregate (RFC 9990, RFC 7489), failure (RFC 9991, RFC 6591, RFC 5965) and TLS (RFC 8460).
//!
//! [`parse`] takes what arrives: XML or JSON, in gzip or ZIP or not, in a message or not. What is there is told by the octets,
//! never by a name or a media type. A report that is out of form is used as far as it can be, and each workaround is a
//! [`Warning`]. Nothing is fetched, no entity is expanded, and what a report may cost is bounded by [`Limits`].

pub mod aggregate;
mod container;
mod error;
pub mod failure;
#[cfg(feature = "compress")]
mod inflate;
mod limits;
mod member;
pub mod tlsrpt;
mod warning;

pub use error::{Error, ErrorKind};
pub use limits::Limits;
pub use warning::{Warning, WarningKind, Warnings};

/// A report, and what had to be done to read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed<T> {
    /// The report.
    pub report: T,
    /// What was out of form.
    pub warnings: Warnings,
}

/// A report of any sort.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Report {
    /// Of a day's mail (RFC 9990, RFC 7489).
    Aggregate(Box<aggregate::Report>),
    /// Of one message (RFC 9991, RFC 6591), or another feedback report (RFC 5965).
    Failure(Box<failure::Report>),
    /// Of a day's TLS sessions (RFC 8460).
    Tls(Box<tlsrpt::Report>),
}

/// Reads a report in whatever it is wrapped.
///
/// # Errors
/// [`Error`]: there is no report in it, a limit forbids to read it, or it has a document type declaration.
///
/// ```
/// use mailwright_dmarc::report::{Limits, Report, parse};
///
/// let xml = b"<feedback><report_metadata><org_name>Example</org_name><report_id>1</report_id></report_metadata>\
///     <policy_published><domain>example.com</domain><p>none</p></policy_published>\
///     <record><row><source_ip>192.0.2.1</source_ip><count>3</count></row></record></feedback>";
/// let parsed = parse(xml, &Limits::default())?;
/// let Report::Aggregate(report) = parsed.report else { panic!() };
/// assert_eq!(report.messages(), 3);
/// assert!(!parsed.warnings.is_empty());
/// # Ok::<(), mailwright_dmarc::report::Error>(())
/// ```
pub fn parse(octets: &[u8], limits: &Limits) -> Result<Parsed<Report>, Error> {
    let mut warnings = Warnings::default();
    container::read(octets, limits, &mut warnings).map(|report| Parsed { report, warnings })
}
