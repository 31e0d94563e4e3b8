//! Reports with a delivery status.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use super::build::{Draft, MOST_TOLD_OF};
use super::dsn::{self, Group};
use super::original;
use super::parts::text_of;
use super::text::{Named, Scan};
use super::{Reader, address};
use crate::classify::Confidence;
use crate::reason::Command;
use crate::report::{Action, Kind, Original, Report, Source, Warning};

impl Reader<'_, '_, '_> {
    /// The report of a delivery status; `None` where there is none, or where a person sends one round.
    pub(super) fn status(&self) -> Option<Report> {
        let is_report = self.parts.report_type.is_some();
        if !(is_report
            || self.signals.is_system()
            || self.signals.daemon
            || self.signals.subject && !self.signals.personal)
        {
            return None;
        }
        let mut report = Report::new(Kind::Bounce);
        // The words for people are read only where the fields leave something open.
        let told = Lazy::new();
        let mut pasted = None;
        for part in self.parts.status.iter().take(MOST_PARTS) {
            let decoded = part.decoded();
            let plain = matches!(decoded.bytes, Cow::Borrowed(_));
            let body = part.body_span();
            if pasted.is_none() {
                pasted = original::behind_fields(&decoded.bytes);
            }
            self.groups(
                &mut report,
                &decoded.bytes,
                if plain { body.start..body.start } else { body.start..body.end },
                &told,
            );
        }
        if report.recipients.is_empty() {
            self.fields_in_text(&mut report, &told);
        } else {
            self.fields_behind(&mut report, &told);
        }
        if report.recipients.is_empty() {
            return None;
        }
        report.kind = kind(&report);
        report.original = self
            .returned()
            .or_else(|| self.later_header())
            .or_else(|| self.words_of(&told).original.clone())
            .or(pasted);
        Some(report)
    }

    /// Fields of a further report that was pasted behind the end of this one.
    fn fields_behind(&self, report: &mut Report, told: &Lazy) {
        let behind = self.message.root().epilogue();
        if !dsn::looks_like(behind) {
            return;
        }
        if let Some(at) = memchr::memmem::find(behind, b"Reporting-MTA:") {
            let from = self.message.root().epilogue_span().start.saturating_add(at);
            self.groups(report, behind.get(at..).unwrap_or_default(), from..from, told);
        }
    }

    /// Fields of a delivery status in the text of a report whose parts cannot be told apart, or in an enclosed report that a
    /// mail system passes on.
    fn fields_in_text(&self, report: &mut Report, told: &Lazy) {
        let enclosed = self
            .parts
            .returned
            .iter()
            .filter(|_| self.signals.is_system() && self.words_of(told).named.is_empty());
        for entity in self.parts.texts.iter().chain(enclosed).take(MOST_PARTS) {
            let body = entity.body_raw();
            let body = body.get(..self.limits.text).unwrap_or(body);
            if !self.signals.is_system() || !dsn::looks_like(body) {
                continue;
            }
            let at = memchr::memmem::find(body, b"Reporting-MTA:")
                .or_else(|| memchr::memmem::find(body, b"Final-Recipient:"));
            let start = at.unwrap_or(0);
            let from = entity.body_span().start.saturating_add(start);
            self.groups(report, body.get(start..).unwrap_or_default(), from..from, told);
            if !report.recipients.is_empty() {
                break;
            }
        }
    }

    /// Adds the recipients of a delivery status that begins at the start of `place`; not empty where it is encoded.
    fn groups(&self, report: &mut Report, fields: &[u8], place: Range<usize>, told: &Lazy) {
        let mut delivery = dsn::read(fields, self.limits.recipients);
        report.warnings.append(&mut delivery.warnings);
        report.reporting_mta = report.reporting_mta.take().or(delivery.reporting_mta);
        report.envelope_id = report.envelope_id.take().or(delivery.envelope_id);
        let command = if delivery.groups.len() == 1 { self.replied() } else { None };
        let few = delivery.groups.len() <= MOST_TOLD_OF;
        for group in delivery.groups {
            let Some(found) = self.address(&group, told) else {
                if !report.warnings.contains(&Warning::NoRecipient) {
                    report.warnings.push(Warning::NoRecipient);
                }
                continue;
            };
            let span = if place.is_empty() {
                place.start.saturating_add(group.start)..place.start.saturating_add(group.end)
            } else {
                place.clone()
            };
            let action = group.action.unwrap_or(match group.status.map(|status| status.class) {
                Some(2) => Action::Delivered,
                _ => Action::NotStated,
            });
            let original = group.original.as_ref().map(|address| address.text.clone());
            let original = original.filter(|original| !original.eq_ignore_ascii_case(&found));
            let diagnostic = group.diagnostic.unwrap_or_default();
            let draft = |others| Draft {
                address: found.clone(),
                original: original.clone(),
                action,
                status_field: group.status,
                remote_mta: group.remote_mta.clone(),
                diagnostic: diagnostic.clone(),
                others,
                command,
                source: Source::DsnField,
                span: span.clone(),
            };
            let recipient = self.recipient(draft(Vec::new()));
            let plain =
                recipient.verdict.confidence >= Confidence::Phrase && !diagnostic.starts_with("X-Unix");
            let told_all = plain && recipient.status.is_some_and(|status| !status.is_generic());
            if told_all || !action.is_failure() {
                report.recipients.push(recipient);
                continue;
            }
            let words = self.words_of(told);
            let same = words.by_address.get(&found.to_lowercase()).and_then(|at| words.named.get(*at));
            let mut others: Vec<&str> = same.map(|named| named.diagnostic.as_str()).into_iter().collect();
            others.extend(few.then_some(words.report.as_str()));
            report.recipients.push(self.recipient(draft(others)));
        }
    }

    /// The command that was answered, as Postfix writes it into its words; the fields do not say it.
    fn replied(&self) -> Option<Command> {
        let body = self.parts.texts.first()?.body_raw();
        let at = memchr::memmem::find(body, b"in reply to ")?;
        let said = body.get(at.saturating_add(12)..)?.trim_ascii_start();
        let commands: [(&[u8], Command); 6] = [
            (b"RCPT", Command::Rcpt),
            (b"end of DATA", Command::Data),
            (b"DATA", Command::Data),
            (b"MAIL", Command::Mail),
            (b"EHLO", Command::Ehlo),
            (b"HELO", Command::Helo),
        ];
        commands.into_iter().find(|(name, _)| said.starts_with(name)).map(|(_, command)| command)
    }

    /// The words for people, read when they are first asked for.
    fn words_of<'l>(&self, told: &'l Lazy) -> &'l Told {
        told.get_or_init(|| self.told())
    }

    /// A delivery status without a recipient: that of the returned message, if it has only one.
    pub(super) fn empty_status(&self) -> Report {
        let mut report = Report::new(Kind::Bounce);
        report.warnings.push(Warning::NoRecipient);
        report.original = self.returned();
        let only = report.original.as_ref().and_then(|original| match original.to.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        });
        if let Some(address) = only {
            report.warnings.push(Warning::RecipientsFromOriginal);
            let told = self.told();
            report.recipients.push(self.recipient(Draft {
                address,
                original: None,
                action: Action::NotStated,
                status_field: None,
                remote_mta: None,
                diagnostic: String::new(),
                others: vec![&told.report],
                command: None,
                source: Source::Original,
                span: 0..0,
            }));
        }
        report
    }

    /// The returned message.
    pub(super) fn returned(&self) -> Option<Original> {
        let whole = self.parts.returned.as_ref().and_then(original::of_entity);
        whole.or_else(|| self.parts.pasted.as_ref().map(|entity| original::of_fields(entity.fields())))
    }

    /// The address of a group; where it has none that is one, that which the text names.
    fn address(&self, group: &Group, told: &Lazy) -> Option<String> {
        let own = group.address();
        if let Some(own) = own
            && address::is_address(own)
        {
            return Some(own.to_owned());
        }
        if let [failed] = self.signals.failed.as_slice() {
            return Some(failed.clone());
        }
        if let [one] = self.words_of(told).named.as_slice() {
            return Some(one.address.clone());
        }
        own.map(str::to_owned)
    }

    /// What the text for people says.
    fn told(&self) -> Told {
        let mut told = Told::default();
        for entity in self.parts.texts.iter().take(3) {
            let (text, _) = text_of(entity, self.limits.text);
            let scan = Scan::of(&text, false);
            if told.original.is_none() {
                told.original = scan.end.and_then(|end| text.get(end..)).and_then(original::below);
            }
            told.named.extend(scan.recipients(&self.signals.to, self.limits.recipients));
            if told.report.len() < MOST_TOLD {
                told.report.push_str(scan.report());
                told.report.push('\n');
            }
        }
        told.by_address = told
            .named
            .iter()
            .enumerate()
            .rev()
            .map(|(at, named)| (named.address.to_lowercase(), at))
            .collect();
        told
    }

    /// The header of the returned message in a part that does not say what it is: the last text of the report.
    fn later_header(&self) -> Option<Original> {
        self.parts.texts.iter().skip(1).rev().find_map(|entity| {
            let text = text_of(entity, self.limits.text).0;
            original::of_text(text.trim_start().as_bytes()).filter(|original| original.message_id.is_some())
        })
    }
}

/// Parts that are read; reports have one.
const MOST_PARTS: usize = 100;

/// Octets of the text for people that are asked where the fields tell nothing.
const MOST_TOLD: usize = 2 << 10;

type Lazy = OnceCell<Told>;

#[derive(Default)]
struct Told {
    named: Vec<Named>,
    report: String,
    /// Where each address stands in `named`.
    by_address: HashMap<String, usize>,
    /// The header that stands below the words.
    original: Option<Original>,
}

/// The kind of a report by what became of the mail.
pub(super) fn kind(report: &Report) -> Kind {
    let any = |action: Action| report.recipients.iter().any(|recipient| recipient.action == action);
    if any(Action::Failed) || any(Action::NotStated) {
        Kind::Bounce
    } else if any(Action::Delayed) {
        Kind::DelayWarning
    } else if report.recipients.is_empty() {
        Kind::Bounce
    } else {
        Kind::DeliveryNotification
    }
}
