//! What a look at a record finds.

use std::fmt;

use mailwright_dns::Temporary;
use mailwright_message_model::Span;

use crate::error::SyntaxErrorKind;

/// How bad a [`Finding`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// It works, but not as it should.
    Warning,
    /// Receivers answer `permerror`, or the record is not found.
    Error,
}

/// Something about a record.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Where in the record.
    pub span: Span,
    /// Whose record, where it was looked up.
    pub domain: Option<String>,
}

/// What a [`Finding`] is.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum FindingKind {
    /// Against the grammar.
    Syntax(SyntaxErrorKind),
    /// A term behind `all`.
    BehindAll,
    /// `redirect` next to `all`.
    RedirectWithAll,
    /// The same mechanism a second time.
    Duplicate,
    /// `+all`: everyone passes.
    PassAll,
    /// A network of all addresses.
    AllAddresses,
    /// Neither `all` nor `redirect` at the end.
    NoEnd,
    /// `ptr`
    Ptr,
    /// `%{p}`
    ClientNameMacro,
    /// An upper-case macro in a domain: its escapes are no part of host names.
    EscapedMacro,
    /// A modifier that RFC 7208 does not know.
    UnknownModifier,
    /// An address with bits behind its prefix.
    HostBits,
    /// More than 450 octets.
    Long {
        /// How many.
        octets: usize,
    },
    /// More than 512 octets.
    VeryLong {
        /// How many.
        octets: usize,
    },
    /// More terms that ask DNS than allowed.
    TooManyLookups {
        /// How many.
        lookups: usize,
    },
    /// No record.
    NoRecord,
    /// More than one record.
    SeveralRecords,
    /// An include or redirect of a name without a record.
    NothingThere {
        /// The term.
        term: String,
    },
    /// A record that includes itself.
    Loop {
        /// The term.
        term: String,
    },
    /// A term whose question finds nothing.
    Void {
        /// The term.
        term: String,
    },
    /// More questions that find nothing than allowed.
    TooManyVoid {
        /// How many.
        void: usize,
    },
    /// An `mx` of more exchanges than allowed.
    TooManyExchanges {
        /// The term.
        term: String,
    },
    /// A name that DNS cannot hold.
    NoName {
        /// The term.
        term: String,
    },
    /// DNS did not answer.
    Temporary {
        /// The term.
        term: String,
        /// What went wrong.
        #[cfg_attr(feature = "serde", serde(serialize_with = "as_text"))]
        why: Temporary,
    },
    /// A text that `exp=` points to and that cannot be used.
    Explanation {
        /// The term.
        term: String,
    },
    /// The tree is larger than [`MAX_TREE_RECORDS`](crate::MAX_TREE_RECORDS).
    TooManyRecords,
}

#[cfg(feature = "serde")]
fn as_text<S: serde::Serializer>(why: &Temporary, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(why)
}

impl FindingKind {
    /// How bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::Syntax(_)
            | Self::TooManyLookups { .. }
            | Self::NoRecord
            | Self::SeveralRecords
            | Self::NothingThere { .. }
            | Self::Loop { .. }
            | Self::TooManyVoid { .. }
            | Self::TooManyExchanges { .. }
            | Self::TooManyRecords => Severity::Error,
            Self::NoEnd
            | Self::UnknownModifier
            | Self::HostBits
            | Self::Temporary { .. }
            | Self::Long { .. }
            | Self::Duplicate => Severity::Note,
            Self::BehindAll
            | Self::RedirectWithAll
            | Self::PassAll
            | Self::AllAddresses
            | Self::Ptr
            | Self::ClientNameMacro
            | Self::EscapedMacro
            | Self::VeryLong { .. }
            | Self::Void { .. }
            | Self::NoName { .. }
            | Self::Explanation { .. } => Severity::Warning,
        }
    }

    /// The section that decides.
    #[must_use]
    pub const fn section(&self) -> &'static str {
        match self {
            Self::Syntax(kind) => kind.section(),
            Self::BehindAll | Self::PassAll => "RFC 7208 5.1",
            Self::RedirectWithAll => "RFC 7208 6.1",
            Self::Duplicate => "RFC 7208 4.6.2",
            Self::AllAddresses | Self::HostBits => "RFC 7208 5.6",
            Self::NoEnd => "RFC 7208 4.7",
            Self::Ptr => "RFC 7208 5.5",
            Self::ClientNameMacro | Self::EscapedMacro => "RFC 7208 7.3",
            Self::UnknownModifier => "RFC 7208 6",
            Self::Long { .. } | Self::VeryLong { .. } => "RFC 7208 3.4",
            Self::TooManyLookups { .. }
            | Self::Loop { .. }
            | Self::Void { .. }
            | Self::TooManyVoid { .. }
            | Self::TooManyExchanges { .. }
            | Self::TooManyRecords => "RFC 7208 4.6.4",
            Self::NoRecord | Self::SeveralRecords => "RFC 7208 4.5",
            Self::NothingThere { .. } => "RFC 7208 5.2, 6.1",
            Self::NoName { .. } => "RFC 7208 4.8",
            Self::Temporary { .. } => "RFC 7208 4.4",
            Self::Explanation { .. } => "RFC 7208 6.2",
        }
    }
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(kind) => f.write_str(kind.text()),
            Self::BehindAll => f.write_str("behind all nothing is looked at"),
            Self::RedirectWithAll => f.write_str("redirect is ignored, since the record has an all"),
            Self::Duplicate => f.write_str("the same mechanism stands before; the first decides"),
            Self::PassAll => f.write_str("everyone may send for the domain"),
            Self::AllAddresses => f.write_str("a prefix of 0 is every address there is"),
            Self::NoEnd => f.write_str("without all or redirect, everyone else is neutral"),
            Self::Ptr => f.write_str("ptr is slow and unreliable, and should not be used"),
            Self::ClientNameMacro => {
                f.write_str("the macro p is slow and unreliable, and should not be used")
            }
            Self::EscapedMacro => f.write_str("an upper-case macro escapes for URLs, not for domains"),
            Self::UnknownModifier => f.write_str("receivers ignore modifiers that they do not know"),
            Self::HostBits => f.write_str("the address has bits that its prefix leaves out"),
            Self::Long { octets } => write!(f, "{octets} octets: over 450 an answer may not fit into 512"),
            Self::VeryLong { octets } => write!(f, "{octets} octets do not fit into a UDP answer of 512"),
            Self::TooManyLookups { lookups } => write!(f, "{lookups} terms ask DNS, more than allowed"),
            Self::NoRecord => f.write_str("there is no SPF record"),
            Self::SeveralRecords => f.write_str("there is more than one SPF record"),
            Self::NothingThere { term } => write!(f, "{term} leads to no SPF record"),
            Self::Loop { term } => write!(f, "{term} leads back here"),
            Self::Void { term } => write!(f, "{term} finds nothing"),
            Self::TooManyVoid { void } => write!(f, "{void} questions find nothing, more than allowed"),
            Self::TooManyExchanges { term } => write!(f, "{term} has more mail exchangers than allowed"),
            Self::NoName { term } => write!(f, "{term} names what DNS cannot hold, so it matches nobody"),
            Self::Temporary { term, why } => write!(f, "DNS did not answer for {term}: {why}"),
            Self::Explanation { term } => write!(f, "{term} leads to no text that can be used"),
            Self::TooManyRecords => f.write_str("the tree of records has no end in sight"),
        }
    }
}

impl Finding {
    /// How bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.kind.severity()
    }

    /// The section that decides.
    #[must_use]
    pub const fn section(&self) -> &'static str {
        self.kind.section()
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (octet {}", self.severity(), self.kind, self.span.start)?;
        if let Some(domain) = &self.domain {
            write!(f, " of the record of {domain}")?;
        }
        write!(f, ", {})", self.section())
    }
}
