//! The sections of a report on one message.
//!
//! A section is one file with a `SECTION`: it asks a crate what there is to know and gives it twice, as [`Block`]s for
//! people, which the text and the HTML report draw alike, and as JSON with stable names. To add one, add its module and
//! a line in [`ALL`].

mod addresses;
mod amp;
mod authentication;
mod block;
mod bounce;
mod defects;
mod message;
mod signatures;
mod smime;
mod structure;
mod text;
mod trace;
mod verdict;

pub(crate) use block::{Block, Fact, Finding, Node, Tone, more};
pub(crate) use defects::{tone as severity_tone, word as severity_word};
pub(crate) use signatures::{chain_tone, outcome_tone, set_lines};
pub(crate) use structure::{Part, nodes};
pub(crate) use verdict::spf_tone;

use std::cell::OnceCell;

use mailwright_dmarc::Author;
use mailwright_message_model::{Defect, Message};
use mailwright_smime::Report;
use serde_json::Value;

use crate::authenticate::{Delivery, Found, Receiver, authenticate};
use crate::dns::Source;
use crate::line_ends::as_sent;
use crate::shown::Shown;
use crate::smime::Opening;

/// In the order in which they are reported.
pub(crate) const ALL: &[Section] = &[
    message::SECTION,
    addresses::SECTION,
    structure::SECTION,
    defects::SECTION,
    signatures::SECTION,
    smime::SECTION,
    authentication::SECTION,
    amp::SECTION,
    bounce::SECTION,
    trace::SECTION,
    text::SECTION,
];

/// One message and what was asked about it.
pub(crate) struct Case<'c, 'a> {
    pub message: &'c Message<'a>,
    /// Everything that [`message`](Self::message) holds against the standard.
    pub defects: &'c [Defect],
    pub settings: &'c Settings,
    /// Filled when it is first asked for, by [`Case::found`].
    found: OnceCell<Found>,
    /// Filled when it is first asked for, by [`Case::layers`].
    layers: OnceCell<Option<Report<'a>>>,
}

impl<'c, 'a> Case<'c, 'a> {
    pub(crate) const fn new(message: &'c Message<'a>, defects: &'c [Defect], settings: &'c Settings) -> Self {
        Self { message, defects, settings, found: OnceCell::new(), layers: OnceCell::new() }
    }

    /// What SPF, DKIM, ARC and DMARC found; `None` where the caller did not ask.
    pub(crate) fn found(&self) -> Option<&Found> {
        let verifying = self.settings.verifying.as_ref()?;
        let find = || {
            let sent = as_sent(self.message.root().raw());
            let author = Author::of(self.message);
            let delivery = verifying.client.of(self.message).ok().flatten();
            authenticate(&sent, &author, delivery.as_ref(), &verifying.receiver, &verifying.source)
        };
        Some(self.found.get_or_init(find))
    }

    /// The layers of S/MIME; `None` where there are none.
    pub(crate) fn layers(&self) -> Option<&Report<'a>> {
        let open = || {
            let is_smime = mailwright_smime::has_layers(self.message);
            is_smime.then(|| self.settings.smime.open(self.message.root().raw())).flatten()
        };
        self.layers.get_or_init(open).as_ref().filter(|report| !report.layers.is_empty())
    }
}

/// What the caller asked for.
#[derive(Default)]
pub(crate) struct Settings {
    /// Long lists are shown whole.
    pub full: bool,
    /// What is verified with the help of DNS; `None` = nothing.
    pub verifying: Option<Verifying>,
    /// What layers of S/MIME are opened and judged with.
    pub smime: Opening,
}

/// Where verifiers get their answers from, and what they are told.
pub(crate) struct Verifying {
    pub source: Source,
    pub receiver: Receiver,
    pub client: Client,
}

/// Who delivered the messages.
#[derive(Clone, Debug, Default)]
pub(crate) enum Client {
    /// Not known: SPF is not checked.
    #[default]
    Unknown,
    Known(Delivery),
    /// The client of the Received field at this place from the top; with the reverse-path, if it is known from elsewhere.
    Hop(usize, Option<String>),
}

impl Client {
    /// Who delivered this message; the error says why it cannot be told.
    pub(crate) fn of(&self, message: &Message<'_>) -> Result<Option<Delivery>, &'static str> {
        match self {
            Self::Unknown => Ok(None),
            Self::Known(delivery) => Ok(Some(delivery.clone())),
            Self::Hop(hop, mail_from) => {
                let mut delivery = Delivery::of_hop(message, *hop)?;
                delivery.mail_from = mail_from.clone().or(delivery.mail_from);
                Ok(Some(delivery))
            }
        }
    }
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
