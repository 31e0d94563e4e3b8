//! The area `threading`: mailboxes and the answers of an IMAP server, base subjects.

mod answer;
mod base_subject;
mod mailbox;
mod messages;

use std::path::{Path, PathBuf};

use crate::Area;
use crate::case::Case;

pub(crate) const AREA: Area = Area { name: "threading", collect };

/// The suites in the order of the report.
const SUITES: &[&str] =
    &["REFERENCES", "ORDEREDSUBJECT", "REFS", "base-subject", "jwz-testthreader", "adversarial"];

fn collect(folder: &Path) -> Result<Vec<Case>, String> {
    let mut cases = mailbox::corpora(folder);
    cases.extend(base_subject::cases(&folder.join("base-subject.json")));
    cases.extend(messages::cases(folder));
    cases.extend(mailbox::adversarial(folder));
    if cases.is_empty() {
        return Err(format!("nothing of the form of threading in {}", folder.display()));
    }
    cases.sort_by_key(|case| SUITES.iter().position(|suite| *suite == case.suite));
    Ok(cases)
}

/// The files and folders in a folder, by name; none where there is no such folder.
fn entries(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut entries: Vec<_> =
        entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())).collect();
    entries.sort();
    entries
}

#[cfg(test)]
mod tests;
