//! `mailwright cert`: show, verify.

mod show;
mod verify;

use clap::{Args, Subcommand};

use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Certificates (RFC 5280): show what is in a file, verify a path.
#[derive(Args)]
pub(crate) struct Cert {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Show(show::Show),
    Verify(verify::Verify),
}

impl Cert {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        match self.verb {
            Verb::Show(verb) => verb.run(output),
            Verb::Verify(verb) => verb.run(output),
        }
    }
}
