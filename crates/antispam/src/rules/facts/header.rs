//! Facts of the header: what is missing, odd or forged.

use mailwright_message_model::DefectKind;

use super::{Ask, Fact, number, share};
use crate::rules::view::View;

pub(super) const FACTS: &[(&str, Ask)] = &[
    ("date.missing", |view| Fact::is(view.message.field("Date").is_none())),
    ("date.unreadable", |view| {
        Fact::is(view.message.field("Date").is_some_and(|field| field.date().is_none()))
            .at(view.field_span("Date"))
    }),
    ("date.hours-ahead", |view| hours(view, 1.0)),
    ("date.hours-behind", |view| hours(view, -1.0)),
    ("date.zone-odd", |view| {
        // Zones lie in whole quarters of an hour up to 14 h east and 12 h west of UTC.
        let odd = view.message.date().is_some_and(|date| {
            let offset = date.offset_minutes();
            offset % 15 != 0 || !(-12 * 60..=14 * 60).contains(&offset)
        });
        Fact::is(odd).at(view.field_span("Date"))
    }),
    ("id.missing", |view| Fact::is(view.message.field("Message-ID").is_none())),
    ("id.malformed", |view| {
        let field = view.message.field("Message-ID");
        let bad = field.as_ref().is_some_and(|field| {
            let value = field.value();
            let inner = value.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">"));
            // RFC 5322 3.6.4: "<" id-left "@" id-right ">".
            inner.is_none_or(|inner| {
                let ats = inner.iter().filter(|b| **b == b'@').count();
                ats != 1
                    || inner.starts_with(b"@")
                    || inner.ends_with(b"@")
                    || inner.iter().any(|b| b" \t<>".contains(b))
            })
        });
        Fact::is(bad).at(view.field_span("Message-ID"))
    }),
    ("id.no-dot", |view| {
        let id = view.message.message_id();
        let right = id.as_ref().and_then(|id| id.right());
        Fact::is(right.is_some_and(|right| !right.contains(&b'.') && !right.starts_with(b"[")))
            .at(view.field_span("Message-ID"))
    }),
    ("id.of-recipient", |view| {
        // The id was made by the recipient's side: the sender's program gave none.
        let id = view.message.message_id();
        let right =
            id.as_ref().and_then(|id| id.right()).map(|right| String::from_utf8_lossy(right).to_lowercase());
        let same = right.is_some_and(|right| {
            view.to.iter().any(|to| !to.site().is_empty() && crate::rules::url::site(&right) == to.site())
        });
        let own = view.from.iter().any(|from| view.to.iter().any(|to| to.site() == from.site()));
        Fact::is(same && !own).at(view.field_span("Message-ID"))
    }),
    ("subject.missing", |view| Fact::is(view.subject.is_none())),
    ("subject.empty", |view| {
        Fact::is(view.subject.as_ref().is_some_and(|subject| subject.text.trim().is_empty()))
    }),
    ("subject.length", |view| of_subject(view, |text| number(text.chars().count()))),
    ("subject.capitals", |view| of_subject(view, capitals)),
    ("subject.exclamations", |view| of_subject(view, |text| number(text.matches('!').count()))),
    ("subject.questions", |view| of_subject(view, |text| number(text.matches('?').count()))),
    ("subject.gap", |view| {
        // Blanks that push a tail out of sight.
        of_subject(view, |text| {
            let runs = text.trim().split(|c: char| !c.is_whitespace());
            number(runs.map(|run| run.chars().count()).max().unwrap_or(0))
        })
    }),
    ("subject.tag-at-end", |view| of_subject(view, |text| f64::from(u8::from(has_tag_at_end(text))))),
    ("subject.reply", |view| of_subject(view, |text| f64::from(u8::from(is_reply(text))))),
    ("subject.needlessly-encoded", |view| {
        let field = view.message.field("Subject");
        let found = field.is_some_and(|field| {
            memchr::memmem::find(field.value_raw(), b"=?").is_some() && field.text().is_ascii()
        });
        Fact::is(found).at(view.field_span("Subject"))
    }),
    ("subject.raw-octets", |view| {
        let field = view.message.field("Subject");
        let count = field.map_or(0, |field| field.value_raw().iter().filter(|b| !b.is_ascii()).count());
        Fact::count(count).at(view.field_span("Subject"))
    }),
    ("subject.gappy", |view| of_subject(view, |text| number(super::text::gappy(text)))),
    ("subject.mixed-words", |view| {
        of_subject(view, |text| {
            number(text.split_whitespace().filter(|word| crate::names::is_mixed(word)).count())
        })
    }),
    ("reply.threaded", |view| {
        Fact::is(view.message.field("In-Reply-To").is_some() || view.message.field("References").is_some())
    }),
    ("list.fields", |view| {
        let names =
            ["List-Id", "List-Post", "List-Unsubscribe", "List-Help", "List-Subscribe", "List-Archive"];
        Fact::count(names.iter().filter(|name| view.message.field(name).is_some()).count())
    }),
    ("header.fields", |view| Fact::count(view.message.fields().len())),
    ("header.raw-octets", |view| {
        let count = view.message.root().header_raw().iter().filter(|b| !b.is_ascii()).count();
        Fact::count(count)
    }),
    ("header.empty-fields", |view| {
        // Programs that fill in a form send the fields that nobody filled in. Fields of mailboxes and of Exchange are empty by design.
        let usual = [
            "Subject",
            "Bcc",
            "Status",
            "X-Status",
            "X-Keywords",
            "X-UID",
            "X-MS-Has-Attach",
            "X-MS-TNEF-Correlator",
        ];
        let empty = view.message.fields().filter(|field| field.value().is_empty());
        Fact::count(empty.filter(|field| !usual.iter().any(|name| field.is(name))).count())
    }),
    ("mailer.random", |view| {
        // One word of letters in both cases and digits, as no program is called.
        let field = view.message.field("X-Mailer");
        let random = field.as_ref().is_some_and(|field| {
            let name = field.value();
            let is = |of: fn(&u8) -> bool| name.iter().any(of);
            name.len() >= 12
                && name.iter().all(u8::is_ascii_alphanumeric)
                && is(u8::is_ascii_uppercase)
                && is(u8::is_ascii_lowercase)
                && name
                    .windows(2)
                    .filter(
                        |pair| matches!(pair, [a, b] if a.is_ascii_lowercase() && !b.is_ascii_lowercase()),
                    )
                    .count()
                    >= 3
        });
        Fact::is(random).at(view.field_span("X-Mailer"))
    }),
    ("header.lower-case-names", |view| {
        let names = ["from", "to", "subject", "date", "received", "message-id"];
        let fields = view.message.fields();
        Fact::count(fields.filter(|field| names.iter().any(|name| name.as_bytes() == field.name())).count())
    }),
    ("header.duplicates", |view| {
        let single =
            ["From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Sender", "Cc", "MIME-Version"];
        Fact::count(single.iter().filter(|name| view.message.root().fields_named(name).count() > 1).count())
    }),
    ("header.ends-early", |view| {
        Fact::count(of_kind(
            view,
            &[DefectKind::NoColon, DefectKind::LeadingContinuation, DefectKind::SpaceBeforeColon],
        ))
    }),
    ("structure.defects", |view| {
        Fact::count(of_kind(
            view,
            &[
                DefectKind::MissingBoundary,
                DefectKind::NoParts,
                DefectKind::InnerUnclosed,
                DefectKind::BoundaryConflict,
                DefectKind::EncodedComposite,
                DefectKind::BadContentType,
            ],
        ))
    }),
    ("structure.unclosed", |view| Fact::count(of_kind(view, &[DefectKind::MissingClose]))),
    ("message.cut", |view| Fact::is(view.is_cut)),
    ("message.octets", |view| Fact::count(view.message.raw().len())),
];

fn of_kind(view: &View<'_>, kinds: &[DefectKind]) -> usize {
    view.message.defects().iter().filter(|defect| kinds.contains(&defect.kind)).count()
}

fn of_subject(view: &View<'_>, ask: impl FnOnce(&str) -> f64) -> Fact {
    view.subject.as_ref().map_or_else(Fact::default, |subject| Fact::of(ask(&subject.text)).at(subject.span))
}

/// Hours between Date and the newest trace field, in the direction of `sign`.
fn hours(view: &View<'_>, sign: f64) -> Fact {
    let received = view.hops.iter().find_map(|hop| hop.date);
    let (Some(date), Some(received)) = (view.message.date(), received) else { return Fact::default() };
    let seconds = date.to_unix().saturating_sub(received.to_unix());
    // Seconds of any two dates of four digits a year are exact in 53 bits.
    let seconds =
        i32::try_from(seconds).map_or(f64::MAX.copysign(if seconds < 0 { -1.0 } else { 1.0 }), f64::from);
    let hours = seconds / 3600.0 * sign;
    if hours <= 0.0 {
        return Fact::default();
    }
    let detail = format!("Date: {date}; received {received}");
    Fact { value: hours, span: view.field_span("Date"), detail }
}

/// The share of capitals among the letters, where there are eight at least and more than one word.
pub(super) fn capitals(text: &str) -> f64 {
    let letters =
        text.chars().filter(|c| c.is_alphabetic() && (c.is_lowercase() || c.is_uppercase())).count();
    let upper = text.chars().filter(|c| c.is_uppercase()).count();
    if letters < 8 || text.split_whitespace().count() < 2 { 0.0 } else { share(upper, letters) }
}

/// Whether the last word is a mark to tell copies apart: letters and digits mixed, or consonants alone, set off by a gap.
fn has_tag_at_end(text: &str) -> bool {
    let trimmed = text.trim_end();
    let Some((front, last)) = trimmed.rsplit_once([' ', '\t']) else { return false };
    let last = last.trim_matches(|c: char| !c.is_alphanumeric());
    if !(5..=20).contains(&last.chars().count()) || !last.is_ascii() {
        return false;
    }
    let digits = last.bytes().filter(u8::is_ascii_digit).count();
    let vowels = last.bytes().filter(|b| b"aeiouyAEIOUY".contains(b)).count();
    let gap = front.ends_with("   ");
    let alternates = last
        .as_bytes()
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if a.is_ascii_digit() != b.is_ascii_digit()))
        .count();
    (digits == 0 && vowels == 0 && last.bytes().all(|b| b.is_ascii_lowercase()))
        || alternates >= 3
        || (gap && digits < last.len())
}

/// Whether it says that it is a reply.
fn is_reply(text: &str) -> bool {
    let start = text.trim_start();
    let mark = start.split(':').next().unwrap_or_default();
    let mark =
        mark.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '^' | '(' | ')'));
    start.contains(':')
        && matches!(mark.to_lowercase().as_str(), "re" | "aw" | "sv" | "antw" | "odp" | "ynt" | "vs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects() {
        assert!(is_reply("RE: x") && is_reply(" re[2]: x") && !is_reply("Rex: x") && !is_reply("re"));
        assert!(has_tag_at_end("Win now      kj3x9q") && has_tag_at_end("hello bcdfgh"));
        assert!(
            !has_tag_at_end("meeting on friday")
                && !has_tag_at_end("Linux 2.4.19 released")
                && !has_tag_at_end("RFC 2822bis")
        );
        assert_eq!(capitals("BUY IT NOW"), 1.0);
        assert_eq!(capitals("HELLO"), 0.0);
    }
}
