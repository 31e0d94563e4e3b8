//! `mailwright arc`: verify and seal.

mod seal;
mod verify;

use clap::{Args, Subcommand};

use crate::exit::{Exit, Failure};
use crate::output::Output;

/// ARC chains (RFC 8617, on its way to Historic): verify, seal.
#[derive(Args)]
pub(crate) struct Arc {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Verify(verify::Verify),
    Seal(seal::Seal),
}

impl Arc {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        match self.verb {
            Verb::Verify(verb) => verb.run(output),
            Verb::Seal(verb) => verb.run(output),
        }
    }
}
