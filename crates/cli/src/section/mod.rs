//! The sections of a report on one message.
//!
//! A section is one file with a `SECTION`: it asks a crate what there is to know and gives it twice, as [`Block`]s for
//! people, which the text and the HTML report draw alike, and as JSON with stable names. To add one, add its module and
//! a line in [`ALL`].

mod addresses;
mod authentication;
mod block;
mod defects;
mod message;
mod signatures;
mod structure;
mod text;
mod trace;

pub(crate) use block::{Block, Fact, Finding, Node, Tone, more};
pub(crate) use defects::{tone as severity_tone, word as severity_word};
pub(crate) use signatures::{chain_tone, outcome_tone, set_lines};
pub(crate) use structure::{Part, nodes};

use std::cell::OnceCell;

use mailwright_message_model::{Defect, Message};
use serde_json::Value;

use crate::dns::Source;
use crate::shown::Shown;

/// In the order in which they are reported.
pub(crate) const ALL: &[Section] = &[
    message::SECTION,
    addresses::SECTION,
    structure::SECTION,
    defects::SECTION,
    signatures::SECTION,
    authentication::SECTION,
    trace::SECTION,
    text::SECTION,
];

/// One message and what was asked about it.
pub(crate) struct Case<'c, 'a> {
    pub message: &'c Message<'a>,
    /// Everything that [`message`](Self::message) holds against the standard.
    pub defects: &'c [Defect],
    pub settings: &'c Settings,
    /// Filled by the section on signatures when it is first asked.
    pub verified: OnceCell<signatures::Verified>,
}

/// What the caller asked for.
#[derive(Default)]
pub(crate) struct Settings {
    /// Long lists are shown whole.
    pub full: bool,
    /// What is verified with the help of DNS; `None` = nothing.
    pub verifying: Option<Verifying>,
}

/// Where verifiers get their answers from, and the time at which they judge.
pub(crate) struct Verifying {
    pub source: Source,
    pub now: u64,
}

impl Settings {
    /// How many entries of a list people are shown, which is a screen or two.
    pub(crate) fn shown(&self) -> usize {
        if self.full { usize::MAX } else { 100 }
    }

    /// How many entries of a list are written to JSON: what [`Limits`](mailwright_message_model::Limits) let through is
    /// mostly less.
    pub(crate) fn written(&self) -> usize {
        if self.full { usize::MAX } else { 1_000 }
    }

    /// A text as it is written to JSON.
    pub(crate) fn clipped(&self, text: &str) -> String {
        const CHARS: usize = 10_000;
        match text.char_indices().nth(CHARS) {
            Some((cut, _)) if !self.full => text.get(..cut).unwrap_or_default().to_owned(),
            _ => text.to_owned(),
        }
    }
}

/// A section: its name in JSON, its title, and how it is made.
pub(crate) struct Section {
    pub key: &'static str,
    pub title: &'static str,
    /// `None` where the message has nothing for it.
    pub view: fn(&Case<'_, '_>) -> Option<View>,
    /// What may deceive a reader; asked of every message of a mailbox, so it does no more work than it must.
    pub alert: Option<fn(&Case<'_, '_>) -> Option<Alert>>,
}

/// What a section found in one message.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// A word beside the title.
    pub note: Shown,
    pub tone: Tone,
    pub blocks: Vec<Block>,
    pub json: Value,
}

/// What the heading of a report says beside the defects: it breaks no rule, yet may deceive who reads the message.
#[derive(Clone, Debug)]
pub(crate) struct Alert {
    /// Of two messages the one whose alert is worse is named first.
    pub tone: Tone,
    pub text: Shown,
}

/// A typed value as JSON. The types of our sections have string keys only, so that this does not fail.
pub(crate) fn json(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
