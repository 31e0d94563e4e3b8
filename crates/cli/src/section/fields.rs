//! Section `fields`: who wrote to whom, when and about what.

use serde::Serialize;

use super::{Block, Case, Fact, Section, View, json};
use crate::shown::Shown;

pub(crate) const SECTION: Section = Section { key: "fields", title: "Message", view };

const NAMES: &[&str] = &["From", "Sender", "Reply-To", "To", "Cc", "Date", "Subject", "Message-ID"];

#[derive(Serialize)]
struct Json {
    name: String,
    text: String,
}

fn view(case: &Case<'_, '_>) -> Option<View> {
    let found: Vec<(&str, String)> = NAMES
        .iter()
        .filter_map(|name| case.message.field(name).map(|field| (*name, field.text().into_owned())))
        .collect();
    let rows = found.iter().map(|(name, text)| Fact::new(Shown::text(name), Shown::text(text))).collect();
    let list: Vec<Json> =
        found.iter().map(|(name, text)| Json { name: (*name).to_owned(), text: text.clone() }).collect();
    Some(View { blocks: vec![Block::Facts { rows }], json: json(&list), ..View::default() })
}
