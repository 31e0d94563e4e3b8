//! Section `look_twice` of a mailbox: messages that may deceive who reads them, although no rule is broken.

use serde::Serialize;

use super::kept::Kept;
use super::{Section, Seen, Tally};
use crate::input::Named;
use crate::report;
use crate::section::{Alert, Block, Fact, Settings, Tone, View, json};
use crate::shown::{Shown, count};

pub(crate) const SECTION: Section =
    Section { key: "look_twice", title: "To look at twice", tally: || Box::<LookTwice>::default() };

/// Those with the worst alert first, then those with most.
#[derive(Default)]
struct LookTwice(Kept<(Tone, usize), Entry>);

#[derive(Serialize)]
struct Entry {
    #[serde(flatten)]
    named: Named,
    subject: Option<Shown>,
    verdict: &'static str,
    notes: Vec<Shown>,
    #[serde(skip)]
    alerts: Vec<Alert>,
}

impl Tally for LookTwice {
    fn add(&mut self, seen: &Seen<'_, '_, '_>) {
        let Some(worst) = seen.alerts.iter().map(|alert| alert.tone).max() else { return };
        self.0.offer((worst, seen.alerts.len()), || Entry {
            named: seen.origin.named(),
            subject: report::subject(seen.case),
            verdict: seen.verdict.key(),
            notes: seen.alerts.iter().map(|alert| alert.text.clone()).collect(),
            alerts: seen.alerts.to_vec(),
        });
    }

    fn view(&self, _: &Settings) -> Option<View> {
        let list: Vec<&Entry> = self.0.entries().map(|(_, entry)| entry).collect();
        let rows = list.iter().enumerate().map(|(at, entry)| {
            let fact =
                Fact::new(format_args!("{}", at + 1), super::title(&entry.named, entry.subject.as_ref()));
            entry.alerts.iter().fold(fact, |fact, alert| fact.remark(alert.tone, alert.text.clone()))
        });
        let total = self.0.offered();
        (total > 0).then(|| View {
            note: format_args!("{}", count(total, "message", "messages")).into(),
            tone: Tone::Warning,
            blocks: vec![Block::Facts { rows: rows.collect() }],
            json: json(&serde_json::json!({ "count": total, "list": list })),
        })
    }

    fn alert(&self) -> Option<Shown> {
        let total = self.0.offered();
        (total > 0).then(|| format_args!("{} to look at twice", count(total, "message", "messages")).into())
    }
}
