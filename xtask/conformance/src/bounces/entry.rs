//! An entry of manifest.json.

use serde_json::Value;

use super::words::{ACTIONS, KINDS, REASONS, flag, flags, text, texts};
use crate::json;

/// What is expected of a message.
pub(super) struct Entry {
    pub(super) file: String,
    pub(super) kind: String,
    pub(super) kind_accept: Vec<String>,
    pub(super) optional: bool,
    pub(super) recipients: Vec<Wanted>,
    pub(super) any_reason: Vec<String>,
    pub(super) feedback_type: Option<String>,
}

/// What is expected of a recipient; empty lists and `None` are not checked.
pub(super) struct Wanted {
    pub(super) address: String,
    pub(super) accept: Vec<String>,
    pub(super) status: Vec<String>,
    pub(super) action: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) reason_accept: Vec<String>,
    pub(super) hard_accept: Vec<bool>,
    pub(super) message_id: Option<String>,
    pub(super) reply_code: Option<String>,
    pub(super) command: Option<String>,
    pub(super) remote_host: Option<String>,
    pub(super) alias: Option<String>,
}

impl Entry {
    pub(super) fn read(value: &Value) -> Result<Self, String> {
        let known = [
            "file",
            "kind",
            "kind_accept",
            "recipients",
            "recipients_optional",
            "any_reason",
            "feedback_type",
            "source",
            "note",
            "partial",
            "same_as",
            "flufl",
            "bounceparser_std_reason",
            "bounce_email_code",
        ];
        let object = json::object(value, &known)?;
        let kind = text(object, "kind", Some(KINDS))?.ok_or("`kind` is missing")?;
        Ok(Self {
            file: json::text(object, "file")?.to_owned(),
            kind_accept: texts(object, "kind_accept", Some(KINDS))?,
            optional: flag(object, "recipients_optional")?.unwrap_or(false),
            recipients: json::list(object, "recipients")?
                .iter()
                .map(Wanted::read)
                .collect::<Result<_, _>>()?,
            any_reason: texts(object, "any_reason", Some(REASONS))?,
            feedback_type: text(object, "feedback_type", None)?,
            kind,
        })
    }

    /// Whether its recipients are graded as those of a bounce.
    pub(super) fn is_address_entry(&self) -> bool {
        self.kind == "bounce" && !self.optional && !self.recipients.is_empty()
    }
}

impl Wanted {
    fn read(value: &Value) -> Result<Self, String> {
        let known = [
            "recipient",
            "recipient_accept",
            "status",
            "status_accept",
            "action",
            "reason",
            "reason_accept",
            "hard",
            "hard_accept",
            "original_message_id",
            "reply_code",
            "command",
            "remote_host",
            "alias",
            "diagnostic",
            "sisimai",
            "adjudicated",
        ];
        let object = json::object(value, &known)?;
        let or = |list: Vec<String>, one: &Option<String>| {
            if list.is_empty() { one.iter().cloned().collect() } else { list }
        };
        let status = text(object, "status", None)?;
        let status_accept = texts(object, "status_accept", None)?;
        let reason = text(object, "reason", Some(REASONS))?;
        let hard = flag(object, "hard")?;
        let hard_accept = flags(object, "hard_accept")?;
        let reply_code = match object.get("reply_code") {
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => text(object, "reply_code", None)?,
        };
        Ok(Self {
            address: json::text(object, "recipient")?.to_owned(),
            accept: texts(object, "recipient_accept", None)?,
            // A recipient without `status` is not graded by what would count.
            status: if status.is_some() { or(status_accept, &status) } else { Vec::new() },
            action: text(object, "action", Some(ACTIONS))?,
            reason_accept: or(texts(object, "reason_accept", Some(REASONS))?, &reason),
            hard_accept: if hard_accept.is_empty() { hard.into_iter().collect() } else { hard_accept },
            message_id: text(object, "original_message_id", None)?,
            reply_code,
            command: text(object, "command", None)?,
            remote_host: text(object, "remote_host", None)?,
            alias: text(object, "alias", None)?,
            reason,
        })
    }

    /// Whether `address` counts as this recipient's.
    pub(super) fn is(&self, address: &str) -> bool {
        let address = address.to_lowercase();
        std::iter::once(&self.address).chain(&self.accept).any(|one| one.to_lowercase() == address)
    }

    pub(super) fn is_failure(&self) -> bool {
        !matches!(self.action.as_deref(), Some("delivered" | "relayed" | "expanded"))
    }
}
