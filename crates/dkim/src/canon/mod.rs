//! Canonicalisation (RFC 6376 3.4): what of a message is hashed.

mod blanks;
mod body;
mod header;

use core::fmt;

pub use body::Body;
pub use header::{field, signature_field};

/// How much change on the way a signature forgives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Canonicalization {
    /// Next to none (RFC 6376 3.4.1 and 3.4.3).
    #[default]
    Simple,
    /// White space and folding may change (RFC 6376 3.4.2 and 3.4.4).
    Relaxed,
}

impl Canonicalization {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Simple, Self::Relaxed];

    /// Reads `simple` or `relaxed`, in any case (RFC 5234 2.3).
    #[must_use]
    pub fn parse(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| name.eq_ignore_ascii_case(kind.as_str().as_bytes()))
    }

    /// As it stands in `c=`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::Relaxed => "relaxed",
        }
    }
}

impl fmt::Display for Canonicalization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The canonicalisations of header and body, the value of `c=`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Pair {
    /// Of the header fields.
    pub header: Canonicalization,
    /// Of the body.
    pub body: Canonicalization,
}

impl Pair {
    /// Relaxed for both: what survives most relays.
    pub const RELAXED: Self = Self { header: Canonicalization::Relaxed, body: Canonicalization::Relaxed };

    /// Reads the value of `c=`; one name alone leaves the body simple (RFC 6376 3.5).
    #[must_use]
    pub fn parse(value: &[u8]) -> Option<Self> {
        let mut parts = value.splitn(2, |&b| b == b'/');
        let header = Canonicalization::parse(parts.next()?)?;
        let body = parts.next().map_or(Some(Canonicalization::Simple), Canonicalization::parse)?;
        Some(Self { header, body })
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.header, self.body)
    }
}

/// Blank or tab: the WSP of RFC 5234, and nothing else (a form feed is data).
const fn is_wsp(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t')
}
