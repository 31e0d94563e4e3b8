//! `mailwright amp validate`

use std::io::Write as _;

use clap::Args;
use mailwright_amp_mime::{Severity, validate};
use serde_json::json;

use super::document::Documents;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::report::json;
use crate::report::text::sentence;
use crate::section::Tone;

/// Validate AMP for Email: the rules, error codes and places of the official validator.
///
/// Exit status: 0 every document is valid, 1 one is not, or a message has no AMP part, 2 a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright amp validate amp.html\n  mailwright amp validate message.eml --json")]
pub(crate) struct Validate {
    #[command(flatten)]
    documents: Documents,
}

impl Validate {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let mut found = false;
        self.documents.read(|document| {
            let report = document.text.as_deref().map(validate);
            found |= !report.as_ref().is_some_and(mailwright_amp_mime::Report::is_valid);
            if self.documents.json {
                let (status, findings) = report.map_or((None, Vec::new()), |report| (Some(report.status), report.findings));
                let value = json!({ "file": document.named, "status": status, "findings": findings });
                return Ok(json::line(&mut output.out, &value)?);
            }
            let word = match &report {
                None => "no AMP part",
                Some(report) if report.is_valid() => "valid",
                Some(_) => "not valid",
            };
            let title = output.paint.title();
            writeln!(output.out, "{title}{}{title:#}: {word}", document.name())?;
            for finding in report.iter().flat_map(|report| &report.findings) {
                let tone = if finding.severity == Severity::Error { Tone::Bad } else { Tone::Warning };
                sentence(output, tone, &finding.to_string(), 2)?;
            }
            Ok(())
        })?;
        Ok(Exit::of(found))
    }
}
