//! trees: how many of the suites `exact` and `shape` each parser reads right, by the rules of the suite's README.

use mail_parser_0::{MessageParser as Parser0, MimeHeaders, PartType};
use mail_parser_1::{MessageParser as Parser1, MessagePart};
use mailwright_message_model::{Entity, Message};
use serde_json::{Value, json};

use super::{PEER_0, PEER_1};
use crate::data;

/// A tree in the form of `exact`.
type Reader = fn(&[u8]) -> Option<Value>;

const READERS: [(&str, Reader); 3] = [("ours", ours), (PEER_1, peer_1), (PEER_0, peer_0)];

pub(super) fn run() -> Result<(), String> {
    let folder = data::folder("message-model")?;
    let manifest =
        std::fs::read_to_string(folder.join("manifest.jsonl")).map_err(|error| error.to_string())?;
    let cases: Vec<Value> = manifest.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    for (suite, key) in [("exact", "tree"), ("shape", "shape")] {
        let cases: Vec<&Value> = cases.iter().filter(|case| case["expect"] == suite).collect();
        for (name, read) in READERS {
            let right = cases.iter().filter(|case| {
                let raw =
                    std::fs::read(folder.join(case["file"].as_str().unwrap_or_default())).unwrap_or_default();
                let tree = read(&raw).unwrap_or_default();
                if suite == "exact" {
                    compared(&tree) == compared(&case[key])
                } else {
                    shape(&tree) == case[key]
                }
            });
            println!("message-model/trees {suite}: {name} {} of {}", right.count(), cases.len());
        }
    }
    Ok(())
}

/// What `exact` compares: of a leaf the place, of an empty leaf the length only.
fn compared(tree: &Value) -> Value {
    match tree["children"].as_array() {
        Some(children) => json!([tree["type"], children.iter().map(compared).collect::<Vec<_>>()]),
        None if tree["len"] == 0 => json!([tree["type"], 0]),
        None => json!([tree["type"], tree["len"], tree["start"]]),
    }
}

fn shape(tree: &Value) -> Value {
    match tree["children"].as_array() {
        Some(children) => json!([tree["type"], children.iter().map(shape).collect::<Vec<_>>()]),
        None => tree["type"].clone(),
    }
}

fn node(kind: String, children: Vec<Value>) -> Value {
    json!({"type": kind, "children": children})
}

fn leaf(kind: String, start: u32, end: u32) -> Value {
    json!({"type": kind, "start": start, "len": end.saturating_sub(start)})
}

/// Type and subtype in lower case, `otherwise` where one is missing.
fn kind(named: Option<(&str, Option<&str>)>, otherwise: &str) -> String {
    match named {
        Some((kind, Some(subtype))) => format!("{kind}/{subtype}").to_ascii_lowercase(),
        _ => otherwise.to_owned(),
    }
}

fn ours(raw: &[u8]) -> Option<Value> {
    fn tree(entity: &Entity<'_, '_>) -> Value {
        let kind = entity.media_type().to_string();
        if entity.is_leaf() {
            let body = entity.body_span();
            return json!({"type": kind, "start": body.start, "len": body.len()});
        }
        node(kind, entity.children().map(|child| tree(&child)).collect())
    }
    Message::parse(raw).ok().map(|message| tree(&message.root()))
}

fn peer_1(raw: &[u8]) -> Option<Value> {
    fn tree(part: &MessagePart<'_>) -> Value {
        let named = part.content_type().map(|found| (found.ctype(), found.subtype()));
        if let Some(message) = part.nested() {
            return node(kind(named, "message/rfc822"), vec![tree(&message.root_part())]);
        }
        if part.is_multipart() {
            return node(kind(named, "multipart/mixed"), part.children().map(|child| tree(&child)).collect());
        }
        leaf(kind(named, "text/plain"), part.offset_body(), part.offset_end())
    }
    Parser1::default().parse(raw).map(|message| tree(&message.root().root_part()))
}

fn peer_0(raw: &[u8]) -> Option<Value> {
    fn tree(message: &mail_parser_0::Message<'_>, id: u32) -> Value {
        let Some(part) = message.part(id) else { return Value::Null };
        let named = part.content_type().map(|found| (found.ctype(), found.subtype()));
        match &part.body {
            PartType::Message(inside) => node(kind(named, "message/rfc822"), vec![tree(inside, 0)]),
            PartType::Multipart(children) => node(
                kind(named, "multipart/mixed"),
                children.iter().map(|child| tree(message, *child)).collect(),
            ),
            _ => leaf(kind(named, "text/plain"), part.offset_body, part.offset_end),
        }
    }
    Parser0::default().parse(raw).map(|message| tree(&message, 0))
}
