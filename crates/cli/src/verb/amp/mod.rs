//! `mailwright amp`: validate, lint, explain, build, strip.

mod build;
mod description;
mod document;
mod explain;
mod lint;
mod strip;
mod validate;

use clap::{Args, Subcommand};

use crate::exit::{Exit, Failure};
use crate::output::Output;

pub(crate) use explain::demo;

/// AMP for Email: validate, build and take out the AMP part, and say why a client does not show it.
#[derive(Args)]
pub(crate) struct Amp {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Validate(validate::Validate),
    Lint(lint::Lint),
    Explain(explain::Explain),
    Build(build::Build),
    Strip(strip::Strip),
}

impl Amp {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        match self.verb {
            Verb::Validate(verb) => verb.run(output),
            Verb::Lint(verb) => verb.run(output),
            Verb::Explain(verb) => verb.run(output),
            Verb::Build(verb) => verb.run(output),
            Verb::Strip(verb) => verb.run(output),
        }
    }
}
