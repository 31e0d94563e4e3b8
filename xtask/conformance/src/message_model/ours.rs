//! What our crate makes of the inputs, written in the forms of the suites.

use mailwright_message_model::content_type::{ContentType, Parameter};
use serde_json::{Value, json};

pub(super) fn tree(_raw: &[u8]) -> Value {
    json!("not built yet")
}

pub(super) fn shape(_raw: &[u8]) -> Value {
    json!("not built yet")
}

/// What reading all of a message gave.
pub(super) struct Reading {
    /// The first octet that no span or more than one accounts for.
    pub(super) tiles: Result<(), String>,
    pub(super) defects: usize,
}

pub(super) fn read_all(_raw: &[u8]) -> Reading {
    Reading { tiles: Err("not built yet".into()), defects: 0 }
}

pub(super) fn mbox(_file: &[u8]) -> Value {
    json!("not built yet")
}

macro_rules! later {
    ($($name:ident)*) => {$(
        pub(super) fn $name(_value: &[u8]) -> Value {
            json!("not built yet")
        }
    )*};
}
later!(address date message_ids list received unstructured);

pub(super) fn auth_results(_value: &str) -> Option<Value> {
    Some(json!("not built yet"))
}

pub(super) fn content_type(value: &[u8]) -> Value {
    let Some(ours) = ContentType::parse(value) else { return Value::Null };
    json!({"c_type": ours.type_(), "c_subtype": ours.subtype(), "attributes": attributes(ours.params())})
}

/// The parameters as pairs of name and value; that of the language comes before its own.
fn attributes(parameters: &[Parameter<'_>]) -> Value {
    let mut pairs = Vec::new();
    for parameter in parameters {
        if let Some(language) = &parameter.language {
            pairs.push(json!([format!("{}-language", parameter.name), language]));
        }
        pairs.push(json!([parameter.name, parameter.value]));
    }
    if pairs.is_empty() { Value::Null } else { Value::Array(pairs) }
}
