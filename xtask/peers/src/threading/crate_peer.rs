//! mail-threading, a crate of the same purpose.

use chrono::DateTime;
use mail_threading::{Message as Theirs, ThreadingOptions, thread_messages_with};
use mailwright_threading::{IdMode, Limits, MessageIds};

use super::corpora::Message;

pub(super) const NAME: &str = "mail-threading 0.1.3";

/// The messages in its form, with the ids found: ours find them in the values.
pub(super) fn messages(messages: &[Message]) -> Vec<Theirs> {
    let one = |(number, message): (usize, &Message)| {
        let header = message.header();
        let ids = MessageIds::of(&header, IdMode::Dovecot, &Limits::NONE);
        let text = |id: &[u8]| String::from_utf8_lossy(id).into_owned();
        Theirs {
            id: number.to_string(),
            message_id: ids.own.as_deref().map(text),
            in_reply_to: None,
            references: ids.references.iter().map(|id| text(id)).collect(),
            date: DateTime::from_timestamp(header.date(), 0).unwrap_or_default(),
            subject: message.subject.clone(),
        }
    };
    messages.iter().enumerate().map(one).collect()
}

/// How many threads it finds.
pub(super) fn threads(messages: &[Theirs], by_subject: bool) -> usize {
    let options = ThreadingOptions { subject_merge: by_subject, ..ThreadingOptions::default() };
    thread_messages_with(messages, &options).len()
}
