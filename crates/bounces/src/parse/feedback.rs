//! Feedback reports (RFC 5965, RFC 6591, RFC 6590), and those of services that write none of their fields.

use mailwright_message_model::block::Blocks;
use mailwright_message_model::{Entity, Header, Message};

use super::address;
use crate::report::Feedback;

/// What the fields say, and the addresses that they name.
pub(super) struct Read {
    pub(super) feedback: Feedback,
    pub(super) recipients: Vec<(String, usize)>,
    pub(super) reporting_mta: Option<String>,
}

/// Reads message/feedback-report.
pub(super) fn read(body: &[u8], most: usize) -> Read {
    let mut feedback = Feedback { incidents: 1, ..Feedback::default() };
    let mut recipients: Vec<(String, usize)> = Vec::new();
    let mut removal = Vec::new();
    let mut reporting_mta = None;
    for field in Blocks::new(body).flat_map(|block| block.fields()) {
        let is = |name| field.is(name);
        let text = || Some(field.text().trim().to_owned()).filter(|text| !text.is_empty());
        if is("Feedback-Type") {
            // RFC 5965 3.1; a type that nobody registered is kept as it is.
            feedback.feedback_type =
                feedback.feedback_type.or_else(|| text().map(|text| text.to_ascii_lowercase()));
        } else if is("User-Agent") {
            feedback.user_agent = text();
        } else if is("Source-IP") {
            feedback.source_ip = text();
        } else if is("Original-Mail-From") {
            feedback.original_mail_from = text().map(|text| address::clean(&text).to_owned());
        } else if is("Reported-Domain") {
            feedback.reported_domain.extend(text());
        } else if is("Auth-Failure") {
            feedback.auth_failure = text().map(|text| text.to_ascii_lowercase());
        } else if is("Incidents") {
            feedback.incidents = text().and_then(|text| text.parse().ok()).unwrap_or(1);
        } else if is("Reporting-MTA") {
            reporting_mta = field.typed().map(|typed| typed.value.trim().to_owned());
        } else if (is("Original-Rcpt-To") || is("Final-Recipient")) && recipients.len() < most {
            // RFC 5965 3.2: may appear more than once.
            let text = field.text();
            let value = text.split_once(';').map_or(&*text, |(_, value)| value);
            let bare = address::clean(value);
            if !bare.is_empty() {
                recipients.push((bare.to_owned(), field.span().start));
            }
        } else if (is("Removal-Recipient") || is("Redacted-Address")) && removal.len() < most {
            let text = field.text();
            removal.push((address::clean(&text).to_owned(), field.span().start));
        }
    }
    recipients.retain(|(address, _)| address::is_address(address));
    if recipients.is_empty() {
        recipients = removal;
        recipients.retain(|(address, _)| address::is_address(address));
    }
    Read { feedback, recipients, reporting_mta }
}

/// The address that a vendor's own field names: Hotmail's JMRP, and others that put it into the returned header.
pub(super) fn vendor_recipient(returned: &Entity<'_, '_>) -> Option<String> {
    const FIELDS: [&str; 4] = [
        "X-HmXmrOriginalRecipient",
        "X-Original-Recipient",
        "X-MSN-Original-Recipient",
        "X-Original-Rcpt-To",
    ];
    let header = returned.body_raw();
    let found = Header::new(header).find(|field| FIELDS.iter().any(|name| field.is(name)))?;
    let text = found.text();
    let bare = address::clean(&text);
    address::is_address(bare).then(|| bare.to_owned())
}

/// Whether a message is a complaint in a form without fields: Hotmail's, which says so in its subject and encloses the mail.
pub(super) fn is_vendor_report(message: &Message<'_>, returned: Option<&Entity<'_, '_>>) -> bool {
    let subject = message.subject().unwrap_or_default().to_ascii_lowercase();
    let complains = subject.starts_with("complaint about message from")
        || subject.starts_with("email feedback report for")
        || subject.starts_with("abuse report");
    complains && returned.is_some()
}
