//! The suites `exact`, `shape` and `any`: a line of `manifest.jsonl` a case.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::case::{Case, Input, Verdict};
use crate::json;

/// The time that a message of `any` may take.
const ALLOWED: Duration = Duration::from_secs(1);

/// The keys that are for people and may say anything.
const FOR_PEOPLE: &[&str] = &["source", "path", "licence", "oracles", "views"];

pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let path = folder.join("manifest.jsonl");
    let Ok(octets) = std::fs::read(&path) else {
        let there = path.exists();
        return there
            .then(|| Case::unreadable("manifest", "manifest.jsonl".into(), "no file"))
            .into_iter()
            .collect();
    };
    let lines = octets.split(|octet| *octet == b'\n').enumerate();
    let mut seen = HashSet::new();
    lines
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(index, line)| {
            let case = case(folder, index, line);
            // `file` is unique: a message that stands twice would count twice.
            if seen.insert(case.id.clone()) {
                case
            } else {
                Case::unreadable(case.suite, case.id, "stands in the manifest twice")
            }
        })
        .collect()
}

fn case(folder: &Path, index: usize, line: &[u8]) -> Case {
    let mut id = format!("manifest.jsonl:{}", index + 1);
    let value: Value = match serde_json::from_slice(line) {
        Ok(value) => value,
        Err(why) => return Case::unreadable("manifest", id, why),
    };
    if let Some(file) = value.get("file").and_then(Value::as_str) {
        file.clone_into(&mut id);
    }
    let suite = match value.get("expect").and_then(Value::as_str) {
        Some("exact") => "exact",
        Some("shape") => "shape",
        Some("any") => "any",
        _ => return Case::unreadable("manifest", id, "`expect` is none of exact, shape, any"),
    };
    match read(&value, suite) {
        Err(why) => Case::unreadable(suite, id, why),
        Ok((file, bytes, want)) => {
            let path = folder.join(file);
            let message = path.clone();
            let judge = Box::new(move |want: &Value| match message_of(&message, bytes) {
                Err(why) => Verdict::wrong("a message that can be read", why),
                Ok(raw) => match suite {
                    "any" => judge_any(&raw, want),
                    "shape" => Verdict::equal(want, &super::ours::shape(&raw)),
                    _ => judge_exact(&raw, want),
                },
            });
            Case { suite, id, input: Input::File(path), want: Ok(want), judge }
        }
    }
}

/// The file, its size where it is given, and the answer wanted.
fn read(value: &Value, suite: &str) -> Result<(PathBuf, Option<usize>, Value), String> {
    let answer = match suite {
        "exact" => "tree",
        "shape" => "shape",
        _ => "defect",
    };
    let known: Vec<&str> = ["file", "bytes", "expect", answer].iter().chain(FOR_PEOPLE).copied().collect();
    let object = json::object(value, &known)?;
    let file = PathBuf::from(json::text(object, "file")?);
    let bytes = object.contains_key("bytes").then(|| json::number(object, "bytes")).transpose()?;
    let want = match (suite, object.get(answer)) {
        ("exact", Some(tree)) => wanted_tree(tree)?,
        ("shape", Some(shape)) => wanted_shape(shape)?,
        ("any", None) => json!(false),
        ("any", Some(Value::Bool(defect))) => json!(defect),
        _ => return Err(format!("`{answer}` is missing or of another form")),
    };
    Ok((file, bytes, want))
}

fn message_of(path: &Path, bytes: Option<usize>) -> Result<Vec<u8>, String> {
    let raw = std::fs::read(path).map_err(|error| error.to_string())?;
    match bytes {
        Some(bytes) if bytes != raw.len() => {
            Err(format!("{} octets where the manifest says {bytes}", raw.len()))
        }
        _ => Ok(raw),
    }
}

/// Checks the form of a tree. Its depth is bounded by that of the JSON reader.
fn wanted_tree(tree: &Value) -> Result<Value, String> {
    if tree.get("children").is_some() {
        let object = json::object(tree, &["type", "children"])?;
        let kind = json::text(object, "type")?;
        let children =
            json::list(object, "children")?.iter().map(wanted_tree).collect::<Result<Vec<_>, _>>()?;
        return Ok(json!({"type": kind, "children": children}));
    }
    let object = json::object(tree, &["type", "start", "len", "sha256_16"])?;
    json::text(object, "type")?;
    json::text(object, "sha256_16")?;
    json::number(object, "start")?;
    json::number(object, "len")?;
    Ok(tree.clone())
}

fn wanted_shape(shape: &Value) -> Result<Value, String> {
    match shape {
        Value::String(_) => Ok(shape.clone()),
        Value::Array(pair) => match pair.as_slice() {
            [Value::String(_), Value::Array(children)] => {
                children.iter().try_for_each(|child| wanted_shape(child).map(drop))?;
                Ok(shape.clone())
            }
            _ => Err(format!("not of the form [type, [child, ...]]: {shape}")),
        },
        _ => Err(format!("neither a type nor [type, [child, ...]]: {shape}")),
    }
}

/// Of an empty body only the length is compared: where it stands is a matter of taste.
fn without_start_of_empty(tree: &Value) -> Value {
    let Some(object) = tree.as_object() else { return tree.clone() };
    let empty = object.get("len") == Some(&json!(0));
    let kept = object.iter().filter(|(key, _)| !(empty && *key == "start"));
    let kept = kept.map(|(key, value)| match value {
        Value::Array(children) => (key.clone(), children.iter().map(without_start_of_empty).collect()),
        other => (key.clone(), other.clone()),
    });
    Value::Object(kept.collect())
}

fn judge_exact(raw: &[u8], want: &Value) -> Verdict {
    Verdict::equal(&without_start_of_empty(want), &without_start_of_empty(&super::ours::tree(raw)))
}

/// No panic, in time, every octet accounted for, and a defect where one is wanted.
fn judge_any(raw: &[u8], want: &Value) -> Verdict {
    let start = Instant::now();
    let reading = match super::ours::read_all(raw) {
        Ok(reading) => reading,
        Err(why) => return Verdict::wrong("a tree", why),
    };
    let took = start.elapsed();
    if took > ALLOWED {
        return Verdict::wrong("an answer within a second", format!("one after {took:?}"));
    }
    if let Err(gap) = reading.tiles {
        return Verdict::wrong("spans that account for all octets", gap);
    }
    if *want == json!(true) && reading.defects == 0 {
        return Verdict::wrong("a defect", "none");
    }
    Verdict::Right
}
