//! `mailwright spam train` and `mailwright spam untrain`

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use mailwright_antispam::Class;
use mailwright_antispam::learn::{TakenBack, Trained};
use mailwright_antispam::store::Scope;
use mailwright_message_model::Message;

use super::model;
use crate::exit::{Exit, Failure};
use crate::file;
use crate::input::{Input, Options};
use crate::output::Output;
use crate::progress::Progress;

/// Learn what messages are. A message counts once, however often it is learned; learned as the other class, it changes sides.
///
/// Exit status: 0 learned, 2 wrong usage, or a file that cannot be read or written; the model is then as it was.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright spam train --model my.model ham ~/Maildir\n  mailwright spam train --model my.model spam junk.mbox")]
pub(crate) struct Train {
    /// The file of the model; begun where there is none.
    #[arg(long, value_name = "FILE")]
    model: PathBuf,

    /// What the messages are: `ham` or `spam`.
    class: Class,

    /// Messages, mboxes, Maildirs or folders of messages; - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl Train {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        file::spare(&self.paths, &self.model)?;
        let mut learner = model::load_or_new(&self.model)?;
        let (mut new, mut moved, mut seen) = (0usize, 0usize, 0usize);
        each(&self.paths, output, |message| {
            seen += 1;
            match learner.train(message, self.class, &Scope::Shared).map_err(|error| Failure::new(error.to_string()))? {
                Trained::New => new += 1,
                Trained::Relabelled(_) => moved += 1,
                _ => {}
            }
            Ok(())
        })?;
        model::save(&self.model, &learner)?;
        let class = self.class;
        writeln!(output.out, "{new} of {seen} messages learned as {class}, {moved} moved to it, the others were known")?;
        Ok(Exit::Fine)
    }
}

/// Take messages back: their counts are gone exactly. The learned weights keep what an earlier run learned; learning the rest into
/// an empty model takes it out of them as well.
///
/// Exit status: 0 taken back or never learned, 2 wrong usage, or a file that cannot be read or written.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright spam untrain --model my.model mistake.eml")]
pub(crate) struct Untrain {
    /// The file of the model.
    #[arg(long, value_name = "FILE")]
    model: PathBuf,

    /// Messages, mboxes, Maildirs or folders of messages; - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl Untrain {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        file::spare(&self.paths, &self.model)?;
        let mut learner = model::load(&self.model)?;
        let (mut exactly, mut counts, mut seen) = (0usize, 0usize, 0usize);
        each(&self.paths, output, |message| {
            seen += 1;
            match learner.untrain(message, &Scope::Shared).map_err(|error| Failure::new(error.to_string()))? {
                Some(TakenBack::Exactly) => exactly += 1,
                Some(_) => counts += 1,
                None => {}
            }
            Ok(())
        })?;
        model::save(&self.model, &learner)?;
        writeln!(output.out, "{} of {seen} messages taken back", exactly + counts)?;
        if counts > 0 {
            writeln!(output.out, "  their counts are gone; the learned weights keep {counts} of them until all is learned anew")?;
        }
        Ok(Exit::Fine)
    }
}

/// Reads messages and hands each on, with a progress bar.
fn each(
    paths: &[PathBuf],
    output: &Output,
    mut learn: impl FnMut(&Message<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut input = Input::open(paths, Options::default())?;
    let mut progress = Progress::new(input.total, !output.is_terminal);
    let mut count = 0;
    input.read(|item| {
        item.whole()?;
        let message = super::parse(item.raw).map_err(|error| Failure::new(error.to_string()))?;
        learn(&message)?;
        count += 1;
        progress.at(item.read, count);
        Ok(())
    })?;
    input.passed_over.failure().map_or(Ok(()), Err)
}
