//! `mailwright amp strip`

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use mailwright_amp_mime::strip;
use mailwright_message_model::Message;

use crate::exit::{Exit, Failure};
use crate::file;
use crate::input::{Format, Input, Options};
use crate::output::Output;

/// Take the AMP part out of a message, for a reply or forward. Every other octet stays.
///
/// Exit status: 0 the message is written, 2 a file that cannot be read or written.
#[derive(Args)]
#[command(after_help = "Example:\n  mailwright amp strip message.eml -o plain.eml")]
pub(crate) struct Strip {
    /// A message; - for standard input.
    #[arg(value_name = "PATH")]
    path: PathBuf,

    /// Write to this file, which is not the one that is read; else to standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Strip {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let options = Options { format: Format::Message, ..Options::default() };
        if let Some(path) = &self.output {
            file::spare(std::slice::from_ref(&self.path), path)?;
        }
        Input::open(std::slice::from_ref(&self.path), options)?.read(|item| {
            item.whole()?;
            let at = |error| Failure::new(format!("{}: {error}", item.origin.name()));
            let message = Message::parse(item.raw).map_err(at)?;
            let stripped = strip(&message);
            match &self.output {
                Some(path) => file::write(path, |file| file.write_all(&stripped)).map(drop),
                None => Ok(output.out.write_all(&stripped)?),
            }
        })?;
        Ok(Exit::Fine)
    }
}
