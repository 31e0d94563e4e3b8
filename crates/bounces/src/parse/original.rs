//! The returned message, whole or its header.

use mailwright_message_model::{Entity, Field, Header};

use crate::report::Original;

/// What the fields of a returned message tell.
pub(super) fn of_fields<'a>(fields: impl Iterator<Item = Field<'a>>) -> Original {
    let mut original = Original::default();
    for field in fields {
        take(&mut original, &field);
    }
    original
}

/// The same of header text inside a body, which ends at the first empty line.
pub(super) fn of_text(text: &[u8]) -> Option<Original> {
    let header = Header::new(text);
    let original = of_fields(header);
    (original != Original::default()).then_some(original)
}

/// The same of what stands below a report in plain words: blank lines and rules in front, each line perhaps quoted with `>` or
/// indented.
pub(super) fn below(text: &str) -> Option<Original> {
    let mut header = String::new();
    let mut prefix: Option<&str> = None;
    for line in text.lines().take(MOST_LINES) {
        let content = line.trim_end();
        match prefix {
            None => {
                let bare = content.trim_start_matches(['>', ' ', '\t']);
                if is_field(bare) {
                    prefix = content.get(..content.len().saturating_sub(bare.len()));
                    header.push_str(bare);
                    header.push('\n');
                }
            }
            Some(prefix) => {
                let bare = content
                    .strip_prefix(prefix)
                    .or_else(|| content.strip_prefix(prefix.trim_end()))
                    .unwrap_or(content);
                if bare.is_empty() {
                    break;
                }
                header.push_str(bare);
                header.push('\n');
            }
        }
    }
    of_text(header.as_bytes())
}

/// The header of a returned message that stands in the part of the fields, because its delimiter was not one.
pub(super) fn behind_fields(body: &[u8]) -> Option<Original> {
    let marks: [&[u8]; 2] = [b"\nReturn-Path:", b"\nReceived: "];
    let at = marks.into_iter().find_map(|mark| memchr::memmem::find(body, mark))?;
    of_text(body.get(at.saturating_add(1)..)?).filter(|original| original.message_id.is_some())
}

/// Lines of the returned message that are looked at for its header.
const MOST_LINES: usize = 1000;

fn is_field(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
    })
}

/// Whether an entity is a returned message or its header: RFC 3462 and RFC 6522 3, RFC 6533 4.2.
pub(super) fn is_returned(entity: &Entity<'_, '_>) -> bool {
    let media = entity.media_type();
    matches!(
        (&*media.type_, &*media.subtype),
        ("message", "rfc822" | "global" | "global-headers" | "rfc822-headers" | "partial")
            | ("text", "rfc822-headers" | "rfc822-header" | "rfc822")
    )
}

/// The original as an entity holds it.
pub(super) fn of_entity(entity: &Entity<'_, '_>) -> Option<Original> {
    if entity.is_message() {
        return entity.children().next().map(|message| of_fields(message.fields()));
    }
    of_text(&entity.decoded().bytes)
}

fn take(original: &mut Original, field: &Field<'_>) {
    let name = field.name();
    if name.eq_ignore_ascii_case(b"Message-ID") && original.message_id.is_none() {
        original.message_id = message_id(field);
    } else if name.eq_ignore_ascii_case(b"From") && original.from.is_none() {
        original.from = field.addresses().addresses().first().map(|address| address.addr().to_owned());
    } else if name.eq_ignore_ascii_case(b"To") && original.to.is_empty() {
        original.to =
            field.addresses().addresses().iter().take(MAX_TO).map(|to| to.addr().to_owned()).collect();
    } else if name.eq_ignore_ascii_case(b"Subject") && original.subject.is_none() {
        original.subject = Some(field.text().into_owned());
    } else if name.eq_ignore_ascii_case(b"List-Id") && original.list_id.is_none() {
        original.list_id = field.list_id().map(|list| list.id().to_owned());
    } else if name.eq_ignore_ascii_case(b"Feedback-ID") && original.feedback_id.is_none() {
        original.feedback_id = Some(field.text().trim().to_owned());
    } else if name.eq_ignore_ascii_case(b"Return-Path") && original.return_path.is_none() {
        original.return_path = field.addresses().addresses().first().map(|address| address.addr().to_owned());
    }
}

/// Addresses of To that are kept: they serve to recognise the message, not to list its readers.
const MAX_TO: usize = 100;

fn message_id(field: &Field<'_>) -> Option<String> {
    let text = field.text();
    let text = text.trim();
    if let Some(id) = field.message_ids().next() {
        let id = id.to_str_lossy();
        return Some(id.trim().trim_start_matches('<').trim_end_matches('>').to_owned());
    }
    let bare = text.trim_start_matches('<').trim_end_matches('>');
    (!bare.is_empty()).then(|| bare.to_owned())
}
