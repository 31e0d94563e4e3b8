//! Section `authentication`: what SPF, DKIM, ARC and DMARC find, where the caller asks, and what the message claims to have been
//! found about it.
//!
//! The claims are not verified: an Authentication-Results field is text that anyone can write (RFC 8601 5).

use mailwright_message_model::Field;
use mailwright_message_model::authres::{
    ARC_FIELD_NAME, AuthResult, ClaimedResults, FIELD_NAME, MethodResult,
};
use serde::Serialize;

use super::verdict;
use super::{Block, Case, Fact, Section, Tone, View, json, more};
use crate::shown::{Shown, count};

pub(crate) const SECTION: Section =
    Section { key: "authentication", title: "Authentication", view, alert: Some(verdict::alert) };

/// Fields that are read: an honest message has a few for each receiver that forwarded it.
const MOST_FIELDS: usize = 200;

#[derive(Serialize)]
struct Claim {
    field: &'static str,
    /// The instance of an ARC set.
    instance: Option<u32>,
    authserv_id: Option<String>,
    results: Vec<Outcome>,
    /// Why the field cannot be read.
    error: Option<String>,
    start: usize,
}

#[derive(Serialize)]
struct Outcome {
    method: String,
    result: String,
    reason: Option<String>,
    properties: Vec<Property>,
}

#[derive(Serialize)]
struct Property {
    #[serde(rename = "type")]
    ptype: String,
    name: String,
    value: String,
}

fn view(case: &Case<'_, '_>) -> Option<View> {
    let (mut rows, mut claims, mut fields) = (Vec::new(), Vec::new(), 0);
    let named = case.message.fields().filter_map(|field| {
        let name = [FIELD_NAME, ARC_FIELD_NAME].into_iter().find(|name| field.is(name))?;
        Some((name, field))
    });
    for (name, field) in named {
        fields += 1;
        if fields <= MOST_FIELDS {
            read(case, name, &field, &mut rows, &mut claims);
        }
    }
    let found = verdict::found(case);
    if fields == 0 && found.is_none() {
        return None;
    }
    let note = (fields > 0).then(|| Block::Note {
        tone: Tone::Warning,
        text: "claimed, not verified: anyone can write these fields; only those of your own server can be trusted, and only if \
               it removes them from what comes from outside (RFC 8601 5)"
            .into(),
    });
    let total = rows.len();
    rows.truncate(case.settings.shown());
    let left = total - rows.len() + fields.saturating_sub(MOST_FIELDS);
    let claimed = (fields > 0).then_some(Block::Facts { rows });
    let count = count(fields, "field", "fields");
    let mut view = found.unwrap_or_else(|| View {
        note: format_args!("{count}, not verified").into(),
        tone: Tone::Warning,
        ..View::default()
    });
    view.blocks.extend(note.into_iter().chain(claimed).chain(more(left)));
    view.json = json(&serde_json::json!({
        "verified": false,
        "count": fields,
        "claims": claims,
        "found": view.json,
    }));
    Some(view)
}

fn read(
    case: &Case<'_, '_>,
    name: &'static str,
    field: &Field<'_>,
    rows: &mut Vec<Fact>,
    claims: &mut Vec<Claim>,
) {
    let parsed = if name == ARC_FIELD_NAME {
        ClaimedResults::parse_arc(field.value_raw()).map(|(instance, claimed)| (Some(instance), claimed))
    } else {
        ClaimedResults::parse(field.value_raw()).map(|claimed| (None, claimed))
    };
    let mut claim = Claim {
        field: name,
        instance: None,
        authserv_id: None,
        results: Vec::new(),
        error: None,
        start: field.span().start,
    };
    match parsed {
        Ok((instance, claimed)) => {
            let id = claimed.authserv_id();
            let label: Shown = match (id, instance) {
                (Some(id), Some(instance)) => format_args!("{} (ARC {instance})", Shown::text(id)).into(),
                (Some(id), None) => Shown::text(id),
                (None, _) => "no server named".into(),
            };
            let mut label = Some(label);
            for result in claimed.results().iter().take(case.settings.written()) {
                rows.push(fact(label.take().unwrap_or_default(), result));
                claim.results.push(outcome(case, result));
            }
            rows.extend(label.map(|label| Fact::new(label, "none").toned(Tone::Quiet)));
            claim.instance = instance;
            claim.authserv_id = id.map(|id| case.settings.clipped(id));
        }
        Err(error) => {
            rows.push(
                Fact::new("cannot be read", Shown::octets(field.value(), 200))
                    .remark(Tone::Warning, format_args!("{error}")),
            );
            claim.error = Some(error.to_string());
        }
    }
    claims.push(claim);
}

/// A claim of success is no good news as long as nobody verified it.
fn fact(label: Shown, result: &MethodResult) -> Fact {
    let tone = match result.result() {
        AuthResult::Pass | AuthResult::None | AuthResult::Neutral => Tone::Plain,
        _ => Tone::Warning,
    };
    Fact::new(label, Shown::text(&result.to_string())).toned(tone)
}

fn outcome(case: &Case<'_, '_>, result: &MethodResult) -> Outcome {
    let properties = result.props().iter().map(|property| Property {
        ptype: property.ptype().to_string(),
        name: property.name().to_owned(),
        value: case.settings.clipped(property.value()),
    });
    Outcome {
        method: result.method().to_string(),
        result: result.result().to_string(),
        reason: result.reason().map(|reason| case.settings.clipped(reason)),
        properties: properties.collect(),
    }
}
