//! The suites `official`, `cases` and `limits`: one document a case, and its findings as a multiset.

use std::path::Path;

use mailwright_amp_mime::{Report, Severity, Status, validate};
use serde_json::{Map, Value, json};

use crate::case::{Case, Input, Verdict};
use crate::json::{list, number, object, text};

/// The documents of `official/manifest.json`.
pub(super) fn official(folder: &Path) -> Vec<Case> {
    let path = folder.join("manifest.json");
    if !path.is_file() {
        return Vec::new();
    }
    let read = || -> Result<Vec<Value>, String> {
        let manifest = whole(&path)?;
        Ok(list(object(&manifest, &["note", "cases"])?, "cases")?.to_vec())
    };
    let cases = match read() {
        Ok(cases) => cases,
        Err(why) => return vec![Case::unreadable("official", "manifest.json".into(), why)],
    };
    let case = |case: &Value| -> Result<Case, String> {
        let known = ["file", "out", "format", "trim_trailing_whitespace", "status", "errors"];
        let object = object(case, &known)?;
        let file = text(object, "file")?;
        if text(object, "format")? != "AMP4EMAIL" {
            return Err("a format other than AMP4EMAIL".into());
        }
        let html = std::fs::read_to_string(folder.join(file)).map_err(|error| error.to_string())?;
        let trimmed = object.get("trim_trailing_whitespace").and_then(Value::as_bool);
        let html = if trimmed.ok_or("no `trim_trailing_whitespace`")? {
            html.trim_end_matches(|char: char| char.is_ascii_whitespace()).to_owned()
        } else {
            html
        };
        Ok(graded("official", file.to_owned(), html, wanted(object)?))
    };
    cases.iter().enumerate().map(|(place, one)| or_unreadable("official", place, case(one))).collect()
}

/// The lines of every `*.jsonl` in a folder.
pub(super) fn lines(folder: &Path) -> Vec<Case> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    let case = |line: &str| -> Result<Case, String> {
        let value: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let object = object(&value, &["id", "group", "html", "status", "errors", "name", "rewritten"])?;
        let (id, html) = (text(object, "id")?, text(object, "html")?);
        Ok(graded("cases", id.to_owned(), html.to_owned(), wanted(object)?))
    };
    let mut cases = Vec::new();
    for path in files {
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let lines = text.split('\n').filter(|line| !line.is_empty()).enumerate();
                cases.extend(lines.map(|(place, line)| or_unreadable("cases", place, case(line))));
            }
            Err(error) => cases.push(Case::unreadable("cases", path.display().to_string(), error)),
        }
    }
    cases
}

/// The entries of `cases/limits.json`.
pub(super) fn limits(path: &Path) -> Vec<Case> {
    if !path.is_file() {
        return Vec::new();
    }
    let read = || -> Result<Vec<Value>, String> {
        let all = whole(path)?;
        Ok(list(object(&all, &["note", "cases"])?, "cases")?.to_vec())
    };
    let cases = match read() {
        Ok(cases) => cases,
        Err(why) => return vec![Case::unreadable("limits", "limits.json".into(), why)],
    };
    let case = |case: &Value| -> Result<Case, String> {
        let known = [
            "id",
            "prefix",
            "unit",
            "count",
            "tail_unit",
            "tail_count",
            "suffix",
            "status",
            "errors",
            "error_count",
        ];
        let object = object(case, &known)?;
        let part =
            |unit: &str, count: &str| Ok::<_, String>(text(object, unit)?.repeat(number(object, count)?));
        let (units, tail) = (part("unit", "count")?, part("tail_unit", "tail_count")?);
        let html = [text(object, "prefix")?, &units, &tail, text(object, "suffix")?].concat();
        let want = if object.get("errors").is_some_and(Value::is_null) {
            json!({ "status": status(object)?, "error_count": number(object, "error_count")? })
        } else {
            wanted(object)?
        };
        Ok(graded("limits", text(object, "id")?.to_owned(), html, want))
    };
    cases.iter().enumerate().map(|(place, one)| or_unreadable("limits", place, case(one))).collect()
}

fn whole(path: &Path) -> Result<Value, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

fn or_unreadable(suite: &'static str, place: usize, case: Result<Case, String>) -> Case {
    case.unwrap_or_else(|why| Case::unreadable(suite, format!("#{place}"), why))
}

fn graded(suite: &'static str, id: String, html: String, want: Value) -> Case {
    let input = Input::Text(html.clone());
    let judge = Box::new(move |want: &Value| {
        let report = validate(&html);
        if let Some(count) = want.get("error_count") {
            let ours = json!({ "status": status_of(&report), "error_count": report.findings.len() });
            let want = json!({ "status": want.get("status"), "error_count": count });
            return Verdict::equal(&want, &ours);
        }
        compared(want, &report)
    });
    Case { suite, id, input, want: Ok(want), judge }
}

/// Equal status, and equal findings in whatever order; else what is missing and what is too much.
pub(super) fn compared(want: &Value, report: &Report) -> Verdict {
    let ours = findings(report);
    let mut missing: Vec<Value> = want.get("errors").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut extra = Vec::new();
    for finding in ours {
        match missing.iter().position(|one| *one == finding) {
            Some(place) => {
                missing.swap_remove(place);
            }
            None => extra.push(finding),
        }
    }
    let same_status = want.get("status").and_then(Value::as_str) == Some(status_of(report));
    if same_status && missing.is_empty() && extra.is_empty() {
        return Verdict::Right;
    }
    Verdict::wrong(
        json!({ "status": want.get("status"), "missing": missing }),
        json!({ "status": status_of(report), "extra": extra }),
    )
}

/// The findings in the form of the suites.
pub(super) fn findings(report: &Report) -> Vec<Value> {
    let finding = |finding: &mailwright_amp_mime::Finding| {
        let severity = if finding.severity == Severity::Error { "ERROR" } else { "WARNING" };
        json!({
            "severity": severity,
            "line": finding.line,
            "col": finding.col,
            "code": finding.code.as_str(),
            "params": finding.params,
        })
    };
    report.findings.iter().map(finding).collect()
}

pub(super) fn status_of(report: &Report) -> &'static str {
    if report.status == Status::Pass { "PASS" } else { "FAIL" }
}

fn status(object: &Map<String, Value>) -> Result<&str, String> {
    let status = text(object, "status")?;
    if matches!(status, "PASS" | "FAIL") { Ok(status) } else { Err(format!("no status `{status}`")) }
}

/// The outcome that a case wants, without what is not graded.
fn wanted(case: &Map<String, Value>) -> Result<Value, String> {
    let mut errors = Vec::new();
    for error in list(case, "errors")? {
        errors.push(wanted_error(error)?);
    }
    Ok(json!({ "status": status(case)?, "errors": errors }))
}

/// One error in the form of the suites.
pub(super) fn wanted_error(error: &Value) -> Result<Value, String> {
    let object = object(error, &["severity", "line", "col", "code", "params", "message"])?;
    let severity = text(object, "severity")?;
    if !matches!(severity, "ERROR" | "WARNING") {
        return Err(format!("no severity `{severity}`"));
    }
    let params = list(object, "params")?;
    if !params.iter().all(Value::is_string) {
        return Err("a parameter that is no text".into());
    }
    Ok(json!({
        "severity": severity,
        "line": number(object, "line")?,
        "col": number(object, "col")?,
        "code": text(object, "code")?,
        "params": params,
    }))
}
