//! `mailwright bounce explain`

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use mailwright_bounces::{Kind, Parser, Reply, Source};

use super::{Given, rules, verdict};
use crate::exit::{Exit, Failure};
use crate::input::{Input, Options};
use crate::output::Output;
use crate::shown::Shown;

/// Explain a bounce: where each recipient was found, what was said, which rule decided and on which words.
///
/// Exit status: 0 no bounce, 1 a bounce, 2 wrong usage or a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Example:\n  mailwright bounce explain bounce.eml")]
pub(crate) struct Explain {
    /// A message; - for standard input.
    #[arg(value_name = "FILE")]
    path: PathBuf,

    #[command(flatten)]
    given: Given,
}

impl Explain {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let rules = rules(self.given.rules.as_deref())?;
        let parser = Parser::new().with_rules(&rules);
        let mut found = false;
        Input::open(&[self.path], Options::default())?.read(|item| {
            item.whole()?;
            let report = parser.parse(item.raw);
            found |= report.kind == Kind::Bounce;
            let title = output.paint.title();
            writeln!(output.out, "{title}{}{title:#}: {}", item.origin.name(), report.kind)?;
            for (name, value) in [("reported by", &report.reporting_mta), ("envelope id", &report.envelope_id)] {
                if let Some(value) = value {
                    writeln!(output.out, "{name} {}", Shown::text(value))?;
                }
            }
            for recipient in &report.recipients {
                writeln!(output.out, "\n{title}{}{title:#}", Shown::text(&recipient.address))?;
                let place = match &recipient.source {
                    Source::DsnField => "the fields of the delivery status".to_owned(),
                    Source::FeedbackField => "the fields of the feedback report".to_owned(),
                    Source::Text(format) => format!("its text, read as {format}"),
                    Source::Header => "the header of the report".to_owned(),
                    _ => "the returned message, which does not say who failed".to_owned(),
                };
                writeln!(output.out, "  found in {place}, octets {}-{}", recipient.span.start, recipient.span.end)?;
                if let Some(original) = &recipient.original {
                    writeln!(output.out, "  the sender wrote {}", Shown::text(original))?;
                }
                writeln!(output.out, "  {}", recipient.action.name())?;
                for (name, status) in [("field", recipient.status_field), ("diagnostic", recipient.status_diagnostic)] {
                    if let Some(status) = status {
                        let meaning = status.meaning().unwrap_or("not registered");
                        writeln!(output.out, "  status of the {name}: {status}, {meaning}")?;
                    }
                }
                let reply = Reply::parse(&recipient.diagnostic);
                verdict(output, &recipient.verdict, &reply)?;
            }
            for warning in &report.warnings {
                let name = serde_json::to_value(warning).unwrap_or_default();
                writeln!(output.out, "\nwarning: {}", Shown::text(name.as_str().unwrap_or_default()))?;
            }
            Ok(())
        })?;
        Ok(Exit::of(found))
    }
}
