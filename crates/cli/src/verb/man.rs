//! `mailwright man`: the manual pages.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _};

use crate::exit::{Exit, Failure, reason};
use crate::output::Output;

/// Write the manual: a page to standard output, or a page for each verb to a directory.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright man | man -l -\n  mailwright man ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// The directory; it must exist.
    directory: Option<PathBuf>,
}

impl Man {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let command = super::Mailwright::command();
        match self.directory {
            Some(directory) => clap_mangen::generate_to(command, &directory)
                .map_err(|error| Failure::at(&directory, format!("cannot write the manual: {}", reason(&error))))?,
            None => {
                let mut page = Vec::new();
                clap_mangen::Man::new(command).render(&mut page)?;
                output.out.write_all(&page)?;
            }
        }
        Ok(Exit::Fine)
    }
}
