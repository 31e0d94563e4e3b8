//! The parts of a message that are its own: what stands inside an enclosed message is somebody else's.

use mailwright_message_model::{Entity, Message, charset};
use std::borrow::Cow;

use super::{dsn, html, original};

/// Which part is what.
#[derive(Default)]
pub(super) struct Parts<'m, 'a> {
    /// message/delivery-status, message/global-delivery-status.
    pub(super) status: Vec<Entity<'m, 'a>>,
    /// message/feedback-report.
    pub(super) feedback: Option<Entity<'m, 'a>>,
    /// message/disposition-notification.
    pub(super) disposition: Option<Entity<'m, 'a>>,
    /// The returned message, or its header.
    pub(super) returned: Option<Entity<'m, 'a>>,
    /// A part whose own header is that of a returned message.
    pub(super) pasted: Option<Entity<'m, 'a>>,
    /// Text for people, in order.
    pub(super) texts: Vec<Entity<'m, 'a>>,
    /// `report-type` of a multipart/report, in lower case.
    pub(super) report_type: Option<String>,
}

/// Parts that are looked at; reports have three.
const MOST_PARTS: usize = 512;

impl<'m, 'a> Parts<'m, 'a> {
    pub(super) fn of(message: &'m Message<'a>) -> Self {
        let mut parts = Self::default();
        let mut hidden: Option<usize> = None;
        for entity in message.walk().take(MOST_PARTS) {
            let depth = entity.depth();
            if hidden.is_some_and(|level| depth > level) {
                continue;
            }
            hidden = None;
            if original::is_returned(&entity) && depth > 0 {
                parts.returned = parts.returned.or(Some(entity));
                hidden = Some(depth);
                continue;
            }
            if entity.is_message() {
                hidden = Some(depth);
            }
            if depth > 0 && parts.pasted.is_none() && is_pasted(&entity) {
                parts.pasted = Some(entity);
            }
            parts.take(entity);
        }
        parts
    }

    fn take(&mut self, entity: Entity<'m, 'a>) {
        let media = entity.media_type();
        match (&*media.type_, &*media.subtype) {
            ("message", "delivery-status" | "global-delivery-status") => self.status.push(entity),
            ("message", "feedback-report") => self.feedback = self.feedback.or(Some(entity)),
            ("message", "disposition-notification" | "global-disposition-notification") => {
                self.disposition = self.disposition.or(Some(entity));
            }
            ("multipart", subtype) => {
                if subtype == "report" && self.report_type.is_none() {
                    let content_type = entity.content_type();
                    let named =
                        content_type.as_ref().and_then(|content_type| content_type.param("report-type"));
                    self.report_type = Some(named.unwrap_or_default().to_ascii_lowercase());
                }
                if entity.children().next().is_none() {
                    self.texts.push(entity);
                }
            }
            ("text", _) => {
                if self.status.is_empty() && dsn::looks_like(entity.body_raw()) && !self.texts.is_empty() {
                    self.status.push(entity);
                } else {
                    self.texts.push(entity);
                }
            }
            _ if entity.depth() == 0 => self.texts.push(entity),
            _ => {}
        }
    }
}

/// Whether the header of a part is that of a message, which stands there without message/rfc822.
fn is_pasted(entity: &Entity<'_, '_>) -> bool {
    entity.field("Message-ID").is_some()
        && (entity.field("From").is_some() || entity.field("Received").is_some())
}

/// The text of an entity, HTML without its marks, and whether it stands as it is in the message.
pub(super) fn text_of<'a>(entity: &Entity<'_, 'a>, most: usize) -> (Cow<'a, str>, bool) {
    let body = entity.body_raw();
    let text = match entity.text() {
        Some(text) => text,
        None => match entity.decoded().bytes {
            Cow::Borrowed(octets) => charset::decode_lossy(octets),
            Cow::Owned(octets) => Cow::Owned(charset::decode_lossy(&octets).into_owned()),
        },
    };
    let raw = matches!(&text, Cow::Borrowed(text) if text.len() == body.len());
    let text = cut(text, most);
    let media = entity.media_type();
    if media.is("text", "html") || looks_like_html(&text) {
        return (Cow::Owned(html::to_text(&text)), false);
    }
    (text, raw)
}

fn looks_like_html(text: &str) -> bool {
    let head = text.trim_start();
    head.get(..9).is_some_and(|head| head.eq_ignore_ascii_case("<!DOCTYPE"))
        || head.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("<html"))
        || memchr::memmem::find(text.get(..1000).unwrap_or(text).as_bytes(), b"<br>").is_some()
}

fn cut(text: Cow<'_, str>, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return text;
    }
    let mut end = most;
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(..end).unwrap_or(text)),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    }
}
