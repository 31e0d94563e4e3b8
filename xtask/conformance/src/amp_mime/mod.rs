//! The area `amp-mime`: documents of AMP for Email with what the official validator finds, whole messages, requests to endpoints.

mod cors;
mod documents;
mod mime;

use std::path::Path;

use serde_json::Value;

use crate::Area;
use crate::case::Case;

pub(crate) const AREA: Area = Area { name: "amp-mime", collect };

/// The suites in the order of the report.
const SUITES: &[&str] = &["official", "cases", "limits", "mime", "cors"];

fn collect(folder: &Path) -> Result<Vec<Case>, String> {
    let mut cases = documents::official(&folder.join("official"));
    cases.extend(documents::lines(&folder.join("cases")));
    cases.extend(documents::limits(&folder.join("cases/limits.json")));
    cases.extend(mime::cases(&folder.join("mime")));
    cases.extend(cors::cases(&folder.join("cors/cases.json")));
    if cases.is_empty() {
        return Err(format!("nothing of the form of amp-mime in {}", folder.display()));
    }
    cases.sort_by_key(|case| SUITES.iter().position(|suite| *suite == case.suite));
    Ok(cases)
}

/// The JSON of a file; `None` where there is none, which means a folder without this suite.
fn file(path: &Path) -> Option<Result<Value, String>> {
    let read = || -> Result<Value, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        serde_json::from_str(&text).map_err(|error| error.to_string())
    };
    path.exists().then(read)
}

#[cfg(test)]
mod tests;
