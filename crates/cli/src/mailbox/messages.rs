//! Section `messages` of a mailbox: how many there are, and how they fare.

use serde::Serialize;

use super::{Section, Seen, Tally};
use crate::report::Verdict;
use crate::section::{Block, Fact, Settings, Tone, View, json};
use crate::shown::{grouped, size};

pub(crate) const SECTION: Section =
    Section { key: "messages", title: "Messages", tally: || Box::<Messages>::default() };

#[derive(Clone, Debug, Default, Serialize)]
struct Messages {
    count: u64,
    octets: u64,
    no_defect: u64,
    illegal: u64,
    ambiguous: u64,
    cut: u64,
}

impl Tally for Messages {
    fn add(&mut self, seen: &Seen<'_, '_, '_>) {
        self.count += 1;
        self.octets += seen.case.message.raw().len() as u64;
        *match seen.verdict {
            Verdict::NoDefect => &mut self.no_defect,
            Verdict::Illegal => &mut self.illegal,
            Verdict::Ambiguous => &mut self.ambiguous,
            Verdict::Cut => &mut self.cut,
        } += 1;
    }

    fn view(&self, _: &Settings) -> Option<View> {
        let all = [
            (Verdict::NoDefect, self.no_defect),
            (Verdict::Illegal, self.illegal),
            (Verdict::Ambiguous, self.ambiguous),
            (Verdict::Cut, self.cut),
        ];
        let rows = all.into_iter().filter(|(_, number)| *number > 0).map(|(verdict, number)| {
            let value = format!("{:>9}  {}", grouped(number), verdict.meaning());
            Fact::new(verdict.word(), format_args!("{value}")).toned(verdict.tone())
        });
        Some(View {
            note: format_args!("{}, {}", grouped(self.count), size(self.octets)).into(),
            tone: Tone::Quiet,
            blocks: vec![Block::Facts { rows: rows.collect() }],
            json: json(self),
        })
    }
}
