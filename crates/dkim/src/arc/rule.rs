//! The rules that a chain can break.

use core::fmt;

use crate::verify::Reason;

/// A rule that a chain breaks. Its `Display` is a sentence with the section that decides.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Rule {
    /// The newest seal says that the chain had failed before.
    MarkedFailed,
    /// A set without this field.
    Missing,
    /// A set with two fields of the kind.
    Repeated,
    /// No set of this instance, though there is one of a higher instance.
    Gap,
    /// The first seal says something else than `cv=none`.
    FirstNotNone,
    /// A later seal says something else than `cv=pass`.
    LaterNotPass,
    /// A field that cannot be read, or a signature that does not hold or cannot be verified.
    Signature(Reason),
    /// A header of more than [`Limits::header_bytes`](crate::Limits::header_bytes).
    HeaderTooLong,
}

impl Rule {
    /// The section that decides; `None` where a limit or the caller's policy does.
    #[must_use]
    pub const fn section(&self) -> Option<&'static str> {
        Some(match self {
            Self::MarkedFailed => "RFC 8617 5.2, step 2",
            Self::Missing | Self::Repeated => "RFC 8617 5.2, step 3A",
            Self::Gap => "RFC 8617 5.2, step 3B",
            Self::FirstNotNone | Self::LaterNotPass => "RFC 8617 5.2, step 3C",
            Self::Signature(reason) => return reason.section(),
            Self::HeaderTooLong => return None,
        })
    }

    /// Whether the rule is that a question of DNS was not answered, which says nothing about the chain.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Signature(Reason::Dns(_) | Reason::Pending))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            // Its sentence has its section.
            Self::Signature(reason) => return reason.fmt(f),
            Self::MarkedFailed => "the last sealer found the chain broken (cv=fail)",
            Self::Missing => "the field is missing",
            Self::Repeated => "the set has two fields of this name",
            Self::Gap => "the set is missing, though there are later ones",
            Self::FirstNotNone => "the first seal does not say cv=none",
            Self::LaterNotPass => "the seal does not say cv=pass",
            Self::HeaderTooLong => "the header is too long",
        };
        f.write_str(words)?;
        self.section().map_or(Ok(()), |section| write!(f, " ({section})"))
    }
}
