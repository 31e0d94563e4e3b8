//! The suites of smtp-lines.json.

use std::path::Path;

use mailwright_bounces::classify;
use serde_json::{Value, json};

use super::words::{ADVICE, CLASSES, REASONS, text, texts};
use crate::case::{Case, Input, Verdict};
use crate::json;

/// The lists of the file, and the suite of each.
const LISTS: [(&str, &str); 4] = [
    ("own", "lines-own"),
    ("sisimai_reason_tests", "lines-sisimai"),
    ("kumomta_tests", "lines-others"),
    ("zone_mta_comment_samples", "lines-others"),
];

const NO_FALSE_HARD: &str = "lines-no-false-hard";

pub(super) fn cases(path: &Path) -> Vec<Case> {
    if !path.exists() {
        return Vec::new();
    }
    let read = || -> Result<Value, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        serde_json::from_str(&text).map_err(|error| error.to_string())
    };
    let whole = |why: String| vec![Case::unreadable("lines-own", "smtp-lines.json".to_owned(), why)];
    let value = match read() {
        Ok(value) => value,
        Err(why) => return whole(why),
    };
    let known = LISTS.map(|(list, _)| list);
    let object = match json::object(&value, &known) {
        Ok(object) => object,
        Err(why) => return whole(why),
    };
    let mut cases = Vec::new();
    for (list, suite) in LISTS {
        let Some(elements) = object.get(list) else { continue };
        let Some(elements) = elements.as_array() else {
            cases.push(Case::unreadable(suite, list.to_owned(), "no list"));
            continue;
        };
        for (number, element) in elements.iter().enumerate() {
            let id = format!("{list}/{number}");
            match of_line(suite, &id, element) {
                Ok(found) => cases.extend(found),
                Err(why) => {
                    cases.push(Case::unreadable(suite, id.clone(), &why));
                    cases.push(Case::unreadable(NO_FALSE_HARD, id, why));
                }
            }
        }
    }
    cases
}

fn of_line(suite: &'static str, id: &str, element: &Value) -> Result<Vec<Case>, String> {
    let known = [
        "line",
        "reason",
        "reason_accept",
        "bounce_class",
        "bounce_class_accept",
        "advice",
        "provider",
        "cite",
        "kumomta_class",
        "sisimai_reason",
        "zone_mta_action",
        "zone_mta_category",
    ];
    let object = json::object(element, &known)?;
    let line = json::text(object, "line")?.to_owned();
    let reasons = [REASONS, &["none"]].concat();
    let reason = text(object, "reason", Some(&reasons))?.ok_or("`reason` is missing")?;
    let mut accept = texts(object, "reason_accept", Some(&reasons))?;
    if accept.is_empty() {
        accept.push(reason);
    }
    let class = text(object, "bounce_class", Some(CLASSES))?;
    let mut classes = texts(object, "bounce_class_accept", Some(CLASSES))?;
    if classes.is_empty() {
        classes.extend(class);
    }
    let advice = text(object, "advice", Some(ADVICE))?;
    let graded = if suite == "lines-own" { classes.clone() } else { Vec::new() };
    let mut cases =
        vec![case(suite, id, &line, json!({ "reason": accept, "class": graded }), |line, want| {
            let verdict = classify(line);
            let is = |key: &str, got: &str| {
                let list = want.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
                key == "class" && list.is_empty() || list.iter().any(|one| one.as_str() == Some(got))
            };
            if is("reason", verdict.reason.name()) && is("class", verdict.class.name()) {
                Verdict::Right
            } else {
                let rule = verdict.rule.as_deref().unwrap_or("nothing");
                Verdict::wrong(want, format!("{} {} by {rule}: {line}", verdict.reason, verdict.class))
            }
        })];
    if !classes.is_empty() && !classes.iter().any(|class| class == "hard") {
        cases.push(case(NO_FALSE_HARD, id, &line, json!("not hard"), |line, want| {
            let got = classify(line).class.name();
            if got == "hard" { Verdict::wrong(want, format!("hard: {line}")) } else { Verdict::Right }
        }));
    }
    if let Some(advice) = advice {
        cases.push(case("info lines-advice", id, &line, json!(advice), |line, want| {
            Verdict::equal(want, &json!(classify(line).advice.name()))
        }));
    }
    Ok(cases)
}

fn case(suite: &'static str, id: &str, line: &str, want: Value, judge: fn(&str, &Value) -> Verdict) -> Case {
    let text = line.to_owned();
    Case {
        suite,
        id: id.to_owned(),
        input: Input::Text(line.to_owned()),
        want: Ok(want),
        judge: Box::new(move |want| judge(&text, want)),
    }
}
