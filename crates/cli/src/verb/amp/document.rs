//! What the verbs read: documents, or messages with an AMP part.

use std::path::PathBuf;

use clap::Args;
use mailwright_amp_mime::locate::locate;
use mailwright_message_model::Message;

use crate::exit::Failure;
use crate::input::{Input, Item, Named, Options};
use crate::shown::Shown;

/// Documents and messages.
#[derive(Args)]
pub(super) struct Documents {
    /// An AMP document, or a message, mbox, Maildir or folder whose messages have an AMP part; - for standard input. What begins
    /// with `<` is a document.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Write one JSON object a line, one for each document.
    #[arg(long)]
    pub(super) json: bool,
}

/// A document that was read, or a message without one.
pub(super) struct Document {
    pub(super) named: Named,
    /// `None`: the message has no AMP part.
    pub(super) text: Option<String>,
}

impl Document {
    pub(super) const fn name(&self) -> &Shown {
        self.named.name()
    }
}

impl Documents {
    /// Reads them one by one.
    pub(super) fn read(
        &self,
        mut each: impl FnMut(Document) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        for path in &self.paths {
            let mut input = Input::open(std::slice::from_ref(path), Options::default())?;
            input.read(|item| each(document(&item)?))?;
            if let Some(failure) = input.passed_over.failure() {
                return Err(failure);
            }
        }
        Ok(())
    }
}

fn document(item: &Item<'_>) -> Result<Document, Failure> {
    item.whole()?;
    let named = item.origin.named();
    let bare = item.raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(item.raw);
    if bare.trim_ascii_start().starts_with(b"<") {
        return Ok(Document { named, text: Some(String::from_utf8_lossy(item.raw).into_owned()) });
    }
    let message = Message::parse(item.raw).map_err(|error| Failure::new(format!("{}: {error}", named.name())))?;
    let text = locate(&message, None).amp.map(|amp| amp.text().into_owned());
    Ok(Document { named, text })
}
