//! Finding and removing the fields of a message that claim to be results of our own server (RFC 8601 5).
//!
//! A server that trusts fields with its authserv-id must remove them from all mail that comes from outside, before it writes
//! its own. That must not depend on the field being well formed: what one reader refuses another one takes. So the fields are
//! found by their name and the first words of their value alone, and whatever any reader might take for our
//! authserv-id is taken for it.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memmem};

use super::{ARC_FIELD_NAME, FIELD_NAME, same_authserv_id};
use crate::Span;
use crate::domain::MAX_INPUT;
use crate::parse::{Line, Lines};

/// Which fields claim to be ours.
///
/// ```
/// use mailwright_message_model::authres::claim::Claims;
///
/// let message = b"From: a@example.net\r\n\
///     authentication-results : (forged)\r\n MX.example.org; dkim=pass ((\r\n\
///     Authentication-Results: mx.example.net; dkim=none\r\n\r\nbody";
/// let ours = Claims::of("mx.example.org");
/// assert_eq!(ours.spans(message).len(), 1);
/// assert_eq!(
///     ours.remove(message).as_ref(),
///     b"From: a@example.net\r\nAuthentication-Results: mx.example.net; dkim=none\r\n\r\nbody"
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Claims {
    ids: Vec<String>,
    arc: bool,
    unnamed: bool,
}

impl Claims {
    /// Fields with this authserv-id, equal as [`same_authserv_id`] says.
    #[must_use]
    pub fn of(authserv_id: &str) -> Self {
        Self { ids: vec![authserv_id.to_owned()], arc: false, unnamed: false }
    }

    /// Fields with this authserv-id too.
    #[must_use]
    pub fn and(mut self, authserv_id: &str) -> Self {
        self.ids.push(authserv_id.to_owned());
        self
    }

    /// ARC-Authentication-Results too. They are under a seal, and removing one breaks it; leave them unless they are not
    /// checked.
    #[must_use]
    pub fn with_arc(mut self) -> Self {
        self.arc = true;
        self
    }

    /// Fields without authserv-id too, as `spf=pass; dkim=pass`: for the sake of readers that do not look at the name.
    #[must_use]
    pub fn with_unnamed(mut self) -> Self {
        self.unnamed = true;
        self
    }

    /// Where the claims stand in a message or its header, in order and apart from each other. What is behind the first empty
    /// line is not looked at.
    ///
    /// A span is a whole field with its last line break. A bare CR ends no line (RFC 5322 2.3), but some readers take it for
    /// an end: a claim behind one, within another field, is found too; its span begins with that CR and ends before
    /// the next line break. Where the rest of that field would be a claim without it, the whole field goes.
    #[must_use]
    pub fn spans(&self, message: &[u8]) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut open: Option<Span> = None;
        for (what, start, end) in Lines::new(cr_header(message), 0) {
            match (what, &mut open) {
                (Line::Empty, _) => break,
                (Line::Continuation, Some(field)) => field.end = end,
                _ => {
                    self.field(message, open.replace(Span::new(start, end)), &mut spans);
                }
            }
        }
        self.field(message, open, &mut spans);
        spans
    }

    /// The message without the claims, every other octet as it was; borrowed when there are none.
    #[must_use]
    pub fn remove<'a>(&self, message: &'a [u8]) -> Cow<'a, [u8]> {
        let spans = self.spans(message);
        if spans.is_empty() {
            return Cow::Borrowed(message);
        }
        Cow::Owned(without(message, Span::new(0, message.len()), &spans))
    }

    /// Notes a field that claims, or what claims behind bare CRs in it.
    fn field(&self, message: &[u8], field: Option<Span>, spans: &mut Vec<Span>) {
        let Some(field) = field else { return };
        let raw = field.of(message);
        if self.claims(raw) {
            return spans.push(field);
        }
        let (before, mut done) = (spans.len(), 0);
        for cr in memchr_iter(b'\r', raw) {
            let behind = raw.get(cr.saturating_add(1)..).unwrap_or_default();
            if cr < done || matches!(behind.first(), None | Some(b'\n')) {
                continue;
            }
            let len = fragment(behind);
            done = cr.saturating_add(1).saturating_add(len);
            if behind.get(..len).is_some_and(|fragment| self.claims(fragment)) {
                spans.push(Span::new(cr, done).shifted(field.start));
            }
        }
        // What stood around the claims may make one itself as soon as they are gone.
        let found = spans.get(before..).unwrap_or_default();
        if !found.is_empty() && self.claims(&without(message, field, found)) {
            spans.truncate(before);
            spans.push(field);
        }
    }

    /// Whether a field, line break included or not, claims.
    fn claims(&self, field: &[u8]) -> bool {
        let field = field.strip_prefix(b"\xef\xbb\xbf").unwrap_or(field);
        let Some(colon) = memchr(b':', field) else { return false };
        let (name, value) = field.split_at_checked(colon).unwrap_or_default();
        let value = value.get(1..).unwrap_or_default();
        let name = trim(name);
        if name.eq_ignore_ascii_case(FIELD_NAME.as_bytes()) {
            self.claimed_by(value)
        } else if self.arc && name.eq_ignore_ascii_case(ARC_FIELD_NAME.as_bytes()) {
            // RFC 8617 4.1.1: the instance stands before the rest.
            let payload = memchr(b';', value).and_then(|end| value.get(end.saturating_add(1)..));
            self.claimed_by(value) || payload.is_some_and(|payload| self.claimed_by(payload))
        } else {
            false
        }
    }

    fn claimed_by(&self, value: &[u8]) -> bool {
        let found = Candidates::of(value);
        let ours = |octets: &Vec<u8>| {
            let text = String::from_utf8_lossy(octets);
            self.ids.iter().any(|id| same_authserv_id(id, &text))
        };
        [&found.atom, &found.word, &found.joined].into_iter().any(ours) || (self.unnamed && found.unnamed)
    }
}

/// What different readers may take for the authserv-id of a value: quotes, comments and blanks taken out.
#[derive(Default)]
struct Candidates {
    /// Up to a character that a token cannot have, as in `mx.example.org/1`.
    atom: Vec<u8>,
    /// Up to white space or a comment.
    word: Vec<u8>,
    /// All up to the `;`, as in `mx. example.org`.
    joined: Vec<u8>,
    /// Whether the atom is a method, with `=` behind it.
    unnamed: bool,
}

impl Candidates {
    fn of(value: &[u8]) -> Self {
        let mut found = Self::default();
        let (mut in_atom, mut in_word, mut quoted, mut depth) = (true, true, false, 0_usize);
        let mut octets = value.iter().copied();
        // An authserv-id longer than any domain name is not ours.
        while let Some(mut b) = octets.next().filter(|_| found.joined.len() <= MAX_INPUT) {
            let escaped = b == b'\\' && (quoted || depth > 0);
            if escaped {
                b = octets.next().unwrap_or(b);
            }
            match b {
                _ if escaped => {}
                b'(' if !quoted => depth = depth.saturating_add(1),
                b')' if !quoted && depth > 0 => {
                    depth = depth.saturating_sub(1);
                    continue;
                }
                _ if depth > 0 => continue,
                b'"' => {
                    quoted = !quoted;
                    continue;
                }
                b';' if !quoted => break,
                _ => {}
            }
            if depth > 0 || is_blank(b) {
                if !quoted && !escaped {
                    in_word &= found.joined.is_empty();
                    in_atom &= found.joined.is_empty();
                }
                continue;
            }
            let in_token = b.is_ascii_alphanumeric() || b"-._".contains(&b) || !b.is_ascii();
            if !(quoted || escaped || in_token) {
                found.unnamed |= b == b'=' && found.atom.len() == found.joined.len();
                in_atom = false;
            }
            if in_atom {
                found.atom.push(b);
            }
            if in_word {
                found.word.push(b);
            }
            found.joined.push(b);
        }
        found
    }
}

/// Without any LF a message has bare CRs for line breaks, so that its header ends at two of them.
fn cr_header(message: &[u8]) -> &[u8] {
    if memchr(b'\n', message).is_some() {
        return message;
    }
    let end = memmem::find(message, b"\r\r").and_then(|end| message.get(..end.saturating_add(1)));
    end.unwrap_or(message)
}

/// The octets of `whole` that are in none of `spans`, which are in order and inside of it.
fn without(message: &[u8], whole: Span, spans: &[Span]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(whole.len());
    let mut from = whole.start;
    for span in spans {
        kept.extend_from_slice(message.get(from..span.start).unwrap_or_default());
        from = span.end;
    }
    kept.extend_from_slice(message.get(from..whole.end).unwrap_or_default());
    kept
}

/// Octets up to a line break of any kind, bare CR included, that no blank follows.
fn fragment(text: &[u8]) -> usize {
    let mut ends = memchr::memchr2_iter(b'\r', b'\n', text);
    let end = ends.find(|&end| match text.get(end.saturating_add(1)..).unwrap_or_default() {
        [b'\n', behind @ ..] if text.get(end) == Some(&b'\r') => {
            !matches!(behind.first(), Some(b' ' | b'\t'))
        }
        behind => !matches!(behind.first(), Some(b' ' | b'\t')),
    });
    end.unwrap_or(text.len())
}

/// Any control character passes for a blank, as with readers that go by `isspace`.
const fn is_blank(b: u8) -> bool {
    b <= b' ' || b == 0x7f
}

fn trim(name: &[u8]) -> &[u8] {
    let start = name.iter().position(|&b| !is_blank(b)).unwrap_or(name.len());
    let end = name.iter().rposition(|&b| !is_blank(b)).map_or(start, |end| end.saturating_add(1));
    name.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours() -> Claims {
        Claims::of("mx.example.org")
    }

    fn claims(field: &str) -> bool {
        let message =
            format!("A: b\r\n{field}\r\nC: d\r\n\r\nAuthentication-Results: mx.example.org; none\r\n");
        let spans = ours().spans(message.as_bytes());
        assert!(spans.len() < 2);
        if let [span] = spans[..] {
            assert_eq!(span, Span::new(6, 6 + field.len() + 2), "{field}");
            let kept = "A: b\r\nC: d\r\n\r\nAuthentication-Results: mx.example.org; none\r\n";
            assert_eq!(ours().remove(message.as_bytes()), kept.as_bytes());
        }
        !spans.is_empty()
    }

    #[test]
    fn whatever_names_us_is_found() {
        for field in [
            "Authentication-Results: mx.example.org; spf=pass",
            "AUTHENTICATION-RESULTS \t:MX.EXAMPLE.ORG.;",
            "Authentication-Results:\r\n (a (b\\) c) d)\r\n\tmx.example.org (x) 1; spf=pass",
            "Authentication-Results\r\n : mx.example.org; spf=pass",
            "Authentication-Results: \"mx.\\example.org\"; spf=pass",
            "Authentication-Results: \"mx.example\0\r\n .org\"; spf=pass",
            "Authentication-Results: mx.example.org",
            "Authentication-Results: mx.example.org spf=pass ((((",
            "Authentication-Results: mx.example.org/1; spf=pass",
            "Authentication-Results: mx . example . (c) org; spf=pass",
            "Authentication-Results: mx.example.org 2; \"",
            "Authentication-Results: mx.example.org\x0b; spf=pass",
        ] {
            assert!(claims(field), "{field}");
        }
    }

    #[test]
    fn what_does_not_name_us_stays() {
        for field in [
            "Authentication-Results: x.mx.example.org; spf=pass",
            "Authentication-Results: mx.example.org.evil.example; spf=pass",
            "Authentication-Results: other (mx.example.org); spf=pass smtp.helo=mx.example.org",
            "X-Authentication-Results: mx.example.org; spf=pass",
            "ARC-Authentication-Results: i=1; mx.example.org; spf=pass",
            "Authentication-Results: spf=pass",
            "Subject: Authentication-Results: mx.example.org; spf=pass",
        ] {
            assert!(!claims(field), "{field}");
        }
    }

    #[test]
    fn arc_and_unnamed_when_asked() {
        let arc = b"ARC-Authentication-Results: i=1; mx.example.org; spf=pass\n\n";
        assert_eq!(ours().with_arc().spans(arc), [Span::new(0, arc.len() - 1)]);
        let unnamed = b"Authentication-Results: (c) spf = pass smtp.helo=x\n\n";
        assert_eq!(ours().with_unnamed().spans(unnamed), [Span::new(0, unnamed.len() - 1)]);
        assert_eq!(ours().with_unnamed().spans(b"Authentication-Results: a; spf=pass\n"), []);
        assert_eq!(Claims::of("b").and("a").spans(b"Authentication-Results: a; spf=pass\n").len(), 1);
    }

    #[cfg(feature = "idna")]
    #[test]
    fn u_labels_are_ours_too() {
        let message = "Authentication-Results: B\u{dc}CHER.example; none\n".as_bytes();
        assert_eq!(Claims::of("xn--bcher-kva.example").spans(message).len(), 1);
    }

    #[test]
    fn removal_leaves_no_claim_behind() {
        let split = b"A: b\nAuthentication-Results: mx.\rAuthentication-Results: mx.example.org;\rexample.org; spf=pass\nC: d\n\n";
        assert_eq!(ours().remove(split).as_ref(), b"A: b\nC: d\n\n");
        let unnamed = b"ARC-Authentication-Results:\rAuthentication-Results:=;\r;p=";
        let claims = ours().with_arc().with_unnamed();
        assert!(claims.spans(&claims.remove(unnamed)).is_empty());
    }

    #[test]
    fn bare_cr_hides_nothing() {
        let hidden = b"Subject: a\rAuthentication-Results: mx.example.org;\r\n spf=pass\r\nTo: b\r\n\r\n";
        assert_eq!(ours().remove(hidden).as_ref(), b"Subject: a\r\nTo: b\r\n\r\n");
        let two = b"S: a\rAuthentication-Results: mx.example.org\rB: c\rAuthentication-Results: mx.example.org\nT: b\n\n";
        assert_eq!(ours().remove(two).as_ref(), b"S: a\rB: c\nT: b\n\n");
        let mac = b"A: b\rAuthentication-Results: mx.example.org; none\r\rAuthentication-Results: mx.example.org; none\r";
        assert_eq!(ours().remove(mac).as_ref(), b"A: b\r\rAuthentication-Results: mx.example.org; none\r");
    }

    #[test]
    fn first_lines() {
        let bom = b"\xef\xbb\xbfAuthentication-Results: mx.example.org; none\r\nA: b\r\n\r\n";
        assert_eq!(ours().remove(bom).as_ref(), b"A: b\r\n\r\n");
        let mbox = b"From a@b Mon\nAuthentication-Results: mx.example.org; none\nA: b\n\n";
        assert_eq!(ours().remove(mbox).as_ref(), b"From a@b Mon\nA: b\n\n");
        assert_eq!(ours().spans(b"\r\nAuthentication-Results: mx.example.org; none"), []);
    }
}
