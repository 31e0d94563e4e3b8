//! `mailwright spf explain`

use std::io::Write as _;

use clap::Args;
use mailwright_dns::drive_blocking;
use mailwright_spf::{Config, SpfResult, check_host_traced};
use serde_json::json;

use super::{Client, tone, write_lines};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::report::json;
use crate::shown::Shown;

/// Show each record and term that was evaluated, what it asked DNS, and what is counted against the limits.
///
/// Exit status: 0 pass, 1 any other result, 2 wrong usage or a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright spf explain --ip 192.0.2.1 --mail-from zoe@example.org")]
pub(crate) struct Explain {
    #[command(flatten)]
    client: Client,

    /// Write a JSON object.
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let (source, request) = (self.client.ask.source()?, self.client.request());
        let config = Config::default();
        let (outcome, trace) = drive_blocking(&source, |dns| check_host_traced(&request, dns, &config));
        if self.json {
            json::line(&mut output.out, &json!({ "outcome": outcome, "steps": trace.steps }))?;
        } else {
            write_lines(output, &trace.to_string())?;
            let (tone, counts) = (output.paint.tone(tone(outcome.result)), outcome.counts);
            writeln!(output.out, "{tone}{}{tone:#}", Shown::clipped(&outcome.to_string(), usize::MAX))?;
            writeln!(
                output.out,
                "{} of {} look-ups, {} of {} void (RFC 7208 4.6.4)",
                counts.lookups, config.limits.lookups, counts.void_lookups, config.limits.void_lookups
            )?;
        }
        Ok(Exit::of(outcome.result != SpfResult::Pass))
    }
}
