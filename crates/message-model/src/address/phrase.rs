//! Display names, group names and comments: from words to text.

use std::borrow::Cow;

use crate::{Span, cfws, encoded_word};

/// A word of a phrase (RFC 5322 3.2.5) or of a bare address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) quoted: bool,
    /// Whether it is no encoded word, not quoted, and has an `@`.
    pub(super) has_at: bool,
    /// With its quotes.
    pub(super) span: Span,
}

pub(super) fn span(words: &[Word]) -> Option<Span> {
    Some(Span::new(words.first()?.span.start, words.last()?.span.end))
}

/// The text of `words`; `None` where there are none, or only empty quotes.
pub(super) fn decode<'a>(value: &'a [u8], words: &[Word]) -> Option<Cow<'a, str>> {
    let mut text: Option<Cow<'a, str>> = None;
    let mut rest = words;
    let mut end = 0;
    while let Some((first, behind)) = rest.split_first() {
        // `name="value"`: no white space was written, and none is read
        let touches = first.quoted && first.span.start == end;
        end = first.span.end;
        let next = if first.quoted {
            rest = behind;
            quoted(first.span.of(value))
        } else {
            // unquoted words that follow each other are decoded together: white space between two encoded words goes
            let count = atoms(value, rest);
            let (run, behind) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            rest = behind;
            end = run.last().map_or(end, |word| word.span.end);
            atom_text(span(run).unwrap_or_default().of(value))
        };
        text = Some(match text {
            None => next,
            Some(before) if before.is_empty() => next,
            Some(before) if next.is_empty() => before,
            Some(before) => {
                let mut joined = before.into_owned();
                if !touches && !next.starts_with(' ') {
                    joined.push(' ');
                }
                joined.push_str(&next);
                Cow::Owned(joined)
            }
        });
    }
    text.filter(|text| !text.is_empty())
}

/// How many words from the first on are unquoted with nothing but white space between.
fn atoms(value: &[u8], words: &[Word]) -> usize {
    let follows = |pair: &[Word]| match pair {
        [a, b] => {
            !b.quoted
                && Span::new(a.span.end, b.span.start).of(value).iter().all(|&byte| cfws::is_space(byte))
        }
        _ => false,
    };
    1 + words.windows(2).take_while(|pair| follows(pair)).count()
}

fn atom_text(raw: &[u8]) -> Cow<'_, str> {
    if has_encoded(raw) { encoded_word::decode_phrase(raw) } else { unfold(raw) }
}

/// Text without encoded words, each folding with the white space around it one space.
fn unfold(raw: &[u8]) -> Cow<'_, str> {
    if memchr::memchr2(b'\r', b'\n', raw).is_none() {
        return String::from_utf8_lossy(cfws::trim(raw));
    }
    let mut text = String::with_capacity(raw.len());
    for line in raw.split(|&b| matches!(b, b'\r' | b'\n')).map(cfws::trim).filter(|line| !line.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&String::from_utf8_lossy(line));
    }
    Cow::Owned(text)
}

/// The content of the quoted string `raw`, which has its quotes; white space at its ends is kept. Encoded words in it,
/// which RFC 2047 5 forbids and many write, are decoded.
pub(crate) fn quoted(raw: &[u8]) -> Cow<'_, str> {
    let inner = raw.strip_prefix(b"\"").and_then(|raw| raw.strip_suffix(b"\"")).unwrap_or_default();
    let plain = unescape(inner);
    if !has_encoded(&plain) {
        return text(plain);
    }
    let trimmed = cfws::trim(&plain);
    let start = plain.len() - plain.iter().skip_while(|&&b| cfws::is_space(b)).count();
    let end = start + trimmed.len();
    let mut decoded = String::from_utf8_lossy(plain.get(..start).unwrap_or_default()).into_owned();
    decoded.push_str(&encoded_word::decode(trimmed));
    decoded.push_str(&String::from_utf8_lossy(plain.get(end..).unwrap_or_default()));
    Cow::Owned(decoded)
}

/// The text of the comment in `span`, which has its parentheses (the last may be missing).
pub(super) fn comment(value: &[u8], span: Span) -> Cow<'_, str> {
    let raw = span.of(value);
    let raw = raw.strip_prefix(b"(").unwrap_or(raw);
    let raw = if ends_comment(raw) { raw.strip_suffix(b")").unwrap_or(raw) } else { raw };
    // the backslashes first, since they may stand in front of folding
    match unescape_only(cfws::trim(raw)) {
        Cow::Borrowed(plain) => comment_text(plain),
        Cow::Owned(plain) => Cow::Owned(comment_text(&plain).into_owned()),
    }
}

fn comment_text(raw: &[u8]) -> Cow<'_, str> {
    if has_encoded(raw) { encoded_word::decode(raw) } else { unfold(raw) }
}

/// Whether the last `)` of a comment is not quoted.
fn ends_comment(raw: &[u8]) -> bool {
    let before = raw.strip_suffix(b")").unwrap_or(raw);
    before.iter().rev().take_while(|&&b| b == b'\\').count() % 2 == 0
}

/// A name with comments behind it in parentheses; the comments alone where there is no name.
pub(super) fn with_comments<'t>(name: Option<&'t str>, comments: &'t [Cow<'_, str>]) -> Option<Cow<'t, str>> {
    let joined = match comments {
        [] => return name.map(Cow::Borrowed),
        [one] => Cow::Borrowed(&**one),
        many => Cow::Owned(many.join(" ")),
    };
    Some(match name {
        Some(name) => Cow::Owned(format!("{name} ({joined})")),
        None => joined,
    })
}

/// What divides words of a display name.
pub(super) fn is_word_end(c: char) -> bool {
    c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '"' | '\'' | ',' | ';' | ':')
}

fn has_encoded(raw: &[u8]) -> bool {
    raw.windows(2).any(|pair| pair == b"=?")
}

/// RFC 5322 3.2.4: neither the `\` of a quoted-pair nor the line breaks of folding are part of the content.
fn unescape(raw: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr3(b'\\', b'\r', b'\n', raw).is_none() {
        return Cow::Borrowed(raw);
    }
    let unescaped = unescape_only(raw);
    Cow::Owned(unescaped.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect())
}

fn unescape_only(raw: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', raw).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        at += 1;
        if byte == b'\\' {
            at = cfws::escaped(raw, at);
            out.extend(raw.get(at));
            at += 1;
        } else {
            out.push(byte);
        }
    }
    Cow::Owned(out)
}

fn text(raw: Cow<'_, [u8]>) -> Cow<'_, str> {
    match raw {
        Cow::Borrowed(raw) => String::from_utf8_lossy(raw),
        Cow::Owned(raw) => Cow::Owned(String::from_utf8_lossy(&raw).into_owned()),
    }
}
