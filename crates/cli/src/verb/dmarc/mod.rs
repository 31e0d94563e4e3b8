//! `mailwright dmarc`: check, record, report.

mod check;
mod page;
mod record;
mod report;
mod sources;

use std::io::{self, Write as _};

use clap::{Args, Subcommand};
use mailwright_dmarc::Verdict;

use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::section::Tone;
use crate::shown::Shown;

/// DMARC (RFC 9989): evaluate a message, look at a record, read reports.
#[derive(Args)]
pub(crate) struct Dmarc {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Check(check::Check),
    Record(record::Record),
    Report(report::Report),
}

impl Dmarc {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        match self.verb {
            Verb::Check(verb) => verb.run(output),
            Verb::Record(verb) => verb.run(output),
            Verb::Report(verb) => verb.run(output),
        }
    }
}

const fn tone(verdict: &Verdict) -> Tone {
    match verdict {
        Verdict::Pass => Tone::Good,
        Verdict::Fail => Tone::Bad,
        Verdict::TempError(_) => Tone::Warning,
        _ => Tone::Plain,
    }
}

/// Text of more than one line, of which some is a stranger's.
fn write_lines(output: &mut Output, text: &str) -> io::Result<()> {
    text.lines().try_for_each(|line| writeln!(output.out, "{}", Shown::clipped(line, usize::MAX)))
}
