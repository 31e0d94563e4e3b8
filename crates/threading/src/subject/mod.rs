//! The base subject (RFC 5256 2.1).

mod casemap;
mod decode;
mod rules;
mod strip;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

pub use casemap::casemap;
pub use rules::{Blobs, MAX_PREFIX, Prefixes, Tags};
use strip::Stripped;

/// What is left of a subject without the marks of replies, forwards and lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseSubject<'a> {
    /// The base subject. Borrowed where nothing had to be decoded.
    pub text: Cow<'a, str>,
    /// Whether the subject was that of a reply or a forward.
    pub reply_or_forward: bool,
}

/// What is taken off a subject.
///
/// The default takes off the prefixes of many languages and keeps blobs; [`SubjectRules::rfc5256`] is what mail servers do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectRules {
    /// Marks of replies and forwards. Default [`Prefixes::localised`].
    pub prefixes: Prefixes,
    /// Marks of lists. Default [`Blobs::Keep`].
    pub blobs: Blobs,
}

impl Default for SubjectRules {
    fn default() -> Self {
        Self { prefixes: Prefixes::localised(), blobs: Blobs::Keep }
    }
}

/// The base subject of a Subject value as RFC 5256 2.1 has it: RFC 2047 decoded first, white space collapsed, only the
/// prefixes Re, Fw and Fwd and all `[blobs]` taken off. Linear in the value.
///
/// ```
/// use mailwright_threading::base_subject;
///
/// let base = base_subject(b"Re: [list] =?utf-8?q?Caf=C3=A9?=  menu (fwd)");
/// assert_eq!(base.text, "Caf\u{e9} menu");
/// assert!(base.reply_or_forward);
/// ```
#[must_use]
pub fn base_subject(value: &[u8]) -> BaseSubject<'_> {
    static RULES: LazyLock<SubjectRules> = LazyLock::new(SubjectRules::rfc5256);
    RULES.base(value)
}

impl SubjectRules {
    /// The rules of RFC 5256 2.1.
    #[must_use]
    pub fn rfc5256() -> Self {
        Self { prefixes: Prefixes::rfc5256(), blobs: Blobs::All }
    }

    /// The base subject of a Subject value, in its own case.
    ///
    /// Characters with a compatible ASCII one, as full-width letters and the no-break space, count as that, since
    /// i;unicode-casemap compares them so.
    #[must_use]
    pub fn base<'a>(&self, value: &'a [u8]) -> BaseSubject<'a> {
        let text = decode::decode(value);
        if text.is_ascii() {
            return self.taken_apart(decode::collapse(text));
        }
        let spaced = |character| if fold(character) == ' ' { ' ' } else { character };
        let text = decode::collapse(Cow::Owned(text.chars().map(spaced).collect()));
        // a shadow of the text, character for character, shows where the base is
        let shadow: String = text.chars().map(fold).collect();
        let stripped = strip::strip(&shadow, self);
        let mut base = String::new();
        let mut pieces = join(&stripped).into_iter().peekable();
        for ((at, _), character) in shadow.char_indices().zip(text.chars()) {
            while pieces.next_if(|piece| piece.end <= at).is_some() {
                base.push(' ');
            }
            if pieces.peek().is_some_and(|piece| piece.start <= at) {
                base.push(character);
            }
        }
        BaseSubject {
            text: Cow::Owned(base.trim_end_matches(' ').to_owned()),
            reply_or_forward: stripped.marked,
        }
    }

    /// What the base subject of a Subject value is compared by: equal octets mean equal base subjects (i;unicode-casemap,
    /// RFC 5051).
    ///
    /// The subject is decoded and mapped first and then taken apart, as Dovecot does.
    #[must_use]
    pub fn key<'a>(&self, value: &'a [u8]) -> BaseSubject<'a> {
        let mapped = match decode::decode(value) {
            Cow::Borrowed(text) => casemap(text),
            Cow::Owned(text) => match casemap(&text) {
                Cow::Borrowed(_) => Cow::Owned(text),
                Cow::Owned(mapped) => Cow::Owned(mapped),
            },
        };
        self.taken_apart(decode::collapse(mapped))
    }

    fn taken_apart<'a>(&self, text: Cow<'a, str>) -> BaseSubject<'a> {
        let stripped = strip::strip(&text, self);
        let pieces = join(&stripped);
        let reply_or_forward = stripped.marked;
        let text = match (text, pieces.as_slice()) {
            (Cow::Borrowed(text), [piece]) => Cow::Borrowed(text.get(piece.clone()).unwrap_or_default()),
            (text, _) => {
                let pieces: Vec<_> =
                    pieces.into_iter().map(|piece| text.get(piece).unwrap_or_default()).collect();
                Cow::Owned(pieces.join(" "))
            }
        };
        BaseSubject { text, reply_or_forward }
    }
}

/// The pieces of a subject that stay; those that stood together, with one space at most between them, are one.
fn join(stripped: &Stripped) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::with_capacity(1);
    let base = Some(stripped.base.clone()).filter(|base| !base.is_empty() || stripped.kept.is_empty());
    for piece in stripped.kept.iter().cloned().chain(base) {
        match pieces.last_mut() {
            Some(last) if piece.start <= last.end + 1 => last.end = piece.end,
            _ => pieces.push(piece),
        }
    }
    pieces
}

/// The ASCII character that `character` is compatible with, or itself.
fn fold(character: char) -> char {
    let mut decomposed = std::iter::once(character).nfkd();
    match (decomposed.next(), decomposed.next()) {
        (Some(ascii), None) if ascii.is_ascii() => ascii,
        _ => character,
    }
}

#[cfg(test)]
mod tests;
