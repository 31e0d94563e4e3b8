//! Feedback reports, read receipts and notices in JSON, as reports.

use super::build::Draft;
use super::notice::{self, NoticeKind};
use super::parts::text_of;
use super::text::Scan;
use super::{Reader, dsn, feedback, original};
use crate::report::{Action, Feedback, Kind, Original, Report, Source};
use crate::status::Status;

impl Reader<'_, '_, '_> {
    /// RFC 5965.
    pub(super) fn feedback(&self) -> Report {
        let mut report = Report::new(Kind::FeedbackReport);
        let mut found = Vec::new();
        let mut start = 0;
        if let Some(part) = &self.parts.feedback {
            let read = feedback::read(&part.decoded().bytes, self.limits.recipients);
            start = part.body_span().start;
            report.feedback = Some(read.feedback);
            report.reporting_mta = read.reporting_mta;
            found = read.recipients;
        }
        report.original = self.parts.returned.as_ref().and_then(original::of_entity);
        let mut source = Source::FeedbackField;
        if found.is_empty() {
            source = Source::Original;
            let returned = self.parts.returned.as_ref();
            let vendor = returned.and_then(feedback::vendor_recipient);
            let to = report.original.as_ref().map(|original| original.to.clone()).unwrap_or_default();
            start = returned.map_or(0, |returned| returned.body_span().start);
            found = vendor
                .map_or(to, |vendor| vec![vendor])
                .into_iter()
                .filter(|address| super::address::is_address(address))
                .map(|address| (address, 0))
                .collect();
        }
        report.feedback.get_or_insert_with(|| Feedback {
            feedback_type: Some("abuse".to_owned()),
            incidents: 1,
            ..Feedback::default()
        });
        for (address, at) in found {
            let at = start.saturating_add(at);
            report.recipients.push(self.recipient(Draft {
                address,
                original: None,
                action: Action::NotStated,
                status_field: None,
                remote_mta: None,
                diagnostic: String::new(),
                others: Vec::new(),
                command: None,
                source: source.clone(),
                span: at..at,
            }));
        }
        // A complaint is no failure, and nothing is to be suppressed from it by itself.
        for recipient in &mut report.recipients {
            recipient.verdict.reason = crate::Reason::None;
            recipient.verdict.class = crate::Class::Delivered;
            recipient.verdict.advice = crate::Advice::None;
        }
        report
    }

    /// RFC 8098. A receipt by which a filter refuses the mail (RFC 5429 2.1) is a failure.
    pub(super) fn receipt(&self) -> Report {
        let mut report = Report::new(Kind::ReadReceipt);
        let part = self.parts.disposition.as_ref();
        let fields = part.map(|part| dsn::read(&part.decoded().bytes, self.limits.recipients));
        let refuses = self.signals.subject
            || self.signals.auto_submitted.as_deref() == Some("auto-replied") && self.signals.is_system();
        let text = self.parts.texts.first().map(|entity| text_of(entity, self.limits.text).0);
        let scan = text.as_ref().map(|text| Scan::of(text, false));
        if let (true, Some(fields), Some(scan)) = (refuses && self.signals.daemon, fields, scan)
            && scan.says_failed()
        {
            report.kind = Kind::Bounce;
            let start = part.map_or(0, |part| part.body_span().start);
            for group in fields.groups {
                let Some(address) = group.address().map(str::to_owned) else { continue };
                report.recipients.push(self.recipient(Draft {
                    address,
                    original: None,
                    action: Action::NotStated,
                    status_field: group.status,
                    remote_mta: None,
                    diagnostic: scan.report().to_owned(),
                    others: Vec::new(),
                    command: None,
                    source: Source::DsnField,
                    span: start.saturating_add(group.start)..start.saturating_add(group.end),
                }));
            }
        }
        report.original = self.parts.returned.as_ref().and_then(original::of_entity);
        report
    }

    /// A notice in JSON; `None` where there is none.
    pub(super) fn notice(&self) -> Option<Report> {
        let entity = self.parts.texts.first()?;
        if !entity.body_raw().trim_ascii_start().starts_with(b"{") && entity.encoding_field().is_none() {
            return None;
        }
        let (text, _) = text_of(entity, self.limits.text);
        let notice = notice::read(&text)?;
        let mut report = Report::new(match notice.kind {
            NoticeKind::Bounce => Kind::Bounce,
            NoticeKind::Delivery => Kind::DeliveryNotification,
            NoticeKind::Complaint => Kind::FeedbackReport,
        });
        if notice.kind == NoticeKind::Complaint {
            report.feedback = Some(Feedback {
                feedback_type: Some("abuse".to_owned()),
                incidents: 1,
                ..Feedback::default()
            });
        }
        let body = entity.body_span();
        let action = match notice.kind {
            NoticeKind::Delivery => Action::Delivered,
            _ => notice.action.unwrap_or(Action::NotStated),
        };
        let status: Option<Status> = notice.status.and_then(|status| status.parse().ok());
        for address in notice.recipients {
            report.recipients.push(self.recipient(Draft {
                address: address.to_owned(),
                original: None,
                action,
                status_field: status,
                remote_mta: None,
                diagnostic: notice.diagnostic.clone().unwrap_or_default(),
                others: Vec::new(),
                command: None,
                source: Source::Text("amazon-ses".to_owned()),
                span: body.start..body.end,
            }));
        }
        report.original =
            notice.message_id.map(|id| Original { message_id: Some(id), ..Original::default() });
        Some(report)
    }
}
