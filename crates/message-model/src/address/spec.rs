//! The address itself: in angle brackets or bare (RFC 5322 3.4.1, 4.4).

use std::borrow::Cow;

use super::phrase::Word;
use crate::{Span, cfws};

/// What stands in angle brackets.
pub(super) struct Angle {
    pub(super) span: Span,
    pub(super) comments: Vec<Span>,
    /// Where reading goes on.
    pub(super) next: usize,
}

/// Finds the end of the angle brackets whose content starts at `start`. Where `>` is missing the address ends at the
/// first comma in front of the next `<`, else at that.
pub(super) fn angle(value: &[u8], start: usize, no_more_quotes: bool) -> Angle {
    let mut comments = Vec::new();
    let mut comma = None;
    let mut no_more_quotes = no_more_quotes;
    let mut at = start;
    let mut closed = false;
    while let Some(&byte) = value.get(at) {
        match byte {
            b'>' => {
                closed = true;
                break;
            }
            b'<' => break,
            b'(' => {
                let end = cfws::comment_end(value, at);
                comments.push(Span::new(at, end));
                at = end;
                continue;
            }
            // RFC 5322 4.4: a quoted string is a whole word of the local part; elsewhere a quote is dirt
            b'"' if !no_more_quotes && starts_word(value, at) => {
                if let Some(end) = cfws::quoted_end(value, at) {
                    at = end;
                    continue;
                }
                no_more_quotes = true;
            }
            b',' => {
                comma.get_or_insert(at);
            }
            _ => {}
        }
        at += 1;
    }
    if closed {
        return Angle { span: Span::new(start, at), comments, next: at + 1 };
    }
    let end = comma.unwrap_or(at);
    comments.retain(|comment| comment.start < end);
    Angle { span: Span::new(start, end), comments, next: end }
}

fn starts_word(value: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| value.get(before));
    before.is_none_or(|&b| cfws::is_space(b) || matches!(b, b'<' | b'.' | b':' | b')'))
}

/// Whether one of `words` has the `@` of an address.
pub(super) fn may_hold_address(words: &[Word]) -> bool {
    words.iter().any(|word| word.has_at)
}

/// The first address among `words`, with the words in front of it and behind it.
pub(super) fn bare<'w>(value: &[u8], words: &'w [Word]) -> Option<(&'w [Word], Span, &'w [Word])> {
    let at = words.iter().position(|word| word.has_at)?;
    let text = |index: usize| words.get(index).map(|word| word.span.of(value)).unwrap_or_default();
    // RFC 5322 4.4: white space may stand around "@" and, in the domain, around "."; in the local part it is more likely
    // the end of a name ("Joe Q. public@example.com")
    let mut first = at;
    if first > 0 && text(first).starts_with(b"@") {
        first -= 1;
    }
    // `"joe"."doe"@example.com` comes as many words without white space between
    while first > 0 && touches(words.get(first - 1), words.get(first)) {
        first -= 1;
    }
    let mut last = at;
    while words.get(last + 1).is_some_and(|next| !next.quoted && !next.has_at)
        && (text(last).ends_with(b"@") || text(last).ends_with(b".") || text(last + 1).starts_with(b"."))
    {
        last += 1;
    }
    let span = Span::new(words.get(first)?.span.start, words.get(last)?.span.end);
    Some((words.get(..first)?, span, words.get(last + 1..)?))
}

fn touches(left: Option<&Word>, right: Option<&Word>) -> bool {
    matches!((left, right), (Some(left), Some(right)) if left.span.end == right.span.start)
}

/// The octets of `span` without comments and line breaks.
pub(super) fn written(value: &[u8], span: Span) -> Cow<'_, str> {
    let raw = cfws::trim(span.of(value));
    if memchr::memchr3(b'(', b'\n', b'\r', raw).is_none() {
        return String::from_utf8_lossy(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut no_more_quotes = false;
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        let end = match byte {
            b'(' => {
                at = cfws::comment_end(raw, at);
                continue;
            }
            b'\r' | b'\n' => {
                // folding is no part of an address, nor is the space that marks it
                let rest = raw.get(at..).unwrap_or_default();
                at += rest.iter().position(|&b| !cfws::is_space(b)).unwrap_or(rest.len());
                continue;
            }
            b'"' if !no_more_quotes => cfws::quoted_end(raw, at).unwrap_or_else(|| {
                no_more_quotes = true;
                at + 1
            }),
            _ => at + 1,
        };
        // folding inside of quotes leaves its white space (RFC 5322 3.2.4)
        out.extend(raw.get(at..end).unwrap_or_default().iter().filter(|b| !matches!(b, b'\r' | b'\n')));
        at = end;
    }
    Cow::Owned(String::from_utf8_lossy(cfws::trim(&out)).into_owned())
}

/// The address without route and white space; `None` where that is what was written.
pub(super) fn canonical(written: &str) -> Option<Box<str>> {
    let spec = without_route(written);
    let has_space = spec.bytes().any(cfws::is_space);
    if !has_space {
        return (spec.len() != written.len()).then(|| spec.into());
    }
    let mut out = String::with_capacity(spec.len());
    let (mut quoted, mut escaped) = (false, false);
    for c in spec.chars() {
        match c {
            '"' if !escaped => quoted = !quoted,
            ' ' | '\t' if !quoted => continue,
            _ => {}
        }
        escaped = quoted && !escaped && c == '\\';
        out.push(c);
    }
    Some(out.into())
}

/// RFC 5322 4.4: the route of `<@a,@b:c@d>` is to be ignored.
fn without_route(written: &str) -> &str {
    match written.split_once(':') {
        Some((route, spec)) if route.starts_with('@') && !route.contains(['"', '[']) => spec.trim_start(),
        _ => written,
    }
}
