//! Section `worst` of a mailbox: the messages to look at first.

use std::collections::BTreeSet;

use mailwright_message_model::DefectKind;
use serde::Serialize;

use super::kept::Kept;
use super::{Section, Seen, Tally};
use crate::input::Named;
use crate::report::{self, Verdict};
use crate::section::{Block, Fact, Settings, Tone, View, json};
use crate::shown::Shown;

pub(crate) const SECTION: Section =
    Section { key: "worst", title: "Worst messages", tally: || Box::<Worst>::default() };

/// By verdict, then by the number of kinds of defect.
#[derive(Default)]
struct Worst(Kept<(Verdict, usize), Entry>);

#[derive(Serialize)]
struct Entry {
    #[serde(flatten)]
    named: Named,
    subject: Option<Shown>,
    verdict: &'static str,
    defects: Vec<&'static str>,
}

impl Tally for Worst {
    fn add(&mut self, seen: &Seen<'_, '_, '_>) {
        if !seen.verdict.is_finding() {
            return;
        }
        let kinds: BTreeSet<DefectKind> =
            seen.case.defects.iter().map(|defect| defect.kind).filter(|kind| kind.is_ambiguous()).collect();
        self.0.offer((seen.verdict, kinds.len()), || Entry {
            named: seen.origin.named(),
            subject: report::subject(seen.case),
            verdict: seen.verdict.key(),
            defects: kinds.iter().map(|kind| kind.name()).collect(),
        });
    }

    fn view(&self, _: &Settings) -> Option<View> {
        let list: Vec<&Entry> = self.0.entries().map(|(_, entry)| entry).collect();
        let rows = self.0.entries().map(|((verdict, _), entry)| {
            Fact::new(verdict.word(), super::title(&entry.named, entry.subject.as_ref()))
                .remark(Tone::Quiet, format_args!("{}", entry.defects.join(", ")))
                .toned(verdict.tone())
        });
        (!list.is_empty()).then(|| View {
            blocks: vec![Block::Facts { rows: rows.collect() }],
            json: json(&list),
            ..View::default()
        })
    }
}
