//! Delivery status (RFC 3464, RFC 6533).

use std::borrow::Cow;

use mailwright_message_model::block::{BlockField, Blocks, decode_utf8_address, decode_xtext};
use mailwright_message_model::charset;

use super::address;
use crate::report::{Action, Warning};
use crate::status::Status;

/// What a delivery status says.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    pub(super) reporting_mta: Option<String>,
    pub(super) envelope_id: Option<String>,
    pub(super) groups: Vec<Group>,
    pub(super) warnings: Vec<Warning>,
}

/// The fields of one recipient (RFC 3464 2.3).
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) last: Option<Address>,
    pub(super) original: Option<Address>,
    pub(super) actual: Option<Address>,
    pub(super) action: Option<Action>,
    pub(super) status: Option<Status>,
    pub(super) remote_mta: Option<String>,
    pub(super) diagnostic: Option<String>,
    /// Where the group stands in the body.
    pub(super) start: usize,
    pub(super) end: usize,
    /// A field of the recipient's was seen.
    own: bool,
}

/// An address field.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) text: String,
    pub(super) is_mail: bool,
}

/// Reads a delivery status, whose recipients need not be apart by blank lines, as they should be (RFC 3464 2.1.1).
pub(super) fn read(body: &[u8], most: usize) -> Delivery {
    let mut delivery = Delivery::default();
    let mut group = Group::default();
    let mut blocks = Blocks::new(body);
    for block in blocks.by_ref() {
        if group.is_named() {
            delivery.finish(&mut group, most);
        }
        for field in block.fields() {
            if group.begins_anew(&field) {
                delivery.finish(&mut group, most);
            }
            if !group.own {
                group.start = field.span().start;
            }
            delivery.take(&mut group, &field);
            if group.own {
                group.end = field.span().end;
            }
        }
    }
    delivery.finish(&mut group, most);
    if blocks.is_cut() {
        delivery.warn(Warning::RecipientsCut);
    }
    delivery
}

impl Delivery {
    fn warn(&mut self, warning: Warning) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    fn finish(&mut self, group: &mut Group, most: usize) {
        let group = std::mem::take(group);
        if !group.own {
            return;
        }
        if group.is_named() {
            if self.groups.len() >= most {
                return self.warn(Warning::RecipientsCut);
            }
            return self.groups.push(group);
        }
        // A blank line in the middle of a group.
        match self.groups.last_mut() {
            Some(before)
                if before.action.is_none() || before.status.is_none() || before.diagnostic.is_none() =>
            {
                before.action = before.action.or(group.action);
                before.status = before.status.or(group.status);
                before.remote_mta = before.remote_mta.take().or(group.remote_mta);
                before.diagnostic = before.diagnostic.take().or(group.diagnostic);
            }
            _ if group.action.is_some() || group.status.is_some() || group.diagnostic.is_some() => {
                self.warn(Warning::NoRecipient);
                self.groups.push(group);
            }
            _ => {}
        }
    }

    fn take(&mut self, group: &mut Group, field: &BlockField<'_>) {
        let is = |name| field.is(name);
        if field.is_cut() {
            self.warn(Warning::FieldCut);
        }
        if is("Reporting-MTA") || is("X-Reporting-MTA") {
            // RFC 3464 2.2.2
            self.reporting_mta = self.reporting_mta.take().or_else(|| named(field));
        } else if is("Original-Envelope-Id") {
            // RFC 3464 2.2.1, RFC 3461 4.4: xtext
            self.envelope_id =
                self.envelope_id.take().or_else(|| Some(decode_xtext(&field.text()).into_owned()));
        } else if is("Final-Recipient") {
            // RFC 3464 2.3.2
            group.own = true;
            group.last = read_address(field, false);
        } else if is("Original-Recipient") {
            // RFC 3464 2.3.1
            group.own = true;
            group.original = read_address(field, true);
        } else if is("X-Actual-Recipient") {
            group.own = true;
            group.actual = read_address(field, false);
        } else if is("Action") {
            // RFC 3464 2.3.3
            group.own = true;
            let word = field.without_comments();
            group.action = action(&word);
            if group.action.is_none() {
                self.warn(Warning::UnknownAction);
            }
        } else if is("Status") {
            // RFC 3464 2.3.4
            group.own = true;
            let text = field.without_comments();
            group.status = text.split_whitespace().next().and_then(|word| Status::read(word.as_bytes()));
            if group.status.is_none() {
                self.warn(Warning::BadStatus);
            }
        } else if is("Remote-MTA") {
            // RFC 3464 2.3.5
            group.remote_mta = named(field);
        } else if is("Diagnostic-Code") || is("Diagnostic") {
            // RFC 3464 2.3.6
            group.own = true;
            group.diagnostic = group.diagnostic.take().or_else(|| diagnostic(field));
        }
    }
}

impl Group {
    fn is_named(&self) -> bool {
        self.last.is_some() || self.original.is_some()
    }

    /// Whether the field belongs to the next recipient.
    fn begins_anew(&self, field: &BlockField<'_>) -> bool {
        self.last.is_some() && field.is("Final-Recipient")
            || self.original.is_some() && field.is("Original-Recipient")
    }

    /// The address: Final-Recipient where that is a mail address, else what else there is.
    pub(super) fn address(&self) -> Option<&str> {
        let all = [&self.last, &self.original, &self.actual];
        let mail = all.into_iter().flatten().find(|address| address.is_mail);
        let any = all.into_iter().flatten().find(|address| !address.text.is_empty());
        mail.or(any).map(|address| address.text.as_str())
    }
}

/// RFC 3464 2.3.3, and what servers write instead.
fn action(word: &str) -> Option<Action> {
    let word = word.trim();
    let is = |name: &str| word.eq_ignore_ascii_case(name);
    Some(if is("failed") || is("failure") || is("error") || is("expired") || is("bounced") {
        Action::Failed
    } else if is("delayed") || is("deferred") || is("delay") {
        Action::Delayed
    } else if is("delivered") || is("deliverable") {
        Action::Delivered
    } else if is("relayed") {
        Action::Relayed
    } else if is("expanded") {
        Action::Expanded
    } else {
        return None;
    })
}

fn named(field: &BlockField<'_>) -> Option<String> {
    let text =
        field.typed().map_or_else(|| field.text().trim().to_owned(), |typed| typed.value.trim().to_owned());
    (!text.is_empty()).then_some(text)
}

fn read_address(field: &BlockField<'_>, original: bool) -> Option<Address> {
    let text = text_of(field);
    let typed = text.split_once(';');
    // A type of its own has no @; `"a;b"@example.org` without a type has.
    let (kind, value) = match typed {
        Some((kind, value)) if !kind.contains('@') => (kind.trim(), value.trim()),
        _ => ("rfc822", text.trim()),
    };
    let decoded: Cow<'_, str> = if kind.eq_ignore_ascii_case("utf-8") {
        decode_utf8_address(value) // RFC 6533 3
    } else if original {
        decode_xtext(value) // RFC 3461 4
    } else {
        Cow::Borrowed(value)
    };
    let bare = address::clean(&decoded);
    // `jo@example.org (jo)`
    let bare = if address::is_address(bare) {
        bare
    } else {
        match address::first(bare) {
            Some(found) if found.start == 0 => found.address,
            _ => bare,
        }
    };
    if bare.is_empty() {
        return None;
    }
    Some(Address { text: bare.to_owned(), is_mail: address::is_address(bare) })
}

fn diagnostic(field: &BlockField<'_>) -> Option<String> {
    let text = text_of(field);
    let value = match text.split_once(';') {
        // `X-Unix; 255` means nothing without its type.
        Some((kind, value)) if is_type(kind) && !kind.trim().eq_ignore_ascii_case("x-unix") => value.trim(),
        _ => text.trim(),
    };
    (!value.is_empty()).then(|| value.to_owned())
}

fn is_type(kind: &str) -> bool {
    let kind = kind.trim();
    !kind.is_empty()
        && kind.len() <= 32
        && kind.bytes().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_'))
}

/// The text of a field; servers in Japan write ISO-2022-JP into them.
fn text_of<'a>(field: &BlockField<'a>) -> Cow<'a, str> {
    let raw = field.value_raw();
    if memchr::memchr(0x1b, raw).is_some()
        && let Some(text) = charset::decode(b"iso-2022-jp", raw)
    {
        return Cow::Owned(text.replace(['\r', '\n'], " "));
    }
    let text = field.text();
    if text.contains('\u{fffd}') {
        let octets: Vec<u8> = raw.iter().copied().filter(|octet| !matches!(octet, b'\r' | b'\n')).collect();
        return Cow::Owned(charset::decode_lossy(&octets).trim().to_owned());
    }
    text
}

/// Whether the text of a body is a delivery status that lacks its media type.
pub(super) fn looks_like(body: &[u8]) -> bool {
    let head = body.get(..MOST_HEAD).unwrap_or(body);
    memchr::memmem::find(head, b"Final-Recipient:")
        .or_else(|| memchr::memmem::find(head, b"Final-recipient:"))
        .is_some()
        && memchr::memmem::find(head, b"Action").is_some()
}

/// Octets of a part that are searched for its first fields.
const MOST_HEAD: usize = 16 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_without_their_blank_lines() {
        let body = b"Reporting-MTA: dns; mx.example.org\nFinal-Recipient: rfc822; a@example.org\nAction: failed\n\
            Status: 5.1.1\nFinal-Recipient: rfc822; b@example.org\n\nAction: delayed (for now)\nStatus: 4.2.2\n";
        let delivery = read(body, 10);
        let all: Vec<_> =
            delivery.groups.iter().map(|group| (group.address().unwrap(), group.action)).collect();
        assert_eq!(all, [("a@example.org", Some(Action::Failed)), ("b@example.org", Some(Action::Delayed))]);
        assert_eq!(delivery.reporting_mta.as_deref(), Some("mx.example.org"));
    }

    #[test]
    fn addresses_of_every_type() {
        let one = |line: &str| {
            let body = format!("{line}\nAction: failed\n");
            let delivery = read(body.as_bytes(), 10);
            delivery.groups.first().and_then(|group| group.address().map(str::to_owned))
        };
        assert_eq!(
            one("Final-Recipient: utf-8; j\\x{F6}@example.org").as_deref(),
            Some("j\u{f6}@example.org")
        );
        assert_eq!(
            one("Final-Recipient: rfc822; Bob+40Example@x.example").as_deref(),
            Some("Bob+40Example@x.example")
        );
        assert_eq!(one("Original-Recipient: rfc822; a+2Bb@x.example").as_deref(), Some("a+b@x.example"));
        assert_eq!(one("Final-Recipient: <a@x.example>").as_deref(), Some("a@x.example"));
        assert_eq!(
            one("Action : failed\nFinal-Recipient : rfc/822; a@x.example").as_deref(),
            Some("a@x.example")
        );
    }
}
