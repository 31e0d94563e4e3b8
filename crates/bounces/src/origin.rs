//! Whether a report is about mail of ours: anybody can send reports that name any address.

use crate::report::Report;

/// Whose mail a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Origin {
    /// An id in it is one that we gave.
    Ours,
    /// It has ids, and none of them is ours: somebody used our address.
    Backscatter,
    /// It has none.
    Unknown,
}

/// Asks `is_ours` for each id of a report: Message-ID of the returned message without angle brackets, envelope id, and the
/// addresses that the report was sent to, which may carry a tag (see [`tag`](crate::tag)).
///
/// ```
/// use mailwright_bounces::{Origin, parse, sent_by_us};
///
/// let report = parse(b"From: MAILER-DAEMON@mx.example\r\nTo: us@example.org\r\nSubject: failure notice\r\n\r\n\
///     <jo@example.net>: user unknown\r\n\r\n--- Below this line is a copy of the message.\r\n\r\nMessage-ID: <1@example.org>\r\n");
/// assert_eq!(sent_by_us(&report, |id| id == "1@example.org"), Origin::Ours);
/// assert_eq!(sent_by_us(&report, |_| false), Origin::Backscatter);
/// ```
pub fn sent_by_us(report: &Report, mut is_ours: impl FnMut(&str) -> bool) -> Origin {
    let message_id = report.original.as_ref().and_then(|original| original.message_id.as_deref());
    let ids = [message_id, report.envelope_id.as_deref()].into_iter().flatten();
    let mut any = false;
    for id in ids.chain(report.sent_to.iter().map(String::as_str)) {
        any |= Some(id) == message_id || Some(id) == report.envelope_id.as_deref();
        if is_ours(id) {
            return Origin::Ours;
        }
    }
    if any { Origin::Backscatter } else { Origin::Unknown }
}
