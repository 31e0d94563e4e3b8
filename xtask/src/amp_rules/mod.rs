//! `amp-rules`: the rules of AMP for Email, as files of ours and as the table that the validator is compiled with.
//!
//! The facts (tags, attributes, limits, patterns, CSS properties) are the AMP project's; they are carried over from
//! its rules, as the conformance data keeps them, into `crates/amp-mime/rules/`. From there alone the table is made.

mod attrs;
mod carry;
mod css;
mod names;
mod patterns;
mod tags;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::workspace::root;
use crate::{Failure, Outcome, Verb};

pub(crate) const VERB: Verb = Verb {
    name: "amp-rules",
    arguments: "[--check] [--from amp4email-rules.json]",
    about: "writes the rule files of amp-mime from the AMP project's rules (--from), and the table from the files; \
            --check: says what would change",
    run,
};

fn run(arguments: &[String]) -> Outcome {
    let mut check = false;
    let mut from = None;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--check" => check = true,
            "--from" => {
                let file = rest.next().ok_or_else(|| Failure::Usage("--from takes a file".into()))?;
                from = Some(PathBuf::from(file));
            }
            other => return Err(Failure::Usage(format!("did not expect `{other}`"))),
        }
    }
    let mut files = Vec::new();
    if let Some(from) = from {
        let text = std::fs::read_to_string(&from)
            .map_err(|error| Failure::Usage(format!("{}: {error}", from.display())))?;
        let rules = serde_json::from_str(&text).map_err(|error| Failure::Usage(error.to_string()))?;
        files.extend(carry::files(&rules).map_err(Failure::Usage)?);
        write(&files, check)?;
    }
    let carried = |name: &str| files.iter().find(|(file, _)| file == name).map(|(_, text)| text.clone());
    let read = |name: &str| carried(name).map_or_else(|| read_rules(name), Ok);
    write(&table(read).map_err(Failure::Usage)?, check)
}

/// One sentence for each file that `amp-rules` would change.
pub(crate) fn stale() -> Result<Vec<String>, String> {
    Ok(table(read_rules)?.iter().filter(|file| is_stale(file)).map(|(name, _)| would_change(name)).collect())
}

type File = (String, String);

fn read_rules(name: &str) -> Result<String, String> {
    std::fs::read_to_string(root().join(name)).map_err(|error| format!("{name}: {error}"))
}

/// The files of the table.
fn table(read: impl Fn(&str) -> Result<String, String>) -> Result<Vec<File>, String> {
    let load = |name: &str| -> Result<Value, String> {
        let name = format!("{RULES}{name}");
        toml::from_str(&read(&name)?).map_err(|error| format!("{name}: {error}"))
    };
    let (tags, lists, css, errors) =
        (load("tags.toml")?, load("attributes.toml")?, load("css.toml")?, load("errors.toml")?);
    let mut attrs = attrs::Attrs::new(&lists)?;
    let tags = tags::rust(&tags, &mut attrs)?;
    let named = |name: &str, text: String| (format!("{TABLE}{name}"), text);
    Ok(vec![
        named("tags.rs", tags),
        named("attrs.rs", attrs.rust()),
        named("css.rs", css::rust(&css)?),
        named("errors.rs", names::errors(&errors)?),
    ])
}

const RULES: &str = "crates/amp-mime/rules/";
const TABLE: &str = "crates/amp-mime/src/rules/table/";
const MADE: &str =
    "// Written by `cargo xtask amp-rules` from the files in crates/amp-mime/rules. Do not edit.\n";

fn write(files: &[File], check: bool) -> Outcome {
    let stale: Vec<&File> = files.iter().filter(|file| is_stale(file)).collect();
    for (name, text) in &stale {
        if check {
            println!("{}", would_change(name));
        } else {
            std::fs::write(root().join(name), text)
                .map_err(|error| Failure::Usage(format!("{name}: {error}")))?;
            println!("wrote {name}");
        }
    }
    if check && !stale.is_empty() { Err(Failure::Found) } else { Ok(()) }
}

fn is_stale((name, text): &File) -> bool {
    std::fs::read_to_string(root().join(Path::new(name))).ok().as_deref() != Some(text)
}

fn would_change(name: &str) -> String {
    format!("{name} is not what `cargo xtask amp-rules` writes")
}

/// The objects of a list, whose keys are all among `known`.
fn objects<'v>(value: &'v Value, key: &str, known: &[&str]) -> Result<Vec<&'v Value>, String> {
    let list = value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for entry in list {
        object(entry, known)?;
    }
    Ok(list.iter().collect())
}

fn object(value: &Value, known: &[&str]) -> Result<(), String> {
    let object = value.as_object().ok_or_else(|| format!("not a table: {value}"))?;
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(format!("a key that amp-rules does not know: `{key}` in {value}")),
        None => Ok(()),
    }
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn texts<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    value.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// A list of texts in Rust.
fn list(texts: &[&str]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| format!("{text:?}")).collect();
    format!("&[{}]", quoted.join(", "))
}

fn option(text: Option<&str>) -> String {
    text.map_or_else(|| "None".into(), |text| format!("Some({text:?})"))
}

/// The bits of the type identifiers of the `html` tag.
fn types(value: &Value, key: &str) -> Result<u8, String> {
    texts(value, key)
        .into_iter()
        .map(|name| {
            let known = [
                "amp",
                "amp4ads",
                "amp4email",
                "transformed",
                "experimental",
                "data-ampdevmode",
                "data-css-strict",
            ];
            let place = known.iter().position(|one| *one == name);
            place.map(|place| 1_u8 << place).ok_or_else(|| format!("no type identifier `{name}`"))
        })
        .try_fold(0, |all, bit| Ok(all | bit?))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_the_one_that_the_rules_give() {
        assert_eq!(super::stale(), Ok(Vec::new()));
    }
}
