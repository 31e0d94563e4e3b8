//! Section `defects`: what is ambiguous or illegal, worst first, each with rule, place and octets.

use mailwright_message_model::{Defect, Severity};
use serde::Serialize;

use super::{Block, Case, Finding, Section, Tone, View, json, more};
use crate::place;
use crate::shown::{Shown, count, grouped};

pub(crate) const SECTION: Section = Section { key: "defects", title: "Defects", view, alert: None };

/// Octets of a defect's span that are shown: a line.
const OCTETS: usize = 76;

fn view(case: &Case<'_, '_>) -> Option<View> {
    let mut defects = case.defects.to_vec();
    defects.sort_by_key(|defect| (std::cmp::Reverse(defect.kind.severity()), defect.at.start));
    let starts: Vec<usize> = defects.iter().map(|defect| defect.at.start).collect();
    let lines = place::lines(case.message.raw(), &starts);
    let all: Vec<(&Defect, usize)> = defects.iter().zip(lines).collect();

    let rows = all.iter().take(case.settings.shown()).map(|(defect, line)| finding(case, defect, *line));
    let rows: Vec<Finding> = rows.collect();
    let left = all.len() - rows.len();
    let blocks = if rows.is_empty() {
        vec![Block::Note { tone: Tone::Good, text: "none found: readers agree on this message".into() }]
    } else {
        [Block::Findings { rows }].into_iter().chain(more(left)).collect()
    };
    let written: Vec<Json> = all
        .iter()
        .take(case.settings.written())
        .map(|(defect, line)| Json::of(case, defect, *line))
        .collect();
    let worst = defects.first().map(|defect| defect.kind.severity());
    Some(View {
        note: note(&defects),
        tone: worst.map_or(Tone::Good, tone),
        blocks,
        json: json(&serde_json::json!({ "count": defects.len(), "list": written })),
    })
}

/// How many of each severity.
fn note(defects: &[Defect]) -> Shown {
    let parts: Vec<String> = [Severity::Cut, Severity::Ambiguous, Severity::Illegal]
        .into_iter()
        .filter_map(|severity| {
            let number = defects.iter().filter(|defect| defect.kind.severity() == severity).count();
            (number > 0).then(|| format!("{} {}", grouped(number as u64), word(severity)))
        })
        .collect();
    format_args!("{}", parts.join(", ")).into()
}

/// The severity as it is written in every report.
pub(crate) const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Illegal => "illegal",
        Severity::Ambiguous => "ambiguous",
        Severity::Cut => "cut",
    }
}

/// An illegal message is the same to all readers; the others are findings.
pub(crate) const fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Illegal => Tone::Warning,
        Severity::Ambiguous | Severity::Cut => Tone::Bad,
    }
}

fn finding(case: &Case<'_, '_>, defect: &Defect, line: usize) -> Finding {
    let octets = defect.at.of(case.message.raw());
    let length = match defect.at.len() {
        0 => String::new(),
        number => format!(", {}", count(number, "octet", "octets")),
    };
    let part = case.message.entity(defect.part).filter(|part| part.depth() > 0);
    let part = part.map(|part| format!("part {}, ", super::structure::number(&part))).unwrap_or_default();
    let start = grouped(defect.at.start as u64);
    Finding {
        level: word(defect.kind.severity()),
        tone: tone(defect.kind.severity()),
        title: Shown::from(defect.kind.name()),
        rule: Shown::from(defect.kind.rule()),
        place: format_args!("{part}line {}, offset {start}{length}", grouped(line as u64)).into(),
        text: Shown::from(defect.kind.text()),
        octets: Shown::octets(octets, OCTETS),
    }
}

/// A defect in JSON.
#[derive(Serialize)]
struct Json {
    kind: &'static str,
    severity: &'static str,
    rule: &'static str,
    text: &'static str,
    part: usize,
    line: usize,
    start: usize,
    end: usize,
    octets: String,
}

impl Json {
    fn of(case: &Case<'_, '_>, defect: &Defect, line: usize) -> Self {
        Self {
            kind: defect.kind.name(),
            severity: word(defect.kind.severity()),
            rule: defect.kind.rule(),
            text: defect.kind.text(),
            part: defect.part.index(),
            line,
            start: defect.at.start,
            end: defect.at.end,
            octets: Shown::octets(defect.at.of(case.message.raw()), OCTETS).to_string(),
        }
    }
}
