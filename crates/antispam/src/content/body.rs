//! Features of the parts: text, links, mark-up, attachments.

use mailwright_message_model::{Entity, Message, charset, transfer};

use super::sink::Sink;
use super::{MAX_GRAM_OCTETS, Scan, View, gram, order, shape};
use crate::html::Html;

/// Octets of a text that are decoded and read: beyond it nobody reads.
pub const MAX_TEXT: usize = 1 << 20;

/// Parts that are looked at; letters have a dozen.
pub const MAX_PARTS: usize = 100;

/// Octets of an attachment that runs are taken of: what kind it is shows at its beginning.
const MAX_HEAD: usize = 200;

/// Words of the target of a link.
const MAX_LINK: usize = 200;

/// Salts of what is in the body.
const TEXT: u64 = 0x31;
const HIDDEN: u64 = 0x32;
const LINK: u64 = 0x33;
const TAG: u64 = 0x34;
const TYPE: u64 = 0x35;

/// All parts that have none inside.
pub(super) fn read<S: Sink>(scan: &mut Scan<'_, S>, message: &Message<'_>) {
    let mut room = MAX_GRAM_OCTETS;
    let total = message.walk().len();
    scan.cuts.parts = total.saturating_sub(MAX_PARTS);
    scan.number(View::Shape, 0x36, "parts", order(total));
    for part in message.walk().take(MAX_PARTS) {
        let type_ = part.media_type();
        scan.named(View::Shape, TYPE, "type:", &type_.to_string());
        if part.is_leaf() && part.body_span().start < crate::MAX_MESSAGE {
            if type_.type_ == "text" {
                text(scan, &part, type_.subtype == "html", &mut room);
            } else {
                attachment(scan, &part, &mut room);
            }
        }
    }
}

fn text<S: Sink>(scan: &mut Scan<'_, S>, part: &Entity<'_, '_>, is_html: bool, room: &mut usize) {
    let body = part.body_raw();
    scan.cuts.texts += usize::from(body.len() > MAX_TEXT);
    let body = body.get(..MAX_TEXT).unwrap_or(body);
    let octets = transfer::decode(part.encoding(), body).bytes;
    let content_type = part.content_type();
    let name = content_type.as_ref().and_then(|content_type| content_type.charset());
    let text = charset::decode_or_lossy(name.map(str::as_bytes), &octets);
    gram::read(scan, text.as_bytes(), room);
    if !is_html {
        shape::text(scan, "plain", &text);
        scan.section(View::Body, TEXT, "", &text);
        return;
    }
    let html = Html::read(&text);
    shape::text(scan, "html", &text);
    scan.section(View::Body, TEXT, "", &html.title);
    scan.section(View::Body, TEXT, "", &html.visible);
    scan.section(View::Body, HIDDEN, "hidden:", &html.hidden);
    scan.tricks.split_words += html.counts.split_words;
    scan.tricks.needless_entities += html.counts.needless_entities;
    scan.tricks.undone.zero_width += html.counts.zero_width;
    scan.tricks.hidden += html.hidden.len();
    let links =
        html.links.iter().map(|link| &link.target).chain(html.images.iter().map(|image| &image.source));
    for target in links {
        let target = target.get(..target.floor_char_boundary(MAX_LINK)).unwrap_or(target);
        scan.section(View::Body, LINK, "link:", target);
    }
    crate::html::each_attribute(&text, |tag, name, value| {
        scan.named(View::Shape, TAG, "tag:", tag);
        if !name.is_empty() && value.len() <= 20 {
            let whole = format!("{tag} {name}={value}").to_ascii_lowercase();
            scan.named(View::Body, TAG, "tag:", &whole);
        }
    });
}

fn attachment<S: Sink>(scan: &mut Scan<'_, S>, part: &Entity<'_, '_>, room: &mut usize) {
    let body = part.body_raw();
    scan.number(View::Shape, 0x37, "attachment", order(body.len()));
    // Base64 has four octets for three.
    let head = body.get(..MAX_HEAD * 2).unwrap_or(body);
    let octets = transfer::decode(part.encoding(), head).bytes;
    let mut least = (*room).min(MAX_HEAD);
    let before = least;
    gram::read(scan, &octets, &mut least);
    *room = room.saturating_sub(before.saturating_sub(least));
    if let Some(magic) = octets.get(..4) {
        let hash = scan.sink.key().token(0x38, magic);
        scan.sink.add(View::Shape, hash, |out| {
            out.push_str("begins:");
            out.extend(magic.iter().map(|octet| char::from(*octet)));
        });
    }
    if let Some(name) = part.file_name()
        && let Some((_, extension)) = name.rsplit_once('.')
    {
        scan.named(View::Shape, 0x39, "extension:", &extension.to_lowercase());
    }
}
