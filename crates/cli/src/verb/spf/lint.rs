//! `mailwright spf lint`

use std::io::Write as _;

use clap::Args;
use mailwright_dns::drive_blocking;
use mailwright_spf::{Finding, Limits, Severity, lint, lint_domain};
use serde_json::json;

use super::write_lines;
use crate::dns::Ask;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::report::json;
use crate::report::text::sentence;
use crate::section::Tone;
use crate::shown::count;

/// Look for faults in the record of a domain and in all that it includes, and count its look-ups.
///
/// Exit status: 0 no error and no warning, 1 one or more, 2 wrong usage or a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright spf lint example.org\n  mailwright spf lint --record 'v=spf1 mx -all'")]
pub(crate) struct Lint {
    /// The domain.
    #[arg(required_unless_present = "record", conflicts_with = "record")]
    domain: Option<String>,

    /// A record to look at instead, without DNS.
    #[arg(long, value_name = "TEXT")]
    record: Option<String>,

    #[command(flatten)]
    ask: Ask,

    /// Write a JSON object.
    #[arg(long)]
    json: bool,
}

impl Lint {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let findings = match (&self.domain, &self.record) {
            (Some(domain), _) => {
                let source = self.ask.source()?;
                let tree = drive_blocking(&source, |dns| lint_domain(domain, dns, &Limits::default()));
                if self.json {
                    json::line(&mut output.out, &json!(tree))?;
                } else {
                    for node in &tree.nodes {
                        let indent = "  ".repeat(node.depth);
                        let (lookups, domain, record) = (node.total, &node.domain, &node.record);
                        let lookups = count(lookups, "look-up", "look-ups");
                        write_lines(output, &format!("{indent}{domain} ({lookups}): {record}"))?;
                    }
                    let most = Limits::default();
                    let (lookups, void) = (tree.counts.lookups, tree.counts.void_lookups);
                    writeln!(
                        output.out,
                        "{lookups} of {} look-ups, {void} of {} void",
                        most.lookups, most.void_lookups
                    )?;
                }
                tree.findings
            }
            (None, record) => {
                let findings = lint(record.as_deref().unwrap_or_default().as_bytes());
                if self.json {
                    json::line(&mut output.out, &json!({ "findings": findings }))?;
                }
                findings
            }
        };
        if !self.json {
            findings.iter().try_for_each(|finding| line(output, finding))?;
        }
        Ok(Exit::of(findings.iter().any(|finding| finding.severity() > Severity::Note)))
    }
}

fn line(output: &mut Output, finding: &Finding) -> std::io::Result<()> {
    let tone = match finding.severity() {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Warning,
        Severity::Note => Tone::Quiet,
    };
    sentence(output, tone, &finding.to_string(), 0)
}
