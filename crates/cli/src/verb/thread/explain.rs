//! `mailwright thread explain`

use std::io::{self, Write as _};

use clap::Args;
use mailwright_threading::view::Card;
use mailwright_threading::{Forest, Ids, MessageIds, Options, Why};
use serde_json::{Value, json};

use super::given::{Given, Mailbox};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::report::{json, text};
use crate::section::Tone;
use crate::shown::{Shown, count, grouped};

/// Say why a message is in its thread: which header, which identifier in it, and which rule.
///
/// The same is said of each message above it, up to the one that starts the thread.
///
/// Exit status: 0 the message is there, 1 there is none of that identifier, 2 wrong usage or a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright thread explain archive.mbox '<20250114103105.7f3a@example.net>'\n  mailwright thread explain ~/Maildir 20250114103105.7f3a@example.net --json")]
pub(super) struct Explain {
    #[command(flatten)]
    given: Given,

    /// Its Message-ID, with angle brackets or without.
    #[arg(value_name = "ID")]
    id: String,

    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

/// Messages above that are told of: more is no help.
const MOST: usize = 20;

/// A message on the way up.
struct Step<'a> {
    message: usize,
    why: Why<'a>,
}

impl Explain {
    pub(super) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let options = self.given.options(false)?;
        let mailbox = self.given.read(&options, false)?;
        let found = find(&mailbox, &options, &self.id);
        let Some(message) = found.first().copied() else {
            let id = Shown::text(&self.id);
            writeln!(output.out, "no message of {} has the Message-ID {id}", mailbox.name)?;
            return Ok(Exit::Finding);
        };
        let forest = mailbox.conversations.forest(&options)?;
        let steps = steps(&mailbox, &forest, &options, message);
        let explained = Explained { mailbox: &mailbox, forest: &forest, steps, same_id: found };
        if self.json { explained.json(output)? } else { explained.text(output)? }
        mailbox.unreadable.map_or(Ok(Exit::Fine), Err)
    }
}

/// The messages that have this Message-ID.
fn find(mailbox: &Mailbox, options: &Options, id: &str) -> Vec<usize> {
    let bracketed = super::bracketed(id);
    let wanted = Ids::new(bracketed.as_bytes(), options.ids).next();
    let conversations = &mailbox.conversations;
    let own = |message| MessageIds::of(&conversations.header(message), options.ids, &options.limits).own;
    let messages = 0..conversations.len();
    messages.filter(|message| wanted.is_some() && own(*message) == wanted).collect()
}

fn steps<'m>(mailbox: &'m Mailbox, forest: &Forest, options: &Options, message: usize) -> Vec<Step<'m>> {
    let Some(node) = forest.node_of(message) else { return Vec::new() };
    let nodes = std::iter::once(node).chain(forest.ancestors(node));
    let messages = nodes.filter_map(|node| forest.message(node)).take(MOST);
    let header = |message| mailbox.conversations.header(message);
    messages.map(|message| Step { message, why: forest.why(message, header, options) }).collect()
}

struct Explained<'a> {
    mailbox: &'a Mailbox,
    forest: &'a Forest,
    /// The message that was asked for, then those above it.
    steps: Vec<Step<'a>>,
    /// All that have its Message-ID, itself first.
    same_id: Vec<usize>,
}

impl Explained<'_> {
    fn text(&self, output: &mut Output) -> io::Result<()> {
        let conversations = &self.mailbox.conversations;
        let (title, quiet) = (output.paint.title(), output.paint.tone(Tone::Quiet));
        for (place, step) in self.steps.iter().enumerate() {
            let card = Card::of(&conversations.header(step.message), 0);
            let name = conversations.name(step.message);
            if place == 1 {
                writeln!(output.out, "\nabove it:")?;
            }
            writeln!(output.out, "{title}{}{title:#}", Shown::text(or(&card.subject, "(no subject)")))?;
            writeln!(output.out, "  {quiet}{}, {}; {name}{quiet:#}", Shown::text(or(&card.from, "(nobody)")), date(card.date))?;
            text::indented(output, Shown::text(&step.why.to_string()).as_str(), 2)?;
            if step.why.cut {
                text::indented(output, "more identifiers than are used: the first and the last count", 2)?;
            }
        }
        if let Some(others) = self.same_id.get(1..).filter(|others| !others.is_empty()) {
            let first: Vec<String> = others.iter().take(MOST).map(|other| conversations.name(*other).to_string()).collect();
            let others = count(others.len(), "more message has", "more messages have");
            text::indented(output, &format!("\n{others} the same Message-ID; no reply is put under them: {}", first.join("; ")), 0)?;
        }
        let (messages, above) = self.size();
        writeln!(output.out)?;
        if above > self.steps.len() {
            writeln!(output.out, "{} more above it are not shown", grouped((above - self.steps.len()) as u64))?;
        }
        writeln!(output.out, "the thread has {}", count(messages, "message", "messages"))
    }

    fn json(&self, output: &mut Output) -> io::Result<()> {
        let conversations = &self.mailbox.conversations;
        let step = |step: &Step<'_>| {
            let why = &step.why;
            let id = why.id.as_deref().map(String::from_utf8_lossy);
            json!({
                "message": conversations.named(step.message), "rule": why.rule, "id": id,
                "base_subject": why.base_subject, "why": why.to_string(), "cut": why.cut,
            })
        };
        let steps: Vec<Value> = self.steps.iter().map(step).collect();
        let same: Vec<_> = self.same_id.iter().skip(1).map(|other| conversations.named(*other)).collect();
        let (messages, _) = self.size();
        let all = json!({ "report": "thread_explained", "messages": messages, "steps": steps, "same_message_id": same });
        json::line(&mut output.out, &all)
    }

    /// Messages of the thread, and those from the one that was asked for up to the top.
    fn size(&self) -> (usize, usize) {
        let node = self.steps.first().and_then(|step| self.forest.node_of(step.message));
        let is_message = |node: &mailwright_threading::NodeId| self.forest.message(*node).is_some();
        node.map_or((0, 0), |node| {
            let root = self.forest.ancestors(node).last().unwrap_or(node);
            let under = self.forest.walk_under(root).filter(|visit| is_message(&visit.node)).count();
            (under, 1 + self.forest.ancestors(node).filter(is_message).count())
        })
    }
}

fn or<'t>(text: &'t str, none: &'t str) -> &'t str {
    if text.is_empty() { none } else { text }
}

fn date(seconds: i64) -> String {
    super::date(seconds).unwrap_or_else(|| "no date".to_owned())
}
