//! A message to its report.

mod address;
mod build;
mod dsn;
mod feedback;
mod html;
pub(crate) mod mark;
mod marks;
mod notice;
mod original;
mod parts;
mod receipt;
mod signals;
mod status;
mod text;
mod words;

use std::borrow::Cow;

use mailwright_message_model::Message;

use crate::classify::{Classifier, RuleSet};
use crate::limits::Limits;
use crate::report::{AutoReply, Kind, Report, Warning};
use parts::Parts;
use signals::Signals;

/// Reads a message under the default limits, with the built-in rules. Never fails: what is odd becomes a warning.
///
/// ```
/// use mailwright_bounces::{Action, Class, Kind, Reason, parse};
///
/// let raw = b"From: MAILER-DAEMON@mx.example.org\r\nSubject: failure notice\r\n\r\n\
///     Hi. This is the qmail-send program at mx.example.org.\r\n\
///     I'm afraid I wasn't able to deliver your message to the following addresses.\r\n\r\n\
///     <jo@example.net>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n\
///     --- Below this line is a copy of the message.\r\n\r\n\
///     Message-ID: <1@example.org>\r\n";
/// let report = parse(raw);
/// assert_eq!(report.kind, Kind::Bounce);
/// let recipient = &report.recipients[0];
/// assert_eq!((recipient.address.as_str(), recipient.action), ("jo@example.net", Action::NotStated));
/// assert_eq!((recipient.verdict.reason, recipient.verdict.class), (Reason::RecipientUnknown, Class::Hard));
/// assert_eq!(report.original.unwrap().message_id.as_deref(), Some("1@example.org"));
/// ```
#[must_use]
pub fn parse(raw: &[u8]) -> Report {
    Parser::new().parse(raw)
}

/// Reads messages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parser<'r> {
    classifier: Classifier<'r>,
    limits: Limits,
}

impl<'r> Parser<'r> {
    /// With the built-in rules and the default limits.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With rules of the user's own, asked first.
    #[must_use]
    pub fn with_rules(mut self, rules: &'r RuleSet) -> Self {
        self.classifier = Classifier::with_rules(rules);
        self
    }

    /// With limits of your own.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads the octets of a message, with any kind of line break.
    #[must_use]
    pub fn parse(&self, raw: &[u8]) -> Report {
        let cut = raw.len() > self.limits.input;
        let raw = raw.get(..self.limits.input).unwrap_or(raw);
        let raw = one_line_break(raw);
        let limits = mailwright_message_model::Limits { bytes: raw.len(), ..Default::default() };
        let mut report = match Message::parse_with(&raw, &limits) {
            Ok(message) => self.parse_message(&message),
            Err(_) => Report::new(Kind::NotBounce),
        };
        if cut {
            report.warnings.push(Warning::InputCut);
        }
        report
    }

    /// Reads a message that is parsed already, and whose lines end in LF or CRLF.
    #[must_use]
    pub fn parse_message(&self, message: &Message<'_>) -> Report {
        let signals = Signals::of(message);
        let parts = Parts::of(message);
        let reader = Reader {
            message,
            signals: &signals,
            parts: &parts,
            classifier: self.classifier,
            limits: self.limits,
        };
        let mut report = reader.read();
        report.sent_to = signals.to.clone();
        if report.original.is_none() && report.kind != Kind::NotBounce {
            report.original = parts.returned.as_ref().and_then(original::of_entity);
        }
        report
    }
}

/// All that a message is read by.
struct Reader<'m, 'a, 'r> {
    message: &'m Message<'a>,
    signals: &'m Signals,
    parts: &'m Parts<'m, 'a>,
    classifier: Classifier<'r>,
    limits: Limits,
}

impl Reader<'_, '_, '_> {
    fn read(&self) -> Report {
        let report_type = self.parts.report_type.as_deref().unwrap_or_default();
        if self.parts.feedback.is_some() || report_type == "feedback-report" {
            return self.feedback();
        }
        if report_type == "tlsrpt" {
            return Report::new(Kind::NotBounce); // RFC 8460
        }
        if let Some(report) = self.status() {
            return report;
        }
        if self.parts.disposition.is_some() || report_type == "disposition-notification" {
            return self.receipt();
        }
        if let Some(report) = self.notice() {
            return report;
        }
        if feedback::is_vendor_report(self.message, self.parts.returned.as_ref()) {
            return self.feedback();
        }
        // A person's program answers from the person's address, a mail system from its own.
        if !self.signals.daemon_address
            && self.signals.failed.is_empty()
            && let Some(report) = self.auto_reply()
        {
            return report;
        }
        if let Some(report) = self.words() {
            return report;
        }
        if report_type == "delivery-status" && self.signals.daemon_address && !self.parts.status.is_empty() {
            return self.empty_status();
        }
        let mut report = self.auto_reply().unwrap_or_else(|| Report::new(Kind::NotBounce));
        if report_type == "delivery-status" {
            report.warnings.push(Warning::NoReportPart);
        }
        report
    }

    fn auto_reply(&self) -> Option<Report> {
        let field = self.signals.auto_reply()?;
        let mut report = Report::new(Kind::AutoReply);
        report.auto_reply = Some(AutoReply { field: field.to_owned() });
        Some(report)
    }
}

/// The octets with LF where there are only CRs, as old Macs stored mail: every position stays the same.
fn one_line_break(raw: &[u8]) -> Cow<'_, [u8]> {
    let head = raw.get(..4096).unwrap_or(raw);
    if memchr::memchr(b'\r', head).is_none() || memchr::memchr(b'\n', raw).is_some() {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.iter().map(|octet| if *octet == b'\r' { b'\n' } else { *octet }).collect())
}
