//! The area `dkim`: `manifest.json`, a case an element of its list.

mod arc;
mod arc_sign;
mod expect;
mod given;
mod verify;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use serde_json::Value;

use crate::case::{Case, Input, Verdict};
use crate::{Area, json};
use given::Given;

pub(crate) const AREA: Area = Area { name: "dkim", collect };

/// The suites in the order of the report. `manifest` holds only cases that belong to no suite.
const SUITES: &[&str] = &["verify", "verify-pass", "arc-verify", "arc-sign", "manifest"];

/// The form that this module reads.
const FORMAT: &str = "dkim-cases/1";

fn collect(folder: &Path) -> Result<Vec<Case>, String> {
    let path = folder.join("manifest.json");
    let text = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let manifest: Value =
        serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    if manifest.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(format!("{}: `format` is not {FORMAT}", path.display()));
    }
    let elements = json::list(json::object(&manifest, &["format", "cases"])?, "cases")?;
    let mut cases: Vec<Case> =
        elements.iter().enumerate().flat_map(|(index, element)| cases(folder, index, element)).collect();
    if cases.is_empty() {
        return Err(format!("no case in {}", path.display()));
    }
    cases.sort_by_key(|case| SUITES.iter().position(|suite| *suite == case.suite));
    Ok(cases)
}

/// The cases that one element makes: one in each suite that its kind belongs to.
fn cases(folder: &Path, index: usize, element: &Value) -> Vec<Case> {
    let id = match element.get("id").and_then(Value::as_str) {
        Some(id) => id.to_owned(),
        None => format!("manifest.json:{index}"),
    };
    match element.get("kind").and_then(Value::as_str) {
        Some("dkim-verify") => {
            of_suites(folder, &id, element, &[("verify", verify::judge), ("verify-pass", verify::judge_pass)])
        }
        Some("arc-verify") => of_suites(folder, &id, element, &[("arc-verify", arc::judge)]),
        Some("arc-sign") => of_suites(folder, &id, element, &[("arc-sign", arc_sign::judge)]),
        _ => vec![Case::unreadable("manifest", id, "`kind` is none of dkim-verify, arc-verify, arc-sign")],
    }
}

/// Grades what is wanted of a case.
type Judge = fn(&Given, &Value) -> Verdict;

fn of_suites(folder: &Path, id: &str, element: &Value, suites: &[(&'static str, Judge)]) -> Vec<Case> {
    let given = match Given::read(folder, element) {
        Ok(given) => given,
        Err(why) => {
            return suites.iter().map(|(suite, _)| Case::unreadable(suite, id.to_owned(), &why)).collect();
        }
    };
    let want = element.get("expect").cloned().unwrap_or_default();
    if want.get("soft") == Some(&Value::Bool(true)) {
        return soft(id, suites, &given, &want);
    }
    suites
        .iter()
        .map(|&(suite, judge)| {
            let given = given.clone();
            Case {
                suite,
                id: id.to_owned(),
                input: Input::File(given.message.clone()),
                want: Ok(want.clone()),
                judge: Box::new(move |want| judge(&given, want)),
            }
        })
        .collect()
}

/// A case of which good implementations make different things: it is run and not counted, unless we panic.
fn soft(id: &str, suites: &[(&'static str, Judge)], given: &Given, want: &Value) -> Vec<Case> {
    let panics = |judge: Judge| catch_unwind(AssertUnwindSafe(|| judge(given, want))).is_err();
    suites
        .iter()
        .filter(|(_, judge)| panics(*judge))
        .map(|(suite, _)| Case::unreadable(suite, id.to_owned(), "a panic in a soft case"))
        .collect()
}

#[cfg(test)]
mod tests;
