//! Threads as JSON: one object a line, its messages in a flat list, so that no reader recurses.

use std::io::{self, Write};

use mailwright_threading::view::View;
use mailwright_threading::{Forest, MessageIds, NodeId, Options, Rule};
use serde::Serialize;
use serde::ser::{SerializeSeq as _, Serializer};

use super::date;
use crate::conversations::Conversations;
use crate::input::Named;
use crate::report::json;

/// Writes the threads of `view`.
pub(super) fn write(
    out: &mut impl Write,
    view: &View<'_>,
    conversations: &Conversations,
    options: &Options,
) -> io::Result<()> {
    let all = All { view, conversations, options };
    for root in view.roots() {
        let summary = view.summary(root);
        let thread = Thread {
            report: "thread",
            messages: summary.messages,
            unread: summary.unread,
            participants: &summary.participants,
            oldest: date(summary.oldest),
            newest: date(summary.newest),
            list: List { all: &all, root },
        };
        json::line(out, &thread)?;
    }
    Ok(())
}

struct All<'a> {
    view: &'a View<'a>,
    conversations: &'a Conversations,
    options: &'a Options,
}

#[derive(Serialize)]
struct Thread<'a> {
    report: &'static str,
    messages: usize,
    unread: usize,
    participants: &'a [&'a str],
    oldest: Option<String>,
    newest: Option<String>,
    list: List<'a>,
}

struct List<'a> {
    all: &'a All<'a>,
    root: NodeId,
}

/// An entry of the list: a message, or a root that is missing.
#[derive(Serialize)]
struct Entry<'a> {
    missing: bool,
    /// Levels below the root.
    depth: usize,
    /// Where its parent is in the list, from 0.
    parent: Option<usize>,
    #[serde(flatten)]
    message: Option<Message<'a>>,
}

#[derive(Serialize)]
struct Message<'a> {
    #[serde(flatten)]
    named: Named,
    message_id: Option<String>,
    rule: Rule,
    from: &'a str,
    subject: &'a str,
    date: Option<String>,
    unread: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    snippet: &'a str,
}

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let forest = self.all.view.forest();
        let mut list = serializer.serialize_seq(None)?;
        // where in the list the nodes above the next one are
        let mut above: Vec<usize> = Vec::new();
        for (place, visit) in forest.walk_under(self.root).enumerate() {
            above.truncate(visit.depth);
            let message = self.all.message(forest, visit.node);
            let parent = above.last().copied();
            list.serialize_element(&Entry { missing: message.is_none(), depth: visit.depth, parent, message })?;
            above.push(place);
        }
        list.end()
    }
}

impl All<'_> {
    fn message(&self, forest: &Forest, node: NodeId) -> Option<Message<'_>> {
        let message = forest.message(node)?;
        let card = self.view.card(node)?;
        let header = self.conversations.header(message);
        let own = MessageIds::of(&header, self.options.ids, &self.options.limits).own;
        Some(Message {
            named: self.conversations.named(message),
            message_id: own.map(|id| String::from_utf8_lossy(&id).into_owned()),
            rule: forest.rule(message),
            from: &card.from,
            subject: &card.subject,
            date: date(card.date),
            unread: card.unread,
            snippet: &card.snippet,
        })
    }
}
