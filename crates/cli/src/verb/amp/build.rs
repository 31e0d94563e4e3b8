//! `mailwright amp build`

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::description::Description;
use crate::exit::{Exit, Failure, reason};
use crate::file;
use crate::output::Output;

/// Build a message with text, AMP and HTML of a description in TOML. Without a file, print a description to start with.
///
/// Exit status: 0 it is written, 2 wrong usage, or a description that makes no valid e-mail.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright amp build > rsvp.toml\n  mailwright amp build rsvp.toml -o rsvp.eml\n  mailwright amp build rsvp.toml --part amp")]
pub(crate) struct Build {
    /// The description.
    #[arg(value_name = "FILE")]
    path: Option<PathBuf>,

    /// Write to this file, which is not the one that is read; else to standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write one document, not the message.
    #[arg(long, value_enum, requires = "path")]
    part: Option<Which>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Which {
    Amp,
    Html,
    Text,
}

/// A description to start with; the sample `rsvp.eml` is made of it.
pub(super) const SAMPLE: &str = include_str!("../../../samples/rsvp.toml");

impl Build {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let made = match &self.path {
            None => SAMPLE.as_bytes().to_vec(),
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| Failure::at(path, reason(&error)))?;
                let description = Description::parse(&text).map_err(|error| Failure::at(path, error))?;
                let at = |error: String| Failure::at(path, error);
                let email = description.email().map_err(at)?;
                match self.part {
                    Some(Which::Amp) => email.amp().as_bytes().to_vec(),
                    Some(Which::Html) => email.html().as_bytes().to_vec(),
                    Some(Which::Text) => email.text().as_bytes().to_vec(),
                    None => description.message(&email).map_err(at)?,
                }
            }
        };
        match &self.output {
            Some(path) => {
                file::spare(self.path.as_slice(), path)?;
                file::write(path, |file| file.write_all(&made))?;
            }
            None => output.out.write_all(&made)?,
        }
        Ok(Exit::Fine)
    }
}
