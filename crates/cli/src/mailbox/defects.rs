//! Section `defects` of a mailbox: how many messages have each, worst first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use mailwright_message_model::DefectKind;
use serde::Serialize;

use super::{Section, Seen, Tally};
use crate::input::Named;
use crate::section::{Block, Finding, Settings, Tone, View, json, severity_tone, severity_word};
use crate::shown::{Shown, count};

pub(crate) const SECTION: Section =
    Section { key: "defects", title: "Defects", tally: || Box::<Defects>::default() };

#[derive(Default)]
struct Defects {
    /// Messages that have the kind, times that it was found, and the first of those messages.
    kinds: BTreeMap<DefectKind, (usize, usize, Named)>,
}

#[derive(Serialize)]
struct Json<'t> {
    kind: &'static str,
    severity: &'static str,
    rule: &'static str,
    messages: usize,
    times: usize,
    first: &'t Named,
}

impl Tally for Defects {
    fn add(&mut self, seen: &Seen<'_, '_, '_>) {
        let mut in_message: BTreeMap<DefectKind, usize> = BTreeMap::new();
        for defect in seen.case.defects {
            *in_message.entry(defect.kind).or_default() += 1;
        }
        for (kind, number) in in_message {
            let (messages, times, _) = self.kinds.entry(kind).or_insert_with(|| (0, 0, seen.origin.named()));
            *messages += 1;
            *times += number;
        }
    }

    fn view(&self, _: &Settings) -> Option<View> {
        let mut kinds: Vec<_> = self.kinds.iter().collect();
        kinds.sort_by_key(|(kind, (messages, ..))| (Reverse(kind.severity()), Reverse(*messages)));
        let rows: Vec<Finding> = kinds
            .iter()
            .map(|(kind, (messages, times, first))| Finding {
                level: severity_word(kind.severity()),
                tone: severity_tone(kind.severity()),
                title: kind.name().into(),
                rule: kind.rule().into(),
                place: format_args!(
                    "{}, found {}",
                    count(*messages, "message", "messages"),
                    count(*times, "time", "times")
                )
                .into(),
                text: format_args!("{}; first in {}", kind.text(), first.name()).into(),
                octets: Shown::default(),
            })
            .collect();
        let list: Vec<Json<'_>> = kinds
            .iter()
            .map(|(kind, (messages, times, first))| Json {
                kind: kind.name(),
                severity: severity_word(kind.severity()),
                rule: kind.rule(),
                messages: *messages,
                times: *times,
                first,
            })
            .collect();
        let blocks = if rows.is_empty() {
            vec![Block::Note { tone: Tone::Good, text: "none found".into() }]
        } else {
            vec![Block::Findings { rows }]
        };
        Some(View { blocks, json: json(&list), ..View::default() })
    }
}
