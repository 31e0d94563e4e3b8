//! The mail that carries a report (RFC 9990 3.5.2).

use mailwright_message_model::compose::{Builder, ComposeError, Part};
use mailwright_message_model::date::DateTime;
use mailwright_message_model::domain::Domain;
use mailwright_message_model::mailbox::Mailbox;

use super::{Report, WriteError};

/// Who sends a report, and to whom.
#[derive(Clone, Debug)]
pub struct Submission<'s> {
    /// The domain of the receiver of the mail that is reported on.
    pub receiver: &'s Domain,
    /// Who sends the report; the mail has to pass DMARC itself.
    pub from: Mailbox,
    /// Where it goes: an address that [`report_destinations`](crate::destination::report_destinations) gave.
    pub to: Mailbox,
    /// When.
    pub date: DateTime,
    /// The id of the mail.
    pub message_id: String,
    /// What the boundaries are made of, as in [`Builder::seed`].
    pub seed: u64,
}

/// Why the mail cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MailError {
    /// The report cannot be written.
    Report(WriteError),
    /// The mail cannot be written.
    Mail(ComposeError),
}

impl std::fmt::Display for MailError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Report(error) => write!(f, "{error}"),
            Self::Mail(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for MailError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(match self {
            Self::Report(error) => error,
            Self::Mail(error) => error,
        })
    }
}

/// The name of the file: `receiver!policy-domain!begin!end[!unique-id].xml[.gz]` (RFC 9990 3.5.2). Of the id only letters and
/// digits are kept.
#[must_use]
pub fn file_name(report: &Report, receiver: &Domain, unique_id: Option<&str>) -> String {
    let seconds = |time: Option<i64>| time.unwrap_or_default().max(0);
    let (begin, end) = (seconds(report.metadata.begin), seconds(report.metadata.end));
    let id: String = unique_id.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
    let id = if id.is_empty() { id } else { format!("!{id}") };
    let packed = if cfg!(feature = "compress") { ".gz" } else { "" };
    format!("{receiver}!{}!{begin}!{end}{id}.xml{packed}", report.policy.domain)
}

/// The subject: `Report Domain: D Submitter: S Report-ID: I` (RFC 9990 3.5.2).
#[must_use]
pub fn subject(report: &Report, receiver: &Domain) -> String {
    format!(
        "Report Domain: {} Submitter: {receiver} Report-ID: {}",
        report.policy.domain,
        ridtxt(&report.metadata.report_id)
    )
}

/// RFC 9990 3.5.1: dot-atom-text, with one more behind an `@`; what it cannot have becomes a hyphen.
fn ridtxt(id: &str) -> String {
    let id = id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id);
    let atom = |text: &str| -> String {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        let text: String = text.chars().map(|c| if allowed(c) { c } else { '-' }).collect();
        let parts: Vec<&str> = text.split('.').filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { "-".into() } else { parts.join(".") }
    };
    match id.split_once('@') {
        Some((left, right)) => format!("<{}@{}>", atom(left), atom(right)),
        None => format!("<{}>", atom(id)),
    }
}

/// Writes the mail: a line for people, and the report in gzip, or as XML without the feature `compress`.
///
/// # Errors
/// [`MailError`].
pub fn write(report: &Report, submission: &Submission<'_>) -> Result<Vec<u8>, MailError> {
    let xml = report.to_xml().map_err(MailError::Report)?;
    let name = file_name(report, submission.receiver, None);
    let text = format!(
        "This is a DMARC aggregate report for {} from {}.\n",
        report.policy.domain, submission.receiver
    );
    let message = Builder::new()
        .from(submission.from.clone())
        .to(submission.to.clone())
        .date(submission.date)
        .message_id(submission.message_id.clone())
        .subject(subject(report, submission.receiver))
        .text(&text)
        .attach(attachment(&xml).file_name(name))
        .seed(submission.seed);
    message.build().map_err(MailError::Mail)
}

#[cfg(feature = "compress")]
fn attachment(xml: &str) -> Part {
    Part::new("application/gzip", crate::report::inflate::gzip(xml.as_bytes()))
}

#[cfg(not(feature = "compress"))]
fn attachment(xml: &str) -> Part {
    Part::new("text/xml", xml.as_bytes())
}
