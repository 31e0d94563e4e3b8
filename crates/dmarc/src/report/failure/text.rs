//! Failure reports that have only a text for people: lines of a name, a colon and a value, as some servers write them.

use mailwright_message_model::Message;
use mailwright_message_model::date::DateTime;

use super::{AUTH_FAILURE, Report};
use crate::report::{Limits, WarningKind as Kind, Warnings};

/// Octets and lines of a text that are looked at: the lines stand at its begin.
const MAX_TEXT: usize = 64 << 10;
const MAX_LINES: usize = 200;

/// The report of a message without a part for programs; `None` where its text is none.
pub(in crate::report) fn read(
    message: &Message<'_>,
    limits: &Limits,
    warnings: &mut Warnings,
) -> Option<Report> {
    let subject = message.subject().unwrap_or_default().to_ascii_lowercase();
    let plain = message.walk().find(|part| part.is_leaf() && part.media_type().is("text", "plain"))?;
    let whole = plain.text()?;
    let end = (0..=whole.len().min(MAX_TEXT)).rev().find(|&end| whole.is_char_boundary(end))?;
    let text = whole.get(..end)?;
    if !subject.contains("dmarc") && !text.to_ascii_lowercase().contains("dmarc") {
        return None;
    }
    let mut report = Report { incidents: 1, ..Report::default() };
    let mut position: usize = 0;
    let mut alignment = Vec::new();
    for line in text.split_inclusive('\n').take(MAX_LINES) {
        position = position.saturating_add(line.len());
        // What follows a rule like this is the message.
        if line.starts_with("-----") {
            report.message = text.get(position..).map(|rest| rest.trim_start().as_bytes().to_vec());
            break;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        let value = value.get(..limits.text).unwrap_or(value);
        match name.trim().to_ascii_lowercase().as_str() {
            "sender domain" | "from domain" | "header from domain" | "reported domain"
                if !value.is_empty() =>
            {
                report.reported_domain.push(value.into());
            }
            "sender ip address" | "source ip address" | "source ip" | "sender ip" => {
                report.source_ip = value.trim_matches(['[', ']']).parse().ok();
                if report.source_ip.is_none() {
                    warnings.add(Kind::Address, "Source-IP", position);
                }
            }
            "received date" | "arrival date" => {
                report.arrival_date = DateTime::parse(value.as_bytes()).map(|date| date.to_unix());
            }
            "spf alignment" if value.eq_ignore_ascii_case("no") => alignment.push("spf".into()),
            "dkim alignment" if value.eq_ignore_ascii_case("no") => alignment.push("dkim".into()),
            "dmarc results" => report.delivery_result = Some(value.into()),
            _ => {}
        }
    }
    if report.reported_domain.is_empty() || report.source_ip.is_none() {
        return None;
    }
    warnings.add(Kind::NoFeedbackPart, "message/feedback-report", 0);
    report.feedback_type = AUTH_FAILURE.into();
    report.identity_alignment = alignment;
    report.from_text = true;
    Some(report)
}
