//! `mailwright dmarc report`

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use mailwright_dmarc::report::{Limits, Parsed, Report as Found, parse};
use serde_json::{Value, json};

use super::page;
use super::sources::Sources;
use crate::exit::{Exit, Failure, reason};
use crate::output::Output;
use crate::report::json;
use crate::section::Tone;
use crate::shown::{Shown, grouped};

/// Read aggregate, failure and TLS reports: files, or messages that carry them, packed or not.
///
/// Exit status: 0 no message failed, 1 one or more failed, 2 wrong usage or a report that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright dmarc report example.org!example.com!1764547200!1764633599.xml.gz\n  mailwright dmarc report reports/*.eml --html summary.html\n  mailwright dmarc report report.xml --json")]
pub(crate) struct Report {
    /// Reports; - for standard input.
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<PathBuf>,

    /// Write one JSON object a line: each report, then the summary.
    #[arg(long)]
    json: bool,

    /// Write the summary as a page, the sources that fail by volume.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Show what was out of form in each report.
    #[arg(long)]
    warnings: bool,

    /// How many sources are shown.
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    most: usize,
}

impl Report {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let mut sources = Sources::default();
        let mut unreadable = 0_usize;
        for path in &self.paths {
            let octets = read(path)?;
            match parse(&octets, &Limits::default()) {
                Ok(parsed) => {
                    if let Found::Aggregate(report) = &parsed.report {
                        sources.add(report);
                    }
                    self.one(output, path, &parsed)?;
                }
                Err(error) => {
                    unreadable = unreadable.saturating_add(1);
                    writeln!(std::io::stderr(), "mailwright: {}: {error}", Shown::path(path))?;
                }
            }
        }
        sources.sort();
        if self.json {
            json::line(&mut output.out, &json!({ "summary": sources }))?;
        } else if sources.reports > 0 {
            self.table(output, &sources)?;
        }
        if let Some(path) = &self.html {
            page::write(path, &sources)?;
        }
        if unreadable > 0 {
            return Err(Failure::new(format!("{} could not be read", crate::shown::count(unreadable, "report", "reports"))));
        }
        Ok(Exit::of(sources.failed > 0))
    }

    /// One report: a line, or an object.
    fn one(&self, output: &mut Output, path: &Path, parsed: &Parsed<Found>) -> Result<(), Failure> {
        if self.json {
            let (kind, report) = value(&parsed.report);
            let file = path.to_string_lossy();
            json::line(
                &mut output.out,
                &json!({ "file": file, "kind": kind, "report": report, "warnings": parsed.warnings }),
            )?;
            return Ok(());
        }
        writeln!(output.out, "{}", Shown::clipped(&headline(&parsed.report), usize::MAX))?;
        let tone = output.paint.tone(Tone::Warning);
        if self.warnings {
            for warning in &parsed.warnings {
                writeln!(output.out, "{tone}  {}{tone:#}", Shown::clipped(&warning.to_string(), usize::MAX))?;
            }
        }
        Ok(())
    }

    fn table(&self, output: &mut Output, sources: &Sources) -> Result<(), Failure> {
        let (failed, messages) = (grouped(sources.failed), grouped(sources.messages));
        let title = output.paint.title();
        writeln!(output.out, "{title}{failed} of {messages} messages failed{title:#}")?;
        writeln!(output.out, "{:>10} {:>10}  {:<39} author domain", "failed", "messages", "source")?;
        for source in sources.sources.iter().take(self.most) {
            let ip = source.ip.map_or_else(|| "?".into(), |ip| ip.to_string());
            let tone = output.paint.tone(if source.failed > 0 { Tone::Bad } else { Tone::Good });
            let (failed, messages) = (grouped(source.failed), grouped(source.messages));
            let from = Shown::text(&source.header_from);
            write!(output.out, "{tone}{failed:>10}{tone:#} {messages:>10}  {ip:<39} {from}")?;
            if !source.passed_as.is_empty() {
                write!(output.out, " (passed as {})", Shown::text(&source.passed_as.join(", ")))?;
            }
            writeln!(output.out)?;
        }
        let left = sources.sources.len().saturating_sub(self.most);
        if left > 0 {
            writeln!(output.out, "and {} more (--most shows them)", grouped(left as u64))?;
        }
        Ok(())
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    if path.as_os_str() != "-" {
        return std::fs::read(path).map_err(|error| Failure::at(path, reason(&error)));
    }
    let mut octets = Vec::new();
    // One octet more than is read, so that a longer input is told from one that fits.
    let most = u64::try_from(Limits::OCTETS).unwrap_or(u64::MAX).saturating_add(1);
    let read = std::io::stdin().lock().take(most).read_to_end(&mut octets);
    read.map_err(|error| Failure::at(path, reason(&error)))?;
    Ok(octets)
}

fn value(report: &Found) -> (&'static str, Value) {
    match report {
        Found::Aggregate(report) => ("aggregate", json!(report)),
        Found::Failure(report) => ("failure", json!(report)),
        Found::Tls(report) => ("tls", json!(report)),
        _ => ("other", Value::Null),
    }
}

fn headline(report: &Found) -> String {
    match report {
        Found::Aggregate(report) => {
            let failed = report.rows.iter().filter(|row| !row.passes()).map(|row| row.count);
            let failed = failed.fold(0, u64::saturating_add);
            let policy = report.policy.p.map_or("no policy", |policy| policy.as_str());
            format!(
                "aggregate report of {} for {} ({policy}): {} of {} messages failed",
                report.metadata.org_name,
                report.policy.domain,
                grouped(failed),
                grouped(report.messages())
            )
        }
        Found::Failure(report) => {
            let domain = report.reported_domain.first().map_or("?", |domain| domain);
            let ip = report.source_ip.map_or_else(|| "?".into(), |ip| ip.to_string());
            let failures = report.auth_failure.join(", ");
            format!("{} report for {domain} from {ip} {failures}", report.feedback_type)
        }
        Found::Tls(report) => format!(
            "TLS report of {}: {} sessions failed",
            report.organization_name,
            grouped(report.failures())
        ),
        _ => "a report of another sort".into(),
    }
}
