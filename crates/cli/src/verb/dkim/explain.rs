//! `mailwright dkim explain`

use std::io::Write as _;

use clap::Args;
use mailwright_dkim::SignatureResult;
use mailwright_dkim::diagnose::{Diagnosis, explain};
use serde_json::json;

use super::{Given, Verified, line};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::report::json;
use crate::shown::Shown;

/// Find out what happened to a message whose DKIM signatures fail.
///
/// Changes that lists, gateways and mailboxes make are undone, one after the other and some together, until the body hash
/// matches or the signature holds. What is found that way is proved.
///
/// Exit status: 0 every signature holds, 1 one does not, 2 a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright dkim explain message.eml\n  mailwright dkim explain message.eml --zone keys.zone --at 1700000000")]
pub(crate) struct Explain {
    #[command(flatten)]
    given: Given,
}

impl Explain {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let mut all_pass = true;
        self.given.each(|Verified { origin, sent, found, answers, policy, alone }| {
            let why = found.signatures.iter().map(|result| explain(sent, result, answers, policy));
            let why: Vec<Diagnosis> = why.collect();
            all_pass &= found.signatures.iter().all(SignatureResult::is_pass);
            if self.given.json {
                let both = json!({ "signatures": found.signatures, "diagnoses": why });
                json::line(&mut output.out, &json::found(origin, both))?;
                return Ok(());
            }
            if !alone {
                writeln!(output.out, "{}", origin.name())?;
            }
            if found.signatures.is_empty() {
                writeln!(output.out, "no DKIM signature: there is nothing to explain")?;
            }
            for (result, why) in found.signatures.iter().zip(&why) {
                line(output, result)?;
                let lines = why.to_string();
                for line in lines.lines().filter(|_| !result.is_pass()) {
                    writeln!(output.out, "  {}", Shown::clipped(line, usize::MAX))?;
                }
            }
            Ok(())
        })?;
        Ok(Exit::of(!all_pass))
    }
}
