//! The area `message-model`: MIME trees, mboxes, header fields, Authentication-Results.

mod auth_results;
mod fields;
mod manifest;
mod mbox;
mod ours;
mod views;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::case::Case;
use crate::{Area, json};

pub(crate) const AREA: Area = Area { name: "message-model", collect };

/// The suites in the order of the report. `manifest` holds only lines that belong to no suite.
const SUITES: &[&str] = &["exact", "shape", "any", "manifest", "mbox", "fields", "auth-results"];

fn collect(folder: &Path) -> Result<Vec<Case>, String> {
    let mut cases = manifest::cases(folder);
    for (name, path) in files(&folder.join("mbox")) {
        if let Some(stem) = name.strip_suffix("-offsets.json") {
            cases.push(mbox::case(stem, &path));
        }
    }
    for (name, path) in files(&folder.join("fields")) {
        let Some(stem) = name.strip_suffix(".json") else { continue };
        if let Some(kind) = stem.strip_prefix("mail-parser-") {
            cases.extend(fields::cases(kind, &path));
        } else if let Some(kind) = stem.strip_prefix("authres-") {
            cases.extend(auth_results::cases(kind, &path));
        }
    }
    if cases.is_empty() {
        return Err(format!("nothing of the form of message-model in {}", folder.display()));
    }
    cases.sort_by_key(|case| SUITES.iter().position(|suite| *suite == case.suite));
    Ok(cases)
}

/// The files in a folder, by name; none where there is no such folder.
fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> =
        entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())).collect();
    files.sort();
    files
}

/// The cases of a file that holds a list, `KIND/INDEX` from 0. A file that is no list is one case that fails.
fn list_cases(
    suite: &'static str,
    kind: &str,
    path: &Path,
    read: impl Fn(String, &Value) -> Result<Case, String>,
) -> Vec<Case> {
    let elements = match json::elements_of_file(path) {
        Ok(elements) => elements,
        Err(why) => return vec![Case::unreadable(suite, kind.to_owned(), why)],
    };
    let case = |(index, element): (usize, Result<Value, String>)| {
        let id = format!("{kind}/{index}");
        element
            .and_then(|element| read(id.clone(), &element))
            .unwrap_or_else(|why| Case::unreadable(suite, id, why))
    };
    elements.into_iter().enumerate().map(case).collect()
}

#[cfg(test)]
mod tests;
