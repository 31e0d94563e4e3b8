//! The suite `auth-results`: an element of a `fields/authres-KIND.json` a case.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::ours;
use crate::case::{Case, Input, Verdict};
use crate::json;

const FIELD: &[&str] = &["value", "authserv_id", "version", "results", "formatted"];
const RESULT: &[&str] = &["method", "version", "result", "reason", "props"];
const PROPERTY: &[&str] = &["ptype", "name", "value"];

/// How a rejected value is written, wanted and ours; a dispute may give it as an answer.
pub(super) const REJECTED: &str = "rejected";

pub(super) fn cases(kind: &str, path: &Path) -> Vec<Case> {
    super::list_cases("auth-results", kind, path, |id, element| {
        let (value, want) = read(element)?;
        let text = value.clone();
        let judge = Box::new(move |want: &Value| {
            let ours = ours::auth_results(&text).unwrap_or_else(|| json!(REJECTED));
            Verdict::equal(&json::without_nulls(want), &json::without_nulls(&ours))
        });
        Ok(Case { suite: "auth-results", id, input: Input::Text(value), want: Ok(want), judge })
    })
}

fn read(element: &Value) -> Result<(String, Value), String> {
    if element.get("error").is_some() {
        let object = json::object(element, &["value", "error"])?;
        json::text(object, "error")?;
        return Ok((json::text(object, "value")?.to_owned(), json!(REJECTED)));
    }
    let object = json::object(element, FIELD)?;
    let value = json::text(object, "value")?.to_owned();
    object.get("authserv_id").ok_or("`authserv_id` is missing")?;
    optional_number(object, "version")?;
    for result in json::list(object, "results")? {
        let result = json::object(result, RESULT)?;
        json::text(result, "method")?;
        json::text(result, "result")?;
        optional_number(result, "version")?;
        for property in json::list(result, "props")? {
            let property = json::object(property, PROPERTY)?;
            PROPERTY.iter().try_for_each(|key| json::text(property, key).map(drop))?;
        }
    }
    let compared = object.iter().filter(|(key, _)| *key != "value" && *key != "formatted");
    let compared = compared.map(|(key, value)| (key.clone(), value.clone())).collect();
    Ok((value, Value::Object(compared)))
}

fn optional_number(object: &Map<String, Value>, key: &str) -> Result<(), String> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(()),
        Some(_) => json::number(object, key).map(drop),
    }
}
