//! Section `structure`: the MIME tree, one line an entity.

use mailwright_message_model::Entity;
use serde::Serialize;

use super::{Block, Case, Node, Section, Tone, View, json, more};
use crate::shown::{Shown, count, size};

pub(crate) const SECTION: Section = Section { key: "structure", title: "Structure", view, alert: None };

/// Levels that are drawn as branches; deeper ones say their depth.
const DRAWN_LEVELS: usize = 16;

/// Levels that a page indents: a phone has no room for more.
const INDENTED_LEVELS: usize = 8;

/// Characters of a file name that are shown: what file systems take.
const NAME_CHARS: usize = 255;

fn view(case: &Case<'_, '_>) -> Option<View> {
    let parts = case.message.walk();
    let total = parts.len();
    let rows = nodes(parts.take(case.settings.shown()), false);
    let left = total - rows.len();
    let written: Vec<Part> =
        case.message.walk().take(case.settings.written()).map(|part| Part::of(&part)).collect();
    Some(View {
        note: format_args!("{}", count(total, "part", "parts")).into(),
        tone: Tone::Quiet,
        blocks: [Block::Tree { rows }].into_iter().chain(more(left)).collect(),
        json: json(&serde_json::json!({ "count": total, "list": written })),
    })
}

/// The lines of a tree. With `offsets` each says where it stands.
pub(crate) fn nodes<'m, 'a: 'm>(parts: impl Iterator<Item = Entity<'m, 'a>>, offsets: bool) -> Vec<Node> {
    let mut nodes: Vec<Node> = parts.map(|part| node(&part, offsets)).collect();
    // From the last line up: whether a later line continues the branch of each level.
    let mut continues: Vec<bool> = Vec::new();
    for node in nodes.iter_mut().rev() {
        let depth = node.depth;
        continues.resize(depth + 1, false);
        node.branch = branch(depth, &continues);
        if let Some(own) = continues.last_mut() {
            *own = true;
        }
    }
    nodes
}

/// A part in JSON: a flat list, so that no reader needs to recurse; `parent` and `depth` give the tree.
#[derive(Serialize)]
pub(crate) struct Part {
    /// The position in document order, by which other sections name the part.
    part: usize,
    /// The part number of IMAP; empty for a message that is a multipart.
    number: String,
    parent: Option<usize>,
    depth: usize,
    #[serde(rename = "type")]
    media_type: String,
    encoding: &'static str,
    charset: Option<String>,
    disposition: Option<String>,
    name: Option<String>,
    start: usize,
    body: usize,
    end: usize,
}

impl Part {
    pub(crate) fn of(part: &Entity<'_, '_>) -> Self {
        let body = part.body_span();
        Self {
            part: part.id().index(),
            number: part.part_number().to_string(),
            parent: part.parent().map(|parent| parent.id().index()),
            depth: part.depth(),
            media_type: part.media_type().to_string(),
            encoding: encoding(part),
            charset: charset(part),
            disposition: part.disposition().map(|disposition| disposition.kind().to_owned()),
            name: part.file_name(),
            start: part.span().start,
            body: body.start,
            end: body.end,
        }
    }
}

fn node(part: &Entity<'_, '_>, offsets: bool) -> Node {
    let mut details = vec![Shown::from(format_args!("{}", size(part.body_span().len() as u64)))];
    if offsets {
        let (span, body) = (part.span(), part.body_span());
        details.push(format_args!("{}..{}", span.start, span.end).into());
        details.push(format_args!("body {}..{}", body.start, body.end).into());
    }
    let is_attachment = part.disposition().is_some_and(|disposition| disposition.is_attachment());
    details.push(if part.is_leaf() { encoding(part).into() } else { Shown::default() });
    details.push(charset(part).as_deref().map(Shown::text).unwrap_or_default());
    details.push(if is_attachment { "attachment".into() } else { Shown::default() });
    let name = part.file_name();
    Node {
        depth: part.depth(),
        indent: part.depth().min(INDENTED_LEVELS),
        branch: String::new(),
        number: number(part),
        label: Shown::text(&part.media_type().to_string()),
        details,
        name: name.map(|name| Shown::clipped(&name, NAME_CHARS)).unwrap_or_default(),
        tone: if part.is_leaf() { Tone::Plain } else { Tone::Quiet },
    }
}

/// The IMAP number; of one from the depths its end.
pub(super) fn number(part: &Entity<'_, '_>) -> Shown {
    const CHARS: usize = 20;
    let number = part.part_number().to_string();
    match number.len().checked_sub(CHARS).filter(|cut| *cut > 0).and_then(|cut| number.get(cut..)) {
        Some(end) => format_args!("…{end}").into(),
        None => format_args!("{number}").into(),
    }
}

fn branch(depth: usize, continues: &[bool]) -> String {
    if depth > DRAWN_LEVELS {
        return format!("{}⋯ level {depth} ", "   ".repeat(DRAWN_LEVELS - 1));
    }
    let mut out = String::new();
    for (level, continues) in continues.iter().enumerate().skip(1) {
        out.push_str(match (level == depth, *continues) {
            (true, true) => "├─ ",
            (true, false) => "└─ ",
            (false, true) => "│  ",
            (false, false) => "   ",
        });
    }
    out
}

fn charset(part: &Entity<'_, '_>) -> Option<String> {
    part.content_type().as_ref().and_then(|content_type| content_type.charset()).map(str::to_owned)
}

fn encoding(part: &Entity<'_, '_>) -> &'static str {
    use mailwright_message_model::transfer::Encoding;
    match part.encoding() {
        Encoding::SevenBit => "7bit",
        Encoding::EightBit => "8bit",
        Encoding::Binary => "binary",
        Encoding::Base64 => "base64",
        Encoding::QuotedPrintable => "quoted-printable",
        Encoding::UuEncode => "uuencode",
        _ => "unknown encoding",
    }
}
