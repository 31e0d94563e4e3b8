//! Section `message`: subject, date and identifiers.

use mailwright_message_model::date::Weekday;
use mailwright_message_model::message_id::MessageId;
use serde::Serialize;

use super::{Alert, Block, Case, Fact, Section, Tone, View, json};
use crate::shown::{Shown, count};

pub(crate) const SECTION: Section = Section { key: "message", title: "Message", view, alert: Some(alert) };

/// Characters of an identifier that are shown.
const ID_CHARS: usize = 200;

#[derive(Default, Serialize)]
struct Json {
    subject: Option<String>,
    /// Why the subject is to be looked at twice, as `hints` of addresses.
    hints: &'static [&'static str],
    /// In the form of RFC 3339; absent where Date cannot be read.
    date: Option<String>,
    unix: Option<i64>,
    message_id: Option<String>,
    in_reply_to: Vec<String>,
    references: Vec<String>,
    /// How many references there are, also of those that are not listed.
    reference_count: usize,
}

fn view(case: &Case<'_, '_>) -> Option<View> {
    let message = case.message;
    let subject = message.subject();
    let date = message.date();
    let id = message.message_id();
    let ids = |name: &str| message.field(name).map(|field| field.message_ids());
    let replied: Vec<MessageId<'_>> = ids("In-Reply-To").into_iter().flatten().collect();
    let references: Vec<MessageId<'_>> = ids("References").into_iter().flatten().collect();

    let is_deceptive = subject.as_deref().is_some_and(hides);
    let mut rows = Vec::new();
    rows.push(match &subject {
        Some(subject) if subject.is_empty() => Fact::new("Subject", "empty").toned(Tone::Quiet),
        Some(subject) => {
            let fact = Fact::new("Subject", Shown::text(subject));
            let remark = "holds invisible or reordering characters, written out here as \\u{…}";
            if is_deceptive { fact.remark(Tone::Bad, remark) } else { fact }
        }
        None => Fact::new("Subject", "none").toned(Tone::Quiet),
    });
    rows.push(date_fact(case));
    rows.push(match id {
        Some(id) => Fact::new("Message-ID", shown_id(&id)),
        None => Fact::new("Message-ID", "none").toned(Tone::Quiet),
    });
    rows.extend(replied.first().map(|id| Fact::new("In-Reply-To", shown_id(id))));
    if let (Some(first), Some(last)) = (references.first(), references.last()) {
        let between = references.len().saturating_sub(2);
        let number = count(references.len(), "reference", "references");
        let mut fact = Fact::new("References", shown_id(first));
        if between > 0 {
            fact = fact.remark(Tone::Quiet, format_args!("… {between} between"));
        }
        if references.len() > 1 {
            fact = fact.remark(Tone::Plain, shown_id(last)).remark(Tone::Quiet, format_args!("{number}"));
        }
        rows.push(fact);
    }
    let most = case.settings.written();
    let text =
        |ids: &[MessageId<'_>]| ids.iter().take(most).map(|id| id.to_str_lossy().into_owned()).collect();
    let json = json(&Json {
        hints: if is_deceptive { &["hidden_characters"] } else { &[] },
        subject: subject.map(|subject| case.settings.clipped(&subject)),
        date: date.map(|date| date.rfc3339().to_string()),
        unix: date.map(|date| date.to_unix()),
        message_id: id.map(|id| id.to_str_lossy().into_owned()),
        in_reply_to: text(&replied),
        references: text(&references),
        reference_count: references.len(),
    });
    Some(View { blocks: vec![Block::Facts { rows }], json, ..View::default() })
}

fn alert(case: &Case<'_, '_>) -> Option<Alert> {
    let text = "the subject holds invisible or reordering characters";
    case.message
        .subject()
        .filter(|subject| hides(subject))
        .map(|_| Alert { tone: Tone::Bad, text: text.into() })
}

fn hides(subject: &str) -> bool {
    subject.chars().any(crate::shown::is_deceptive)
}

fn date_fact(case: &Case<'_, '_>) -> Fact {
    let Some(field) = case.message.field("Date") else {
        return Fact::new("Date", "none").toned(Tone::Quiet);
    };
    let Some(date) = field.date() else {
        return Fact::new("Date", Shown::text(&field.text()))
            .remark(Tone::Warning, "cannot be read as a date");
    };
    let fact = Fact::new("Date", format_args!("{date}"));
    match Weekday::stated(field.value_raw()) {
        Some(stated) if stated != date.weekday() => {
            fact.remark(Tone::Warning, format_args!("states {stated}, but that day was a {}", date.weekday()))
        }
        _ => fact,
    }
}

fn shown_id(id: &MessageId<'_>) -> Shown {
    format_args!("<{}>", Shown::octets(id.as_bytes(), ID_CHARS)).into()
}
