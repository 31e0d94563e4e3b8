//! `mailwright dmarc record`

use std::io::Write as _;

use clap::Args;
use mailwright_dmarc::destination::{Destinations, ReportKind, report_destinations};
use mailwright_dmarc::record::{Finding, Severity, lint};
use mailwright_dmarc::{Mode, RecordError};
use mailwright_dns::{Dns as _, Missing, Name, drive_blocking};
use mailwright_message_model::domain::Domain;
use serde_json::json;

use super::write_lines;
use crate::dns::{Ask, Source};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::report::json;
use crate::report::text::sentence;
use crate::section::Tone;

/// Look for faults in the record of a domain, and where its reports may go.
///
/// Exit status: 0 one record without error and warning, 1 anything else, 2 wrong usage or a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright dmarc record example.org\n  mailwright dmarc record --record 'v=DMARC1; p=none; rua=mailto:d@example.org'")]
pub(crate) struct Record {
    /// The domain; asked is `_dmarc.` before it.
    #[arg(required_unless_present = "record", conflicts_with = "record")]
    domain: Option<Domain>,

    /// A record to look at instead, without DNS.
    #[arg(long, value_name = "TEXT")]
    record: Option<String>,

    #[command(flatten)]
    ask: Ask,

    /// Write a JSON object.
    #[arg(long)]
    json: bool,
}

/// A text found, and what is to be said about it.
struct Looked {
    text: String,
    read: Result<(mailwright_dmarc::Record, Vec<Finding>), RecordError>,
    destinations: Vec<Destinations>,
}

impl Record {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let looked = match (&self.domain, &self.record) {
            (Some(domain), _) => published(domain, &self.ask.source()?)?,
            (None, record) => {
                let text = record.clone().unwrap_or_default();
                vec![Looked { read: lint(text.as_bytes()), text, destinations: Vec::new() }]
            }
        };
        if self.json {
            let records: Vec<_> = looked.iter().map(Looked::json).collect();
            json::line(&mut output.out, &json!({ "domain": self.domain, "records": records }))?;
        } else {
            looked.iter().try_for_each(|looked| looked.write(output))?;
            match looked.len() {
                0 => writeln!(output.out, "no DMARC record")?,
                1 => {}
                _ => {
                    let tone = output.paint.tone(Tone::Bad);
                    writeln!(output.out, "{tone}several records: all are discarded (RFC 9989 4.10){tone:#}")?;
                }
            }
        }
        Ok(Exit::of(looked.len() != 1 || looked.iter().any(Looked::is_finding)))
    }
}

/// The records at `_dmarc.` before a domain; texts that are none are passed over.
fn published(domain: &Domain, source: &Source) -> Result<Vec<Looked>, Failure> {
    let name = Name::new(domain.as_str()).and_then(|name| name.prepend("_dmarc"));
    let name = name.map_err(|error| Failure::new(error.to_string()))?;
    drive_blocking(source, |dns| {
        let texts = match dns.txt(&name) {
            Ok(texts) => texts,
            Err(Missing::NxDomain | Missing::NoData) => return Ok(Vec::new()),
            Err(why) => return Err(Failure::new(format!("{name}: {why}"))),
        };
        let records = texts.iter().filter_map(|text| lint(text.as_bytes()).ok().map(|read| (text, read)));
        let looked = records.map(|(text, (record, findings))| Looked {
            text: String::from_utf8_lossy(text.as_bytes()).into_owned(),
            destinations: [ReportKind::Aggregate, ReportKind::Failure]
                .map(|kind| report_destinations(&record, kind, domain, dns, Mode::TreeWalk))
                .into(),
            read: Ok((record, findings)),
        });
        Ok(looked.collect())
    })
}

impl Looked {
    fn is_finding(&self) -> bool {
        let findings = self.read.as_ref().map(|(_, findings)| findings.iter().any(|f| f.severity() > Severity::Note));
        findings.unwrap_or(true)
    }

    fn json(&self) -> serde_json::Value {
        match &self.read {
            Ok((record, findings)) => {
                let findings: Vec<_> = findings
                    .iter()
                    .map(|finding| {
                        json!({
                            "kind": finding.kind,
                            "severity": finding.severity(),
                            "span": finding.span,
                            "section": finding.kind.section(),
                            "text": finding.kind.text(),
                        })
                    })
                    .collect();
                json!({ "text": self.text, "record": record, "findings": findings, "destinations": self.destinations })
            }
            Err(error) => json!({ "text": self.text, "error": error.to_string() }),
        }
    }

    fn write(&self, output: &mut Output) -> std::io::Result<()> {
        write_lines(output, &self.text)?;
        match &self.read {
            Err(error) => sentence(output, Tone::Bad, &error.to_string(), 2),
            Ok((_, findings)) => {
                for finding in findings {
                    let tone = match finding.severity() {
                        Severity::Error => Tone::Bad,
                        Severity::Warning => Tone::Warning,
                        Severity::Note => Tone::Quiet,
                    };
                    sentence(output, tone, &finding.to_string(), 2)?;
                }
                let all = self.destinations.iter().flat_map(|destinations| &destinations.list);
                all.into_iter().try_for_each(|destination| sentence(output, Tone::Plain, &destination.to_string(), 2))
            }
        }
    }
}
