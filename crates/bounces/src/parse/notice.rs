//! Notices of sending services in JSON: Amazon SES through SNS, by mail.

use crate::report::Action;

/// What a notice says.
#[derive(Debug)]
pub(super) struct Notice<'t> {
    pub(super) kind: NoticeKind,
    pub(super) recipients: Vec<&'t str>,
    pub(super) diagnostic: Option<String>,
    pub(super) status: Option<&'t str>,
    pub(super) action: Option<Action>,
    pub(super) message_id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoticeKind {
    Bounce,
    Delivery,
    Complaint,
}

/// Reads a text that begins with such a notice; the keys are searched for, so that a cut one is read as well.
pub(super) fn read(text: &str) -> Option<Notice<'_>> {
    let text = text.trim_start();
    if !text.starts_with('{') {
        return None;
    }
    let kind = string(text, "\"notificationType\"").or_else(|| string(text, "\"eventType\""))?;
    let kind = match kind {
        "Bounce" => NoticeKind::Bounce,
        "Delivery" => NoticeKind::Delivery,
        "Complaint" => NoticeKind::Complaint,
        _ => return None,
    };
    let mut recipients = Vec::new();
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), b"\"emailAddress\"") {
        rest = rest.get(at..).unwrap_or_default();
        recipients.extend(string(rest, "\"emailAddress\""));
        rest = rest.get(14..).unwrap_or_default();
        if recipients.len() >= MOST {
            break;
        }
    }
    if recipients.is_empty() {
        // A delivery has a list of texts.
        let list = memchr::memmem::find(text.as_bytes(), b"\"recipients\"").and_then(|at| text.get(at..));
        let list = list.and_then(|list| list.split_once('[')).and_then(|(_, list)| list.split_once(']'));
        let items = list.map(|(list, _)| list.split(',').take(MOST)).into_iter().flatten();
        recipients.extend(items.map(|item| item.trim().trim_matches('"')).filter(|item| item.contains('@')));
    }
    let header = memchr::memmem::find(text.as_bytes(), b"\"Message-ID\"").and_then(|at| text.get(at..));
    let message_id = header
        .and_then(|header| string(header, "\"value\""))
        .map(|id| id.trim_matches(['<', '>']).to_owned());
    Some(Notice {
        kind,
        recipients,
        diagnostic: string(text, "\"diagnosticCode\"")
            .or_else(|| string(text, "\"smtpResponse\""))
            .map(unescape),
        status: string(text, "\"status\""),
        action: match string(text, "\"action\"") {
            Some("failed") => Some(Action::Failed),
            Some("delayed") => Some(Action::Delayed),
            _ => None,
        },
        message_id,
    })
}

/// Recipients of a notice: what one message may have there.
const MOST: usize = 1000;

/// The text that follows a key.
fn string<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let at = memchr::memmem::find(text.as_bytes(), key.as_bytes())?;
    let rest = text.get(at.saturating_add(key.len())..)?.trim_start();
    let rest = rest.strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let mut escaped = false;
    let end = rest.bytes().position(|octet| {
        let ends = octet == b'"' && !escaped;
        escaped = octet == b'\\' && !escaped;
        ends
    })?;
    rest.get(..end)
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut escaped = false;
    for character in text.chars() {
        match (escaped, character) {
            (false, '\\') => escaped = true,
            (true, 'n' | 'r' | 't') => {
                out.push(' ');
                escaped = false;
            }
            _ => {
                out.push(character);
                escaped = false;
            }
        }
    }
    out
}
