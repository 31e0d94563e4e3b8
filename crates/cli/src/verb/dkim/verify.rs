//! `mailwright dkim verify`

use std::io::Write as _;

use clap::Args;
use mailwright_message_model::authres::AuthenticationResults;
use serde_json::json;

use super::{Given, Verified, line};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::report::json;

/// Say of every DKIM signature whether it holds, and why not.
///
/// Exit status: 0 each message has a signature that holds, 1 one has none, 2 a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright dkim verify message.eml\n  mailwright dkim verify message.eml --zone keys.zone --at 1700000000")]
pub(crate) struct Verify {
    #[command(flatten)]
    given: Given,

    /// Print the results as an Authentication-Results field of this server.
    #[arg(long, value_name = "AUTHSERV-ID")]
    results: Option<String>,
}

impl Verify {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let mut all_pass = true;
        self.given.each(|Verified { origin, found, alone, .. }| {
            all_pass &= found.passing().next().is_some();
            if self.given.json {
                json::line(&mut output.out, &json::found(origin, json!({ "signatures": found.signatures })))?;
                return Ok(());
            }
            if let Some(id) = &self.results {
                let mut results = AuthenticationResults::new(id);
                results.extend(found.method_results());
                write!(output.out, "{}", results.to_field())?;
                return Ok(());
            }
            if !alone {
                writeln!(output.out, "{}", origin.name())?;
            }
            if found.signatures.is_empty() {
                writeln!(output.out, "no DKIM signature")?;
            }
            found.signatures.iter().try_for_each(|result| line(output, result))?;
            Ok(())
        })?;
        Ok(Exit::of(!all_pass))
    }
}
