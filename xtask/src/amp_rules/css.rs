//! The limits of a document and its CSS, and the properties allowed.

use serde_json::Value;

use super::{MADE, flag, list, object, objects, patterns, text, texts, types};

const KNOWN: &[&str] = &[
    "disabled_by",
    "enabled_by",
    "spec_url",
    "max_bytes",
    "max_bytes_per_inline_style",
    "url_bytes_included",
    "max_bytes_spec_url",
    "allow_all_declaration_in_style",
    "declaration_list",
    "declaration_list_svg",
    "image_url_spec",
    "allow_important",
    "max_bytes_is_warning",
    "expand_vendor_prefixes",
];

pub(super) fn rust(css: &Value) -> Result<String, String> {
    object(css, &["document", "style", "properties"])?;
    let [document] = objects(css, "document", &["max_bytes", "max_bytes_spec_url"])?[..] else {
        return Err("there is to be one [[document]]".into());
    };
    let mut out = format!(
        "{MADE}\nuse super::super::pattern::Pattern;\nuse super::super::spec::{{Property, Style, Url}};\n\n\
         /// The octets that a document may have.\npub(crate) const DOCUMENT_BYTES: usize = {};\n\
         /// Where that is said.\npub(crate) const DOCUMENT_BYTES_URL: &str = {:?};\n\n",
        number(document, "max_bytes")?,
        text(document, "max_bytes_spec_url").unwrap_or_default(),
    );
    out += "/// What holds for CSS, by the type identifiers of the document.\npub(crate) static STYLES: &[Style] = &[\n";
    for style in objects(css, "style", KNOWN)? {
        let [properties] = texts(style, "declaration_list")[..] else {
            return Err("a style has to have one list of properties".into());
        };
        let url = style.get("image_url_spec").ok_or("a style without rules for images")?;
        object(url, &["protocol"])?;
        if !flag(style, "url_bytes_included") || flag(style, "allow_important") {
            return Err(
                "styles that do not count the octets of URLs, or allow !important, are not known here".into(),
            );
        }
        out += &format!(
            "    Style {{ enabled_by: {}, disabled_by: {}, url: {:?}, max_bytes: {}, max_bytes_inline: {}, \
             max_bytes_url: {:?}, any_property: {}, too_long_is_warning: {}, strip_vendor_prefixes: {}, \
             images: Url {{ protocols: {}, relative: true, empty: false }}, properties: &{properties} }},\n",
            types(style, "enabled_by")?,
            types(style, "disabled_by")?,
            text(style, "spec_url").unwrap_or_default(),
            number(style, "max_bytes")?,
            number(style, "max_bytes_per_inline_style")?,
            text(style, "max_bytes_spec_url").unwrap_or_default(),
            flag(style, "allow_all_declaration_in_style"),
            flag(style, "max_bytes_is_warning"),
            flag(style, "expand_vendor_prefixes"),
            list(&texts(url, "protocol")),
        );
    }
    out += "];\n";
    for properties in objects(css, "properties", &["name", "declaration"])? {
        let name = text(properties, "name").unwrap_or_default();
        let mut rows = objects(properties, "declaration", &["name", "value_casei", "value_regex_casei"])?;
        rows.sort_by_key(|row| text(row, "name"));
        let used =
            css.get("style").is_some_and(|styles| styles.to_string().contains(&format!("[\"{name}\"]")));
        // Lists for SVG are not looked at: no tag of AMP for Email takes an SVG style.
        if !used || name.starts_with("SVG_") {
            continue;
        }
        out += &format!(
            "\n/// Sorted by name.\npub(crate) static {name}: [Property; {}] = [\n{}];\n",
            rows.len(),
            rows.into_iter().map(property).collect::<Result<Vec<_>, _>>()?.concat()
        );
    }
    let patterns: Vec<String> = objects(css, "properties", &["name", "declaration"])?
        .into_iter()
        .flat_map(|list| list.get("declaration").and_then(Value::as_array).into_iter().flatten())
        .filter_map(|property| text(property, "value_regex_casei"))
        .map(|regex| Ok(format!("    ({regex:?}, true, true, {}),\n", patterns::rust(regex)?)))
        .collect::<Result<_, String>>()?;
    out += &format!(
        "\n/// As `attrs::PATTERNS`.\n#[cfg(test)]\npub(crate) static PATTERNS: &[(&str, bool, bool, Pattern)] = &[\n{}];\n",
        patterns.concat()
    );
    Ok(out)
}

fn property(row: &Value) -> Result<String, String> {
    let pattern = match text(row, "value_regex_casei") {
        Some(regex) => format!("Some({})", patterns::rust(regex)?),
        None => "None".into(),
    };
    let (name, values) = (text(row, "name").unwrap_or_default(), list(&texts(row, "value_casei")));
    Ok(format!("    Property {{ name: {name:?}, values: {values}, pattern: {pattern} }},\n"))
}

fn number(value: &Value, key: &str) -> Result<u64, String> {
    value.get(key).and_then(Value::as_u64).ok_or_else(|| format!("no number `{key}`"))
}
