//! The words that the suite's README has; any other makes a case wrong.

use serde_json::{Map, Value};

pub(super) const KINDS: &[&str] =
    &["bounce", "delivery_notification", "feedback_report", "auto_reply", "not_bounce"];

pub(super) const REASONS: &[&str] = &[
    "recipient_unknown",
    "recipient_disabled",
    "recipient_moved",
    "recipient_filtered",
    "bad_address_syntax",
    "mailbox_full",
    "domain_not_found",
    "domain_not_accepting",
    "server_error",
    "server_full",
    "local_delivery_error",
    "network_error",
    "routing_error",
    "tls_failure",
    "protocol_error",
    "greylisted",
    "delivery_expired",
    "rate_limited",
    "too_many_recipients",
    "ip_blocked",
    "bad_reputation",
    "reverse_dns",
    "auth_failure",
    "security_required",
    "relay_denied",
    "sender_rejected",
    "message_too_large",
    "spam_content",
    "content_rejected",
    "prohibited_attachment",
    "virus",
    "message_malformed",
    "policy",
    "suppressed",
    "unknown",
];

pub(super) const ACTIONS: &[&str] = &["failed", "delayed", "delivered", "relayed", "expanded"];

pub(super) const CLASSES: &[&str] = &["hard", "soft", "unknown", "delivered"];

pub(super) const ADVICE: &[&str] = &[
    "suppress",
    "count_then_suppress",
    "retry_later",
    "slow_down",
    "fix_content",
    "fix_authentication",
    "fix_reputation",
    "fix_infrastructure",
    "contact_recipient",
    "none",
];

/// The texts under `key`, all of which are among `known`; empty where the key is missing or null.
pub(super) fn texts(
    object: &Map<String, Value>,
    key: &str,
    known: Option<&[&str]>,
) -> Result<Vec<String>, String> {
    let Some(value) = object.get(key).filter(|value| !value.is_null()) else { return Ok(Vec::new()) };
    let list = value.as_array().ok_or_else(|| format!("`{key}` is no list"))?;
    let text = |item: &Value| {
        let text = item.as_str().ok_or_else(|| format!("`{key}` holds {item}, no text"))?;
        one_of(key, text, known)?;
        Ok(text.to_owned())
    };
    list.iter().map(text).collect()
}

/// The text under `key`, which is among `known`; `None` where it is missing or null.
pub(super) fn text(
    object: &Map<String, Value>,
    key: &str,
    known: Option<&[&str]>,
) -> Result<Option<String>, String> {
    let Some(value) = object.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
    let text = value.as_str().ok_or_else(|| format!("`{key}` is no text"))?;
    one_of(key, text, known)?;
    Ok(Some(text.to_owned()))
}

/// The truth values under `key`.
pub(super) fn flags(object: &Map<String, Value>, key: &str) -> Result<Vec<bool>, String> {
    let Some(value) = object.get(key).filter(|value| !value.is_null()) else { return Ok(Vec::new()) };
    let list = value.as_array().ok_or_else(|| format!("`{key}` is no list"))?;
    list.iter().map(|flag| flag.as_bool().ok_or_else(|| format!("`{key}` holds {flag}"))).collect()
}

/// The truth value under `key`.
pub(super) fn flag(object: &Map<String, Value>, key: &str) -> Result<Option<bool>, String> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_bool().map(Some).ok_or_else(|| format!("`{key}` is no truth value")),
    }
}

fn one_of(key: &str, text: &str, known: Option<&[&str]>) -> Result<(), String> {
    match known {
        Some(known) if !known.contains(&text) => {
            Err(format!("`{key}` is {text:?}, which the README does not have"))
        }
        _ => Ok(()),
    }
}
