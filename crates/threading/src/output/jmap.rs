//! Threads as JMAP has them (RFC 8621 3).

use crate::forest::Forest;

/// A Thread of JMAP: flat, oldest message first.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct JmapThread {
    /// The id of the thread: `T` and the id of its oldest message. Of a mailbox that grows the ids of an index stay the same
    /// (RFC 8621 3: immutable), these need not.
    pub id: String,
    /// The ids of its messages in the order in which they were received.
    pub email_ids: Vec<String>,
}

/// The Threads of `forest`. `received` and `id` give the receivedAt and the id of a message.
///
/// ```
/// use mailwright_threading::output::jmap;
/// use mailwright_threading::{Header, Options, thread};
///
/// let first = Header { message_id: b"<1@a.example>", arrived: 2, ..Header::default() };
/// let reply = Header { references: b"<1@a.example>", arrived: 1, ..Header::default() };
/// let forest = thread([first, reply], &Options::default())?;
/// let threads = jmap(&forest, |message| [2, 1][message], |message| format!("M{message}"));
/// assert_eq!((&*threads[0].id, threads[0].email_ids.join(" ")), ("TM1", "M1 M0".to_owned()));
/// # Ok::<(), mailwright_threading::Error>(())
/// ```
pub fn jmap(
    forest: &Forest,
    received: impl Fn(usize) -> i64,
    id: impl Fn(usize) -> String,
) -> Vec<JmapThread> {
    let thread = |root: &crate::NodeId| {
        let mut messages: Vec<usize> =
            forest.walk_under(*root).filter_map(|visit| forest.message(visit.node)).collect();
        messages.sort_by_key(|message| (received(*message), *message));
        let email_ids: Vec<String> = messages.into_iter().map(&id).collect();
        let first = email_ids.first().map(String::as_str).unwrap_or_default();
        JmapThread { id: format!("T{first}"), email_ids }
    };
    forest.roots().iter().map(thread).collect()
}
