//! Writing failure reports (RFC 9991 4, RFC 6591 3, RFC 5965 2).

use std::fmt;

use mailwright_message_model::compose::{Builder, ComposeError, Part};
use mailwright_message_model::date::DateTime;
use mailwright_message_model::mailbox::Mailbox;

use super::Report;

/// Why a report cannot be written: a field that is required is missing; its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldError {
    field: &'static str,
}

impl FieldError {
    /// The field.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        self.field
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a failure report needs the field {} (RFC 5965 3.1, RFC 6591 3.1, RFC 9991 4)", self.field)
    }
}

impl std::error::Error for FieldError {}

/// Who sends a failure report, and to whom.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Who sends it; the mail should pass DMARC itself (RFC 9991 5.1).
    pub from: Mailbox,
    /// Where it goes: an address that [`report_destinations`](crate::destination::report_destinations) gave.
    pub to: Mailbox,
    /// When.
    pub date: DateTime,
    /// The id of the mail.
    pub message_id: String,
    /// What the boundaries are made of.
    pub seed: u64,
    /// Whether only the header of the message is sent, as privacy asks for (RFC 9991 7.1).
    pub header_only: bool,
}

/// Why the mail cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MailError {
    /// The report lacks a field.
    Field(FieldError),
    /// The mail cannot be written.
    Mail(ComposeError),
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(error) => write!(f, "{error}"),
            Self::Mail(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for MailError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(match self {
            Self::Field(error) => error,
            Self::Mail(error) => error,
        })
    }
}

impl Report {
    /// The fields of the message/feedback-report part, in lines of CRLF.
    ///
    /// # Errors
    /// [`FieldError`]: Feedback-Type, User-Agent, Version (RFC 5965 3.1); of a failure report Auth-Failure and Reported-Domain
    /// (RFC 6591 3.1), and of one about DMARC Identity-Alignment, DKIM-Identity and DKIM-Selector where there is a
    /// DKIM-Domain (RFC 9991 4). The caller has to see to SPF-DNS, which is required where SPF of an aligned domain failed.
    pub fn to_fields(&self) -> Result<String, FieldError> {
        let failure = self.is_auth_failure();
        let dmarc = failure && self.auth_failure.iter().any(|kind| &**kind == "dmarc");
        let signature = dmarc && self.dkim.domain.is_some();
        for (missing, field) in [
            (self.feedback_type.is_empty(), "Feedback-Type"),
            (self.user_agent.is_none(), "User-Agent"),
            (self.version.is_none(), "Version"),
            (failure && self.auth_failure.is_empty(), "Auth-Failure"),
            (failure && self.reported_domain.is_empty(), "Reported-Domain"),
            (dmarc && self.identity_alignment.is_empty(), "Identity-Alignment"),
            (signature && self.dkim.identity.is_none(), "DKIM-Identity"),
            (signature && self.dkim.selector.is_none(), "DKIM-Selector"),
        ] {
            if missing {
                return Err(FieldError { field });
            }
        }
        let mut out = Fields(String::new());
        out.field("Feedback-Type", &self.feedback_type);
        out.optional("User-Agent", self.user_agent.as_deref());
        out.optional("Version", self.version.as_deref());
        out.list("Auth-Failure", &self.auth_failure);
        out.list("Identity-Alignment", &self.identity_alignment);
        out.optional("Delivery-Result", self.delivery_result.as_deref());
        out.optional("Original-Envelope-Id", self.original_envelope_id.as_deref());
        let brackets = |address: &str| format!("<{address}>");
        out.optional("Original-Mail-From", self.original_mail_from.as_deref().map(brackets).as_deref());
        for address in &self.original_rcpt_to {
            out.field("Original-Rcpt-To", &brackets(address));
        }
        out.optional("Arrival-Date", self.arrival().map(|date| date.to_string()).as_deref());
        out.optional("Source-IP", self.source_ip.map(|ip| ip.to_string()).as_deref());
        out.optional("Source-Port", self.source_port.map(|port| port.to_string()).as_deref());
        out.optional(
            "Reporting-MTA",
            self.reporting_mta.as_deref().map(|mta| format!("dns; {mta}")).as_deref(),
        );
        for (name, values) in [
            ("Authentication-Results", &self.authentication_results),
            ("Reported-Domain", &self.reported_domain),
            ("Reported-URI", &self.reported_uri),
            ("SPF-DNS", &self.spf_dns),
        ] {
            for value in values {
                out.field(name, value);
            }
        }
        let dkim = &self.dkim;
        for (name, value) in [
            ("DKIM-Domain", &dkim.domain),
            ("DKIM-Identity", &dkim.identity),
            ("DKIM-Selector", &dkim.selector),
            ("DKIM-Selector-DNS", &dkim.selector_dns),
            ("DKIM-Canonicalized-Header", &dkim.canonicalized_header),
            ("DKIM-Canonicalized-Body", &dkim.canonicalized_body),
        ] {
            out.optional(name, value.as_deref());
        }
        if self.incidents != 1 {
            out.field("Incidents", &self.incidents.to_string());
        }
        for (name, value) in &self.other {
            out.field(name, value);
        }
        Ok(out.0)
    }
}

/// Writes the mail: multipart/report of a text, the fields, and the message or its header (RFC 5965 2).
///
/// # Errors
/// [`MailError`].
pub fn mail(report: &Report, submission: &Submission) -> Result<Vec<u8>, MailError> {
    let fields = report.to_fields().map_err(MailError::Field)?;
    let domain = report.reported_domain.first().map(AsRef::as_ref).unwrap_or_default();
    let ip = report.source_ip.map(|ip| format!(" from {ip}")).unwrap_or_default();
    let text =
        format!("This is a report about a message{ip} in the name of {domain} that failed authentication.\n");
    let mut parts = vec![Part::text("plain", &text), Part::new("message/feedback-report", fields)];
    if let Some(message) = &report.message {
        parts.push(if submission.header_only {
            Part::new("text/rfc822-headers", header(message))
        } else {
            Part::message_octets(message.clone())
        });
    }
    let body = Part::multipart("report", parts).parameter("report-type", "feedback-report");
    let message = Builder::new()
        .from(submission.from.clone())
        .to(submission.to.clone())
        .date(submission.date)
        .message_id(submission.message_id.clone())
        .subject(format!("Failure report for {domain}"))
        .body(body)
        .seed(submission.seed);
    message.build().map_err(MailError::Mail)
}

/// The header of a message, without the empty line.
fn header(message: &[u8]) -> Vec<u8> {
    let mut fields = mailwright_message_model::Header::new(message);
    while fields.next().is_some() {}
    message.get(..fields.offset()).unwrap_or(message).to_vec()
}

struct Fields(String);

impl Fields {
    fn optional(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.field(name, value);
        }
    }

    fn list(&mut self, name: &str, values: &[Box<str>]) {
        if !values.is_empty() {
            self.field(name, &values.join(", "));
        }
    }

    /// A field in lines of at most 78 characters where there are blanks, and of 998 in any case (RFC 5322 2.1.1).
    fn field(&mut self, name: &str, value: &str) {
        const SHOULD: usize = 78;
        const MUST: usize = 900;
        let clean: String =
            name.chars().map(|c| if c.is_ascii_graphic() && c != ':' { c } else { '-' }).collect();
        self.0.push_str(&clean);
        self.0.push(':');
        let mut line = clean.len().saturating_add(1);
        for word in value.split_whitespace() {
            if line > clean.len().saturating_add(1) && line.saturating_add(word.len()) >= SHOULD {
                self.0.push_str("\r\n");
                line = 0;
            }
            self.0.push(' ');
            line = line.saturating_add(1);
            for c in word.chars() {
                if line >= MUST {
                    self.0.push_str("\r\n ");
                    line = 1;
                }
                self.0.push(if c.is_ascii_graphic() { c } else { '?' });
                line = line.saturating_add(1);
            }
        }
        self.0.push_str("\r\n");
    }
}
