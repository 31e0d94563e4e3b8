//! The area `antispam`: `cases.json`, and the messages of `heuristics.tar.xz`.

mod greylist;
mod heuristics;
mod listing;

use std::path::Path;

use serde_json::{Map, Value};

use crate::Area;
use crate::case::{Case, Input, Verdict};
use crate::json;

pub(crate) const AREA: Area = Area { name: "antispam", collect };

/// The suites in the order of the report, each of which is a list of `cases.json` but the last.
const SUITES: &[&str] =
    &["dnsbl_query", "dnsbl_response", "dnsbl_health", "greylist_key", "greylist_sequence", HEURISTICS];

const HEURISTICS: &str = "heuristics";

/// Answers a case: what is given, and what is wanted of it.
type Judge = fn(&Map<String, Value>, &Value) -> Result<Verdict, String>;

fn collect(folder: &Path) -> Result<Vec<Case>, String> {
    let mut cases = of_file(&folder.join("cases.json"))?;
    cases.extend(heuristics::cases(folder));
    // A folder of corpora alone has no suite: `spam eval` is for those.
    let has_corpus = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().ends_with(".tar.xz"));
    if cases.is_empty() && !has_corpus {
        return Err(format!("nothing of the form of antispam in {}", folder.display()));
    }
    cases.sort_by_key(|case| SUITES.iter().position(|suite| *suite == case.suite));
    Ok(cases)
}

fn of_file(path: &Path) -> Result<Vec<Case>, String> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let known = [
        "about",
        "dnsbl_query",
        "dnsbl_response",
        "dnsbl_health",
        "greylist_key",
        "greylist_defaults",
        "greylist_sequence",
    ];
    let object = match json::object(&value, &known) {
        Ok(object) => object,
        Err(why) => return Ok(vec![Case::unreadable("dnsbl_query", "cases.json".to_owned(), why)]),
    };
    let defaults = object.get("greylist_defaults").cloned().unwrap_or_default();
    let mut cases = Vec::new();
    let mut list =
        |suite: &'static str, known: &'static [&'static str], wanted: &'static str, judge: Judge| {
            let Some(elements) = object.get(suite) else { return };
            let Some(elements) = elements.as_array() else {
                cases.push(Case::unreadable(suite, suite.to_owned(), "no list"));
                return;
            };
            for (number, element) in elements.iter().enumerate() {
                cases.push(case(suite, number, element, known, wanted, &defaults, judge));
            }
        };
    list("dnsbl_query", &["ip", "zone", "query", "note"], "query", listing::query);
    list(
        "dnsbl_response",
        &["zone", "codes", "answer", "expect", "why", "note"],
        "expect",
        listing::response,
    );
    list("dnsbl_health", &["zone_answers", "expect", "why", "note", "name"], "expect", listing::health);
    list("greylist_key", &["ip", "sender", "rcpt", "key", "note", "why"], "key", greylist::key);
    list("greylist_sequence", &["name", "steps", "note", "why"], "steps", greylist::sequence);
    Ok(cases)
}

/// A case of a list. The field `wanted` is what is wanted of it.
fn case(
    suite: &'static str,
    number: usize,
    element: &Value,
    known: &[&str],
    wanted: &str,
    defaults: &Value,
    judge: Judge,
) -> Case {
    let id = format!("{suite}/{number}");
    let mut given = match json::object(element, known) {
        Ok(object) => object.clone(),
        Err(why) => return Case::unreadable(suite, id, why),
    };
    let want = given.get(wanted).cloned().ok_or_else(|| format!("`{wanted}` is missing"));
    if suite == "greylist_sequence" {
        given.insert("defaults".to_owned(), defaults.clone());
    }
    Case {
        suite,
        id,
        input: Input::Text(element.to_string()),
        want,
        judge: Box::new(move |want| judge(&given, want).unwrap_or_else(|why| Verdict::wrong(want, why))),
    }
}

#[cfg(test)]
mod tests;
