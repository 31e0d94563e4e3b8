//! Section `text`: the first words, and what clients show and list as attachments.

use mailwright_message_model::Entity;
use serde::Serialize;

use super::{Block, Case, Section, Tone, View, json};
use crate::shown::{Shown, count};

pub(crate) const SECTION: Section = Section { key: "text", title: "Text", view, alert: None };

/// Characters of the preview: what a reader needs to know the message again.
const PREVIEW: usize = 480;

#[derive(Serialize)]
struct Json {
    preview: String,
    /// IMAP part numbers of what clients show, and of what they list as attachments (RFC 8621 4.1.4).
    text: Vec<String>,
    html: Vec<String>,
    attachments: Vec<String>,
}

fn view(case: &Case<'_, '_>) -> Option<View> {
    let preview = case.message.preview(PREVIEW);
    let bodies = case.message.bodies();
    let most = case.settings.written();
    let numbers = |parts: &[Entity<'_, '_>]| {
        parts.iter().take(most).map(|part| part.part_number().to_string()).collect::<Vec<_>>()
    };
    let block = if preview.is_empty() {
        Block::Note { tone: Tone::Quiet, text: "no text".into() }
    } else {
        Block::Quote { lines: vec![Shown::clipped(&preview, PREVIEW)] }
    };
    Some(View {
        note: format_args!("{}", count(bodies.attachments.len(), "attachment", "attachments")).into(),
        tone: Tone::Quiet,
        blocks: vec![block],
        json: json(&Json {
            text: numbers(&bodies.text),
            html: numbers(&bodies.html),
            attachments: numbers(&bodies.attachments),
            preview,
        }),
    })
}
