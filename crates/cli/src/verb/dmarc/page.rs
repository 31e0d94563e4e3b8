//! The summary of reports as a page that needs nothing else.

use std::io::Write as _;
use std::path::Path;

use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use serde::Serialize;

use super::sources::{Source, Sources};
use crate::exit::{Failure, reason};
use crate::shown::{Shown, grouped};

/// Sources on a page: what a person looks through.
const MAX_ROWS: usize = 1_000;

/// Writes the page under another name first, so that nothing half stands under its own.
pub(super) fn write(path: &Path, sources: &Sources) -> Result<(), Failure> {
    let page = render(sources).map_err(|error| Failure::at(path, error))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let cannot = |error: &std::io::Error| Failure::at(path, format!("cannot write the page: {}", reason(error)));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| cannot(&error))?;
    file.write_all(page.as_bytes()).map_err(|error| cannot(&error))?;
    file.persist(path).map_err(|error| cannot(&error.error))?;
    Ok(())
}

/// A row of the table: what strangers wrote is made harmless to look at.
#[derive(Serialize)]
struct Row {
    failed: String,
    messages: String,
    quarantined: String,
    rejected: String,
    ip: Shown,
    header_from: Shown,
    passed_as: Shown,
}

impl Row {
    fn of(source: &Source) -> Self {
        Self {
            failed: grouped(source.failed),
            messages: grouped(source.messages),
            quarantined: grouped(source.quarantined),
            rejected: grouped(source.rejected),
            ip: Shown::text(&source.ip.map_or_else(|| "?".into(), |ip| ip.to_string())),
            header_from: Shown::text(&source.header_from),
            passed_as: Shown::text(&source.passed_as.join(", ")),
        }
    }
}

fn render(sources: &Sources) -> Result<String, minijinja::Error> {
    let mut templates = Environment::new();
    templates.add_template("head.html", include_str!("../../report/page/head.html"))?;
    templates.add_template("sources.html", include_str!("sources.html"))?;
    templates.add_template("foot.html", include_str!("../../report/page/foot.html"))?;
    let head = templates.get_template("head.html")?.render(context! { title => "DMARC reports" })?;
    let failing = sources.sources.iter().filter(|source| source.failed > 0);
    let more = failing.clone().count().saturating_sub(MAX_ROWS);
    let failing: Vec<Row> = failing.take(MAX_ROWS).map(Row::of).collect();
    let body = templates.get_template("sources.html")?.render(context! {
        about => sources.about(),
        verdict => sources.verdict(),
        tone => if sources.failed > 0 { "bad" } else { "good" },
        more => (more > 0).then(|| grouped(more as u64)),
        sources => Value::from(Serde(&failing)),
    })?;
    let foot = templates.get_template("foot.html")?.render(context! { version => env!("CARGO_PKG_VERSION") })?;
    Ok(format!("{head}{body}{foot}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mailwright_dmarc::report::{Limits, aggregate};

    #[test]
    fn text_of_a_report_is_no_mark_up() {
        let xml = "<feedback><record><row><source_ip>192.0.2.1</source_ip><count>7</count></row><identifiers>\
            <header_from>&lt;script&gt;alert(1)</header_from></identifiers></record></feedback>";
        let report = aggregate::parse(xml.as_bytes(), &Limits::default()).unwrap().report;
        let mut sources = Sources::default();
        sources.add(&report);
        sources.sort();
        let page = render(&sources).unwrap();
        assert!(page.contains("192.0.2.1") && page.contains("&lt;script&gt;") && !page.contains("<script>alert"));
    }
}
