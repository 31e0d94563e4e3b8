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
    match files(&folder.join("mbox")) {
        Err(why) => cases.push(Case::unreadable("mbox", "mbox".into(), why)),
        Ok(files) => {
            let offsets =
                files.iter().filter_map(|(name, path)| Some((name.strip_suffix("-offsets.json")?, path)));
            cases.extend(offsets.map(|(stem, path)| mbox::case(stem, path)));
        }
    }
    match files(&folder.join("fields")) {
        Err(why) => cases.push(Case::unreadable("fields", "fields".into(), why)),
        Ok(files) => cases.extend(files.iter().flat_map(|(name, path)| vectors(name, path))),
    }
    if cases.is_empty() {
        return Err(format!("nothing of the form of message-model in {}", folder.display()));
    }
    cases.sort_by_key(|case| SUITES.iter().position(|suite| *suite == case.suite));
    Ok(cases)
}

/// The cases of a file in `fields/`.
fn vectors(name: &str, path: &Path) -> Vec<Case> {
    let Some(stem) = name.strip_suffix(".json") else { return Vec::new() };
    if let Some(kind) = stem.strip_prefix("mail-parser-") {
        fields::cases(kind, path)
    } else if let Some(kind) = stem.strip_prefix("authres-") {
        auth_results::cases(kind, path)
    } else {
        vec![Case::unreadable(
            "fields",
            stem.to_owned(),
            "neither mail-parser-KIND.json nor authres-KIND.json",
        )]
    }
}

/// The files in a folder, by name; none where there is no such folder, an error where it cannot be listed.
fn files(folder: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    let entries = entries.map_err(|error| error.to_string())?;
    let mut files: Vec<_> = entries
        .iter()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .collect();
    files.sort();
    Ok(files)
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
