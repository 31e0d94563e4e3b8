//! Reports with a delivery status.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::build::{Draft, MOST_TOLD_OF};
use super::dsn::{self, Group};
use super::original;
use super::parts::text_of;
use super::text::{Named, Scan};
use super::{Reader, address};
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
        let told = self.told();
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
        report.original = self.returned().or_else(|| self.later_header()).or(told.original).or(pasted);
        Some(report)
    }

    /// Fields of a further report that was pasted behind the end of this one.
    fn fields_behind(&self, report: &mut Report, told: &Told) {
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
    fn fields_in_text(&self, report: &mut Report, told: &Told) {
        let enclosed =
            self.parts.returned.iter().filter(|_| told.named.is_empty() && self.signals.is_system());
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
    fn groups(&self, report: &mut Report, fields: &[u8], place: Range<usize>, told: &Told) {
        let mut delivery = dsn::read(fields, self.limits.recipients);
        report.warnings.append(&mut delivery.warnings);
        report.reporting_mta = report.reporting_mta.take().or(delivery.reporting_mta);
        report.envelope_id = report.envelope_id.take().or(delivery.envelope_id);
        let by_address: HashMap<String, &Named> =
            told.named.iter().map(|named| (named.address.to_lowercase(), named)).collect();
        let few = delivery.groups.len() <= MOST_TOLD_OF;
        for group in delivery.groups {
            let Some(found) = self.address(&group, &told.named) else {
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
            let mut others: Vec<&str> = Vec::new();
            if action.is_failure() {
                let same = by_address.get(&found.to_lowercase());
                others.extend(same.map(|named| named.diagnostic.as_str()));
                others.extend(few.then_some(told.report.as_str()));
            }
            let original = group.original.as_ref().map(|address| address.text.clone());
            report.recipients.push(self.recipient(Draft {
                original: original.filter(|original| !original.eq_ignore_ascii_case(&found)),
                address: found,
                action,
                status_field: group.status,
                remote_mta: group.remote_mta,
                diagnostic: group.diagnostic.unwrap_or_default(),
                others,
                source: Source::DsnField,
                span,
            }));
        }
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
    fn address(&self, group: &Group, named: &[Named]) -> Option<String> {
        let own = group.address();
        if let Some(own) = own
            && address::is_address(own)
        {
            return Some(own.to_owned());
        }
        if let [failed] = self.signals.failed.as_slice() {
            return Some(failed.clone());
        }
        if let [one] = named {
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
const MOST_TOLD: usize = 8 << 10;

#[derive(Default)]
struct Told {
    named: Vec<Named>,
    report: String,
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
