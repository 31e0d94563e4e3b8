//! The suite `fields`: an element of a `fields/mail-parser-KIND.json` a case.

use std::path::Path;

use serde_json::Value;

use super::views;
use crate::case::{Case, Input, Verdict};
use crate::json;

/// What `expected` may be, and our view of a field's value in the same form.
struct Kind {
    name: &'static str,
    /// All keys of the objects of this form, wherever they stand.
    keys: &'static [&'static str],
    view: fn(&[u8]) -> Value,
}

const KINDS: &[Kind] = &[
    Kind { name: "address", keys: &["List", "Group", "name", "address", "addresses"], view: views::address },
    Kind { name: "content_type", keys: &["c_type", "c_subtype", "attributes"], view: views::content_type },
    Kind { name: "date", keys: DATE, view: views::date },
    Kind { name: "id", keys: &[], view: views::message_ids },
    Kind { name: "list", keys: &[], view: views::list },
    Kind { name: "received", keys: RECEIVED, view: views::received },
    Kind { name: "unstructured", keys: &[], view: views::unstructured },
];

const DATE: &[&str] =
    &["year", "month", "day", "hour", "minute", "second", "tz_before_gmt", "tz_hour", "tz_minute"];

const RECEIVED: &[&str] = &[
    "from",
    "by",
    "helo",
    "Name",
    "IpAddr",
    "from_ip",
    "from_iprev",
    "for_",
    "id",
    "ident",
    "via",
    "with",
    "helo_cmd",
    "tls_version",
    "tls_cipher",
    "date",
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "tz_before_gmt",
    "tz_hour",
    "tz_minute",
];

pub(super) fn cases(kind_name: &str, path: &Path) -> Vec<Case> {
    let kind = KINDS.iter().find(|kind| kind.name == kind_name);
    super::list_cases("fields", kind_name, path, |id, element| {
        let kind = kind.ok_or_else(|| format!("unknown kind `{kind_name}`"))?;
        let (header, want) = read(kind, element)?;
        let value = header.clone();
        let judge = Box::new(move |want: &Value| judge(want, &(kind.view)(value.as_bytes())));
        Ok(Case { suite: "fields", id, input: Input::Text(header), want: Ok(want), judge })
    })
}

fn read(kind: &Kind, element: &Value) -> Result<(String, Value), String> {
    let object = json::object(element, &["header", "expected"])?;
    let header = json::text(object, "header")?.to_owned();
    let expected = object.get("expected").ok_or("`expected` is missing")?;
    only_known_keys(expected, kind.keys)?;
    Ok((header, json::without_nulls(expected)))
}

/// The depth is bounded by that of the JSON reader.
fn only_known_keys(value: &Value, known: &[&str]) -> Result<(), String> {
    match value {
        Value::Object(object) => {
            json::object(value, known)?;
            object.values().try_for_each(|value| only_known_keys(value, known))
        }
        Value::Array(items) => items.iter().try_for_each(|item| only_known_keys(item, known)),
        _ => Ok(()),
    }
}

fn judge(want: &Value, ours: &Value) -> Verdict {
    let (want, ours) = (json::without_nulls(want), json::without_nulls(ours));
    // Nothing found is null in some forms and an empty list or text in others.
    let nothing = want.is_null() && (ours == Value::Array(Vec::new()) || ours == "");
    if nothing { Verdict::Right } else { Verdict::equal(&want, &ours) }
}
