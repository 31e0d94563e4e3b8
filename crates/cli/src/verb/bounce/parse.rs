//! `mailwright bounce parse`

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use mailwright_bounces::{Kind, Parser};

use super::{Given, lines, recipient_line, rules};
use crate::exit::{Exit, Failure};
use crate::input::{Input, Options};
use crate::output::Output;
use crate::report::json;
use crate::section::Tone;
use crate::shown::Shown;

/// Say of each message whether it is a bounce, and of each recipient what became of the mail.
///
/// Exit status: 0 no bounce, 1 one or more, 2 wrong usage or a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright bounce parse bounce.eml\n  mailwright bounce parse bounces.mbox --json")]
pub(crate) struct Parse {
    /// A message, an mbox, a Maildir or a folder of messages; - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Write one JSON object a line, one for each message.
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    given: Given,
}

impl Parse {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let rules = rules(self.given.rules.as_deref())?;
        let parser = Parser::new().with_rules(&rules);
        let mut input = Input::open(&self.paths, Options::default())?;
        let mut found = false;
        input.read(|item| {
            item.whole()?;
            let report = parser.parse(item.raw);
            found |= report.kind == Kind::Bounce;
            if self.json {
                let value = serde_json::to_value(&report).unwrap_or_default();
                json::line(&mut output.out, &json::found(&item.origin, value))?;
                return Ok(());
            }
            let title = output.paint.title();
            writeln!(output.out, "{title}{}{title:#}: {}", item.origin.name(), report.kind)?;
            for recipient in &report.recipients {
                recipient_line(output, recipient)?;
                if !recipient.diagnostic.is_empty() {
                    lines(output, 4, Tone::Plain, Shown::text(&recipient.diagnostic).as_str())?;
                }
            }
            if let Some(id) = report.original.as_ref().and_then(|original| original.message_id.as_deref()) {
                writeln!(output.out, "  about <{}>", Shown::text(id))?;
            }
            Ok(())
        })?;
        match input.passed_over.failure() {
            Some(failure) => Err(failure),
            None => Ok(Exit::of(found)),
        }
    }
}
