//! `mailwright dmarc report`

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use mailwright_dmarc::report::{Limits, Parsed, Report as Found, parse};
use serde_json::{Value, json};

use super::page;
use super::sources::{Source, Sources};
use crate::exit::{Exit, Failure, reason};
use crate::output::Output;
use crate::report::json;
use crate::report::lay_out::wrap;
use crate::section::Tone;
use crate::shown::{Shown, grouped};

/// Read aggregate, failure and TLS reports: files, or messages that carry them, packed or not.
///
/// Exit status: 0 no message failed by the aggregate reports, 1 one or more failed, 2 wrong usage or a report that cannot be read.
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
                    let again = match &parsed.report {
                        Found::Aggregate(report) => !sources.add(report),
                        _ => false,
                    };
                    self.one(output, path, &parsed, again)?;
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
    fn one(
        &self,
        output: &mut Output,
        path: &Path,
        parsed: &Parsed<Found>,
        again: bool,
    ) -> Result<(), Failure> {
        if self.json {
            let (kind, report) = value(&parsed.report);
            let file = path.to_string_lossy();
            json::line(
                &mut output.out,
                &json!({ "file": file, "kind": kind, "again": again, "report": report, "warnings": parsed.warnings }),
            )?;
            return Ok(());
        }
        let again = if again { " (came again, not counted)" } else { "" };
        let line = Shown::clipped(&format!("{}{again}", headline(&parsed.report)), usize::MAX);
        for (at, line) in wrap(line.as_str(), output.columns.saturating_sub(2)).iter().enumerate() {
            writeln!(output.out, "{}{line}", if at > 0 { "  " } else { "" })?;
        }
        let tone = output.paint.tone(Tone::Warning);
        if self.warnings {
            for warning in &parsed.warnings {
                let text = Shown::clipped(&warning.to_string(), usize::MAX);
                for line in wrap(text.as_str(), output.columns.saturating_sub(2)) {
                    writeln!(output.out, "{tone}  {line}{tone:#}")?;
                }
            }
        }
        Ok(())
    }

    /// The sources by volume of what failed. Names stay whole: what has no room in a line goes on in the next.
    fn table(&self, output: &mut Output, sources: &Sources) -> Result<(), Failure> {
        let (title, columns) = (output.paint.title(), output.columns);
        writeln!(output.out)?;
        writeln!(output.out, "{title}{}{title:#}", sources.verdict())?;
        for line in wrap(&sources.about(), columns) {
            writeln!(output.out, "{line}")?;
        }
        let head = Line {
            failed: "failed".into(),
            messages: "messages".into(),
            ip: "source".into(),
            from: "author domain".into(),
            remark: Shown::default(),
            tone: Tone::Plain,
        };
        let rows: Vec<Line> =
            [head].into_iter().chain(sources.sources.iter().take(self.most).map(Line::of)).collect();
        let widest = |of: fn(&Line) -> usize| rows.iter().map(of).max().unwrap_or(0);
        let failed = widest(|row| row.failed.len());
        let messages = widest(|row| row.messages.len());
        let ip = widest(|row| row.ip.len());
        for row in &rows {
            let tone = output.paint.tone(row.tone);
            write!(output.out, "{tone}{:>failed$}{tone:#}  {:>messages$}  ", row.failed, row.messages)?;
            let mut at = failed + messages + ip + 6;
            if at + row.from.width() > columns {
                at = BEHIND;
                write!(output.out, "{}\n{:BEHIND$}{}", row.ip, "", row.from)?;
            } else {
                write!(output.out, "{:<ip$}  {}", row.ip, row.from)?;
            }
            if !row.remark.is_empty() && at + row.from.width() + 3 + row.remark.width() <= columns {
                write!(output.out, " ({})", row.remark)?;
            } else if !row.remark.is_empty() {
                for line in wrap(row.remark.as_str(), columns.saturating_sub(BEHIND)) {
                    write!(output.out, "\n{:BEHIND$}{line}", "")?;
                }
            }
            writeln!(output.out)?;
        }
        let left = sources.sources.len().saturating_sub(self.most);
        if left > 0 {
            writeln!(output.out, "and {} more (--most shows them)", grouped(left as u64))?;
        }
        if sources.elsewhere > 0 {
            writeln!(output.out, "and {} messages of sources that are not kept", grouped(sources.elsewhere))?;
        }
        Ok(())
    }
}

/// What goes on in the next line is indented by so much.
const BEHIND: usize = 4;

/// A line of the table.
struct Line {
    failed: String,
    messages: String,
    ip: String,
    from: Shown,
    remark: Shown,
    tone: Tone,
}

impl Line {
    fn of(source: &Source) -> Self {
        let none = || "?".to_owned();
        Self {
            failed: grouped(source.failed),
            messages: grouped(source.messages),
            ip: source.ip.map_or_else(none, |ip| ip.to_string()),
            from: Shown::text(if source.header_from.is_empty() { "?" } else { &source.header_from }),
            remark: Shown::text(&source.remark()),
            tone: if source.failed > 0 { Tone::Bad } else { Tone::Good },
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut octets = Vec::new();
    // One octet more than is read, so that a longer input is told from one that fits.
    let most = u64::try_from(Limits::OCTETS).unwrap_or(u64::MAX).saturating_add(1);
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut octets)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut octets))
    };
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
    let known = |text: &str| if text.is_empty() { "?".to_owned() } else { text.to_owned() };
    match report {
        Found::Aggregate(report) => {
            let failed = report.rows.iter().filter(|row| !row.passes()).map(|row| row.count);
            let failed = failed.fold(0, u64::saturating_add);
            let policy = report.policy.p.map_or("no policy", |policy| policy.as_str());
            format!(
                "aggregate report of {} for {} ({policy}): {} of {} messages failed",
                known(&report.metadata.org_name),
                known(&report.policy.domain),
                grouped(failed),
                grouped(report.messages())
            )
        }
        Found::Failure(report) => {
            let domain = report.reported_domain.first().map_or("?", |domain| domain);
            let ip = report.source_ip.map_or_else(|| "?".into(), |ip| ip.to_string());
            let mut line = format!("{} report for {domain} from {ip}", known(&report.feedback_type));
            if !report.auth_failure.is_empty() {
                line.push_str(&format!(": {}", report.auth_failure.join(", ")));
            }
            line
        }
        Found::Tls(report) => {
            let mut domains: Vec<&str> = report.policies.iter().map(|found| &*found.policy.policy_domain).collect();
            domains.dedup();
            domains.truncate(MOST_DOMAINS);
            format!(
                "TLS report of {} for {}: {} of {} sessions failed",
                known(&report.organization_name),
                known(&domains.join(", ")),
                grouped(report.failures()),
                grouped(report.sessions())
            )
        }
        _ => "a report of another sort".into(),
    }
}

/// Policy domains of a TLS report that are shown.
const MOST_DOMAINS: usize = 5;
