//! The summary as a page that needs nothing else.

use std::io::Write as _;
use std::path::Path;

use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use serde::Serialize;

use super::tally::Tally;
use crate::exit::Failure;
use crate::shown::{Shown, grouped};

pub(super) fn write(path: &Path, tally: &Tally, most: usize) -> Result<(), Failure> {
    let page = render(tally, most).map_err(|error| Failure::at(path, error))?;
    crate::file::write(path, |file| file.write_all(page.as_bytes()))?;
    Ok(())
}

/// A list of the page.
#[derive(Serialize)]
struct List {
    title: &'static str,
    rows: Vec<Row>,
    more: Option<String>,
}

/// A bar: what strangers wrote is made harmless to look at.
#[derive(Serialize)]
struct Row {
    name: Shown,
    count: String,
    /// Of the longest bar, in hundredths.
    percent: u64,
}

fn render(tally: &Tally, most: usize) -> Result<String, minijinja::Error> {
    let mut templates = Environment::new();
    templates.add_template("head.html", include_str!("../../report/page/head.html"))?;
    templates.add_template("summary.html", include_str!("summary.html"))?;
    templates.add_template("foot.html", include_str!("../../report/page/foot.html"))?;
    let lists: Vec<List> = tally
        .lists()
        .into_iter()
        .filter(|(_, counts)| !counts.is_empty())
        .map(|(title, counts)| {
            let longest = counts.first().map_or(1, |first| first.count).max(1);
            let row = |count: &super::tally::Count| Row {
                name: Shown::text(&count.name),
                count: grouped(count.count),
                percent: count.count.saturating_mul(100) / longest,
            };
            let left = counts.len().saturating_sub(most);
            List {
                title,
                rows: counts.iter().take(most).map(row).collect(),
                more: (left > 0).then(|| grouped(left as u64)),
            }
        })
        .collect();
    let head = templates.get_template("head.html")?.render(context! { title => "Bounces" })?;
    let body = templates.get_template("summary.html")?.render(context! {
        verdict => tally.verdict(),
        tone => if tally.hard > 0 { "bad" } else if tally.soft > 0 { "warning" } else { "good" },
        lists => Value::from(Serde(&lists)),
    })?;
    let foot = templates.get_template("foot.html")?.render(context! { version => env!("CARGO_PKG_VERSION") })?;
    Ok(format!("{head}{body}{foot}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mailwright_bounces::parse;

    #[test]
    fn an_address_is_no_mark_up() {
        let raw = b"From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
            --b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; jo@<script>alert(1)</script>\n\
            Action: failed\nStatus: 5.1.1\n--b--\n";
        let mut tally = Tally::default();
        tally.add(&parse(raw));
        tally.sort();
        let page = render(&tally, 20).unwrap();
        assert!(page.contains("recipient_unknown") && page.contains("width: 100%") && !page.contains("<script>alert"));
    }
}
