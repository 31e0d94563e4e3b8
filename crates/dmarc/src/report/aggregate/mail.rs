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

/// Writes the mail: a line for people, and the report in gzip, or as XML without the feature `compress`. The unique id in the name of
/// the file is that of the report.
///
/// # Errors
/// [`MailError`].
pub fn write(report: &Report, submission: &Submission<'_>) -> Result<Vec<u8>, MailError> {
    let xml = report.to_xml().map_err(MailError::Report)?;
    // RFC 9990 3.1.4, 3.5.2: two reports of one time on one domain, as where its policy changed, have different names, and a report
    // that is sent again the same.
    let name = file_name(report, submission.receiver, Some(&report.metadata.report_id));
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

#[cfg(test)]
mod tests {
    use super::super::{Metadata, PolicyPublished};
    use super::*;

    fn report(id: &str) -> Report {
        let metadata = Metadata {
            report_id: id.into(),
            begin: Some(1_764_547_200),
            end: Some(1_764_633_599),
            ..Metadata::default()
        };
        let policy = PolicyPublished { domain: "example.com".into(), ..PolicyPublished::default() };
        Report { metadata, policy, ..Report::default() }
    }

    /// RFC 9990 3.5.2: filename, dmarc-subject; 3.5.1: ridtxt.
    #[test]
    fn names_and_subjects_are_of_the_grammar() {
        let receiver = "mx.example".parse().unwrap();
        let name = |id: Option<&str>| file_name(&report("1"), &receiver, id);
        let packed = if cfg!(feature = "compress") { ".gz" } else { "" };
        assert_eq!(name(None), format!("mx.example!example.com!1764547200!1764633599.xml{packed}"));
        assert_eq!(
            name(Some("1-0@a.b")),
            format!("mx.example!example.com!1764547200!1764633599!10ab.xml{packed}")
        );
        assert_eq!(name(Some("..")), name(None));
        let subject = |id: &str| subject(&report(id), &receiver);
        let start = "Report Domain: example.com Submitter: mx.example Report-ID: ";
        for (id, written) in [
            ("1721054318-example.com@example.org", "<1721054318-example.com@example.org>"),
            ("<a@b>", "<a@b>"),
            ("a..b", "<a.b>"),
            ("a b\r\nX: y@c@d", "<a-b--X--y@c-d>"),
            ("", "<->"),
        ] {
            assert_eq!(subject(id), format!("{start}{written}"));
        }
    }

    #[test]
    fn reports_of_one_time_have_different_names() {
        let receiver = "mx.example".parse().unwrap();
        let name = |id: &str| file_name(&report(id), &receiver, Some(id));
        assert_ne!(name("1764547200-0-example.com@mx.example"), name("1764547200-1-example.com@mx.example"));
    }
}
