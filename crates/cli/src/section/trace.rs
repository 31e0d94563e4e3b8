//! Section `trace`: the way of the message, from the Received fields.

use mailwright_message_model::received::Received;
use serde::Serialize;

use super::{Block, Case, Fact, Section, Tone, View, json, more};
use crate::shown::{Shown, count};

pub(crate) const SECTION: Section = Section { key: "trace", title: "Way, as claimed", view, alert: None };

/// Fields that are read, from the top; a message that took more hops went in a circle (RFC 5321 6.3 stops at 100).
const MOST_HOPS: usize = 200;

#[derive(Serialize)]
struct Hop {
    from: Option<String>,
    from_ip: Option<String>,
    by: Option<String>,
    with: Option<String>,
    id: Option<String>,
    date: Option<String>,
    /// Seconds since the hop before; negative where clocks differ.
    seconds: Option<i64>,
}

fn view(case: &Case<'_, '_>) -> Option<View> {
    let total = case.message.root().fields_named("Received").count();
    let mut before = None;
    let mut fields: Vec<_> = case.message.root().fields_named("Received").take(MOST_HOPS).collect();
    fields.reverse();
    let hops: Vec<Hop> = fields
        .iter()
        .map(|field| {
            let received = field.received();
            let unix = received.date.map(|date| date.to_unix());
            let hop = Hop::of(&received, unix.zip(before).map(|(now, before)| now - before));
            before = unix.or(before);
            hop
        })
        .collect();
    let rows: Vec<Fact> = hops.iter().take(case.settings.shown()).enumerate().map(fact).collect();
    let left = total - rows.len();
    (total > 0).then(|| View {
        note: format_args!("{}, the first one first", count(total, "hop", "hops")).into(),
        tone: Tone::Quiet,
        blocks: [Block::Facts { rows }].into_iter().chain(more(left)).collect(),
        json: json(&serde_json::json!({ "count": total, "list": hops })),
    })
}

impl Hop {
    fn of(received: &Received<'_>, seconds: Option<i64>) -> Self {
        Self {
            from: received.from.as_ref().map(ToString::to_string),
            from_ip: received.from_ip.map(|ip| ip.to_string()),
            by: received.by.as_ref().map(ToString::to_string),
            with: received.with_written.as_deref().map(str::to_owned),
            id: received.id.as_deref().map(str::to_owned),
            date: received.date.map(|date| date.rfc3339().to_string()),
            seconds,
        }
    }
}

fn fact((at, hop): (usize, &Hop)) -> Fact {
    let mut words = Vec::new();
    if let Some(from) = &hop.from {
        words.push(format!("from {}", Shown::text(from)));
    }
    if let Some(ip) = hop.from_ip.as_ref().filter(|ip| hop.from.as_deref() != Some(&format!("[{ip}]"))) {
        words.push(format!("[{ip}]"));
    }
    if let Some(by) = &hop.by {
        words.push(format!("by {}", Shown::text(by)));
    }
    if let Some(with) = &hop.with {
        words.push(format!("with {}", Shown::text(with)));
    }
    let value = if words.is_empty() { "cannot be read".to_owned() } else { words.join(" ") };
    let fact = Fact::new(format_args!("{}", at + 1), format_args!("{value}"));
    match (&hop.date, hop.seconds) {
        (Some(date), None) => fact.remark(Tone::Quiet, format_args!("{date}")),
        (Some(date), Some(seconds)) => {
            let tone = if seconds.abs() >= 3600 { Tone::Warning } else { Tone::Quiet };
            fact.remark(tone, format_args!("{date}, {}", duration(seconds)))
        }
        (None, _) => fact,
    }
}

fn duration(seconds: i64) -> String {
    let number = seconds.unsigned_abs();
    let length = match number {
        0..120 => format!("{number} s"),
        120..7200 => format!("{} min", number / 60),
        7200..172_800 => format!("{} h", number / 3600),
        _ => format!("{} days", number / 86_400),
    };
    if seconds < 0 {
        format!("{length} before the hop in front: clocks differ")
    } else {
        format!("{length} later")
    }
}
