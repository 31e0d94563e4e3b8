//! From the AMP project's rules, as JSON with the names of its `validator.proto`, to rule files of ours.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{File, RULES};

const HEAD: &str = "\
# Rules of AMP for Email. The facts are those of the AMP project's validator (github.com/ampproject/amphtml,
# validator-*.protoascii), Copyright The AMP HTML Authors, licensed under the Apache License, Version 2.0 (see LICENSE
# and NOTICE beside this file), selected for AMP4EMAIL and put into this form by `cargo xtask amp-rules --from`.
";

/// The files that hold the rules.
pub(super) fn files(rules: &Value) -> Result<Vec<File>, String> {
    let known = [
        "source",
        "format",
        "template_spec_url",
        "styles_spec_url",
        "script_spec_url",
        "doc",
        "css",
        "declaration_list",
        "descendant_tag_list",
        "attr_lists",
        "tags",
        "error_formats",
        "error_specificity",
    ];
    super::object(rules, &known)?;
    if rules.get("format").and_then(Value::as_str) != Some("AMP4EMAIL") {
        return Err("these are not the rules of AMP4EMAIL".into());
    }
    if rules.get("descendant_tag_list").and_then(Value::as_array).is_none_or(|list| !list.is_empty()) {
        return Err("lists of descendant tags are not known here".into());
    }
    let mut css = tables(rules, "doc", "document")?;
    css += &tables(rules, "css", "style")?;
    css += &tables(rules, "declaration_list", "properties")?;
    let mut errors = String::new();
    for entry in rules.get("error_specificity").and_then(Value::as_array).into_iter().flatten() {
        let (code, specificity) = (entry.get("code"), entry.get("specificity").and_then(Value::as_u64));
        let (Some(code), Some(specificity)) = (code.and_then(Value::as_str), specificity) else {
            return Err(format!("no specificity: {entry}"));
        };
        let _ = writeln!(errors, "{code} = {specificity}");
    }
    let errors = format!(
        "\n# Of two ways to read a tag that both fail, the one with the greater number is reported.\n[specificity]\n{errors}"
    );
    let file = |name: &str, text: String| (format!("{RULES}{name}"), format!("{HEAD}{text}"));
    Ok(vec![
        file("tags.toml", tables(rules, "tags", "tag")?),
        file("attributes.toml", tables(rules, "attr_lists", "list")?),
        file("css.toml", css),
        file("errors.toml", errors),
    ])
}

/// The objects under `key` as an array of tables, a line a field and for lists of objects a line an object.
fn tables(rules: &Value, key: &str, name: &str) -> Result<String, String> {
    let mut out = String::new();
    for entry in rules.get(key).and_then(Value::as_array).ok_or_else(|| format!("no `{key}`"))? {
        let _ = writeln!(out, "\n[[{name}]]");
        for (key, value) in entry.as_object().ok_or("not an object")? {
            match value {
                _ if key == "html_format" => {}
                Value::Array(list) if list.iter().all(Value::is_object) && !list.is_empty() => {
                    let lines: Vec<String> = list.iter().map(|one| format!("    {},\n", toml(one))).collect();
                    let _ = writeln!(out, "{key} = [\n{}]", lines.concat());
                }
                value => {
                    let _ = writeln!(out, "{key} = {}", toml(value));
                }
            }
        }
    }
    Ok(out)
}

fn toml(value: &Value) -> String {
    match value {
        Value::Array(list) => format!("[{}]", list.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Value::Object(object) => {
            let fields: Vec<String> = field_list(object);
            format!("{{ {} }}", fields.join(", "))
        }
        // TOML takes JSON's texts, numbers and truth values as they are.
        other => other.to_string(),
    }
}

fn field_list(object: &Map<String, Value>) -> Vec<String> {
    object
        .iter()
        .filter(|(key, _)| *key != "html_format")
        .map(|(key, value)| format!("{key} = {}", toml(value)))
        .collect()
}
