//! `mailwright spf check`

use std::io::Write as _;

use clap::Args;
use mailwright_dns::drive_blocking;
use mailwright_message_model::authres::AuthenticationResults;
use mailwright_spf::{Config, SpfResult, check_host};
use serde_json::json;

use super::{Client, tone, write_lines};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::report::json;
use crate::shown::Shown;

/// Say whether a client may send for a domain, and which term says so.
///
/// Exit status: 0 pass, 1 any other result, 2 wrong usage or a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright spf check --ip 192.0.2.1 --mail-from zoe@example.org --helo mx.example.org\n  mailwright spf check --ip 192.0.2.1 --helo mx.example.org --zone example.zone")]
pub(crate) struct Check {
    #[command(flatten)]
    client: Client,

    /// Print an Authentication-Results field of this server.
    #[arg(long, value_name = "AUTHSERV-ID", conflicts_with_all = ["received_spf", "json"])]
    results: Option<String>,

    /// Print a Received-SPF field.
    #[arg(long, conflicts_with = "json")]
    received_spf: bool,

    /// Write a JSON object.
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let (source, request) = (self.client.ask.source()?, self.client.request());
        let outcome = drive_blocking(&source, |dns| check_host(&request, dns, &Config::default()));
        if self.json {
            json::line(&mut output.out, &json!(outcome))?;
        } else if let Some(id) = &self.results {
            let results = AuthenticationResults::new(id).with_result(outcome.method_result(&request));
            write!(output.out, "{}", results.to_field())?;
        } else if self.received_spf {
            write!(output.out, "{}", outcome.received_spf(&request))?;
        } else {
            let tone = output.paint.tone(tone(outcome.result));
            writeln!(output.out, "{tone}{}{tone:#}", Shown::clipped(&outcome.to_string(), usize::MAX))?;
            if let Some(explanation) = &outcome.explanation {
                write_lines(output, &format!("  the domain says: {explanation}"))?;
            }
        }
        Ok(Exit::of(outcome.result != SpfResult::Pass))
    }
}
