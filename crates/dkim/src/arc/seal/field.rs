//! Writing the fields of a set, and which fields of the message they cover.

use super::super::field::FieldKind;
use crate::header::Header;

/// Fields that are covered where the message has them, and of whose names one more is covered, so that none can be added.
const PROTECTED: &[&str] = &[
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];
/// Fields that are covered where the message has them. RFC 8617 4.1.2: the DKIM-Signatures SHOULD be, the Authentication-Results
/// SHOULD NOT, since receivers remove them.
const COVERED: &[&str] = &["DKIM-Signature", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"];

/// A value longer than this is folded although its relaxed form then has blanks in it: no line may have more than 998 octets
/// (RFC 5322 2.1.1).
const LONGEST_VALUE: usize = 900;
/// The line length to aim at (RFC 5322 2.1.1).
const LINE: usize = 78;

/// The names of the fields that a message signature covers.
pub(super) fn recommended(header: &Header<'_>) -> Vec<String> {
    let there = |name: &&str| {
        let count = header.named(name).count();
        core::iter::repeat_n((*name).to_owned(), count)
    };
    let protected = PROTECTED.iter().flat_map(|name| there(name).chain([(*name).to_owned()]));
    protected.chain(COVERED.iter().flat_map(there)).collect()
}

/// A whole field of these tags. It is folded between tags, where the relaxed form has a blank in any case, so that the form that is
/// signed depends on the tags alone; the `b=` that is left out for signing makes no difference either.
pub(super) fn written(kind: FieldKind, tags: &[(&str, String)]) -> String {
    let mut out = format!("{kind}:");
    let mut column = out.len();
    for (at, (name, value)) in tags.iter().enumerate() {
        if at > 0 {
            out.push(';');
            column += 1;
        }
        let len = 1 + name.len() + 1 + value.len() + 1;
        if at > 0 && column + len > LINE {
            out.push_str("\r\n");
            column = 0;
        }
        out.push(' ');
        out.push_str(name);
        out.push('=');
        if value.len() > LONGEST_VALUE {
            push_long(value, &mut out);
        } else {
            out.push_str(value);
        }
        column += len;
    }
    out.push_str("\r\n");
    out
}

/// Folds a list behind its colons, and base64 anywhere (RFC 6376 3.5).
fn push_long(value: &str, out: &mut String) {
    let mut rest = value;
    while rest.len() > LINE {
        let (line, _) = rest.split_at_checked(LINE).unwrap_or((rest, ""));
        let end = match line.rfind(':') {
            Some(colon) => colon + 1,
            // A name longer than a line.
            None => {
                rest.find(':').map_or(if value.contains(':') { rest.len() } else { LINE }, |colon| colon + 1)
            }
        };
        let (line, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        out.push_str(line);
        if !behind.is_empty() {
            out.push_str("\r\n ");
        }
        rest = behind;
    }
    out.push_str(rest);
}
