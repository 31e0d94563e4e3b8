//! Part numbers and sections of IMAP (RFC 9051 6.4.5.1).

use std::fmt;
use std::str::FromStr;

use crate::{Entity, Message};

/// The number of a part, as `1.2`; empty for a message that is a multipart.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartNumber(Vec<u32>);

impl PartNumber {
    /// The numbers from the message inwards, each from 1.
    #[must_use]
    pub fn numbers(&self) -> &[u32] {
        &self.0
    }

    /// Whether it stands for the whole message.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for PartNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, number) in self.0.iter().enumerate() {
            write!(f, "{}{number}", if at == 0 { "" } else { "." })?;
        }
        Ok(())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for PartNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Entity<'_, '_> {
    /// The IMAP number of this part (RFC 9051 6.4.5.1).
    ///
    /// A multipart directly inside a message/rfc822 has no number of its own and answers with that of the
    /// message/rfc822; the message inside it, if it is no multipart, is part 1 of it.
    #[must_use]
    pub fn part_number(&self) -> PartNumber {
        let mut numbers = Vec::new();
        let mut at = Some(*self);
        while let Some(entity) = at {
            at = entity.parent();
            match at {
                Some(parent) if parent.is_multipart() => numbers.push(entity.ordinal()),
                _ if !entity.is_multipart() => numbers.push(1),
                _ => {}
            }
        }
        numbers.reverse();
        PartNumber(numbers)
    }
}

impl<'a> Message<'a> {
    /// The octets of an IMAP section: `1.2`, `1.2.MIME`, `HEADER`, `TEXT`, `3.HEADER`, `3.TEXT`, or the empty string for
    /// the whole message (RFC 9051 6.4.5.1). `None` where there is no such part or the text is no section.
    ///
    /// ```
    /// use mailwright_message_model::Message;
    ///
    /// let message = Message::parse(b"Subject: hi\n\nhello\n")?;
    /// assert_eq!(message.section("1"), Some(&b"hello\n"[..]));
    /// assert_eq!(message.section("HEADER"), Some(&b"Subject: hi\n\n"[..]));
    /// # Ok::<(), mailwright_message_model::Error>(())
    /// ```
    #[must_use]
    pub fn section(&self, section: &str) -> Option<&'a [u8]> {
        let mut scope = Scope::Message(self.root());
        if section.is_empty() {
            return Some(self.raw());
        }
        let mut pieces = section.split('.').peekable();
        while let Some(number) = pieces.peek().and_then(|piece| number(piece)) {
            pieces.next();
            scope = scope.part(number)?;
        }
        let octets = match (pieces.next(), scope) {
            (None, Scope::Part(part)) => part.body_raw(),
            (Some(text), scope) => scope.named(text)?,
            (None, Scope::Message(_)) => return None,
        };
        pieces.next().is_none().then_some(octets)
    }
}

/// RFC 9051 9, `nz-number`: digits, the first not 0.
fn number(piece: &str) -> Option<u32> {
    let digits = piece.bytes().all(|octet| octet.is_ascii_digit()) && !piece.starts_with('0');
    if digits { u32::from_str(piece).ok() } else { None }
}

/// What a section has reached so far.
enum Scope<'m, 'a> {
    /// The message, or what stands in a message/rfc822.
    Message(Entity<'m, 'a>),
    Part(Entity<'m, 'a>),
}

impl<'m, 'a> Scope<'m, 'a> {
    /// The part with that number, from 1.
    fn part(self, number: u32) -> Option<Self> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        match self.inside() {
            Scope::Message(entity) | Scope::Part(entity) if entity.is_multipart() => {
                entity.children().nth(index).map(Scope::Part)
            }
            // A message that is no multipart is its only part.
            Scope::Message(entity) if index == 0 => Some(Scope::Part(entity)),
            _ => None,
        }
    }

    /// The octets that a section text names.
    fn named(self, text: &str) -> Option<&'a [u8]> {
        if let (Scope::Part(part), true) = (&self, text.eq_ignore_ascii_case("MIME")) {
            return Some(part.header_raw());
        }
        let Scope::Message(message) = self.inside() else { return None };
        match text.to_ascii_uppercase().as_str() {
            "HEADER" => Some(message.header_raw()),
            "TEXT" => Some(message.body_raw()),
            _ => None,
        }
    }

    /// The message in a message/rfc822; everything else as it is.
    fn inside(self) -> Self {
        match self {
            Scope::Part(part) if part.is_message() => part.children().next().map_or(self, Scope::Message),
            scope => scope,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message of the example in RFC 9051 6.4.5.1, as far as its parts go.
    const EXAMPLE: &str = "Subject: whole\nContent-Type: multipart/mixed; boundary=a\n\n\
        --a\n\none\n--a\nContent-Type: application/octet-stream\n\ntwo\n\
        --a\nContent-Type: message/rfc822\n\nSubject: three\nContent-Type: multipart/mixed; boundary=b\n\n\
        --b\n\n3.1\n--b\nContent-Type: application/octet-stream\n\n3.2\n--b--\n\
        --a\nContent-Type: multipart/mixed; boundary=c\n\n\
        --c\nContent-Type: image/gif\n\n4.1\n\
        --c\nContent-Type: message/rfc822\n\nSubject: four\nContent-Type: multipart/mixed; boundary=d\n\n\
        --d\n\n4.2.1\n\
        --d\nContent-Type: multipart/alternative; boundary=e\n\n--e\n\n4.2.2.1\n--e\n\n4.2.2.2\n--e--\n\
        --d--\n--c--\n--a--\n";

    #[test]
    fn sections_of_rfc_9051() {
        let message = Message::parse(EXAMPLE.as_bytes()).unwrap();
        let text = |section: &str| {
            message.section(section).map(|octets| String::from_utf8_lossy(octets).into_owned())
        };
        for number in ["3.1", "3.2", "4.1", "4.2.1", "4.2.2.1", "4.2.2.2"] {
            assert_eq!(text(number).as_deref(), Some(number));
        }
        assert_eq!(text("1").as_deref(), Some("one"));
        assert!(text("3.HEADER").unwrap().starts_with("Subject: three\n"));
        assert!(text("3.TEXT").unwrap().starts_with("--b\n"));
        assert!(text("4.2.HEADER").unwrap().starts_with("Subject: four\n"));
        assert_eq!(text("4.1.MIME").as_deref(), Some("Content-Type: image/gif\n\n"));
        assert!(text("HEADER").unwrap().starts_with("Subject: whole\n"));
        for missing in
            ["0", "5", "1.1", "4.1.HEADER", "MIME", "1.1.MIME", "HEADER.1", "nothing", "3.1.TEXT", "+1", "01"]
        {
            assert_eq!(text(missing), None, "{missing}");
        }
    }

    #[test]
    fn numbers_lead_back_to_their_parts() {
        let message = Message::parse(EXAMPLE.as_bytes()).unwrap();
        let leaves: Vec<_> = message.walk().filter(Entity::is_leaf).collect();
        assert_eq!(leaves.len(), 8);
        for leaf in leaves {
            assert_eq!(message.section(&leaf.part_number().to_string()), Some(leaf.body_raw()));
        }
    }
}
