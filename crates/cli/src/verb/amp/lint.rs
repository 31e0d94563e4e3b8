//! `mailwright amp lint`

use std::io::Write as _;

use clap::Args;
use mailwright_amp_mime::lint::lint;
use serde_json::json;

use super::document::Documents;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::report::json;
use crate::report::text::sentence;
use crate::section::Tone;
use crate::shown::count;

/// Look for what is valid and yet not shown, or not as meant: element counts, actions, templates, deprecated components.
///
/// Exit status: 0 nothing was found, 1 something was, or a message has no AMP part, 2 a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright amp lint amp.html\n  mailwright amp lint message.eml --json")]
pub(crate) struct Lint {
    #[command(flatten)]
    documents: Documents,
}

impl Lint {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let mut is_found = false;
        self.documents.read(|document| {
            let found = document.text.as_deref().map(lint);
            is_found |= found.as_ref().is_none_or(|found| !found.is_empty());
            if self.documents.json {
                let value = json!({ "file": document.named, "lints": found });
                return Ok(json::line(&mut output.out, &value)?);
            }
            let word = found.as_ref().map(|found| count(found.len(), "finding", "findings"));
            let title = output.paint.title();
            let word = word.unwrap_or_else(|| "no AMP part".to_owned());
            writeln!(output.out, "{title}{}{title:#}: {word}", document.name())?;
            found.iter().flatten().try_for_each(|lint| sentence(output, Tone::Warning, &lint.to_string(), 2))?;
            Ok(())
        })?;
        Ok(Exit::of(is_found))
    }
}
