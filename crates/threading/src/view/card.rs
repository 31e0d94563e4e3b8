//! What is shown of one message.

use mailwright_message_model::address::AddressList;
use mailwright_message_model::date::DateTime;
use mailwright_message_model::encoded_word;

use crate::Header;

/// Characters that are kept of a name or a subject: more fits on no line.
pub const MAX_TEXT: usize = 500;

/// What is shown of one message: text, in which no control characters are left. It still must be escaped for HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Card {
    /// What the caller knows the message by; it stays the same while the forest grows.
    pub key: u64,
    /// The sender's name, or the address where there is none.
    pub from: String,
    /// The subject, decoded.
    pub subject: String,
    /// When it was sent or arrived, in seconds since 1970 UTC; 0 where neither is known.
    pub date: i64,
    /// The beginning of the sender's own words; empty unless the caller sets it ([`quote::snippet`](crate::quote::snippet)).
    pub snippet: String,
    /// Whether it was not read yet.
    pub unread: bool,
}

impl Card {
    /// The card of a message that the caller knows by `key`.
    #[must_use]
    pub fn of(header: &Header<'_>, key: u64) -> Self {
        let from = AddressList::parse(header.from);
        let from = from.addresses().first().map(|first| first.name().unwrap_or(first.addr()));
        Self {
            key,
            from: shown(from.unwrap_or_default()),
            subject: shown(&encoded_word::decode(header.subject)),
            date: header.date(),
            snippet: String::new(),
            unread: false,
        }
    }

    /// Its date, where one is known.
    pub(crate) fn day(&self) -> Option<DateTime> {
        DateTime::from_unix(self.date, 0).filter(|_| self.date != 0)
    }
}

/// `text` on one line: control characters, which could steer a terminal, and those that change the direction of what follows
/// are replaced.
fn shown(text: &str) -> String {
    let safe = |character: char| match character {
        '\t' | '\n' | '\r' => ' ',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ if character.is_control() => '\u{fffd}',
        _ => character,
    };
    text.chars().take(MAX_TEXT).map(safe).collect()
}
