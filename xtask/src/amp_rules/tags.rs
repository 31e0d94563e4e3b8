//! The tags of the table.

use std::fmt::Write as _;

use serde_json::Value;

use super::attrs::{Attr, Attrs};
use super::{MADE, flag, list, names, object, objects, option, patterns, text, texts, types};

const KNOWN: &[&str] = &[
    "tag_name",
    "spec_name",
    "mandatory",
    "unique",
    "mandatory_parent",
    "attrs",
    "spec_url",
    "explicit_attrs_only",
    "descriptive_name",
    "disabled_by",
    "enabled_by",
    "deprecation",
    "deprecation_url",
    "disallowed_ancestor",
    "attr_lists",
    "requires_extension",
    "mandatory_ancestor",
    "cdata",
    "satisfies_condition",
    "requires_condition",
    "amp_layout",
    "extension_spec",
    "child_tags",
    "reference_points",
];

/// Met by any of the variants of the runtime script; every extension asks for it.
const RUNTIME: &str = "amphtml javascript runtime (v0.js)";
const REFERENCE_POINT: &str = "$REFERENCE_POINT";
const COMPONENTS: &str = "https://amp.dev/documentation/components/";

pub(super) fn rust(rules: &Value, attrs: &mut Attrs) -> Result<String, String> {
    let tags = objects(rules, "tag", KNOWN)?;
    let spec_names: Vec<String> = tags.iter().map(|tag| spec_name(tag)).collect();
    let mut rows = String::new();
    let mut dispatch: Vec<Name> = Vec::new();
    for (number, tag) in tags.iter().enumerate() {
        let all = all_attrs(tag, attrs)?;
        rows += &row(tag, &all, attrs, &spec_names)?;
        let name = text(tag, "tag_name").ok_or("a tag without a name")?;
        if name == REFERENCE_POINT {
            continue;
        }
        let lower = name.to_ascii_lowercase();
        let place = dispatch.iter().position(|one| one.lower == lower).unwrap_or_else(|| {
            dispatch.push(Name { lower, upper: name.to_owned(), specs: Vec::new(), keys: Vec::new() });
            dispatch.len() - 1
        });
        let keys = keys(tag, &all, number)?;
        let entry = dispatch.get_mut(place).ok_or("no place")?;
        if keys.is_empty() {
            entry.specs.push(number.to_string());
        }
        entry.keys.extend(keys);
    }
    let entries: Vec<String> = dispatch
        .iter()
        .map(|name| {
            format!(
                "    Name {{ upper: {:?}, specs: &[{}], keys: &[{}] }},\n",
                name.upper,
                name.specs.join(", "),
                name.keys.join(", ")
            )
        })
        .collect();
    let lower: Vec<String> = dispatch.into_iter().map(|name| name.lower).collect();
    Ok(format!(
        "{MADE}\nuse super::super::pattern::Pattern;\n\
         use super::super::spec::{{CDATA, Cdata, Children, Extension, Key, KeyKind, Layout, MediaQueries, Name, Selectors, TAG, Tag}};\n\n\
         /// What the rules say of tags.\npub(crate) static TAGS: [Tag; {}] = [\n{rows}];\n\n\
         /// Which of them are for a name, in the order of [`LOWER`].\n\
         pub(crate) static DISPATCH: [Name; {}] = [\n{}];\n\n{}",
        tags.len(),
        entries.len(),
        entries.concat(),
        names::hashed("LOWER", &lower),
    ))
}

struct Name {
    lower: String,
    upper: String,
    specs: Vec<String>,
    keys: Vec<String>,
}

/// The attributes of a tag but for the global ones: of the same name the first counts.
fn all_attrs(tag: &Value, attrs: &mut Attrs) -> Result<Vec<Attr>, String> {
    let explicit = flag(tag, "explicit_attrs_only") || text(tag, "tag_name") == Some(REFERENCE_POINT);
    let mut all: Vec<Attr> = Vec::new();
    if tag.get("amp_layout").is_some() && !explicit {
        all.extend_from_slice(attrs.list("$AMP_LAYOUT_ATTRS")?);
    }
    all.extend(attrs.add(tag)?);
    for name in texts(tag, "attr_lists") {
        all.extend_from_slice(attrs.list(name)?);
    }
    let mut seen: Vec<String> = Vec::new();
    all.retain(|attr| {
        let new = !seen.contains(&attr.name);
        seen.push(attr.name.clone());
        new
    });
    Ok(all)
}

fn spec_name(tag: &Value) -> String {
    let lower = || text(tag, "tag_name").unwrap_or_default().to_ascii_lowercase();
    let extension = || {
        let extension = tag.get("extension_spec")?;
        let name = text(extension, "name")?;
        let version =
            text(extension, "version_name").map(|version| format!(" {version}")).unwrap_or_default();
        Some(format!("{name}{version} extension script"))
    };
    text(tag, "spec_name").map(str::to_owned).or_else(extension).unwrap_or_else(lower)
}

fn row(tag: &Value, all: &[Attr], attrs: &mut Attrs, spec_names: &[String]) -> Result<String, String> {
    let name = text(tag, "tag_name").unwrap_or_default();
    let own_name = spec_name(tag);
    let extension = tag.get("extension_spec");
    let has_name = text(tag, "spec_name").is_some() || extension.is_some();
    let about = match (text(tag, "descriptive_name"), extension) {
        (Some(about), _) => about.to_owned(),
        (None, Some(_)) => own_name.clone(),
        (None, None) => name.to_ascii_lowercase(),
    };
    let mut row = format!("name: {own_name:?}, about: {about:?}");
    let mut field = |name: &str, value: String| {
        let _ = write!(row, ", {name}: {value}");
    };
    if has_name {
        field("named", "true".into());
    }
    let extensions = texts(tag, "requires_extension");
    let url = text(tag, "spec_url").map(str::to_owned).or_else(|| {
        let extension =
            extension.and_then(|extension| text(extension, "name")).or(extensions.first().copied());
        extension.map(|extension| format!("{COMPONENTS}{extension}"))
    });
    if let Some(url) = url {
        field("url", format!("{url:?}"));
    }
    for (key, as_field) in
        [("mandatory", "mandatory"), ("unique", "unique"), ("explicit_attrs_only", "explicit")]
    {
        if flag(tag, key) {
            field(as_field, "true".into());
        }
    }
    if name == REFERENCE_POINT {
        field("reference_point", "true".into());
    }
    let parent = if extension.is_some() { Some("HEAD") } else { text(tag, "mandatory_parent") };
    for (as_field, value) in [
        ("parent", parent),
        ("ancestor", text(tag, "mandatory_ancestor")),
        ("deprecation", text(tag, "deprecation")),
    ] {
        if value.is_some() {
            field(as_field, option(value));
        }
    }
    if let Some(url) = text(tag, "deprecation_url") {
        field("deprecation_url", format!("{url:?}"));
    }
    for (key, as_field) in [
        ("disallowed_ancestor", "not_in"),
        ("requires_extension", "extensions"),
        ("satisfies_condition", "satisfies"),
    ] {
        let values = texts(tag, key);
        if !values.is_empty() {
            field(as_field, list(&values));
        }
    }
    let mut requires = texts(tag, "requires_condition");
    if extension.is_some() {
        requires.push(RUNTIME);
    }
    if !requires.is_empty() {
        field("requires", list(&requires));
    }
    for key in ["enabled_by", "disabled_by"] {
        let bits = types(tag, key)?;
        if bits != 0 {
            field(key, bits.to_string());
        }
    }
    let mut own: Vec<(usize, usize)> = all.iter().map(|attr| (attrs.name(&attr.name), attr.row)).collect();
    own.sort_unstable();
    let own: Vec<String> = own.into_iter().map(|(name, row)| format!("({name}, {row})")).collect();
    field("attrs", format!("&[{}]", own.join(", ")));
    let mut mandatory: Vec<&str> =
        all.iter().filter(|attr| attr.mandatory).map(|attr| attr.name.as_str()).collect();
    mandatory.sort_unstable();
    if !mandatory.is_empty() {
        field("mandatory_attrs", list(&mandatory));
    }
    let global = !flag(tag, "explicit_attrs_only") && name != REFERENCE_POINT;
    if global || all.iter().any(|attr| attr.extension) {
        field("attrs_use_extensions", "true".into());
    }
    if let Some(layout) = tag.get("amp_layout") {
        object(layout, &["supported_layouts"])?;
        let layouts: Vec<String> = texts(layout, "supported_layouts")
            .into_iter()
            .map(|layout| {
                let words = layout.split('_').map(|word| {
                    let (first, rest) = word.split_at(1);
                    format!("{first}{}", rest.to_ascii_lowercase())
                });
                format!("Layout::{}", words.collect::<String>())
            })
            .collect();
        field("layouts", format!("Some(&[{}])", layouts.join(", ")));
    }
    if let Some(extension) = extension {
        let known = [
            "name",
            "version",
            "deprecated_version",
            "deprecated_allow_duplicates",
            "requires_usage",
            "version_name",
            "extension_type",
        ];
        object(extension, &known)?;
        if flag(extension, "deprecated_allow_duplicates") {
            field("unique_warning", "true".into());
        } else {
            field("unique", "true".into());
        }
        field(
            "extension",
            format!(
                "Some(Extension {{ name: {:?}, attribute: {:?}, versions: {}, deprecated: {}, must_be_used: {} }})",
                text(extension, "name").unwrap_or_default(),
                extension_attribute(extension)?,
                list(&texts(extension, "version")),
                list(&texts(extension, "deprecated_version")),
                text(extension, "requires_usage").is_none_or(|usage| usage == "ERROR"),
            ),
        );
        field("cdata", "Some(Cdata { white_space_only: true, ..CDATA })".into());
    }
    if let Some(children) = tag.get("child_tags") {
        object(
            children,
            &["mandatory_num_child_tags", "child_tag_name_oneof", "first_child_tag_name_oneof"],
        )?;
        let count = children.get("mandatory_num_child_tags").and_then(Value::as_u64);
        field(
            "children",
            format!(
                "Some(Children {{ count: {}, names: {}, first: {} }})",
                count.map_or_else(|| "None".into(), |count| format!("Some({count})")),
                list(&texts(children, "child_tag_name_oneof")),
                list(&texts(children, "first_child_tag_name_oneof")),
            ),
        );
    }
    let points = objects(tag, "reference_points", &["tag_spec_name"])?;
    if !points.is_empty() {
        let numbers: Result<Vec<String>, String> = points
            .iter()
            .map(|point| {
                let wanted = text(point, "tag_spec_name").unwrap_or_default();
                let place = spec_names.iter().position(|name| name == wanted);
                place.map(|place| place.to_string()).ok_or_else(|| format!("no tag `{wanted}`"))
            })
            .collect();
        field("points", format!("&[{}]", numbers?.join(", ")));
    }
    if let Some(cdata) = tag.get("cdata") {
        field("cdata", format!("Some(Cdata {{ {}..CDATA }})", self::cdata(cdata, attrs)?));
    }
    Ok(format!("    Tag {{ {row}, ..TAG }},\n"))
}

fn extension_attribute(extension: &Value) -> Result<&'static str, String> {
    match text(extension, "extension_type") {
        None | Some("CUSTOM_ELEMENT") => Ok("custom-element"),
        Some("CUSTOM_TEMPLATE") => Ok("custom-template"),
        Some(other) => Err(format!("no extension type `{other}`")),
    }
}

fn cdata(cdata: &Value, attrs: &mut Attrs) -> Result<String, String> {
    object(
        cdata,
        &[
            "disallowed_cdata_regex",
            "max_bytes",
            "max_bytes_spec_url",
            "css_spec",
            "doc_css_bytes",
            "cdata_regex",
        ],
    )?;
    let mut out = String::new();
    if let Some(regex) = text(cdata, "cdata_regex") {
        let _ = write!(out, "pattern: Some({}), ", patterns::rust(regex)?);
        attrs.note_pattern(regex, false, true)?;
    }
    if let Some(bytes) = cdata.get("max_bytes").and_then(Value::as_i64) {
        // Below 0 every content is too long.
        let _ = write!(out, "max_bytes: Some({bytes}), ");
    }
    if let Some(url) = text(cdata, "max_bytes_spec_url") {
        let _ = write!(out, "max_bytes_url: {url:?}, ");
    }
    if flag(cdata, "doc_css_bytes") {
        out += "counts_as_css: true, ";
    }
    let mut forbidden = Vec::new();
    for entry in objects(cdata, "disallowed_cdata_regex", &["regex", "error_message"])? {
        let regex = text(entry, "regex").unwrap_or_default();
        attrs.note_pattern(regex, true, false)?;
        forbidden.push(format!(
            "({}, {:?})",
            patterns::rust(regex)?,
            text(entry, "error_message").unwrap_or_default()
        ));
    }
    if !forbidden.is_empty() {
        let _ = write!(out, "forbidden: &[{}], ", forbidden.join(", "));
    }
    if let Some(css) = cdata.get("css_spec") {
        out += &self::css(css)?;
    }
    Ok(out)
}

fn css(css: &Value) -> Result<String, String> {
    object(css, &["at_rule_spec", "selector_spec"])?;
    let rules = objects(css, "at_rule_spec", &["name", "media_query_spec"])?;
    let names: Vec<&str> = rules.iter().filter_map(|rule| text(rule, "name")).collect();
    let mut out = format!("css: Some({}), ", list(&names));
    if let Some(media) = rules.iter().find_map(|rule| rule.get("media_query_spec")) {
        object(media, &["issues_as_error", "type", "feature"])?;
        if !flag(media, "issues_as_error") {
            return Err("media queries that are only warned of are not known here".into());
        }
        let (kinds, features) = (list(&texts(media, "type")), list(&texts(media, "feature")));
        let _ = write!(out, "media: Some(MediaQueries {{ types: {kinds}, features: {features} }}), ");
    }
    if let Some(selectors) = css.get("selector_spec") {
        object(selectors, &["attribute_name", "pseudo_class", "pseudo_element"])?;
        let _ = write!(
            out,
            "selectors: Some(Selectors {{ attributes: {}, classes: {}, elements: {} }}), ",
            list(&texts(selectors, "attribute_name")),
            list(&texts(selectors, "pseudo_class")),
            list(&texts(selectors, "pseudo_element")),
        );
    }
    Ok(out)
}

/// By which attributes a tag is known to be this one.
fn keys(tag: &Value, all: &[Attr], number: usize) -> Result<Vec<String>, String> {
    let key = |kind: &str, attr: &str, value: &str, parent: &str| {
        format!(
            "Key {{ kind: KeyKind::{kind}, attr: {attr:?}, value: {value:?}, parent: {parent:?}, spec: {number} }}"
        )
    };
    let mut keys = Vec::new();
    for attr in all {
        match attr.dispatch.as_deref() {
            None => {}
            Some("NAME_DISPATCH") => keys.push(key("Name", &attr.name, "", "")),
            Some("NAME_VALUE_DISPATCH") => keys.push(key("NameValue", &attr.name, &attr.first_value, "")),
            Some("NAME_VALUE_PARENT_DISPATCH") => {
                let parent = text(tag, "mandatory_parent").unwrap_or_default();
                keys.push(key("NameValueParent", &attr.name, &attr.first_value, parent));
            }
            Some(other) => return Err(format!("no dispatch key `{other}`")),
        }
    }
    if keys.is_empty()
        && let Some(extension) = tag.get("extension_spec")
    {
        let name = text(extension, "name").unwrap_or_default();
        keys.push(key("NameValue", extension_attribute(extension)?, name, ""));
    }
    Ok(keys)
}
