//! `mailwright spam`: eval.

mod eval;

use clap::{Args, Subcommand};

use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Anti-spam: measure the filter.
#[derive(Args)]
pub(crate) struct Spam {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Eval(eval::Eval),
}

impl Spam {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        match self.verb {
            Verb::Eval(verb) => verb.run(output),
        }
    }
}
