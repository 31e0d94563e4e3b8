//! Why a report cannot be read at all.

use std::fmt;

/// Why there is no report to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    position: usize,
}

/// The kinds of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No octets.
    Empty,
    /// A limit of [`Limits`](super::Limits) forbids to read it; which one, by name.
    Limit(&'static str),
    /// Packed, and what is in it cannot be unpacked.
    Packed,
    /// Packed, and the feature `compress` is off.
    NeedsCompress,
    /// A document type declaration (RFC 9990 8.1): an entity in it may be of any size or from anywhere.
    DocumentType,
    /// XML without a `feedback` element, or with one that says nothing.
    NoFeedback,
    /// JSON that is no TLS report.
    NoTlsReport,
    /// A message without a report in it, or something else altogether.
    NoReport,
}

impl Error {
    pub(super) const fn new(kind: ErrorKind) -> Self {
        Self { kind, position: 0 }
    }

    pub(super) const fn at(kind: ErrorKind, position: usize) -> Self {
        Self { kind, position }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Byte offset in what was being read: the XML or JSON, unpacked, or the whole.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.kind {
            ErrorKind::Empty => "the report has no octets",
            // A constant of another module has its path.
            ErrorKind::Limit(name) if name.contains("::") => {
                return write!(f, "the report exceeds report::{name}, which is fixed");
            }
            ErrorKind::Limit(name) => {
                return write!(f, "the report exceeds Limits::{name}; raise that limit to read it");
            }
            ErrorKind::Packed => "the report cannot be unpacked",
            ErrorKind::NeedsCompress => "the report is packed: enable the feature `compress`",
            ErrorKind::DocumentType => {
                "the report has a document type declaration, which is refused (RFC 9990 8.1)"
            }
            ErrorKind::NoFeedback => "the XML is no DMARC report (RFC 9990 3.1.1.1)",
            ErrorKind::NoTlsReport => "the JSON is no TLS report (RFC 8460 4.4)",
            ErrorKind::NoReport => "there is no report in it",
        };
        match self.position {
            0 => f.write_str(text),
            at => write!(f, "at byte {at}: {text}"),
        }
    }
}

impl std::error::Error for Error {}
