//! The attributes of the table: each description once, and the names.

use std::fmt::Write as _;

use serde_json::Value;

use super::{MADE, flag, list, names, object, objects, option, patterns, text, texts, types};

const KNOWN: &[&str] = &[
    "name",
    "mandatory",
    "value",
    "deprecation",
    "deprecation_url",
    "dispatch_key",
    "value_casei",
    "disallowed_value_regex",
    "value_regex",
    "value_regex_casei",
    "value_url",
    "implicit",
    "disabled_by",
    "enabled_by",
    "requires_extension",
    "trigger",
    "value_oneof_set",
    "add_value_to_set",
    "value_doc_css",
    "requires_ancestor",
];

/// The descriptions so far, in Rust.
pub(super) struct Attrs {
    rows: Vec<String>,
    /// Name and, for each list, its rows.
    lists: Vec<(String, Vec<Attr>)>,
    names: Vec<String>,
    /// Each pattern with how it is used, for the tests.
    patterns: Vec<String>,
}

/// What else is to be known of an attribute's description.
#[derive(Clone)]
pub(super) struct Attr {
    pub(super) name: String,
    pub(super) row: usize,
    pub(super) mandatory: bool,
    pub(super) extension: bool,
    pub(super) dispatch: Option<String>,
    pub(super) first_value: String,
}

impl Attrs {
    pub(super) fn new(lists: &Value) -> Result<Self, String> {
        let mut all = Self { rows: Vec::new(), lists: Vec::new(), names: Vec::new(), patterns: Vec::new() };
        for list in objects(lists, "list", &["name", "attrs"])? {
            let attrs = all.add(list)?;
            all.lists.push((text(list, "name").unwrap_or_default().to_owned(), attrs));
        }
        Ok(all)
    }

    pub(super) fn list(&self, name: &str) -> Result<&[Attr], String> {
        let found = self.lists.iter().find(|(one, _)| one == name).map(|(_, attrs)| attrs.as_slice());
        found.ok_or_else(|| format!("no list of attributes `{name}`"))
    }

    /// Adds the attributes of `owner`.
    pub(super) fn add(&mut self, owner: &Value) -> Result<Vec<Attr>, String> {
        objects(owner, "attrs", KNOWN)?.into_iter().map(|attr| self.add_one(attr)).collect()
    }

    fn add_one(&mut self, attr: &Value) -> Result<Attr, String> {
        let name = text(attr, "name").ok_or("an attribute without a name")?.to_owned();
        if !self.names.contains(&name) {
            self.names.push(name.clone());
        }
        let mut row = format!("name: {name:?}");
        let mut field = |name: &str, value: String| {
            let _ = write!(row, ", {name}: {value}");
        };
        for key in ["mandatory", "implicit"] {
            if flag(attr, key) {
                field(key, "true".into());
            }
        }
        if flag(attr, "value_doc_css") {
            field("css", "true".into());
        }
        for (key, as_field) in
            [("value", "values"), ("value_casei", "values_any_case"), ("requires_extension", "extensions")]
        {
            let values = texts(attr, key);
            if !values.is_empty() {
                field(as_field, list(&values));
            }
        }
        for (key, as_field, case, whole) in [
            ("value_regex", "pattern", false, true),
            ("value_regex_casei", "pattern", true, true),
            ("disallowed_value_regex", "forbidden", true, false),
        ] {
            if let Some(regex) = text(attr, key) {
                field(as_field, format!("Some({})", patterns::rust(regex)?));
                self.patterns.push(tested(regex, case, whole)?);
            }
        }
        if let Some(url) = attr.get("value_url") {
            object(url, &["protocol", "allow_relative", "allow_empty"])?;
            let relative = url.get("allow_relative").and_then(Value::as_bool).unwrap_or(true);
            field(
                "url",
                format!(
                    "Some(Url {{ protocols: {}, relative: {relative}, empty: {} }})",
                    list(&texts(url, "protocol")),
                    flag(url, "allow_empty")
                ),
            );
        }
        if let Some(deprecation) = text(attr, "deprecation") {
            field("deprecation", option(Some(deprecation)));
        }
        for key in ["enabled_by", "disabled_by"] {
            let bits = types(attr, key)?;
            if bits != 0 {
                field(key, bits.to_string());
            }
        }
        if let Some(trigger) = attr.get("trigger") {
            object(trigger, &["if_value_regex", "also_requires_attr"])?;
            let pattern = match text(trigger, "if_value_regex") {
                Some(regex) => {
                    self.patterns.push(tested(regex, false, true)?);
                    format!("Some({})", patterns::rust(regex)?)
                }
                None => "None".into(),
            };
            let needed = list(&texts(trigger, "also_requires_attr"));
            field("trigger", format!("Some(Trigger {{ pattern: {pattern}, attributes: {needed} }})"));
        }
        for (key, as_field) in [("value_oneof_set", "needs_in_set"), ("add_value_to_set", "adds_to_set")] {
            if let Some(set) = text(attr, key) {
                field(as_field, option(Some(set)));
            }
        }
        if attr.get("requires_ancestor").is_some() {
            // No tag of AMP for Email gives the mark that this asks for.
            field("needs_mark", "true".into());
        }
        self.rows.push(format!("    Attr {{ {row}, ..ATTR }},\n"));
        let value = texts(attr, "value").first().map(|value| value.to_ascii_lowercase());
        Ok(Attr {
            row: self.rows.len() - 1,
            mandatory: flag(attr, "mandatory"),
            extension: !texts(attr, "requires_extension").is_empty(),
            dispatch: text(attr, "dispatch_key").map(str::to_owned),
            first_value: value
                .or_else(|| texts(attr, "value_casei").first().map(|value| (*value).to_owned()))
                .unwrap_or_default(),
            name,
        })
    }

    /// The number of a name.
    pub(super) fn name(&self, name: &str) -> usize {
        self.names.iter().position(|one| one == name).unwrap_or(usize::MAX)
    }

    pub(super) fn note_pattern(&mut self, regex: &str, any_case: bool, whole: bool) -> Result<(), String> {
        self.patterns.push(tested(regex, any_case, whole)?);
        Ok(())
    }

    pub(super) fn rust(&self) -> String {
        let global = self.list("$GLOBAL_ATTRS").unwrap_or_default();
        let rows = self.names.iter().map(|name| {
            let row =
                global.iter().find(|attr| attr.name == *name).map_or(usize::from(u16::MAX), |attr| attr.row);
            row.to_string()
        });
        let global = names::numbers("GLOBAL", &rows.collect::<Vec<_>>());
        let mut patterns = self.patterns.clone();
        patterns.sort();
        patterns.dedup();
        format!(
            "{MADE}\nuse super::super::pattern::Pattern;\nuse super::super::spec::{{ATTR, Attr, Trigger, Url}};\n\n\
             /// What the rules say of attributes, each wherever it stands.\n\
             pub(crate) static ATTRS: [Attr; {}] = [\n{}];\n\n\
             /// Of each name the attribute that every tag may have, or `u16::MAX`.\n{global}\n{}\n\
             /// The expressions, whether letter case matters, whether the whole text is meant, and the matchers.\n\
             #[cfg(test)]\npub(crate) static PATTERNS: &[(&str, bool, bool, Pattern)] = &[\n{}];\n",
            self.rows.len(),
            self.rows.concat(),
            names::hashed("NAMES", &self.names),
            patterns.concat(),
        )
    }
}

fn tested(regex: &str, any_case: bool, whole: bool) -> Result<String, String> {
    Ok(format!("    ({regex:?}, {any_case}, {whole}, {}),\n", patterns::rust(regex)?))
}
