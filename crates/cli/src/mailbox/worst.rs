//! Section `worst` of a mailbox: the messages to look at first.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use mailwright_message_model::DefectKind;
use serde::Serialize;

use super::{Section, Seen, Tally};
use crate::report::{self, Verdict};
use crate::section::{Block, Fact, Settings, Tone, View, json};
use crate::shown::Shown;

pub(crate) const SECTION: Section =
    Section { key: "worst", title: "Worst messages", tally: || Box::<Worst>::default() };

/// Messages that are kept: a screen.
const KEPT: usize = 20;

#[derive(Default)]
struct Worst {
    /// The least bad on top; of equals the last.
    heap: BinaryHeap<Reverse<Entry>>,
    seen: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    verdict: Verdict,
    kinds: usize,
    order: Reverse<usize>,
    name: String,
    subject: Option<Shown>,
    words: Vec<&'static str>,
}

#[derive(Serialize)]
struct Json<'e> {
    name: &'e str,
    subject: Option<&'e str>,
    verdict: &'static str,
    defects: &'e [&'static str],
}

impl Tally for Worst {
    fn add(&mut self, seen: &Seen<'_, '_, '_>) {
        self.seen += 1;
        if !seen.verdict.is_finding() {
            return;
        }
        let kinds: BTreeSet<DefectKind> =
            seen.case.defects.iter().map(|defect| defect.kind).filter(|kind| kind.is_ambiguous()).collect();
        let key = (seen.verdict, kinds.len(), Reverse(self.seen));
        let is_full = self.heap.len() >= KEPT;
        let least = self.heap.peek().map(|Reverse(least)| (least.verdict, least.kinds, least.order));
        if is_full && least.is_some_and(|least| key < least) {
            return;
        }
        self.heap.push(Reverse(Entry {
            verdict: key.0,
            kinds: key.1,
            order: key.2,
            name: seen.name.to_string(),
            subject: report::subject(seen.case),
            words: kinds.iter().map(|kind| kind.name()).collect(),
        }));
        if self.heap.len() > KEPT {
            self.heap.pop();
        }
    }

    fn view(&self, _: &Settings) -> Option<View> {
        let mut entries: Vec<&Entry> = self.heap.iter().map(|Reverse(entry)| entry).collect();
        entries.sort_by(|a, b| b.cmp(a));
        let list: Vec<Json<'_>> = entries
            .iter()
            .map(|entry| Json {
                name: &entry.name,
                subject: entry.subject.as_ref().map(Shown::as_str),
                verdict: entry.verdict.word(),
                defects: &entry.words,
            })
            .collect();
        let rows = entries.iter().map(|entry| {
            let name = Shown::text(&entry.name);
            let value = match &entry.subject {
                Some(subject) => format_args!("{name}: {subject}").into(),
                None => name,
            };
            Fact::new(entry.verdict.word(), value)
                .remark(Tone::Quiet, format_args!("{}", entry.words.join(", ")))
                .toned(entry.verdict.tone())
        });
        (!entries.is_empty()).then(|| View {
            blocks: vec![Block::Facts { rows: rows.collect() }],
            json: json(&list),
            ..View::default()
        })
    }
}
