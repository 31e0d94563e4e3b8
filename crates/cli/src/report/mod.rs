//! Reports: what was found, put together once and written as text, JSON or a page.

pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod lay_out;
pub(crate) mod text;
mod tree;

use mailwright_message_model::{Defect, Message, Severity};

use crate::exit::Failure;
use crate::input::{Item, Origin};
use crate::mailbox::{self, Seen, Tally};
use crate::section::{self, Alert, Case, Settings, Tone, View};
use crate::shown::{Shown, grouped, size};

/// What is to be thought of a message; of two the greater is the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    NoDefect,
    Illegal,
    Ambiguous,
    Cut,
}

impl Verdict {
    fn of(defects: &[Defect], origin: &Origin) -> Self {
        let worst = defects.iter().map(|defect| defect.kind.severity()).max();
        match worst {
            _ if origin.cut > 0 => Self::Cut,
            None => Self::NoDefect,
            Some(Severity::Illegal) => Self::Illegal,
            Some(Severity::Ambiguous) => Self::Ambiguous,
            Some(Severity::Cut) => Self::Cut,
        }
    }

    /// Whether it makes the exit status 1.
    pub(crate) const fn is_finding(self) -> bool {
        matches!(self, Self::Ambiguous | Self::Cut)
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::NoDefect => "no defect",
            Self::Illegal => "illegal",
            Self::Ambiguous => "ambiguous",
            Self::Cut => "cut",
        }
    }

    /// The word in JSON.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::NoDefect => "no_defect",
            _ => self.word(),
        }
    }

    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::NoDefect => "every reader sees the same message",
            Self::Illegal => "against the standard, yet the same to every reader",
            Self::Ambiguous => "two readers may see different messages",
            Self::Cut => "a limit was reached: not all of it was read",
        }
    }

    pub(crate) const fn tone(self) -> Tone {
        match self {
            Self::NoDefect => Tone::Good,
            Self::Illegal => Tone::Warning,
            Self::Ambiguous | Self::Cut => Tone::Bad,
        }
    }
}

/// A report on a message or on a mailbox.
#[derive(Debug)]
pub(crate) struct Report {
    /// `message` or `mailbox`.
    pub kind: &'static str,
    pub name: Shown,
    /// The subject of a message, by which people know it in a list.
    pub subject: Option<Shown>,
    /// What it is, beside the name.
    pub about: Shown,
    pub verdict: Verdict,
    /// What the verdict means, as a sentence.
    pub meaning: Shown,
    /// What may deceive a reader although it is no defect.
    pub alerts: Vec<Shown>,
    pub origin: Origin,
    pub octets: u64,
    pub sections: Vec<Part>,
}

impl Report {
    /// How the verdict is meant: a message that is to be looked at twice is not called good.
    pub(crate) fn tone(&self) -> Tone {
        match self.verdict.tone() {
            Tone::Good if !self.alerts.is_empty() => Tone::Plain,
            tone => tone,
        }
    }
}

/// A section of a report.
#[derive(Debug)]
pub(crate) struct Part {
    pub key: &'static str,
    pub title: &'static str,
    pub view: View,
}

/// Reads messages and reports on them.
pub(crate) struct Examiner {
    settings: Settings,
    tallies: Vec<Box<dyn Tally>>,
    worst: Verdict,
    pub messages: usize,
    /// Those among them that make the exit status 1.
    findings: usize,
    octets: u64,
}

impl Examiner {
    pub(crate) fn new(settings: Settings) -> Self {
        let tallies = mailbox::ALL.iter().map(|section| (section.tally)()).collect();
        Self { settings, tallies, worst: Verdict::NoDefect, messages: 0, findings: 0, octets: 0 }
    }

    /// The worst verdict so far.
    pub(crate) const fn worst(&self) -> Verdict {
        self.worst
    }

    /// Counts a message; with `report` every section looks at it too.
    pub(crate) fn see(&mut self, item: &Item<'_>, report: bool) -> Result<Option<Report>, Failure> {
        let name = item.origin.name();
        let message = Message::parse(item.raw).map_err(|error| Failure::new(format!("{name}: {error}")))?;
        let defects = message.inspect();
        let verdict = Verdict::of(&defects, &item.origin);
        let case = Case::new(&message, &defects, &self.settings);
        let alerts: Vec<Alert> =
            section::ALL.iter().filter_map(|section| section.alert.and_then(|alert| alert(&case))).collect();
        for tally in &mut self.tallies {
            tally.add(&Seen { origin: &item.origin, verdict, alerts: &alerts, case: &case });
        }
        self.messages += 1;
        self.findings += usize::from(verdict.is_finding());
        self.octets += item.raw.len() as u64;
        self.worst = self.worst.max(verdict);
        Ok(report.then(|| message_report(item, verdict, &alerts, &case)))
    }

    fn meaning(&self) -> Shown {
        match self.worst {
            Verdict::NoDefect | Verdict::Illegal => "every reader sees the same messages".into(),
            Verdict::Ambiguous | Verdict::Cut => {
                let (some, all) = (grouped(self.findings as u64), grouped(self.messages as u64));
                format_args!(
                    "{some} of {all} messages may look different to two readers, or were not read whole"
                )
                .into()
            }
        }
    }

    /// The report on all messages seen.
    pub(crate) fn mailbox(&self, name: Shown, about: Shown) -> Report {
        let sections = mailbox::ALL.iter().zip(&self.tallies).filter_map(|(section, tally)| {
            let view = tally.view(&self.settings)?;
            Some(Part { key: section.key, title: section.title, view })
        });
        Report {
            kind: "mailbox",
            name,
            subject: None,
            about,
            verdict: self.worst,
            meaning: self.meaning(),
            alerts: self.tallies.iter().filter_map(|tally| tally.alert()).collect(),
            origin: Origin::default(),
            octets: self.octets,
            sections: sections.collect(),
        }
    }
}

fn message_report(item: &Item<'_>, verdict: Verdict, alerts: &[Alert], case: &Case<'_, '_>) -> Report {
    let sections = section::ALL.iter().filter_map(|section| {
        let view = (section.view)(case)?;
        Some(Part { key: section.key, title: section.title, view })
    });
    Report {
        kind: "message",
        about: about(item),
        name: item.origin.name(),
        subject: subject(case),
        verdict,
        meaning: verdict.meaning().into(),
        alerts: alerts.iter().map(|alert| alert.text.clone()).collect(),
        origin: item.origin.clone(),
        octets: item.raw.len() as u64,
        sections: sections.collect(),
    }
}

/// The subject, cut to what a list has room for.
pub(crate) fn subject(case: &Case<'_, '_>) -> Option<Shown> {
    const CHARS: usize = 80;
    case.message
        .subject()
        .filter(|subject| !subject.is_empty())
        .map(|subject| Shown::clipped(&subject, CHARS))
}

fn about(item: &Item<'_>) -> Shown {
    let mut words = vec![size(item.raw.len() as u64).into_owned()];
    if let Some((_, offset)) = item.origin.place {
        words.push(format!("at offset {}", grouped(offset)));
    }
    if let Some(info) = &item.origin.maildir {
        words.extend((!info.folder.is_empty()).then(|| format!("in {}", info.folder)));
        words.extend(info.flags.iter().map(|flag| (*flag).to_owned()));
    }
    if item.origin.cut > 0 {
        words.push("longer than what is read".to_owned());
    }
    format_args!("{}", words.join(", ")).into()
}
