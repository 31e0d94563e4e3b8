//! `mailwright bounce summary`

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use mailwright_bounces::Parser;

use super::tally::Tally;
use super::{Given, page, rules};
use crate::exit::{Exit, Failure};
use crate::input::{Input, Options};
use crate::output::Output;
use crate::report::json;
use crate::shown::{Shown, grouped};

/// Count the bounces of a mailbox by reason, advice and domain.
///
/// Exit status: 0 nothing failed, 1 mail failed or is delayed, 2 wrong usage or a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright bounce summary bounces.mbox\n  mailwright bounce summary ~/Maildir/.Bounces --html bounces.html")]
pub(crate) struct Summary {
    /// A mailbox: mbox, Maildir or folder of messages; - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Write one JSON object.
    #[arg(long)]
    json: bool,

    /// Write the summary to FILE, as one page with bars that needs no network.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// How many lines of each list are shown.
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    most: usize,

    #[command(flatten)]
    given: Given,
}

impl Summary {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        if let Some(page) = &self.html {
            crate::file::spare(&self.paths, page)?;
        }
        let rules = rules(self.given.rules.as_deref())?;
        let parser = Parser::new().with_rules(&rules);
        let mut input = Input::open(&self.paths, Options::default())?;
        let mut tally = Tally::default();
        input.read(|item| {
            item.whole()?;
            tally.add(&parser.parse(item.raw));
            Ok(())
        })?;
        tally.sort();
        if self.json {
            json::line(&mut output.out, &tally)?;
        } else {
            self.table(output, &tally)?;
        }
        if let Some(path) = &self.html {
            page::write(path, &tally, self.most)?;
        }
        match input.passed_over.failure() {
            Some(failure) => Err(failure),
            None => Ok(Exit::of(tally.recipients > 0)),
        }
    }

    fn table(&self, output: &mut Output, tally: &Tally) -> Result<(), Failure> {
        let title = output.paint.title();
        writeln!(output.out, "{}", tally.verdict())?;
        for (name, counts) in tally.lists() {
            if counts.is_empty() {
                continue;
            }
            writeln!(output.out, "\n{title}{name}{title:#}")?;
            let width = counts.first().map_or(0, |first| grouped(first.count).len());
            for count in counts.iter().take(self.most) {
                writeln!(output.out, "{:>width$}  {}", grouped(count.count), Shown::text(&count.name))?;
            }
            let left = counts.len().saturating_sub(self.most);
            if left > 0 {
                writeln!(output.out, "and {} more (--most shows them)", grouped(left as u64))?;
            }
        }
        Ok(())
    }
}
