//! `mailwright thread`: conversations.

mod explain;
mod given;
mod index;
mod json;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use mailwright_message_model::date::DateTime;
use mailwright_threading::view::{Folds, Order, View};
use mailwright_threading::{Forest, Options};

use crate::conversations::Conversations;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::shown::{Shown, count, grouped};
use given::{Given, Mailbox};

/// Put the messages of a mailbox into conversations.
///
/// Of each message only the header is kept, so that the size of the mailbox does not matter. Every message is in one
/// thread, whatever its header says.
///
/// Exit status: 0 all is read, 1 a limit cut the identifiers of a message, 2 wrong usage or a file that cannot be read.
#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = EXAMPLES
)]
pub(crate) struct Thread {
    #[command(subcommand)]
    verb: Option<Verb>,

    #[command(flatten)]
    given: Given,

    /// Write one JSON object a line, one for each thread.
    #[arg(long, group = "form")]
    json: bool,

    /// Write the threads to FILE, as one page that folds with mouse and keyboard and needs no script; - for standard
    /// output.
    #[arg(long, value_name = "FILE", group = "form")]
    html: Option<PathBuf>,

    /// Write what an IMAP server answers to THREAD (RFC 5256 4), with message sequence numbers; implies --rfc.
    #[arg(long, group = "form")]
    imap: bool,

    /// Write a graph in the language of Graphviz.
    #[arg(long, group = "form")]
    dot: bool,

    /// The order of the threads; of a page the newest is first, else it is last.
    #[arg(long, value_enum, value_name = "ORDER")]
    order: Option<Sorted>,

    /// How many threads are shown: the newest; of a page 1000, else all.
    #[arg(long, value_name = "NUMBER")]
    most: Option<usize>,

    /// Show of each message the beginning of the sender's own words, without what is quoted. Reads the bodies too, one at a
    /// time.
    #[arg(long)]
    snippets: bool,

    /// Show the first message of each thread, and the others when it is unfolded.
    #[arg(long)]
    fold: bool,
}

#[derive(Subcommand)]
enum Verb {
    Explain(explain::Explain),
    Index(index::Index),
}

/// The order of the threads.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Sorted {
    /// By the first message.
    First,
    NewestFirst,
    NewestLast,
}

/// Threads on a page, where nobody says how many: a browser is slow with more.
const ON_A_PAGE: usize = 1000;

const EXAMPLES: &str = "\
Examples:
  mailwright thread archive.mbox
  mailwright thread ~/Maildir --html threads.html --snippets
  mailwright thread archive.mbox --algorithm orderedsubject --imap
  mailwright thread archive.mbox --dot | dot -Tsvg > threads.svg
  mailwright thread explain archive.mbox '<20250114103105.7f3a@example.net>'";

impl Thread {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        match self.verb {
            Some(Verb::Explain(verb)) => return verb.run(output),
            Some(Verb::Index(verb)) => return verb.run(output),
            None => {}
        }
        if let Some(page) = self.html.as_deref().filter(|page| page.as_os_str() != "-") {
            crate::file::spare(&self.given.source.paths, page)?;
        }
        let options = self.given.options(self.imap)?;
        let mailbox = self.given.read(&options, self.snippets)?;
        let forest = mailbox.conversations.forest(&options)?;
        self.write(output, &mailbox, &forest, &options)?;
        if let Some(failure) = mailbox.unreadable {
            return Err(failure);
        }
        Ok(Exit::of(forest.cut().next().is_some()))
    }

    fn write(
        &self,
        output: &mut Output,
        mailbox: &Mailbox,
        forest: &Forest,
        options: &Options,
    ) -> Result<(), Failure> {
        let conversations = &mailbox.conversations;
        if self.imap {
            // RFC 5256 5: thread-data = "THREAD" [SP 1*thread-list]
            let space = if forest.roots().is_empty() { "" } else { " " };
            writeln!(output.out, "* THREAD{space}{}", forest.to_imap())?;
            return Ok(());
        }
        let cards = if self.json { conversations.cards() } else { conversations.harmless_cards() };
        let folds = if self.fold { folded(forest) } else { Folds::default() };
        let view = View::new(forest, &cards, &folds).ordered(self.order());
        let most = self.most.or(self.html.is_some().then_some(ON_A_PAGE));
        let view = most.map_or(view, |most| view.most(most));
        let title = title(mailbox, forest);
        if self.json {
            return Ok(json::write(&mut output.out, &view, conversations, options)?);
        }
        if self.dot {
            write!(output.out, "{}", view.to_dot())?;
            return Ok(());
        }
        match &self.html {
            Some(path) if path.as_os_str() == "-" => write!(output.out, "{}", view.to_html(title.as_str()))?,
            Some(path) => {
                let path = crate::file::write(path, |page| write!(page, "{}", view.to_html(title.as_str())))?;
                writeln!(output.out, "wrote {}; {title}", Shown::path(&path))?;
            }
            None => text(output, &title, &view)?,
        }
        Ok(())
    }

    fn order(&self) -> Order {
        match self.order {
            Some(Sorted::First) => Order::First,
            Some(Sorted::NewestFirst) => Order::NewestFirst,
            Some(Sorted::NewestLast) => Order::NewestLast,
            None if self.html.is_some() => Order::NewestFirst,
            None => Order::NewestLast,
        }
    }
}

/// `NAME: 5 messages in 2 threads`.
fn title(mailbox: &Mailbox, forest: &Forest) -> Shown {
    let messages = count(forest.len(), "message", "messages");
    let threads = count(forest.roots().len(), "thread", "threads");
    format_args!("{}: {messages} in {threads}", mailbox.name).into()
}

/// A Message-ID as a header has it, from one with or without its brackets; there may be others inside.
fn bracketed(id: &str) -> String {
    if id.trim_start().starts_with('<') { id.to_owned() } else { format!("<{id}>") }
}

/// An instant as text; a message without any date has 0.
fn date(seconds: i64) -> Option<String> {
    let date = DateTime::from_unix(seconds, 0).filter(|_| seconds != 0)?;
    Some(date.rfc3339().to_string())
}

/// Each thread folded at its root.
fn folded(forest: &Forest) -> Folds {
    let first = |root: &mailwright_threading::NodeId| forest.message(*root);
    let keys = forest.roots().iter().filter_map(first).map(|message| message as u64 + 1);
    keys.collect()
}

fn text(output: &mut Output, title: &Shown, view: &View<'_>) -> io::Result<()> {
    let strong = output.paint.title();
    writeln!(output.out, "{strong}{title}{strong:#}\n")?;
    write!(output.out, "{}", view.to_text(output.columns))?;
    match view.left_out() {
        0 => Ok(()),
        left => writeln!(output.out, "\nand {} more (--most shows them)", grouped(left as u64)),
    }
}
