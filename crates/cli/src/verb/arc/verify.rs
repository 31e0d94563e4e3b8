//! `mailwright arc verify`

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use mailwright_dkim::{Policy, arc};
use mailwright_dns::drive_blocking;
use mailwright_message_model::domain::Domain;
use serde_json::json;

use crate::dns::Ask;
use crate::exit::{Exit, Failure};
use crate::input::{Input, Options};
use crate::line_ends::as_sent;
use crate::output::Output;
use crate::report::json;
use crate::section::{chain_tone, set_lines};
use crate::shown::Shown;

/// Say whether the ARC chain of a message holds, who sealed it, and what breaks it.
///
/// A chain that holds proves nothing by itself, for anyone can seal anything: name the sealers you trust.
///
/// Exit status: 0 the chain holds or there is none, 1 it does not, 2 a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright arc verify message.eml --trust lists.example.org\n  mailwright arc verify message.eml --zone keys.zone --at 1700000000")]
pub(crate) struct Verify {
    /// A message, mbox, Maildir or folder; - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    ask: Ask,

    /// A sealer whose word is taken; may be given more than once.
    #[arg(long, value_name = "DOMAIN")]
    trust: Vec<Domain>,

    /// Write one JSON object a line, one for each message.
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let source = self.ask.source()?;
        let (policy, now) = (Policy::default(), self.ask.now());
        let mut input = Input::open(&self.paths, Options::default())?;
        let is_single = input.is_single();
        let mut broken = false;
        input.read(|item| {
            let sent = as_sent(item.raw);
            let prepared = arc::Prepared::new(&sent, &policy, now);
            let chain = drive_blocking(&source, |dns| prepared.evaluate(dns));
            broken |= !matches!(chain.status, arc::Status::None | arc::Status::Pass);
            let vouching: Vec<u32> = chain.vouching(&self.trust).map(|set| set.instance).collect();
            if self.json {
                let found = json!({ "chain": chain, "vouching": vouching });
                json::line(&mut output.out, &json::found(&item.origin, found))?;
                return Ok(());
            }
            if !is_single {
                writeln!(output.out, "{}", item.origin.name())?;
            }
            let tone = output.paint.tone(chain_tone(chain.status));
            writeln!(output.out, "{tone}{}{tone:#}", Shown::clipped(&chain.to_string(), usize::MAX))?;
            for set in &chain.sets {
                for line in set_lines(set) {
                    writeln!(output.out, "  {line}")?;
                }
                if vouching.contains(&set.instance) {
                    writeln!(output.out, "    you trust this sealer, and it vouches for this message")?;
                }
            }
            Ok(())
        })?;
        input.passed_over.failure().map_or(Ok(Exit::of(broken)), Err)
    }
}
