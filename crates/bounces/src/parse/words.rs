//! Reports in plain words, as reports.

use super::Reader;
use super::build::{Draft, MOST_TOLD_OF};
use super::original;
use super::parts::text_of;
use super::text::{Named, Scan};
use crate::report::{Action, Kind, Original, Report, Source, Warning};

impl Reader<'_, '_, '_> {
    /// The report in plain words; `None` where this is none.
    pub(super) fn words(&self) -> Option<Report> {
        let system = self.signals.is_system();
        if !(system
            || self.signals.daemon
            || self.signals.subject && !self.signals.personal && !self.signals.listed)
        {
            return None;
        }
        let mut best: Option<Words> = None;
        for (number, entity) in self.parts.texts.iter().take(4).enumerate() {
            let (text, raw) = text_of(entity, self.limits.text);
            if number > 0 && text.len() > MOST_LATER {
                continue;
            }
            let span = entity.body_span();
            let words =
                self.read_words(&text, if raw { span.start..span.start } else { span.start..span.end });
            let better = best.as_ref().is_none_or(|best| {
                best.named.is_empty() && (!words.named.is_empty() || words.failed && !best.failed)
            });
            if better {
                best = Some(match best {
                    Some(before) => Words {
                        report: format!("{}\n{}", before.report, words.report),
                        failed: words.failed || before.failed,
                        ..words
                    },
                    None => words,
                });
            }
        }
        let words = best?;
        self.judge(&words)
    }

    fn judge(&self, words: &Words) -> Option<Report> {
        let signals = self.signals;
        let named = !words.named.is_empty() || !signals.failed.is_empty();
        let is_report = if !signals.failed.is_empty() {
            true
        } else if signals.daemon_address || signals.no_from {
            words.failed && (named || signals.subject) || signals.subject && named
        } else if signals.null_path || signals.daemon {
            words.failed && named || signals.subject && words.failed && signals.null_path
        } else {
            words.failed && (named || signals.subject) && words.format != "generic"
        };
        if !is_report {
            return None;
        }
        let mut report = Report::new(Kind::Bounce);
        report.original = words.original.clone();
        report.original = self.returned().or(report.original);
        let action = if words.delayed { Action::Delayed } else { Action::NotStated };
        let source = Source::Text(words.format.to_owned());
        let mut drafts: Vec<Draft<'_>> = Vec::new();
        let few = words.named.len() <= MOST_TOLD_OF;
        let draft =
            |address: String, diagnostic: String, source: Source, span: std::ops::Range<usize>| Draft {
                address,
                original: None,
                action,
                status_field: None,
                remote_mta: None,
                diagnostic,
                others: few.then_some(words.report.as_str()).into_iter().collect(),
                command: None,
                source,
                span,
            };
        for named in &words.named {
            let span = if words.place.is_empty() {
                words.place.start.saturating_add(named.place.start)
                    ..words.place.start.saturating_add(named.place.end)
            } else {
                words.place.clone()
            };
            drafts.push(draft(named.address.clone(), named.diagnostic.clone(), source.clone(), span));
        }
        if drafts.is_empty() {
            // Exim's header field; its text has the addresses as well, and is the later word where both differ.
            let failed = signals.failed.iter().filter(|failed| super::address::is_address(failed));
            drafts.extend(
                failed.map(|failed| draft(failed.clone(), words.report.clone(), Source::Header, 0..0)),
            );
        }
        if drafts.is_empty()
            && let Some(original) = &report.original
            && let [only] = original.to.as_slice()
        {
            report.warnings.push(Warning::RecipientsFromOriginal);
            drafts.push(draft(only.clone(), words.report.clone(), Source::Original, 0..0));
        }
        drafts.truncate(self.limits.recipients);
        report.recipients = drafts.into_iter().map(|draft| self.recipient(draft)).collect();
        report.kind = super::status::kind(&report);
        Some(report)
    }

    fn read_words(&self, text: &str, place: std::ops::Range<usize>) -> Words {
        let mut scan = Scan::of(text, false);
        let mut named = scan.recipients(&self.signals.to, self.limits.recipients);
        if named.iter().all(|named| self.signals.to.iter().any(|to| to.eq_ignore_ascii_case(&named.address)))
            && !self.signals.failed.is_empty()
        {
            named.clear();
        }
        let end = scan.end;
        if named.is_empty() && end.is_some() {
            // What ended the report may have been part of it.
            let whole = Scan::of(text, true);
            let further = whole.recipients(&self.signals.to, self.limits.recipients);
            if !further.is_empty() && !scan.says_failed() {
                named = further;
                scan = whole;
            }
        }
        if named.is_empty() && self.signals.failed.is_empty() || scan.format() == "aol" {
            let local = scan.local_names(self.signals.from_domain.as_deref());
            if !local.is_empty() {
                named = local;
            }
        }
        let original = end.and_then(|end| text.get(end..)).and_then(original::below);
        let mut report = scan.report().to_owned();
        let mut most = report.len().min(MOST_REPORT);
        while !report.is_char_boundary(most) {
            most = most.saturating_sub(1);
        }
        report.truncate(most);
        Words {
            named,
            failed: scan.says_failed(),
            delayed: scan.says_delayed() || self.signals.delayed && !scan.says_final(),
            format: scan.format(),
            original,
            report,
            place,
        }
    }
}

/// Octets of a later part that is read: what is longer is an attachment.
const MOST_LATER: usize = 64 << 10;

/// Octets of the report that are asked for the reason.
const MOST_REPORT: usize = 2 << 10;

/// What one text says.
struct Words {
    named: Vec<Named>,
    failed: bool,
    delayed: bool,
    format: &'static str,
    original: Option<Original>,
    report: String,
    /// Where the text begins; not empty where it is encoded.
    place: std::ops::Range<usize>,
}
