//! Tag lists (RFC 6376 3.2): the form of DKIM-Signature fields, key records and the ARC fields.

use core::fmt;
use std::collections::HashSet;

use mailwright_message_model::Span;
use memchr::memchr;

/// A tag list: `name=value` pairs between semicolons, each name at most once.
///
/// ```
/// use mailwright_dkim::tags::TagList;
/// let list = TagList::parse(b"v=1; a = rsa-sha256;\r\n\tbh=AA\r\n\tBB;")?;
/// assert_eq!(list.value("a"), Some(&b"rsa-sha256"[..]));
/// assert!(TagList::parse(b"v=1; v=1").is_err());
/// # Ok::<(), mailwright_dkim::tags::TagError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagList<'a> {
    tags: Vec<Tag<'a>>,
}

/// One tag of a list. Spans are offsets in the text that was parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The name, letters of either case being different (RFC 6376 3.2).
    pub name: &'a [u8],
    /// The value without the white space around it; what stands inside is kept.
    pub value: &'a [u8],
    /// Where the name stands.
    pub name_span: Span,
    /// Where the value stands.
    pub value_span: Span,
    /// Everything between the `=` and the next `;` or the end, white space included: what is deleted of `b=` before a
    /// signature is computed (RFC 6376 3.7).
    pub raw_span: Span,
}

/// Why a text is no tag list, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TagError {
    /// What is wrong.
    pub kind: TagErrorKind,
    /// Offset in the text that was parsed.
    pub position: usize,
}

/// The kinds of [`TagError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum TagErrorKind {
    /// Nothing between two semicolons, or no tag at all.
    EmptyTag,
    /// A tag without `=`.
    NoEquals,
    /// A name that does not begin with a letter, or has other characters than letters, digits and `_`.
    Name,
    /// A name that stands twice: the whole list is invalid.
    Duplicate,
    /// An octet that a value cannot have: a control character, or octets that are no UTF-8 (RFC 8616).
    Octet,
}

impl<'a> TagList<'a> {
    /// Reads a tag list. White space around names and values does not matter, nor does a final semicolon.
    ///
    /// # Errors
    /// [`TagError`] for everything that RFC 6376 3.2 does not allow. White space behind the final semicolon is allowed,
    /// though the grammar has none there: published records and signatures do.
    pub fn parse(text: &'a [u8]) -> Result<Self, TagError> {
        let mut tags: Vec<Tag<'a>> = Vec::with_capacity(USUAL);
        let plain = is_plain(text);
        let mut start: usize = 0;
        while let Some(rest) = text.get(start..) {
            let end = memchr(b';', rest).map_or(text.len(), |at| start + at);
            let spec = Span::new(start, end);
            if spec.of(text).iter().all(|&b| is_fws(b)) {
                if end == text.len() && !tags.is_empty() {
                    break;
                }
                return Err(TagError { kind: TagErrorKind::EmptyTag, position: start });
            }
            tags.push(tag(text, spec, plain)?);
            if end == text.len() {
                break;
            }
            start = end + 1;
        }
        no_duplicates(&tags)?;
        Ok(Self { tags })
    }

    /// The tag of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Tag<'a>> {
        self.tags.iter().find(|tag| is_same(tag.name, name.as_bytes()))
    }

    /// The value of the tag of that name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'a [u8]> {
        self.get(name).map(|tag| tag.value)
    }

    /// All tags in their order; never empty.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Tag<'a>> {
        self.tags.iter()
    }
}

impl Tag<'_> {
    /// The value with all white space removed: base64 and lists may be folded anywhere.
    #[must_use]
    pub fn compact(&self) -> Vec<u8> {
        self.value.iter().copied().filter(|&b| !is_fws(b)).collect()
    }
}

/// The elements of a colon-separated value, without the white space around each (RFC 6376 3.5, `h=` and `q=`).
pub fn colon_separated(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|&b| b == b':').map(trim)
}

/// The parts between separators that stand neither in a quoted string nor in a comment (RFC 5322 3.2.2, 3.2.4).
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub(crate) fn outside_quotes(value: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    let parts = value.split(move |&b| {
        match b {
            _ if escaped => escaped = false,
            b'\\' if quoted || depth > 0 => escaped = true,
            b'"' if depth == 0 => quoted = !quoted,
            b'(' if !quoted => depth = depth.saturating_add(1),
            b')' if !quoted => depth = depth.saturating_sub(1),
            _ => return b == separator && !quoted && depth == 0,
        }
        false
    });
    parts.map(trim)
}

/// Without the white space at both ends.
#[must_use]
pub fn trim(mut value: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = value
        && is_fws(*first)
    {
        value = rest;
    }
    while let [rest @ .., last] = value
        && is_fws(*last)
    {
        value = rest;
    }
    value
}

/// Blanks, tabs and the line breaks of folding.
pub(crate) const fn is_fws(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | b'\r' | b'\n')
}

/// Tags for which room is made at once.
const USUAL: usize = 12;

/// Whether all octets are such that any value may have them.
fn is_plain(text: &[u8]) -> bool {
    // Without a way out, so that many octets are looked at together.
    text.iter().fold(true, |plain, &octet| plain & (is_fws(octet) | (b' '..0x7f).contains(&octet)))
}

/// Names are of a letter or two: a call of memcmp for each would cost more than the rest of a search.
fn is_same(name: &[u8], other: &[u8]) -> bool {
    name.len() == other.len() && name.iter().zip(other).all(|(one, two)| one == two)
}

/// `plain` is what [`is_plain`] says of the whole text.
fn tag(text: &[u8], spec: Span, plain: bool) -> Result<Tag<'_>, TagError> {
    let fail = |kind, position| Err(TagError { kind, position });
    // After a letter or two, for which memchr is no help.
    let Some(equals) = spec.of(text).iter().position(|&b| b == b'=').map(|at| spec.start + at) else {
        return fail(TagErrorKind::NoEquals, spec.start);
    };
    let name_span = trimmed(text, Span::new(spec.start, equals));
    let name = name_span.of(text);
    // RFC 6376 3.2: tag-name = ALPHA *ALNUMPUNC
    let letters = name.first().is_some_and(u8::is_ascii_alphabetic);
    if !letters || !name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_') {
        return fail(TagErrorKind::Name, name_span.start);
    }
    let raw_span = Span::new(equals + 1, spec.end);
    let value_span = trimmed(text, raw_span);
    let value = value_span.of(text);
    let tag = Tag { name, value, name_span, value_span, raw_span };
    if plain {
        return Ok(tag);
    }
    // RFC 6376 3.2: VALCHAR is printable ASCII without ";"; RFC 8616 3 adds UTF-8.
    if let Some(at) = value.iter().position(|&b| b < b' ' && !is_fws(b) || b == 0x7f) {
        return fail(TagErrorKind::Octet, value_span.start + at);
    }
    if let Err(error) = core::str::from_utf8(value) {
        return fail(TagErrorKind::Octet, value_span.start + error.valid_up_to());
    }
    Ok(tag)
}

fn trimmed(text: &[u8], span: Span) -> Span {
    let octets = span.of(text);
    let Some(first) = octets.iter().position(|&b| !is_fws(b)) else {
        return Span::new(span.start, span.start);
    };
    let last = octets.iter().rposition(|&b| !is_fws(b)).unwrap_or(first);
    Span::new(span.start + first, span.start + last + 1)
}

/// RFC 6376 3.2: tags with duplicate names make the whole list invalid.
fn no_duplicates(tags: &[Tag<'_>]) -> Result<(), TagError> {
    // Below this a search is cheaper than a table.
    const FEW: usize = 16;
    let again = if tags.len() <= FEW {
        tags.iter()
            .enumerate()
            .find(|(at, tag)| tags.iter().take(*at).any(|other| is_same(other.name, tag.name)))
    } else {
        let mut seen = HashSet::with_capacity(tags.len());
        tags.iter().enumerate().find(|(_, tag)| !seen.insert(tag.name))
    };
    match again {
        Some((_, tag)) => Err(TagError { kind: TagErrorKind::Duplicate, position: tag.name_span.start }),
        None => Ok(()),
    }
}

impl TagErrorKind {
    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EmptyTag => "an empty tag",
            Self::NoEquals => "a tag without =",
            Self::Name => "a bad tag name",
            Self::Duplicate => "a tag that stands twice",
            Self::Octet => "an octet that no tag value can have",
        }
    }
}

impl fmt::Display for TagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at octet {} (RFC 6376 3.2)", self.kind.as_str(), self.position)
    }
}

impl std::error::Error for TagError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &[u8]) -> (TagErrorKind, usize) {
        let error = TagList::parse(text).unwrap_err();
        (error.kind, error.position)
    }

    #[test]
    fn spans_and_white_space() {
        let text = b" v=1 ;\tb = AA\r\n BB ; x=";
        let list = TagList::parse(text).unwrap();
        let b = list.get("b").unwrap();
        assert_eq!(b.value, b"AA\r\n BB");
        assert_eq!(b.compact(), b"AABB");
        assert_eq!(b.raw_span.of(text), b" AA\r\n BB ");
        assert_eq!(list.value("x"), Some(&b""[..]));
        assert_eq!(list.value("V"), None);
        assert_eq!(list.iter().len(), 3);
    }

    #[test]
    fn the_end_may_be_a_semicolon_and_white_space() {
        for text in [&b"v=1;"[..], b"v=1; ", b"v=1;\r\n\t", b"v=1"] {
            assert_eq!(TagList::parse(text).unwrap().iter().len(), 1);
        }
    }

    #[test]
    fn what_is_no_tag_list() {
        use TagErrorKind as K;
        assert_eq!(error(b""), (K::EmptyTag, 0));
        assert_eq!(error(b" ;v=1"), (K::EmptyTag, 0));
        assert_eq!(error(b"v=1;;a=b"), (K::EmptyTag, 4));
        assert_eq!(error(b"v=1; abc"), (K::NoEquals, 4));
        assert_eq!(error(b"1v=1"), (K::Name, 0));
        assert_eq!(error(b"v-=1"), (K::Name, 0));
        assert_eq!(error(b"=1"), (K::Name, 0));
        assert_eq!(error(b"v=1; a=x; v=1"), (K::Duplicate, 10));
        assert_eq!(error(b"v=a\x00"), (K::Octet, 3));
        assert_eq!(error(b"v=a\xff"), (K::Octet, 3));
    }

    #[test]
    fn duplicates_among_many() {
        let mut text: Vec<u8> = (0..100_000).flat_map(|n| format!("t{n}=;").into_bytes()).collect();
        assert!(TagList::parse(&text).is_ok());
        let position = text.len();
        text.extend_from_slice(b"t7=1");
        assert_eq!(error(&text), (TagErrorKind::Duplicate, position));
    }
}
