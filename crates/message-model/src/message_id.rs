//! Message identifiers (RFC 5322 3.6.4): Message-ID, In-Reply-To, References.

use std::borrow::Cow;
use std::fmt;

use memchr::{memchr, memchr3, memrchr};

use crate::cfws;

/// One message identifier, without its angle brackets: octets of the field as received.
///
/// Two identifiers are equal when their octets are (RFC 5322 3.6.4: an identifier is compared as a whole, with case).
/// What a folded or commented identifier means stands in [`MessageId::compact`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId<'a>(&'a [u8]);

impl<'a> MessageId<'a> {
    /// The identifier `octets`, which stand without angle brackets.
    #[must_use]
    pub const fn new(octets: &'a [u8]) -> Self {
        Self(octets)
    }

    /// The octets between the angle brackets, white space at both ends excluded.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.0
    }

    /// The identifier as text; octets that are not UTF-8 become U+FFFD.
    #[must_use]
    pub fn to_str_lossy(&self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.0)
    }

    /// What stands in front of the last `@` (id-left); the whole identifier where there is none.
    #[must_use]
    pub fn left(&self) -> &'a [u8] {
        // the wild has identifiers with two "@": the last one divides, since id-right cannot hold it
        memrchr(b'@', self.0).and_then(|at| self.0.get(..at)).unwrap_or(self.0)
    }

    /// What stands behind the last `@` (id-right); `None` where there is no `@`.
    #[must_use]
    pub fn right(&self) -> Option<&'a [u8]> {
        memrchr(b'@', self.0).and_then(|at| self.0.get(at + 1..))
    }

    /// The identifier without the white space, folding and comments that RFC 5322 4.5.4 allows inside; borrowed where
    /// there is none of them. Quoted strings are kept as they are.
    #[must_use]
    pub fn compact(&self) -> Cow<'a, [u8]> {
        if !self.0.iter().any(|&b| cfws::is_space(b) || b == b'(') {
            return Cow::Borrowed(self.0);
        }
        let mut out = Vec::with_capacity(self.0.len());
        let (mut at, mut quoted) = (0, false);
        while let Some(&byte) = self.0.get(at) {
            match byte {
                b'"' => quoted = !quoted,
                b'\\' if quoted => {
                    // RFC 5322 3.2.4: what is escaped neither ends the string nor is white space.
                    out.push(byte);
                    at += 1;
                    out.extend(self.0.get(at));
                    at += 1;
                    continue;
                }
                b'(' if !quoted => {
                    at = cfws::comment_end(self.0, at);
                    continue;
                }
                _ => {}
            }
            let folding = matches!(byte, b'\r' | b'\n');
            if !folding && (quoted || !cfws::is_space(byte)) {
                out.push(byte);
            }
            at += 1;
        }
        Cow::Owned(out)
    }

    /// An owned copy.
    #[must_use]
    pub fn to_owned(&self) -> MessageIdBuf {
        MessageIdBuf(self.0.into())
    }
}

impl AsRef<[u8]> for MessageId<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0
    }
}

/// With angle brackets, as a field holds it (RFC 5322 3.6.4: msg-id).
impl fmt::Display for MessageId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.to_str_lossy())
    }
}

impl fmt::Debug for MessageId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageId({:?})", self.to_str_lossy())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for MessageId<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_str_lossy())
    }
}

/// A message identifier that owns its octets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageIdBuf(Box<[u8]>);

impl MessageIdBuf {
    /// The identifier `octets`, which stand without angle brackets.
    #[must_use]
    pub fn new(octets: impl Into<Box<[u8]>>) -> Self {
        Self(octets.into())
    }

    /// The borrowed view.
    #[must_use]
    pub const fn as_id(&self) -> MessageId<'_> {
        MessageId(&self.0)
    }

    /// The octets between the angle brackets.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

// sound for look-ups in maps: derived Hash and Eq of the box are those of the slice
impl std::borrow::Borrow<[u8]> for MessageIdBuf {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl From<MessageId<'_>> for MessageIdBuf {
    fn from(id: MessageId<'_>) -> Self {
        id.to_owned()
    }
}

impl fmt::Display for MessageIdBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_id().fmt(f)
    }
}

impl fmt::Debug for MessageIdBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_id().fmt(f)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for MessageIdBuf {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_id().serialize(serializer)
    }
}

/// The identifiers of a Message-ID, In-Reply-To or References value, in order, found while iterating: no allocation.
///
/// What stands outside of angle brackets (the phrases of RFC 822 In-Reply-To, commas, comments) is passed over. A value
/// without any bracket is one identifier, or several where each of its words holds an `@`; whether it had brackets says
/// [`MessageIds::is_bracketed`]. `<<id>>`, a missing `>` and `<Message-ID: <id>` give `id`.
///
/// ```
/// use mailwright_message_model::message_id::MessageIds;
///
/// let ids = MessageIds::parse(b" <1@a.example>\r\n\t<2@b.example>\r\n");
/// let ids: Vec<_> = ids.map(|id| id.as_bytes()).collect();
/// assert_eq!(ids, [b"1@a.example", b"2@b.example"]);
/// ```
#[derive(Clone, Debug)]
pub struct MessageIds<'a> {
    rest: &'a [u8],
    bare: Bare,
    no_more_quotes: bool,
}

/// How a value without angle brackets is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bare {
    /// There is a bracket.
    No,
    /// The whole value is one identifier.
    Whole,
    /// Each word is one.
    Words,
}

impl<'a> MessageIds<'a> {
    /// Reads `value`, a field value with its line breaks.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Self {
        let rest = cfws::trim(cfws::field(value));
        let bare = if memchr(b'<', rest).is_some() {
            Bare::No
        } else if words(rest).all(|word| memchr(b'@', word).is_some()) {
            Bare::Words
        } else {
            Bare::Whole
        };
        Self { rest, bare, no_more_quotes: false }
    }

    /// Whether the value has angle brackets (RFC 5322 3.6.4); without them an identifier may be a mere phrase
    /// (RFC 5322 4.5.4).
    #[must_use]
    pub fn is_bracketed(&self) -> bool {
        self.bare == Bare::No
    }

    fn next_bracketed(&mut self) -> Option<MessageId<'a>> {
        loop {
            let start = memchr(b'<', self.rest)? + 1;
            self.rest = self.rest.get(start..)?;
            let (end, closed) = self.close();
            let content = cfws::trim(self.rest.get(..end)?);
            // an open one is dirt, or cut off, unless it looks like an identifier
            let keep = if closed { !content.is_empty() } else { memchr(b'@', content).is_some() };
            self.rest = self.rest.get(end..)?;
            if keep {
                return Some(MessageId(content));
            }
        }
    }

    /// Offset of the octet that ends the identifier at the start of the rest, and whether that is its `>`.
    fn close(&mut self) -> (usize, bool) {
        let mut from = 0;
        while let Some(found) = self.rest.get(from..).and_then(|rest| memchr3(b'<', b'>', b'"', rest)) {
            let at = from + found;
            match self.rest.get(at) {
                Some(b'>') => return (at, true),
                Some(b'<') => return (at, false),
                _ => {
                    // RFC 5322 4.5.4: id-left may hold quoted strings, and these any octet
                    let end = if self.no_more_quotes { None } else { cfws::quoted_end(self.rest, at) };
                    self.no_more_quotes = end.is_none();
                    from = end.unwrap_or(at + 1);
                }
            }
        }
        (self.rest.len(), false)
    }

    fn next_word(&mut self) -> Option<MessageId<'a>> {
        let word = words(self.rest).next()?;
        // the word is a slice of the rest: what comes behind it is the new rest
        let skipped = self.rest.iter().position(|&b| !is_divider(b)).unwrap_or(0);
        self.rest = self.rest.get(skipped + word.len()..).unwrap_or_default();
        Some(MessageId(word))
    }
}

impl<'a> Iterator for MessageIds<'a> {
    type Item = MessageId<'a>;

    fn next(&mut self) -> Option<MessageId<'a>> {
        match self.bare {
            Bare::No => self.next_bracketed(),
            Bare::Words => self.next_word(),
            Bare::Whole => {
                let whole = std::mem::take(&mut self.rest);
                (!whole.is_empty()).then_some(MessageId(whole))
            }
        }
    }
}

impl std::iter::FusedIterator for MessageIds<'_> {}

fn words(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|&b| is_divider(b)).filter(|word| !word.is_empty())
}

const fn is_divider(byte: u8) -> bool {
    cfws::is_space(byte) || byte == b','
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(value: &str) -> Vec<String> {
        MessageIds::parse(value.as_bytes()).map(|id| id.to_str_lossy().into_owned()).collect()
    }

    #[test]
    fn well_formed() {
        assert_eq!(ids("<1@a> <2@b>\r\n"), ["1@a", "2@b"]);
        assert_eq!(ids("<1@a><2@b>,<3@c>"), ["1@a", "2@b", "3@c"]);
        assert_eq!(ids("\"Joe\"'s message of Friday <1@a> (with <2@b>)"), ["1@a", "2@b"]);
        assert_eq!(ids(""), [""; 0]);
        assert_eq!(ids("<>"), [""; 0]);
    }

    #[test]
    fn quoted_left_part() {
        assert_eq!(ids("<\"a>b\"@c> <d@e>"), ["\"a>b\"@c", "d@e"]);
        assert_eq!(ids("<a\"b@c> <d@e>"), ["a\"b@c", "d@e"]);
    }

    /// RFC 5322 3.2.4: a quoted string ends at a quote that is not escaped, and its blanks are part of it.
    #[test]
    fn compact_keeps_quoted_strings() {
        let compact = |id: &'static str| {
            let id = MessageIds::parse(id.as_bytes()).next().unwrap();
            String::from_utf8(id.compact().into_owned()).unwrap()
        };
        assert_eq!(compact("<a (c) . b @ d>"), "a.b@d");
        assert_eq!(compact(r#"<"a\" (x)"@h>"#), r#""a\" (x)"@h"#);
        assert_ne!(compact(r#"<"a\" (x)"@h>"#), compact(r#"<"a\" (y)"@h>"#));
    }

    #[test]
    fn malformed() {
        assert_eq!(ids("<<1@a>>"), ["1@a"]);
        assert_eq!(ids("<Message-ID: <1@a>"), ["1@a"]);
        assert_eq!(ids("<1@a <2@b>"), ["1@a", "2@b"]);
        assert_eq!(ids("<1@a"), ["1@a"]);
        assert_eq!(ids("<1@a>, <invalid."), ["1@a"]);
        assert_eq!(ids("1@a 2@b,\r\n\t3@c"), ["1@a", "2@b", "3@c"]);
        assert_eq!(ids("no id here"), ["no id here"]);
        assert_eq!(ids("<1@a>\nX: <2@b>"), ["1@a"]);
    }

    #[test]
    fn parts() {
        let id = MessageId::new(b"a@thyson@host");
        assert_eq!((id.left(), id.right()), (&b"a@thyson"[..], Some(&b"host"[..])));
        assert_eq!(MessageId::new(b"m").right(), None);
        assert_eq!(MessageId::new(b"9704@").right(), Some(&b""[..]));
        assert_eq!(id.to_string(), "<a@thyson@host>");
    }

    #[test]
    fn compact_drops_folding_and_comments() {
        let id = MessageId::new(b"1234   @   local(blah)  .machine\r\n .example");
        assert_eq!(&*id.compact(), b"1234@local.machine.example");
        assert_eq!(&*MessageId::new(b"\"a ( b\" @c").compact(), b"\"a ( b\"@c");
        assert!(matches!(MessageId::new(b"1@a").compact(), Cow::Borrowed(_)));
    }
}
