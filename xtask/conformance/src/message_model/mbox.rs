//! The suite `mbox`: an offsets file a case.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::case::{Case, Input, Verdict};
use crate::json;

/// The offsets of messages and entities.
const OFFSETS: &[&str] = &["beginOffset", "headersEndOffset", "endOffset", "octets"];
/// What stands beside them and is not compared.
const NOT_COMPARED: &[&str] = &["lineNumber", "lines"];

/// The case of `STEM-offsets.json`, where the stem is `NAME.unix` or `NAME.dos`.
pub(super) fn case(stem: &str, offsets: &Path) -> Case {
    let id = format!("mbox/{stem}");
    let (name, line_ends) = match (stem.strip_suffix(".unix"), stem.strip_suffix(".dos")) {
        (Some(name), _) => (name, LineEnds::AsTheyAre),
        (_, Some(name)) => (name, LineEnds::Dos),
        _ => return Case::unreadable("mbox", id, "offsets of neither unix nor dos line ends"),
    };
    let mbox = offsets.with_file_name(format!("{name}.mbox.txt"));
    let file = match std::fs::read(&mbox) {
        Ok(file) => line_ends.applied(file),
        Err(why) => return Case::unreadable("mbox", id, format!("{name}.mbox.txt: {why}")),
    };
    let want = std::fs::read(offsets)
        .map_err(|why| why.to_string())
        .and_then(|text| serde_json::from_slice(&text).map_err(|why| why.to_string()))
        .and_then(|value| wanted(&value));
    let judge = Box::new(move |want: &Value| Verdict::equal(want, &super::ours::mbox(&file)));
    Case { suite: "mbox", id, input: Input::File(mbox), want, judge }
}

#[derive(Clone, Copy)]
enum LineEnds {
    AsTheyAre,
    Dos,
}

impl LineEnds {
    fn applied(self, file: Vec<u8>) -> Vec<u8> {
        match self {
            Self::AsTheyAre => file,
            Self::Dos => {
                let mut dos = Vec::with_capacity(file.len() + file.len() / 32);
                for octet in file {
                    if octet == b'\n' && dos.last() != Some(&b'\r') {
                        dos.push(b'\r');
                    }
                    dos.push(octet);
                }
                dos
            }
        }
    }
}

/// The list of messages, reduced to what is compared.
fn wanted(value: &Value) -> Result<Value, String> {
    let messages = value.as_array().ok_or("not a list of messages")?;
    messages.iter().map(|message| wanted_message(message, true)).collect()
}

fn wanted_message(value: &Value, with_marker: bool) -> Result<Value, String> {
    let own: &[&str] = if with_marker { &["mboxMarkerOffset", "body"] } else { &["body"] };
    let (object, mut message) = wanted_offsets(value, own)?;
    if with_marker {
        message.insert("mboxMarkerOffset".into(), json!(json::number(object, "mboxMarkerOffset")?));
    }
    message.insert("body".into(), wanted_entity(object.get("body").ok_or("`body` is missing")?)?);
    Ok(Value::Object(message))
}

fn wanted_entity(value: &Value) -> Result<Value, String> {
    let (object, mut entity) = wanted_offsets(value, &["mimeType", "children", "message"])?;
    entity.insert("mimeType".into(), json!(json::text(object, "mimeType")?.to_ascii_lowercase()));
    if object.get("children").is_some_and(|children| *children != json!([])) {
        let children = json::list(object, "children")?.iter().map(wanted_entity);
        entity.insert("children".into(), children.collect::<Result<_, _>>()?);
    }
    if let Some(message) = object.get("message") {
        entity.insert("message".into(), wanted_message(message, false)?);
    }
    Ok(Value::Object(entity))
}

type Object = Map<String, Value>;

/// The object in `value`, none of whose keys is unknown, and the numbers in it that are compared.
fn wanted_offsets<'v>(value: &'v Value, own: &[&str]) -> Result<(&'v Object, Object), String> {
    let known: Vec<&str> = OFFSETS.iter().chain(NOT_COMPARED).chain(own).copied().collect();
    let object = json::object(value, &known)?;
    let number = |key: &&str| Ok(((*key).to_owned(), json!(json::number(object, key)?)));
    Ok((object, OFFSETS.iter().map(number).collect::<Result<_, String>>()?))
}
