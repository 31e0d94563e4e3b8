//! `expect.header_protection` (RFC 9788).

use mailwright_smime::Report;
use mailwright_smime::header_protection::{ConfidentialityPolicy, HeaderField, HeaderProtection, Scheme};
use serde_json::{Value, json};

use crate::case::Verdict;
use crate::json;

const KNOWN: &[&str] = &[
    "scheme",
    "hp",
    "outer",
    "protected",
    "hp_outer",
    "subject",
    "from",
    "state",
    "confidential",
    "hcp",
    "from_mismatch",
    "legacy_display",
    "display_text",
    "display_html",
];

/// Grades every field that is wanted.
pub(super) fn grade(report: &Report<'_>, wanted: &Value) -> Result<Verdict, String> {
    let header = &report.header;
    let good = report.verdict().is_good();
    for (key, wanted) in json::object(wanted, KNOWN)? {
        let got = match key.as_str() {
            "scheme" => json!(match header.scheme {
                Scheme::Clear | Scheme::Cipher => "rfc9788",
                Scheme::Rfc8551 => "rfc8551",
                _ => "none",
            }),
            "hp" => match header.scheme {
                Scheme::Clear => json!("clear"),
                Scheme::Cipher => json!("cipher"),
                _ => Value::Null,
            },
            "outer" => list(&header.outer),
            "protected" => list(&header.protected),
            "hp_outer" => list(&header.hp_outer),
            "subject" => json!(header.field("Subject").map(|field| &field.value)),
            "from" => json!(header.field("From").map(|field| &field.value)),
            "state" => header
                .shown()
                .iter()
                .map(|field| (field.name.clone(), json!(header.state(field, good).name())))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            "confidential" => header
                .shown()
                .iter()
                .filter(|field| header.state(field, good).is_confidential())
                .map(|field| json!(field.name))
                .collect(),
            "hcp" => outside(header, wanted)?,
            "from_mismatch" => json!(header.is_from_mismatch()),
            "legacy_display" => json!(header.legacy_display),
            "display_text" => text(report, "plain"),
            _ => text(report, "html"),
        };
        let wanted = if key == "hcp" { &list(&header.outer) } else { wanted };
        if got != *wanted {
            return Ok(Verdict::wrong(format!("{key}: {wanted}"), got));
        }
    }
    Ok(Verdict::Right)
}

fn list(fields: &[HeaderField]) -> Value {
    fields.iter().map(|field| json!([field.name, field.value])).collect()
}

/// What the policy of this name puts outside for the fields inside.
fn outside(header: &HeaderProtection, name: &Value) -> Result<Value, String> {
    let policy = match name.as_str() {
        Some("hcp_baseline") => ConfidentialityPolicy::Baseline,
        Some("hcp_shy") => ConfidentialityPolicy::Shy,
        Some("hcp_no_confidentiality") => ConfidentialityPolicy::NoConfidentiality,
        _ => return Err(format!("`hcp` is {name}")),
    };
    let fields: Vec<HeaderField> = header.protected.iter().filter_map(|field| policy.apply(field)).collect();
    Ok(list(&fields))
}

/// CRLF is compared as LF.
fn text(report: &Report<'_>, subtype: &str) -> Value {
    json!(report.header.text(&report.content, subtype).map(|text| text.replace("\r\n", "\n")))
}
