//! The area `bounces`: messages with what they report, and reply lines.

mod entry;
mod grade;
mod lines;
mod words;

use std::path::Path;

use crate::Area;
use crate::case::Case;

pub(crate) const AREA: Area = Area { name: "bounces", collect };

/// The suites in the order of the report.
const SUITES: &[&str] = &[
    "kind",
    "no-false-positive",
    "recipients",
    "reason",
    "reason-best",
    "hard-soft",
    "no-false-hard",
    "status",
    "action",
    "message-id",
    "any-reason",
    "feedback",
    "notifications",
    "lines-own",
    "lines-sisimai",
    "lines-others",
    "lines-no-false-hard",
    "info reply-code",
    "info command",
    "info remote-host",
    "info alias",
    "info lines-advice",
];

fn collect(folder: &Path) -> Result<Vec<Case>, String> {
    let mut cases = grade::cases(folder);
    cases.extend(lines::cases(&folder.join("smtp-lines.json")));
    if cases.is_empty() {
        return Err(format!("nothing of the form of bounces in {}", folder.display()));
    }
    cases.sort_by_key(|case| SUITES.iter().position(|suite| *suite == case.suite));
    Ok(cases)
}

#[cfg(test)]
mod tests;
