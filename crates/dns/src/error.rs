//! What can be wrong with a name or a zone text.

use core::fmt;

/// A name or a zone text that cannot be used.
///
/// DNS trouble is never an `Error`: it is an [`Answer`](crate::Answer).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Unknown,
    Octet(usize),
    Line(usize),
}

/// The rule that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No octets at all; the root is written as `.`.
    EmptyName,
    /// Two dots in a row, or a dot at the start (RFC 1035 2.3.1).
    EmptyLabel,
    /// A label of more than 63 octets (RFC 1035 2.3.4).
    LabelTooLong,
    /// More than 255 octets on the wire, 253 in text (RFC 1035 2.3.4).
    NameTooLong,
    /// A `\` that is followed neither by a character nor by three digits up to 255 (RFC 1035 5.1).
    BadEscape,
    /// A character-string of more than 255 octets (RFC 1035 3.3).
    StringTooLong,
    /// `$INCLUDE`, which would read a file (RFC 1035 5.1).
    Include,
    /// Text that is no zone entry; what was expected stands in the message.
    Syntax(&'static str),
    /// A limit on the text was reached; which one stands in the message.
    Limit(&'static str),
}

impl Error {
    pub(crate) fn in_name(kind: ErrorKind, octet: usize) -> Self {
        Self { kind, place: Place::Octet(octet) }
    }

    pub(crate) fn whole(kind: ErrorKind) -> Self {
        Self { kind, place: Place::Unknown }
    }

    /// The same error, told by the line of a zone text (from 1).
    #[must_use]
    pub fn at_line(self, line: usize) -> Self {
        Self { place: Place::Line(line), ..self }
    }

    /// The rule that was broken.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The octet of the name at which the error shows, where it is about a name given alone.
    #[must_use]
    pub fn position(&self) -> Option<usize> {
        match self.place {
            Place::Octet(octet) => Some(octet),
            Place::Unknown | Place::Line(_) => None,
        }
    }

    /// The line of the zone text, from 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        match self.place {
            Place::Line(line) => Some(line),
            Place::Unknown | Place::Octet(_) => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Line(line) => write!(f, "line {line}: ")?,
            Place::Octet(octet) => write!(f, "octet {octet}: ")?,
            Place::Unknown => {}
        }
        match &self.kind {
            ErrorKind::EmptyName => f.write_str("empty domain name"),
            ErrorKind::EmptyLabel => f.write_str("empty label in a domain name"),
            ErrorKind::LabelTooLong => f.write_str("label of more than 63 octets"),
            ErrorKind::NameTooLong => f.write_str("domain name of more than 253 characters"),
            ErrorKind::BadEscape => f.write_str("bad escape after \\"),
            ErrorKind::StringTooLong => f.write_str("character-string of more than 255 octets"),
            ErrorKind::Include => f.write_str("$INCLUDE is refused: a zone text reads no files"),
            ErrorKind::Syntax(expected) => write!(f, "expected {expected}"),
            ErrorKind::Limit(which) => write!(f, "limit reached: {which}"),
        }
    }
}

impl std::error::Error for Error {}
