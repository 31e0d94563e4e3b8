//! What threading looks at.

use mailwright_message_model as model;

use crate::{IdMode, sent_date};

/// The header fields of one message, values as received: octets, not always UTF-8, folded or not. An empty value is an
/// absent field.
///
/// ```
/// use mailwright_threading::{Header, IdMode};
///
/// let raw = b"Message-ID: <1@a.example>\r\nSubject: lunch\r\nDate: Fri, 21 Nov 1997 09:55:06 -0600\r\n\r\nAt noon?";
/// let header = Header::read(raw, 880_127_800, IdMode::Repair);
/// assert_eq!(header.subject, b"lunch");
/// assert_eq!(header.sent, Some(880_127_706));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Header<'a> {
    /// Message-ID.
    pub message_id: &'a [u8],
    /// In-Reply-To.
    pub in_reply_to: &'a [u8],
    /// References.
    pub references: &'a [u8],
    /// Subject.
    pub subject: &'a [u8],
    /// The instant in Date, in seconds since 1970 UTC ([`sent_date`]).
    pub sent: Option<i64>,
    /// The internal date: when the message arrived, in seconds since 1970 UTC.
    pub arrived: i64,
    /// From: used for names in views and by guards.
    pub from: &'a [u8],
    /// To, used by guards.
    pub to: &'a [u8],
    /// Cc, used by guards.
    pub cc: &'a [u8],
    /// Thread-Index, as Exchange writes it.
    pub thread_index: &'a [u8],
    /// X-GM-THRID, as Gmail exports it.
    pub gmail_thread: &'a [u8],
}

impl<'a> Header<'a> {
    /// Reads the header of a message that starts with `raw`; of a field that occurs twice the first one counts.
    #[must_use]
    pub fn read(raw: &'a [u8], arrived: i64, mode: IdMode) -> Self {
        let mut header = Self { arrived, ..Self::default() };
        let mut date = None;
        for field in model::Header::new(raw) {
            let name = field.name();
            let place = if name.eq_ignore_ascii_case(b"message-id") {
                &mut header.message_id
            } else if name.eq_ignore_ascii_case(b"in-reply-to") {
                &mut header.in_reply_to
            } else if name.eq_ignore_ascii_case(b"references") {
                &mut header.references
            } else if name.eq_ignore_ascii_case(b"subject") {
                &mut header.subject
            } else if name.eq_ignore_ascii_case(b"from") {
                &mut header.from
            } else if name.eq_ignore_ascii_case(b"to") {
                &mut header.to
            } else if name.eq_ignore_ascii_case(b"cc") {
                &mut header.cc
            } else if name.eq_ignore_ascii_case(b"thread-index") {
                &mut header.thread_index
            } else if name.eq_ignore_ascii_case(b"x-gm-thrid") {
                &mut header.gmail_thread
            } else {
                if name.eq_ignore_ascii_case(b"date") && date.is_none() {
                    date = Some(field.value());
                }
                continue;
            };
            if place.is_empty() {
                *place = field.value();
            }
        }
        header.sent = date.and_then(|date| sent_date(date, mode));
        header
    }

    /// When the message was sent, or when it arrived where that cannot be read (RFC 5256 2.2).
    #[must_use]
    pub fn date(&self) -> i64 {
        self.sent.unwrap_or(self.arrived)
    }
}
