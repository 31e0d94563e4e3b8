//! Reading the JSON of the suites strictly: what is not described makes a case unreadable.

use std::path::Path;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The object in `value`, all of whose keys are among `known`.
pub(crate) fn object<'v>(value: &'v Value, known: &[&str]) -> Result<&'v Map<String, Value>, String> {
    let object = value.as_object().ok_or_else(|| format!("not an object: {value}"))?;
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(format!("unknown key `{key}`")),
        None => Ok(object),
    }
}

/// The text under `key`.
pub(crate) fn text<'v>(object: &'v Map<String, Value>, key: &str) -> Result<&'v str, String> {
    object.get(key).and_then(Value::as_str).ok_or_else(|| format!("`{key}` is missing or no text"))
}

/// The whole number under `key`.
pub(crate) fn number(object: &Map<String, Value>, key: &str) -> Result<usize, String> {
    let number = object.get(key).and_then(Value::as_u64);
    let number = number.ok_or_else(|| format!("`{key}` is missing or no whole number"))?;
    usize::try_from(number).map_err(|_| format!("`{key}` is too large"))
}

/// The list under `key`.
pub(crate) fn list<'v>(object: &'v Map<String, Value>, key: &str) -> Result<&'v [Value], String> {
    let list = object.get(key).and_then(Value::as_array).map(Vec::as_slice);
    list.ok_or_else(|| format!("`{key}` is missing or no list"))
}

/// The elements of the list that a file holds, each read by itself, so that one that is broken spoils no other.
pub(crate) fn elements_of_file(path: &Path) -> Result<Vec<Result<Value, String>>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let elements: Vec<Box<RawValue>> =
        serde_json::from_str(&text).map_err(|error| format!("not a list: {error}"))?;
    Ok(elements
        .iter()
        .map(|raw| serde_json::from_str(raw.get()).map_err(|error| error.to_string()))
        .collect())
}

/// `value` without the keys whose value is null, at every depth: in the suites null and missing are the same.
pub(crate) fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_that_nobody_described_is_refused() {
        assert!(object(&json!({"a": 1}), &["a", "b"]).is_ok());
        assert_eq!(object(&json!({"a": 1, "c": null}), &["a", "b"]), Err("unknown key `c`".into()));
        assert!(object(&json!([]), &["a"]).is_err());
    }

    #[test]
    fn null_and_missing_are_the_same() {
        let value = json!({"a": null, "b": [{"c": null, "d": 0}, null]});
        assert_eq!(without_nulls(&value), json!({"b": [{"d": 0}, null]}));
    }
}
