//! Op `primitive`: the tests of a file of Wycheproof, through the hidden door of the backend.

mod cipher;
mod der;
mod fields;
mod key;
mod signature;

use mailwright_smime::{Error, ErrorKind};
use serde_json::{Map, Value};

use super::expect::Expect;
use super::given::Given;
use crate::case::Verdict;
use crate::json;

/// What the crate did with a test.
enum Did {
    /// The octets that came out; none where there is only a yes.
    Gave(Vec<u8>),
    Refused,
    /// The crate has no such algorithm.
    Unsupported,
}

/// What is wanted where a test is `valid`.
type Wanted = Vec<u8>;

/// Runs one test of a group: what was done, and what is wanted.
type Run = fn(&Group<'_>, &Map<String, Value>) -> Result<(Did, Wanted), String>;

/// The files of one schema.
struct Schema {
    name: &'static str,
    /// The `type` of its groups.
    group: &'static str,
    /// Fields of a group beside `type`, `source` and `tests`.
    group_fields: &'static [&'static str],
    /// Fields of a test beside `tcId`, `comment`, `flags` and `result`.
    test_fields: &'static [&'static str],
    /// Octets other than those wanted are a refusal (implicit rejection).
    other_is_refusal: bool,
    run: Run,
}

/// What all tests of a group have.
struct Group<'f> {
    /// The algorithm of the file.
    algorithm: &'f str,
    fields: &'f Map<String, Value>,
}

const FILE: &[&str] = &["algorithm", "schema", "numberOfTests", "header", "notes", "testGroups"];

pub(super) fn judge(given: &Given, want: &Expect) -> Result<Verdict, String> {
    if !want.wants("per-test") || want.outcomes.len() != 1 {
        return Err("op primitive is graded per-test".into());
    }
    let member = crate::archive::member(&given.file("file")?, given.text("member")?)?;
    let file: Value = serde_json::from_slice(&member).map_err(|error| error.to_string())?;
    let file = json::object(&file, FILE)?;
    let wanted = given.value("tests").and_then(Value::as_u64).ok_or("`tests` is missing or no number")?;
    let groups = json::list(file, "testGroups")?;
    let mut count = 0u64;
    let mut wrong = Vec::new();
    for group in groups {
        let schema = schema(json::text(file, "schema")?)?;
        let fields = known(group, &["type", "source", "tests"], schema.group_fields)?;
        if json::text(fields, "type")? != schema.group {
            return Err(format!("`type` is {}", json::text(fields, "type")?));
        }
        let group = Group { algorithm: json::text(file, "algorithm")?, fields };
        for test in json::list(fields, "tests")? {
            count += 1;
            let test = known(test, &["tcId", "comment", "flags", "result"], schema.test_fields)?;
            if let Some(why) = fault(schema, &group, test)? {
                wrong.push(format!("{}: {why}", json::number(test, "tcId")?));
            }
        }
    }
    if count != wanted || json::number(file, "numberOfTests")? as u64 != wanted {
        wrong.push(format!("{count} tests"));
    }
    let all = format!("all of {wanted} tests right");
    Ok(if wrong.is_empty() { Verdict::Right } else { Verdict::wrong(all, wrong.join("; ")) })
}

/// The schema of this name.
fn schema(name: &str) -> Result<&'static Schema, String> {
    let all = [cipher::SCHEMAS, key::SCHEMAS, signature::SCHEMAS];
    let found = all.into_iter().flatten().find(|schema| schema.name == name);
    found.ok_or_else(|| format!("`schema` is {name}"))
}

fn known<'v>(value: &'v Value, common: &[&str], own: &[&str]) -> Result<&'v Map<String, Value>, String> {
    json::object(value, &[common, own].concat())
}

/// What is wrong with our answer on a test, if anything is.
fn fault(schema: &Schema, group: &Group<'_>, test: &Map<String, Value>) -> Result<Option<String>, String> {
    let (did, wanted) = (schema.run)(group, test)?;
    let gave_it = matches!(&did, Did::Gave(octets) if *octets == wanted);
    let right = match (json::text(test, "result")?, &did) {
        // An algorithm that the crate has not is no fault, as the README says.
        ("valid", Did::Unsupported) => true,
        ("valid", _) => gave_it,
        ("invalid", Did::Gave(_)) => schema.other_is_refusal && !gave_it,
        ("invalid", _) | ("acceptable", Did::Refused | Did::Unsupported) => true,
        // What is accepted comes out right.
        ("acceptable", Did::Gave(_)) => true,
        (other, _) => return Err(format!("`result` is {other}")),
    };
    let answer = match did {
        _ if right => return Ok(None),
        Did::Gave(_) => "accepted",
        Did::Refused => "refused",
        Did::Unsupported => "not supported",
    };
    Ok(Some(format!("{answer} ({}, {})", json::text(test, "result")?, json::text(test, "comment")?)))
}

impl Did {
    /// What a call of the crate did.
    fn of(result: Result<Vec<u8>, Error>) -> Self {
        match result {
            Ok(octets) => Self::Gave(octets),
            Err(error) if matches!(error.kind(), ErrorKind::Unsupported { .. }) => Self::Unsupported,
            Err(_) => Self::Refused,
        }
    }

    fn of_yes(result: Result<(), Error>) -> Self {
        Self::of(result.map(|()| Vec::new()))
    }

    /// The same, of two steps.
    fn and(self, next: impl FnOnce(&[u8]) -> Self) -> Self {
        match self {
            Self::Gave(octets) => next(&octets),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests;
