//! `mailwright tree`: the MIME tree of one message.

use std::path::PathBuf;

use clap::Args;
use mailwright_message_model::Message;

use crate::exit::{Exit, Failure};
use crate::input::{Format, Input, Options};
use crate::output::Output;
use crate::report::{json, text};
use crate::section::{Part, nodes};

/// Show the MIME tree of a message, with the part numbers of IMAP.
///
/// Of a mailbox, every message's.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Tree {
    /// A message, mbox, Maildir or folder; - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Show where each part and its body stand: octets from the start of the message.
    #[arg(long)]
    offsets: bool,

    /// Write one JSON object a line, one for each message.
    #[arg(long)]
    json: bool,

    /// What the path is, where it cannot be told by looking.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  mailwright tree message.eml
  mailwright tree message.eml --offsets
  mailwright tree - --json < message.eml";

impl Tree {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let options = Options { format: self.format, ..Options::default() };
        let mut input = Input::open(&self.paths, options)?;
        let is_single = input.is_single();
        input.read(|item| {
            let name = item.origin.name();
            let message = Message::parse(item.raw).map_err(|error| Failure::new(format!("{name}: {error}")))?;
            if self.json {
                let parts: Vec<Part> = message.walk().map(|part| Part::of(&part)).collect();
                json::line(&mut output.out, &json::found(&item.origin, serde_json::json!({ "parts": parts })))?;
                return Ok(());
            }
            text::tree(output, (!is_single).then_some(&name), &nodes(message.walk(), self.offsets))?;
            Ok(())
        })?;
        input.passed_over.failure().map_or(Ok(Exit::Fine), Err)
    }
}
