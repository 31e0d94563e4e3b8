//! The identity of a mailing list (RFC 2919).

use std::borrow::Cow;

use memchr::{memchr, memrchr};

use crate::{cfws, encoded_word};

/// A List-Id value: `Friends of trees <trees.example.org>`.
///
/// ```
/// use mailwright_message_model::list_id::ListId;
///
/// let list = ListId::parse(b" Friends of trees <Trees.example.org>\r\n").unwrap();
/// assert_eq!(list.id(), "trees.example.org");
/// assert_eq!(list.description().as_deref(), Some("Friends of trees"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ListId<'a> {
    id: Cow<'a, str>,
    description: Option<Cow<'a, str>>,
}

impl<'a> ListId<'a> {
    /// Reads a field value with its line breaks; `None` where it holds no identifier.
    ///
    /// The identifier stands in the last angle brackets (RFC 2919 3); a value without brackets is one as a whole, as some
    /// list software writes it.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let value = cfws::trim(cfws::field(value));
        let (before, id) = match memrchr(b'<', value).and_then(|at| value.split_at_checked(at)) {
            Some((before, [_, inside @ ..])) => (before, inside),
            _ => (&[][..], value),
        };
        let id = memchr(b'>', id).and_then(|end| id.get(..end)).unwrap_or(id).trim_ascii();
        if id.is_empty() || id.iter().any(u8::is_ascii_whitespace) {
            return None;
        }
        let id = match String::from_utf8_lossy(id) {
            // RFC 2919 6: compared without case.
            Cow::Borrowed(id) if !id.bytes().any(|octet| octet.is_ascii_uppercase()) => Cow::Borrowed(id),
            id => Cow::Owned(id.to_ascii_lowercase()),
        };
        let before = before.trim_ascii();
        let description = (!before.is_empty()).then(|| encoded_word::decode_phrase(before));
        Some(Self { id, description })
    }

    /// The identifier in lower case: it stays the same for the life of the list (RFC 2919 2).
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the list is called, decoded.
    #[must_use]
    pub fn description(&self) -> Option<Cow<'_, str>> {
        self.description.as_deref().map(Cow::Borrowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2919 3 and 6.
    #[test]
    fn forms() {
        for (value, id, description) in [
            (
                "List Header Mailing List <list-header.nisto.com>",
                "list-header.nisto.com",
                Some("List Header Mailing List"),
            ),
            ("<commonspace-users.list-id.within.com>", "commonspace-users.list-id.within.com", None),
            (
                "\"Lena's Personal Joke List\"\r\n <lenas-jokes.da39efc25c530ad145d41b86f7420c3b.021999.localhost>\r\n",
                "lenas-jokes.da39efc25c530ad145d41b86f7420c3b.021999.localhost",
                Some("Lena's Personal Joke List"),
            ),
            ("plain.example.org", "plain.example.org", None),
            ("open <Open.example.org", "open.example.org", Some("open")),
        ] {
            let list = ListId::parse(value.as_bytes()).unwrap();
            assert_eq!((list.id(), list.description().as_deref()), (id, description), "{value}");
        }
        for value in ["", "<>", "two words", "  \r\n"] {
            assert_eq!(ListId::parse(value.as_bytes()), None, "{value}");
        }
    }
}
