//! Real messages: the fields that threading reads, as the conformance suite has them.

use mailwright_threading::{Header, IdMode, sent_date};
use serde_json::Value;

use crate::data;

/// The two that are one list without a gap: 49,445 messages.
const CORPORA: [&str; 2] = ["linux-mips-1996-2002", "linux-mips-2003-2013"];

/// A message whose header is parsed: values of fields, and instants.
#[derive(Clone)]
pub(super) struct Message {
    pub(super) arrived: i64,
    pub(super) sent: Option<i64>,
    pub(super) from: String,
    pub(super) subject: String,
    pub(super) message_id: String,
    pub(super) in_reply_to: String,
    pub(super) references: String,
}

impl Message {
    pub(super) fn header(&self) -> Header<'_> {
        Header {
            message_id: self.message_id.as_bytes(),
            in_reply_to: self.in_reply_to.as_bytes(),
            references: self.references.as_bytes(),
            subject: self.subject.as_bytes(),
            sent: self.sent,
            arrived: self.arrived,
            from: self.from.as_bytes(),
            ..Header::default()
        }
    }

    /// The same message under other ids, which are as long in all copies.
    pub(super) fn fresh(&self, copy: usize) -> Self {
        let fresh = |ids: &str| ids.replace('>', &format!(".{copy:02}>"));
        Self {
            message_id: fresh(&self.message_id),
            in_reply_to: fresh(&self.in_reply_to),
            references: fresh(&self.references),
            ..self.clone()
        }
    }
}

/// The messages of [`CORPORA`].
pub(super) fn messages() -> Result<Vec<Message>, String> {
    let folder = data::folder("threading")?.join("corpora");
    let mut messages = Vec::new();
    for name in CORPORA {
        let path = folder.join(format!("{name}.jsonl.zst"));
        let text = std::fs::read(&path).and_then(|packed| zstd::decode_all(&packed[..]));
        let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
        for line in text.split(|octet| *octet == b'\n').filter(|line| !line.is_empty()) {
            messages.push(message(line).map_err(|error| format!("{name}: {error}"))?);
        }
    }
    Ok(messages)
}

fn message(line: &[u8]) -> Result<Message, serde_json::Error> {
    let value: Value = serde_json::from_slice(line)?;
    let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    Ok(Message {
        arrived: value["t"].as_i64().unwrap_or_default(),
        sent: sent_date(field("date").as_bytes(), IdMode::Dovecot),
        from: field("from"),
        subject: field("subject"),
        message_id: field("message_id"),
        in_reply_to: field("in_reply_to"),
        references: field("references"),
    })
}
