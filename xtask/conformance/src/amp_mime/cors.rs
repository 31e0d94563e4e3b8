//! The suite `cors`: a request of cors/cases.json a case.

use std::path::Path;
use std::sync::Arc;

use mailwright_amp_mime::cors::AllowedSenders;
use serde_json::{Map, Value, json};

use crate::case::{Case, Input, Verdict};
use crate::json;

const SUITE: &str = "cors";
const CASE: &[&str] = &["id", "headers", "query", "expect", "rule"];

pub(super) fn cases(path: &Path) -> Vec<Case> {
    let Some(value) = super::file(path) else { return Vec::new() };
    let read = value.and_then(|value| {
        let object = json::object(&value, &["note", "config", "cases"])?;
        let config = object.get("config").ok_or("`config` is missing")?;
        let addresses = json::list(json::object(config, &["allowed_senders"])?, "allowed_senders")?;
        let addresses: Option<Vec<&str>> = addresses.iter().map(Value::as_str).collect();
        let senders = AllowedSenders::new(addresses.ok_or("an address is no text")?);
        let senders = Arc::new(senders.map_err(|error| error.to_string())?);
        Ok(json::list(object, "cases")?.iter().map(|element| case(element, &senders)).collect())
    });
    read.unwrap_or_else(|why: String| vec![Case::unreadable(SUITE, "cases.json".to_owned(), why)])
}

fn case(element: &Value, senders: &Arc<AllowedSenders>) -> Case {
    let id = element.get("id").and_then(Value::as_str).unwrap_or("without id").to_owned();
    let read = || -> Result<Case, String> {
        let object = json::object(element, CASE)?;
        let headers = texts(object, "headers")?;
        let query = json::text(object, "query")?.to_owned();
        let want = object.get("expect").ok_or("`expect` is missing")?;
        let expected = json::object(want, &["status", "headers"])?;
        if !["allow", "reject"].contains(&json::text(expected, "status")?) {
            return Err("`status` is neither allow nor reject".into());
        }
        texts(expected, "headers")?;
        let (want, senders) = (folded(want), Arc::clone(senders));
        let judge = Box::new(move |want: &Value| Verdict::equal(want, &answer(&senders, &headers, &query)));
        let input = Input::Text(element.to_string());
        Ok(Case { suite: SUITE, id: id.clone(), input, want: Ok(want), judge })
    };
    read().unwrap_or_else(|why| Case::unreadable(SUITE, id.clone(), why))
}

fn texts(object: &Map<String, Value>, key: &str) -> Result<Vec<(String, String)>, String> {
    let found = object.get(key).and_then(Value::as_object);
    let found = found.ok_or_else(|| format!("`{key}` is missing or no object"))?;
    let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    found.iter().map(text).collect::<Option<_>>().ok_or_else(|| format!("`{key}` holds what is no text"))
}

/// The names of fields in lower case, since they compare so.
fn folded(answer: &Value) -> Value {
    let headers = answer.get("headers").and_then(Value::as_object).into_iter().flatten();
    let headers: Map<String, Value> =
        headers.map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
    json!({ "status": answer.get("status"), "headers": headers })
}

fn answer(senders: &AllowedSenders, headers: &[(String, String)], query: &str) -> Value {
    let header = |name: &str| {
        headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    };
    match senders.check(header, query) {
        Ok(allowed) => {
            let headers = allowed.headers().into_iter();
            let headers: Map<String, Value> =
                headers.map(|(name, value)| (name.to_ascii_lowercase(), json!(value))).collect();
            json!({ "status": "allow", "headers": headers })
        }
        Err(_) => json!({ "status": "reject", "headers": {} }),
    }
}
