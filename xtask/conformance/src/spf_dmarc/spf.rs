//! The suites of SPF: each file of `spf/`, a case an entry of its scenarios.

use std::path::Path;
use std::sync::Arc;

use mailwright_dns::Zone;
use mailwright_spf::{Config, Outcome, Request, check_host};
use serde_json::{Map, Value, json};

use super::zone;
use crate::case::{Case, Input, Verdict};
use crate::json;

const CASE: &[&str] = &[
    "id",
    "ip",
    "helo",
    "mail_from",
    "results",
    "explanation",
    "spec",
    "description",
    "comment",
    "note",
    "soft",
    "soft_why",
];
const RESULTS: &[&str] = &["none", "neutral", "pass", "fail", "softfail", "temperror", "permerror"];
const FILE: &[&str] = &["format", "suite", "scenarios", "title", "sources", "notes"];

/// The case whose explanation the suite prints with upper-case hex digits, RFC 7208 7.4 with lower case.
const ANY_CASE: &str = "v-macro-ip6";

pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .filter_map(|(name, path)| name.strip_suffix(".json").map(|stem| (stem.to_owned(), path)))
        .collect();
    // The newer RFC first, then by name.
    files.sort_by(|(left, _), (right, _)| {
        (right.starts_with("rfc7208"), left).cmp(&(left.starts_with("rfc7208"), right))
    });
    files.into_iter().flat_map(|(name, path)| file(String::leak(name), &path)).collect()
}

fn file(suite: &'static str, path: &Path) -> Vec<Case> {
    let whole = |why: String| vec![Case::unreadable(suite, suite.to_owned(), why)];
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return whole(error.to_string()),
    };
    let value: Value = match serde_json::from_str(&text) {
        Ok(value) => value,
        Err(error) => return whole(error.to_string()),
    };
    // Every case of a file of another form fails, so the cases are found all the same.
    let form = match value.get("format") {
        Some(format) if *format == json!(1) => json::object(&value, FILE).map(drop),
        other => Err(format!("format {}", other.unwrap_or(&Value::Null))),
    };
    let Some(scenarios) = value.get("scenarios").and_then(Value::as_array) else {
        return whole(String::from("`scenarios` is missing or no list"));
    };
    scenarios.iter().flat_map(|scenario| cases_of(suite, scenario, &form)).collect()
}

fn cases_of(suite: &'static str, scenario: &Value, form: &Result<(), String>) -> Vec<Case> {
    let named = json::object(scenario, &["name", "zone", "cases", "description", "comment"]);
    let zone = form.clone().and_then(|()| {
        let object = named.clone()?;
        zone::read(object.get("zone").unwrap_or(&Value::Null)).map(Arc::new)
    });
    let cases = scenario.get("cases").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if cases.is_empty() {
        let name = scenario.get("name").and_then(Value::as_str).unwrap_or("?");
        return vec![Case::unreadable(suite, name.to_owned(), "a scenario without cases")];
    }
    cases
        .iter()
        .filter(|case| case.get("soft") != Some(&Value::Bool(true)))
        .map(|case| {
            let id = case.get("id").and_then(Value::as_str).unwrap_or("?").to_owned();
            zone.clone()
                .and_then(|zone| read(suite, id.clone(), case, zone))
                .unwrap_or_else(|why| Case::unreadable(suite, id, why))
        })
        .collect()
}

fn read(suite: &'static str, id: String, case: &Value, zone: Arc<Zone>) -> Result<Case, String> {
    let object = json::object(case, CASE)?.clone();
    let ip = json::text(&object, "ip")?.parse().map_err(|error| format!("`ip`: {error}"))?;
    let (helo, mail_from) =
        (json::text(&object, "helo")?.to_owned(), json::text(&object, "mail_from")?.to_owned());
    let want = want(&object)?;
    let any_case = id == ANY_CASE;
    let judge = Box::new(move |want: &Value| {
        let request = Request::mail_from(ip, &mail_from, &helo).receiver("receiver.example");
        grade(&check_host(&request, &*zone, &Config::default()), want, any_case)
    });
    Ok(Case { suite, id, input: Input::Text(case.to_string()), want: Ok(want), judge })
}

/// The results that count, and the explanation where one is given.
fn want(object: &Map<String, Value>) -> Result<Value, String> {
    let results = json::list(object, "results")?;
    if results.is_empty()
        || !results.iter().all(|result| result.as_str().is_some_and(|result| RESULTS.contains(&result)))
    {
        return Err(format!("unknown result in {results:?}"));
    }
    let explanation = object.get("explanation").unwrap_or(&Value::Null);
    if !explanation.is_null() && !explanation.is_string() {
        return Err(String::from("`explanation` is no text"));
    }
    Ok(json!({ "results": results, "explanation": explanation }))
}

fn grade(outcome: &Outcome<'_>, want: &Value, any_case: bool) -> Verdict {
    // `DEFAULT` is what the caller says where the domain says nothing.
    let explanation = outcome.explanation.as_deref().unwrap_or("DEFAULT");
    let got =
        json!({ "result": outcome.result.as_str(), "explanation": explanation, "why": outcome.to_string() });
    let result =
        want["results"].as_array().is_some_and(|results| results.contains(&json!(outcome.result.as_str())));
    let explained = want
        .get("explanation")
        .and_then(Value::as_str)
        .is_none_or(|want| want == explanation || any_case && want.eq_ignore_ascii_case(explanation));
    if result && explained { Verdict::Right } else { Verdict::wrong(want, got) }
}
