//! The base subject (RFC 5256 2.1).

mod casemap;
mod decode;
mod strip;

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

pub use casemap::casemap;

/// What is left of a subject without the marks of replies, forwards and lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseSubject<'a> {
    /// The base subject in its own case; compare by [`casemap`]. Borrowed where nothing had to be decoded.
    pub text: Cow<'a, str>,
    /// Whether the subject was that of a reply or a forward.
    pub reply_or_forward: bool,
}

impl BaseSubject<'_> {
    /// An owned copy that borrows nothing.
    #[must_use]
    pub fn into_owned(self) -> BaseSubject<'static> {
        BaseSubject { text: Cow::Owned(self.text.into_owned()), reply_or_forward: self.reply_or_forward }
    }
}

/// The base subject of a Subject value as RFC 5256 2.1 has it: RFC 2047 decoded first, white space collapsed, only the
/// prefixes Re, Fw and Fwd and all `[blobs]` taken off. Linear in the value.
///
/// Characters with a compatible ASCII one, as full-width letters and the no-break space, count as that, since
/// i;unicode-casemap compares them so.
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
    let text = decode::decode(value);
    if text.is_ascii() {
        return match decode::collapse(text) {
            Cow::Borrowed(text) => {
                let (base, reply_or_forward) = strip::strip(text);
                BaseSubject { text: Cow::Borrowed(base), reply_or_forward }
            }
            Cow::Owned(text) => {
                let (base, reply_or_forward) = strip::strip(&text);
                BaseSubject { text: Cow::Owned(base.to_owned()), reply_or_forward }
            }
        };
    }
    let spaced: String =
        text.chars().map(|character| if fold(character) == ' ' { ' ' } else { character }).collect();
    let text = decode::collapse(Cow::Owned(spaced));
    // a shadow of the text, character for character, shows where the base is
    let shadow: String = text.chars().map(fold).collect();
    let (base, reply_or_forward) = strip::strip(&shadow);
    let start = base.as_ptr().addr() - shadow.as_ptr().addr();
    let skipped = shadow.get(..start).unwrap_or_default().chars().count();
    let base: String = text.chars().skip(skipped).take(base.chars().count()).collect();
    BaseSubject { text: Cow::Owned(base), reply_or_forward }
}

/// What the base subject of a Subject value is compared by: equal octets mean equal base subjects (i;unicode-casemap).
///
/// The subject is decoded and mapped first and then taken apart, as Dovecot does.
#[must_use]
pub fn subject_key(value: &[u8]) -> BaseSubject<'_> {
    let mapped = match decode::decode(value) {
        Cow::Borrowed(text) => casemap(text),
        Cow::Owned(text) => match casemap(&text) {
            Cow::Borrowed(_) => Cow::Owned(text),
            Cow::Owned(mapped) => Cow::Owned(mapped),
        },
    };
    match decode::collapse(mapped) {
        Cow::Borrowed(text) => {
            let (key, reply_or_forward) = strip::strip(text);
            BaseSubject { text: Cow::Borrowed(key), reply_or_forward }
        }
        Cow::Owned(text) => {
            let (key, reply_or_forward) = strip::strip(&text);
            BaseSubject { text: Cow::Owned(key.to_owned()), reply_or_forward }
        }
    }
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
