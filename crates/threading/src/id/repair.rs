//! Identifiers mended: what was meant where software broke them.

use std::borrow::Cow;

use mailwright_message_model::message_id::{MessageId, MessageIds};

/// The identifiers of a value as message-model finds them, without white space and comments.
#[derive(Clone, Debug)]
pub(crate) struct RepairedIds<'a> {
    ids: MessageIds<'a>,
    bracketed: bool,
}

impl<'a> RepairedIds<'a> {
    pub(crate) fn new(value: &'a [u8]) -> Self {
        let ids = MessageIds::parse(value);
        Self { bracketed: ids.is_bracketed(), ids }
    }
}

impl<'a> Iterator for RepairedIds<'a> {
    type Item = Cow<'a, [u8]>;

    fn next(&mut self) -> Option<Cow<'a, [u8]>> {
        let bracketed = self.bracketed;
        self.ids
            .by_ref()
            .filter(|id| bracketed || is_bare(id))
            .map(|id| id.compact())
            .find(|id| !id.is_empty())
    }
}

/// The id of an In-Reply-To. RFC 822 4.6.2 had phrases there, as `Message from Joe <joe@example.org> of Friday <id>`: of
/// several ids the first that holds a digit counts, since addresses mostly hold none.
pub(crate) fn replied_to(value: &[u8]) -> Option<Cow<'_, [u8]>> {
    let mut ids = RepairedIds::new(value);
    let first = ids.next()?;
    let has_digit = |id: &Cow<'_, [u8]>| id.iter().any(u8::is_ascii_digit);
    if has_digit(&first) { Some(first) } else { ids.find(has_digit).or(Some(first)) }
}

/// Whether a word without brackets is an identifier and no phrase.
fn is_bare(id: &MessageId<'_>) -> bool {
    let octets = id.as_bytes();
    octets.contains(&b'@') && !octets.iter().any(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(value: &str) -> Vec<String> {
        RepairedIds::new(value.as_bytes()).map(|id| String::from_utf8_lossy(&id).into_owned()).collect()
    }

    #[test]
    fn mended() {
        assert_eq!(ids("<<1@a>> <Message-ID: <2@b> <3@c <4\r\n @d>"), ["1@a", "2@b", "3@c", "4@d"]);
        assert_eq!(ids("1@a 2@b"), ["1@a", "2@b"]);
        assert_eq!(ids("your message of Friday"), [""; 0]);
        assert_eq!(ids("<20040101.abc>"), ["20040101.abc"]);
    }

    #[test]
    fn the_id_among_the_addresses() {
        let value = b"Message from Joe <joe@example.org> of Fri, 3 Jan <199701030900.KAA1@host>";
        assert_eq!(replied_to(value).as_deref(), Some(&b"199701030900.KAA1@host"[..]));
        assert_eq!(replied_to(b"<abc@host>").as_deref(), Some(&b"abc@host"[..]));
    }
}
