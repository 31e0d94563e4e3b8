//! What our crate makes of the inputs, written in the forms of the suites.

use std::hint::black_box;

use mailwright_message_model::authres::{ClaimedResults, MethodResult, Property};
use mailwright_message_model::mbox::split;
use mailwright_message_model::{Entity, Message};
use serde_json::{Map, Value, json};

use crate::case::sha256_16;

/// The tree of `exact`: type, and children or the octets of the body.
pub(super) fn tree(raw: &[u8]) -> Value {
    checked(raw, node)
}

/// The tree of `shape`: a type, or a type and a list.
pub(super) fn shape(raw: &[u8]) -> Value {
    checked(raw, shape_of)
}

/// A form of the tree, or what is wrong with the message's spans.
fn checked(raw: &[u8], form: fn(&Entity<'_, '_>) -> Value) -> Value {
    match Message::parse(raw) {
        Ok(message) => check_tiles(&message).map_or_else(Value::String, |()| form(&message.root())),
        Err(why) => json!(why.to_string()),
    }
}

/// Recursive, as is [`shape_of`]: the depth is bounded by [`mailwright_message_model::Limits::DEPTH`].
fn node(entity: &Entity<'_, '_>) -> Value {
    let kind = entity.media_type().to_string();
    if !entity.is_leaf() {
        return json!({"type": kind, "children": entity.children().map(|child| node(&child)).collect::<Vec<_>>()});
    }
    let body = entity.body_span();
    json!({"type": kind, "start": body.start, "len": body.len(), "sha256_16": sha256_16(entity.body_raw())})
}

fn shape_of(entity: &Entity<'_, '_>) -> Value {
    let kind = entity.media_type().to_string();
    if entity.is_leaf() {
        return json!(kind);
    }
    json!([kind, entity.children().map(|child| shape_of(&child)).collect::<Vec<_>>()])
}

/// What reading all of a message gave.
pub(super) struct Reading {
    /// The first octets that no span or more than one accounts for.
    pub(super) tiles: Result<(), String>,
    pub(super) defects: usize,
}

/// Reads a message as far as it can be read: every body decoded, every field as text.
pub(super) fn read_all(raw: &[u8]) -> Result<Reading, String> {
    let message = Message::parse(raw).map_err(|why| why.to_string())?;
    for entity in message.walk() {
        black_box((entity.decoded(), entity.text(), entity.content_type(), entity.file_name()));
        for field in entity.fields() {
            black_box((field.text(), field.disposition()));
        }
    }
    Ok(Reading { tiles: check_tiles(&message), defects: message.inspect().len() })
}

fn check_tiles(message: &Message<'_>) -> Result<(), String> {
    let mut at = 0;
    for tile in message.tiles() {
        if tile.span.start != at {
            return Err(format!("{:?} at {} where {at} was to come", tile.kind, tile.span));
        }
        at = tile.span.end;
    }
    let length = message.raw().len();
    if at == length { Ok(()) } else { Err(format!("nothing for {at}..{length}")) }
}

/// The messages of a mailbox with all offsets in the file.
pub(super) fn mbox(file: &[u8]) -> Value {
    split(file)
        .map(|found| {
            let begin = usize::try_from(found.begin).unwrap_or(usize::MAX);
            let parsed = Message::parse(found.raw);
            let Ok(message) = &parsed else { return json!("larger than the limit") };
            let mut value = message_at(begin, &message.root());
            value.insert("mboxMarkerOffset".into(), json!(found.marker_offset));
            Value::Object(value)
        })
        .collect()
}

fn message_at(base: usize, root: &Entity<'_, '_>) -> Map<String, Value> {
    let mut value = offsets(base, root);
    value.insert("body".into(), Value::Object(entity_at(base, root)));
    value
}

fn entity_at(base: usize, entity: &Entity<'_, '_>) -> Map<String, Value> {
    let mut value = offsets(base, entity);
    value.insert("mimeType".into(), json!(entity.media_type().to_string()));
    let inside = entity.children().next();
    if let Some(message) = inside.filter(|_| entity.is_message()) {
        value.insert("message".into(), Value::Object(message_at(base, &message)));
    } else if inside.is_some() {
        let children = entity.children().map(|child| Value::Object(entity_at(base, &child)));
        value.insert("children".into(), children.collect());
    }
    value
}

fn offsets(base: usize, entity: &Entity<'_, '_>) -> Map<String, Value> {
    let (all, body) = (entity.span(), entity.body_span());
    let offsets = [
        ("beginOffset", base + all.start),
        ("headersEndOffset", base + body.start),
        ("endOffset", base + all.end),
        ("octets", body.len()),
    ];
    offsets.into_iter().map(|(key, offset)| (key.to_owned(), json!(offset))).collect()
}

/// The field as `authres` writes it; `None` where it is rejected.
pub(super) fn auth_results(value: &str) -> Option<Value> {
    let field = ClaimedResults::parse(value.as_bytes()).ok()?;
    let results: Vec<Value> = field.results().iter().map(method_result).collect();
    Some(json!({"authserv_id": field.authserv_id(), "version": field.version(), "results": results}))
}

fn method_result(result: &MethodResult) -> Value {
    let property = |property: &Property| json!({"ptype": property.ptype().as_str(), "name": property.name(), "value": property.value()});
    json!({
        "method": result.method().as_str(),
        "version": result.version(),
        "result": result.result().as_str(),
        "reason": result.reason(),
        "props": result.props().iter().map(property).collect::<Vec<_>>(),
    })
}
