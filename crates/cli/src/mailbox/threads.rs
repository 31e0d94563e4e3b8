//! Section `threads` of a mailbox: into how many conversations its messages fall, and which are the longest.

use std::cmp::Reverse;

use mailwright_threading::view::Card;
use mailwright_threading::{Forest, NodeId, Options, Rule};
use serde::Serialize;

use super::{Section, Seen, Tally, title};
use crate::conversations::Conversations;
use crate::input::Named;
use crate::section::{Block, Fact, Settings, Tone, View, json};
use crate::shown::{Shown, count, grouped};

pub(crate) const SECTION: Section =
    Section { key: "threads", title: "Threads", tally: || Box::<Threads>::default() };

/// Threads that are named: the longest.
const NAMED: usize = 5;

#[derive(Default)]
struct Threads(Conversations);

#[derive(Default, Serialize)]
struct Found {
    count: usize,
    /// Threads of one message.
    single: usize,
    /// Messages that name another one, which is not in the mailbox.
    parent_missing: usize,
    /// Messages by what put them where they are.
    by: By,
    /// Messages of which a limit dropped identifiers.
    cut: usize,
    longest: Vec<Longest>,
}

#[derive(Default, Serialize)]
struct By {
    references: usize,
    in_reply_to: usize,
    subject: usize,
    other: usize,
}

#[derive(Serialize)]
struct Longest {
    messages: usize,
    subject: Shown,
    first: Named,
}

impl Tally for Threads {
    fn add(&mut self, seen: &Seen<'_, '_, '_>) {
        self.0.add(seen.case.message.raw(), seen.origin);
    }

    fn view(&self, _: &Settings) -> Option<View> {
        if self.0.len() < 2 {
            return None;
        }
        let forest = self.0.forest(&Options::default()).ok()?;
        let found = found(&self.0, &forest);
        let mut rows: Vec<Fact> = Vec::new();
        let mut row = |name: &'static str, number: usize, what: &'static str| {
            if number > 0 {
                let value = format!("{:>9}  {what}", grouped(number as u64));
                rows.push(Fact::new(name, format_args!("{value}")));
            }
        };
        row("References", found.by.references, "messages are placed by their References");
        row("In-Reply-To", found.by.in_reply_to, "by their In-Reply-To");
        row("Subject", found.by.subject, "by their subject alone");
        row("other", found.by.other, "by Thread-Index or X-GM-THRID");
        row("missing", found.parent_missing, "reply to a message that is not here");
        row("cut", found.cut, "name more identifiers than are used");
        row("alone", found.single, "are in no conversation");
        for longest in &found.longest {
            let value = format!(
                "{:>9}  {}",
                grouped(longest.messages as u64),
                title(&longest.first, Some(&longest.subject))
            );
            rows.push(Fact::new("longest", format_args!("{value}")));
        }
        Some(View {
            note: format_args!("{}", count(found.count, "thread", "threads")).into(),
            tone: Tone::Quiet,
            blocks: vec![Block::Facts { rows }],
            json: json(&found),
        })
    }
}

fn found(conversations: &Conversations, forest: &Forest) -> Found {
    let mut found = Found { count: forest.roots().len(), cut: forest.cut().count(), ..Found::default() };
    for message in 0..forest.len() {
        let is_top = forest.node_of(message).and_then(|node| forest.parent(node)).is_none();
        match forest.rule(message) {
            Rule::References | Rule::InReplyTo if is_top => found.parent_missing += 1,
            Rule::References => found.by.references += 1,
            Rule::InReplyTo => found.by.in_reply_to += 1,
            Rule::Subject => found.by.subject += 1,
            Rule::ThreadIndex | Rule::GmailThread => found.by.other += 1,
            _ => {}
        }
    }
    let messages =
        |root: &NodeId| forest.walk_under(*root).filter(|visit| forest.message(visit.node).is_some()).count();
    let mut longest: Vec<(Reverse<usize>, NodeId)> =
        forest.roots().iter().map(|root| (Reverse(messages(root)), *root)).collect();
    found.single = longest.iter().filter(|(messages, _)| messages.0 == 1).count();
    longest.sort_by_key(|(messages, _)| *messages);
    let named = longest.into_iter().take_while(|(messages, _)| messages.0 > 1).take(NAMED);
    found.longest =
        named.filter_map(|(messages, root)| longest_of(conversations, forest, messages.0, root)).collect();
    found
}

fn longest_of(
    conversations: &Conversations,
    forest: &Forest,
    messages: usize,
    root: NodeId,
) -> Option<Longest> {
    const CHARS: usize = 80;
    let first = forest.walk_under(root).find_map(|visit| forest.message(visit.node))?;
    let card = Card::of(&conversations.header(first), 0);
    let subject = if card.subject.is_empty() { "(no subject)" } else { &card.subject };
    Some(Longest { messages, subject: Shown::clipped(subject, CHARS), first: conversations.named(first) })
}
