//! The messages of a mailbox as threading sees them: a few fields of each header are kept, no body.

use std::path::PathBuf;

use mailwright_message_model::Message;
use mailwright_threading::view::Card;
use mailwright_threading::{Forest, Header, IdMode, MAX_HEADER_OCTETS, Options, quote, thread};

use crate::exit::Failure;
use crate::input::{Named, Origin};
use crate::shown::Shown;

/// Characters of a snippet: two lines of a page.
const SNIPPET: usize = 160;

/// Fields of a header that are kept.
const FIELDS: usize = 9;

/// Headers of messages, one after the other.
#[derive(Default)]
pub(crate) struct Conversations {
    mode: IdMode,
    /// The values of all fields of all messages.
    values: Vec<u8>,
    messages: Vec<Kept>,
    paths: Vec<Option<PathBuf>>,
    snippets: Vec<String>,
}

struct Kept {
    /// Where its values begin.
    start: usize,
    lengths: [u32; FIELDS],
    sent: Option<i64>,
    arrived: i64,
    /// Which of the paths, and its number in that file.
    path: usize,
    number: Option<usize>,
    unread: bool,
}

impl Conversations {
    /// `mode` is that of the options by which threads will be made.
    pub(crate) fn new(mode: IdMode) -> Self {
        Self { mode, ..Self::default() }
    }

    pub(crate) const fn len(&self) -> usize {
        self.messages.len()
    }

    /// Keeps what threading looks at.
    pub(crate) fn add(&mut self, raw: &[u8], origin: &Origin) {
        let header = Header::read(raw, origin.arrived.unwrap_or_default(), self.mode);
        let start = self.values.len();
        let lengths = values(&header).map(|value| {
            let before = self.values.len();
            for part in kept(value) {
                self.values.extend_from_slice(part);
            }
            u32::try_from(self.values.len() - before).unwrap_or_default()
        });
        let path = self.path(origin);
        let number = origin.place.map(|(number, _)| number);
        let maildir = origin.maildir.as_ref();
        let unread = maildir.is_some_and(|info| !info.flags.contains(&"seen"));
        let (sent, arrived) = (header.sent, header.arrived);
        self.messages.push(Kept { start, lengths, sent, arrived, path, number, unread });
    }

    /// As [`add`](Self::add), and keeps the beginning of the sender's own words.
    pub(crate) fn add_with_snippet(&mut self, raw: &[u8], origin: &Origin) {
        self.add(raw, origin);
        self.snippets.resize(self.messages.len(), String::new());
        if let Some(last) = self.snippets.last_mut() {
            *last = snippet(raw);
        }
    }

    /// The header of a message; an empty one where there is no such message.
    pub(crate) fn header(&self, message: usize) -> Header<'_> {
        let Some(kept) = self.messages.get(message) else { return Header::default() };
        let mut at = kept.start;
        let mut next = kept.lengths.iter().map(|length| {
            let from = at;
            at = at.saturating_add(*length as usize);
            self.values.get(from..at).unwrap_or_default()
        });
        let mut value = || next.next().unwrap_or_default();
        Header {
            message_id: value(),
            in_reply_to: value(),
            references: value(),
            subject: value(),
            from: value(),
            to: value(),
            cc: value(),
            thread_index: value(),
            gmail_thread: value(),
            sent: kept.sent,
            arrived: kept.arrived,
        }
    }

    pub(crate) fn forest(&self, options: &Options) -> Result<Forest, Failure> {
        let headers = (0..self.messages.len()).map(|message| self.header(message));
        thread(headers, options).map_err(|error| Failure::new(error.to_string()))
    }

    /// What is shown of each message; the key is its number from 1.
    pub(crate) fn cards(&self) -> Vec<Card> {
        let card = |(message, key)| {
            let mut card = Card::of(&self.header(message), key);
            card.unread = self.messages.get(message).is_some_and(|kept| kept.unread);
            card.snippet = self.snippets.get(message).cloned().unwrap_or_default();
            card
        };
        (0..self.messages.len()).zip(1..).map(card).collect()
    }

    /// The cards with nothing in them that a terminal obeys or that deceives.
    pub(crate) fn harmless_cards(&self) -> Vec<Card> {
        let mut cards = self.cards();
        for text in cards.iter_mut().flat_map(|card| [&mut card.from, &mut card.subject, &mut card.snippet]) {
            *text = Shown::text(text).to_string();
        }
        cards
    }

    /// How the reports tell a message from others.
    pub(crate) fn named(&self, message: usize) -> Named {
        self.origin(message).named()
    }

    pub(crate) fn name(&self, message: usize) -> Shown {
        self.origin(message).name()
    }

    fn origin(&self, message: usize) -> Origin {
        let kept = self.messages.get(message);
        let path = kept.and_then(|kept| self.paths.get(kept.path)?.clone());
        let place = kept.and_then(|kept| kept.number).map(|number| (number, 0));
        Origin { path, place, ..Origin::default() }
    }

    /// The number of the path of a message; an mbox has many messages.
    fn path(&mut self, origin: &Origin) -> usize {
        if self.paths.last() != Some(&origin.path) {
            self.paths.push(origin.path.clone());
        }
        self.paths.len() - 1
    }
}

/// In the order in which [`Conversations::header`] gives them back.
const fn values<'a>(header: &Header<'a>) -> [&'a [u8]; FIELDS] {
    [
        header.message_id,
        header.in_reply_to,
        header.references,
        header.subject,
        header.from,
        header.to,
        header.cc,
        header.thread_index,
        header.gmail_thread,
    ]
}

/// What threading reads of a value: of one over its limit the beginning and the end, and one octet that tells that it was
/// longer.
fn kept(value: &[u8]) -> [&[u8]; 2] {
    if value.len() <= MAX_HEADER_OCTETS {
        return [value, &[]];
    }
    let half = MAX_HEADER_OCTETS / 2;
    let (first, rest) = value.split_at_checked(half + 1).unwrap_or((value, &[]));
    [first, rest.get(rest.len().saturating_sub(half)..).unwrap_or_default()]
}

/// The beginning of the sender's own words in a message.
fn snippet(raw: &[u8]) -> String {
    let Ok(message) = Message::parse(raw) else { return String::new() };
    let bodies = message.bodies();
    let plain = bodies.text.iter().find(|part| {
        let media = part.media_type();
        media.type_ == "text" && media.subtype == "plain"
    });
    let Some((part, text)) = plain.and_then(|part| Some((part, part.text()?))) else {
        return message.preview(SNIPPET);
    };
    let content_type = part.content_type();
    let is = |name: &str, value: &str| {
        let stated = content_type.as_ref().and_then(|content_type| content_type.param(name));
        stated.is_some_and(|stated| stated.eq_ignore_ascii_case(value))
    };
    if is("format", "flowed") {
        quote::snippet(&quote::unflow(&text, is("delsp", "yes")), SNIPPET)
    } else {
        quote::snippet(&text, SNIPPET)
    }
}
