//! The message/feedback-report part (RFC 5965 3).

use std::borrow::Cow;

use mailwright_message_model::block::{BlockField, BlockLimits, Blocks, Entry};
use mailwright_message_model::date::DateTime;
use mailwright_message_model::{Entity, Message};

use super::{AUTH_FAILURE, Report};
use crate::report::{Limits, WarningKind as Kind, Warnings};

/// Fields and lines that are read: the registry has some thirty names, and few of them may stand more than once.
const MAX_FIELDS: usize = 1_000;

/// Reads the report of `message`, whose part for programs is `part`.
pub(in crate::report) fn read(
    message: &Message<'_>,
    part: &Entity<'_, '_>,
    limits: &Limits,
    warnings: &mut Warnings,
) -> Report {
    let root = message.root();
    let report_type = root.content_type().is_some_and(|content| {
        content.is("multipart", "report")
            && content.param("report-type").is_some_and(|kind| kind.eq_ignore_ascii_case("feedback-report"))
    });
    if !report_type {
        warnings.add(Kind::NotMultipartReport, "Content-Type", 0);
    }
    let decoded = part.decoded();
    let mut block_limits = BlockLimits::default();
    block_limits.field_bytes = limits.text;
    let mut report = Report { incidents: 1, ..Report::default() };
    let mut fill = Fill { report: &mut report, warnings, limits };
    // A blank line in the middle makes several blocks of the fields.
    let blocks = Blocks::with_limits(&decoded.bytes, block_limits);
    for entry in blocks.flat_map(|block| block.entries()).take(MAX_FIELDS) {
        match entry {
            Entry::Field(field) => fill.field(&field),
            _ => fill.warnings.add(Kind::OddLine, "message/feedback-report", 0),
        }
    }
    fill.missing();
    report.message = original(message, part);
    report
}

/// The third part (RFC 5965 2): the message, or its header.
fn original(message: &Message<'_>, feedback: &Entity<'_, '_>) -> Option<Vec<u8>> {
    let behind = message.walk().filter(|part| part.span().start > feedback.span().start);
    let mut found = behind.filter(|part| {
        let media = part.media_type();
        media.type_ == "message" || media.is("text", "rfc822-headers") || media.is("text", "rfc822-header")
    });
    found.next().map(|part| part.decoded().bytes.into_owned())
}

struct Fill<'r, 'w> {
    report: &'r mut Report,
    warnings: &'w mut Warnings,
    limits: &'w Limits,
}

impl Fill<'_, '_> {
    fn field(&mut self, field: &BlockField<'_>) {
        let (offset, text) = (field.span().start, field.text());
        if field.is_cut() {
            self.warnings.add(Kind::TextCut, "message/feedback-report", offset);
        }
        let name = field.name().to_ascii_lowercase();
        let report = &mut *self.report;
        let one = |slot: &mut Option<Box<str>>, text: Cow<'_, str>| *slot = Some(text.into());
        match name.as_str() {
            "feedback-type" => report.feedback_type = field.without_comments().to_ascii_lowercase().into(),
            "version" => one(&mut report.version, field.without_comments()),
            "user-agent" => one(&mut report.user_agent, text),
            "source-ip" => {
                let value = field.without_comments();
                let value = value.trim_start_matches('[').trim_end_matches(']');
                report.source_ip = value.strip_prefix("IPv6:").unwrap_or(value).parse().ok();
                if report.source_ip.is_none() {
                    self.warnings.add(Kind::Address, "Source-IP", offset);
                }
            }
            "source-port" => report.source_port = field.without_comments().parse().ok(),
            "arrival-date" | "received-date" => match DateTime::parse(text.as_bytes()) {
                Some(date) => report.arrival_date = Some(date.to_unix()),
                None => self.warnings.add(Kind::Date, "Arrival-Date", offset),
            },
            "incidents" => match field.without_comments().parse() {
                Ok(incidents) => report.incidents = incidents,
                Err(_) => self.warnings.add(Kind::Number, "Incidents", offset),
            },
            "original-envelope-id" => one(&mut report.original_envelope_id, text),
            "original-mail-from" => report.original_mail_from = Some(address(&text)),
            "original-rcpt-to" => {
                self.list(
                    "Original-Rcpt-To",
                    offset,
                    |report| &mut report.original_rcpt_to,
                    [address(&text)],
                );
            }
            "reporting-mta" => {
                let typed = field.typed();
                report.reporting_mta =
                    Some(typed.map_or_else(|| text.as_ref().into(), |typed| typed.value.as_ref().into()));
            }
            "reported-domain" => {
                self.list("Reported-Domain", offset, |r| &mut r.reported_domain, [text.as_ref().into()]);
            }
            "reported-uri" => {
                self.list("Reported-URI", offset, |r| &mut r.reported_uri, [text.as_ref().into()]);
            }
            "authentication-results" => {
                self.list(
                    "Authentication-Results",
                    offset,
                    |r| &mut r.authentication_results,
                    [text.as_ref().into()],
                );
            }
            "auth-failure" => {
                self.words("Auth-Failure", offset, |r| &mut r.auth_failure, &field.without_comments());
            }
            "identity-alignment" => {
                self.words(
                    "Identity-Alignment",
                    offset,
                    |r| &mut r.identity_alignment,
                    &field.without_comments(),
                );
            }
            "delivery-result" => one(&mut report.delivery_result, text),
            "dkim-domain" => one(&mut report.dkim.domain, text),
            "dkim-identity" => one(&mut report.dkim.identity, text),
            "dkim-selector" => one(&mut report.dkim.selector, text),
            "dkim-canonicalized-header" => one(&mut report.dkim.canonicalized_header, text),
            "dkim-canonicalized-body" => one(&mut report.dkim.canonicalized_body, text),
            "dkim-selector-dns" => one(&mut report.dkim.selector_dns, text),
            "spf-dns" => self.list("SPF-DNS", offset, |r| &mut r.spf_dns, [text.as_ref().into()]),
            _ => {
                if report.other.len() < self.limits.entries {
                    report.other.push((field.name().into(), text.into()));
                } else {
                    self.warnings.add(Kind::EntriesCut, "message/feedback-report", offset);
                }
            }
        }
    }

    /// Tokens with commas between (RFC 6591 3.2.2, RFC 9991 4), in lower case; what is no token counts as absent.
    fn words(
        &mut self,
        name: &'static str,
        offset: usize,
        of: impl FnOnce(&mut Report) -> &mut Vec<Box<str>>,
        text: &str,
    ) {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let (tokens, other): (Vec<_>, Vec<_>) = words.partition(|word| is_token(word));
        if !other.is_empty() {
            self.warnings.add(Kind::UnknownWord, name, offset);
        }
        self.list(name, offset, of, tokens.into_iter().map(|word| word.to_ascii_lowercase().into()));
    }

    fn list(
        &mut self,
        name: &'static str,
        offset: usize,
        of: impl FnOnce(&mut Report) -> &mut Vec<Box<str>>,
        values: impl IntoIterator<Item = Box<str>>,
    ) {
        let list = of(self.report);
        for value in values {
            if list.len() < self.limits.entries {
                list.push(value);
            } else {
                self.warnings.add(Kind::EntriesCut, name, offset);
            }
        }
    }

    /// RFC 5965 3.1, RFC 6591 3.1, RFC 9991 4.
    fn missing(&mut self) {
        let report = &*self.report;
        let failure = &*report.feedback_type == AUTH_FAILURE;
        let dmarc = report.auth_failure.iter().any(|kind| &**kind == "dmarc");
        for (missing, name) in [
            (report.feedback_type.is_empty(), "Feedback-Type"),
            (report.user_agent.is_none(), "User-Agent"),
            (report.version.is_none(), "Version"),
            (failure && report.auth_failure.is_empty(), "Auth-Failure"),
            (failure && report.reported_domain.is_empty(), "Reported-Domain"),
            (dmarc && report.identity_alignment.is_empty(), "Identity-Alignment"),
        ] {
            if missing {
                self.warnings.add(Kind::MissingField, name, 0);
            }
        }
    }
}

/// RFC 2045 5.1, token.
fn is_token(word: &str) -> bool {
    word.bytes().all(|octet| octet.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&octet))
}

/// An address without angle brackets.
pub(super) fn address(text: &str) -> Box<str> {
    let text = text.trim();
    text.strip_prefix('<').and_then(|inner| inner.strip_suffix('>')).unwrap_or(text).into()
}
