//! `mailwright spam`: train, untrain, score, explain, eval.

mod eval;
mod model;
mod score;
mod train;

use clap::{Args, Subcommand};
use mailwright_message_model::{Error, Limits, Message};

use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Anti-spam: learn, judge, explain, and measure the filter.
#[derive(Args)]
pub(crate) struct Spam {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Train(train::Train),
    Untrain(train::Untrain),
    Score(score::Score),
    Explain(score::Explain),
    Eval(eval::Eval),
}

/// Reads a message of any size: what is scanned has limits of its own.
fn parse(raw: &[u8]) -> Result<Message<'_>, Error> {
    Message::parse_with(raw, &Limits { bytes: Limits::MAX_BYTES, ..Limits::default() })
}

impl Spam {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        match self.verb {
            Verb::Train(verb) => verb.run(output),
            Verb::Untrain(verb) => verb.run(output),
            Verb::Score(verb) => verb.run(output),
            Verb::Explain(verb) => verb.run(output),
            Verb::Eval(verb) => verb.run(output),
        }
    }
}
