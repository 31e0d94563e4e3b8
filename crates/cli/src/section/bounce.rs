//! Section `bounce`: what a report says of mail that was sent.

use mailwright_bounces::{Class, Kind, Parser, Recipient};

use super::{Block, Case, Fact, Section, Tone, View, json, more};
use crate::shown::{Shown, count};

pub(crate) const SECTION: Section =
    Section { key: "bounce", title: "Report on mail sent", view, alert: None };

fn view(case: &Case<'_, '_>) -> Option<View> {
    let mut report = Parser::new().parse_message(case.message);
    if report.kind == Kind::NotBounce {
        return None;
    }
    let total = report.recipients.len();
    let hard = report.failures().filter(|one| one.verdict.class == Class::Hard).count();
    let mut rows: Vec<Fact> = report.recipients.iter().take(case.settings.shown()).map(fact).collect();
    let left = total - rows.len();
    if let Some(id) = report.original.as_ref().and_then(|original| original.message_id.as_deref()) {
        rows.push(Fact::new("about", format_args!("<{}>", Shown::text(id))));
    }
    report.recipients.truncate(case.settings.written());
    let tone = match report.kind {
        Kind::Bounce if hard > 0 => Tone::Bad,
        Kind::Bounce | Kind::DelayWarning | Kind::FeedbackReport => Tone::Warning,
        _ => Tone::Quiet,
    };
    let facts = (!rows.is_empty()).then_some(Block::Facts { rows });
    Some(View {
        note: format_args!("{}, {}", report.kind, count(total, "recipient", "recipients")).into(),
        tone,
        blocks: facts.into_iter().chain(more(left)).collect(),
        json: json(&report),
    })
}

fn fact(recipient: &Recipient) -> Fact {
    let verdict = &recipient.verdict;
    let tone = match verdict.class {
        Class::Hard => Tone::Bad,
        Class::Soft => Tone::Warning,
        _ => Tone::Quiet,
    };
    let status = recipient.status.map(|status| format!(" {status}")).unwrap_or_default();
    let value = format!("{}{status}, {}, {}", recipient.action.name(), verdict.reason, verdict.class);
    let fact = Fact::new(Shown::text(&recipient.address), format_args!("{value}")).toned(tone);
    let fact = fact.remark(Tone::Quiet, format_args!("advice: {}", verdict.advice));
    if recipient.diagnostic.is_empty() {
        fact
    } else {
        fact.remark(Tone::Quiet, Shown::text(&recipient.diagnostic))
    }
}
