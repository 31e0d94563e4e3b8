//! `mailwright spf flatten`

use std::io::Write as _;

use clap::Args;
use mailwright_dns::drive_blocking;
use mailwright_spf::{FlattenOptions, Limits, flatten};
use serde_json::json;

use super::write_lines;
use crate::dns::Ask;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::report::json;
use crate::shown::count;

/// Write out the includes of a domain's record, as lines of a master file; what changes when others change is noted.
///
/// Exit status: 0 done, 2 a record that is missing or wrong, or DNS did not answer.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright spf flatten example.org\n  mailwright spf flatten example.org --keep-addresses --octets 255")]
pub(crate) struct Flatten {
    /// The domain.
    domain: String,

    /// Leave a and mx as they are, since their addresses may change.
    #[arg(long)]
    keep_addresses: bool,

    /// The longest record.
    #[arg(long, value_name = "N", default_value_t = FlattenOptions::default().record_octets)]
    octets: usize,

    /// The first label of further names, which get a number.
    #[arg(long, value_name = "LABEL", default_value = "_spf")]
    label: String,

    #[command(flatten)]
    ask: Ask,

    /// Write a JSON object.
    #[arg(long)]
    json: bool,
}

impl Flatten {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let source = self.ask.source()?;
        let mut options = FlattenOptions::default();
        (options.addresses, options.record_octets, options.label) =
            (!self.keep_addresses, self.octets, self.label);
        let flat = drive_blocking(&source, |dns| flatten(&self.domain, dns, &options, &Limits::default()))
            .map_err(|error| Failure::new(error.to_string()))?;
        if self.json {
            json::line(&mut output.out, &json!(flat))?;
            return Ok(Exit::Fine);
        }
        for note in &flat.notes {
            write_lines(output, &format!("; {note}"))?;
        }
        for (name, text) in &flat.records {
            // A character-string has 255 octets at most (RFC 1035 3.3); the text is ASCII.
            let parts: Vec<&str> =
                text.as_bytes().chunks(255).filter_map(|part| std::str::from_utf8(part).ok()).collect();
            write_lines(output, &format!("{name}. TXT \"{}\"", parts.join("\" \"")))?;
        }
        writeln!(output.out, "; {}", count(flat.lookups, "look-up", "look-ups"))?;
        Ok(Exit::Fine)
    }
}
