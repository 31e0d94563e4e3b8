//! `mailwright completions`: the completions of a shell.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Write the completions of a shell to standard output.
#[derive(Args)]
#[command(after_help = "Example:\n  mailwright completions bash > ~/.local/share/bash-completion/completions/mailwright")]
pub(crate) struct Completions {
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        use std::io::Write as _;
        // clap_complete panics where it cannot write, so that it writes to memory.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::Mailwright::command(), "mailwright", &mut script);
        output.out.write_all(&script)?;
        Ok(Exit::Fine)
    }
}
