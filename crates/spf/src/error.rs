//! Why a text is no SPF record.

use std::fmt;

/// A record, term or macro string against the grammar, with the offset of the octet it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SyntaxError {
    kind: SyntaxErrorKind,
    at: usize,
}

/// The kinds of [`SyntaxError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// The text does not begin with `v=spf1` and then a space or its end.
    Version,
    /// An octet that is neither visible ASCII nor a space.
    Octet,
    /// A word that is no mechanism and no modifier.
    UnknownMechanism,
    /// A mechanism without what must follow it.
    MissingArgument,
    /// Something behind a mechanism that takes nothing.
    UnexpectedArgument,
    /// A domain that does not end in a top-level label or a macro.
    DomainEnd,
    /// A `%` that begins no macro.
    Percent,
    /// A macro letter that does not exist.
    MacroLetter,
    /// A macro letter that is allowed in explanations only.
    MacroLetterInDomain,
    /// A number of labels that is 0, or too large.
    MacroDigits,
    /// A macro without its closing brace, or with an unknown transformer or delimiter.
    MacroEnd,
    /// A prefix length that is no number, has leading zeros or is too large.
    PrefixLength,
    /// An address that is none.
    Address,
    /// A second `redirect` or `exp`.
    DuplicateModifier,
    /// The record is longer than [`MAX_RECORD_BYTES`](crate::MAX_RECORD_BYTES).
    TooLong,
}

impl SyntaxErrorKind {
    /// The section of RFC 7208 that is broken.
    #[must_use]
    pub const fn section(self) -> &'static str {
        match self {
            Self::Version => "RFC 7208 4.5",
            Self::Octet | Self::UnknownMechanism => "RFC 7208 4.6.1",
            Self::MissingArgument | Self::UnexpectedArgument => "RFC 7208 5",
            Self::DomainEnd | Self::Percent | Self::MacroLetter | Self::MacroDigits | Self::MacroEnd => {
                "RFC 7208 7.1"
            }
            Self::MacroLetterInDomain => "RFC 7208 7.2",
            Self::PrefixLength | Self::Address => "RFC 7208 5.6",
            Self::DuplicateModifier => "RFC 7208 6",
            Self::TooLong => "MAX_RECORD_BYTES",
        }
    }

    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Version => "the record must begin with v=spf1 and a space",
            Self::Octet => "only visible ASCII and spaces may stand in a record",
            Self::UnknownMechanism => "no such mechanism; a modifier needs name=value",
            Self::MissingArgument => "a domain or address must follow, as in include:example.org",
            Self::UnexpectedArgument => "nothing may follow this mechanism",
            Self::DomainEnd => "a domain must end in a top-level label, as .org, or in a macro",
            Self::Percent => "write %% for a percent sign, %_ for a space, %{..} for a macro",
            Self::MacroLetter => "the macro letters are s l o d i p h c r t v",
            Self::MacroLetterInDomain => "the macros c, r and t are for explanations only",
            Self::MacroDigits => "the number of labels must be from 1 to 128",
            Self::MacroEnd => "a macro is %{letter, digits, r, delimiters}",
            Self::PrefixLength => {
                "a prefix length is /0 to /32 for IPv4 and /0 to /128 for IPv6, without leading zeros"
            }
            Self::Address => "this is no address",
            Self::DuplicateModifier => "redirect and exp may stand once",
            Self::TooLong => "the record is too long",
        }
    }
}

impl SyntaxError {
    pub(crate) const fn new(kind: SyntaxErrorKind, at: usize) -> Self {
        Self { kind, at }
    }

    /// The error moved `by` octets: from a part of a record to the whole.
    pub(crate) const fn behind(self, by: usize) -> Self {
        Self { kind: self.kind, at: self.at + by }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(self) -> SyntaxErrorKind {
        self.kind
    }

    /// Offset in the text that was parsed.
    #[must_use]
    pub const fn position(self) -> usize {
        self.at
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (octet {}, {})", self.kind.text(), self.at, self.kind.section())
    }
}

impl std::error::Error for SyntaxError {}
