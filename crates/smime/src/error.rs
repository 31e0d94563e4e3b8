//! Why something cannot be read, or not be done.

use std::fmt;

use crate::oid::Oid;

/// Something cannot be read or done.
///
/// A signature that is wrong or a certificate that is not trusted is no error but a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The octets are not of the ASN.1 form that is wanted.
    Asn1 {
        /// The octet where reading stopped, counted in the input.
        offset: usize,
        /// What was being read.
        what: &'static str,
    },
    /// No PEM block of the wanted kind, or base64 that is none.
    Pem {
        /// The octet where reading stopped.
        offset: usize,
    },
    /// An algorithm or form that this build does not have.
    Unsupported {
        /// What it was to be used for.
        what: &'static str,
        /// The object identifier, in dots.
        oid: String,
    },
    /// More than a limit allows.
    Limit {
        /// The name of the limit.
        which: &'static str,
        /// The limit.
        max: u64,
    },
    /// A key that cannot be used.
    Key(&'static str),
    /// The input could not be read, or the output not be written.
    Io(std::io::ErrorKind),
    /// The content must be read twice before it is handed on, and the input can be read once.
    NotSeekable,
    /// No recipient is one of the keys given.
    NoRecipient,
    /// Decryption failed. What failed is not said: it would help who tries messages until one opens.
    Decrypt,
}

impl Error {
    pub(crate) const fn new(kind: ErrorKind) -> Self {
        Self { kind }
    }

    pub(crate) const fn asn1(offset: usize, what: &'static str) -> Self {
        Self::new(ErrorKind::Asn1 { offset, what })
    }

    pub(crate) fn unsupported(what: &'static str, oid: Oid<'_>) -> Self {
        Self::new(ErrorKind::Unsupported { what, oid: oid.to_string() })
    }

    pub(crate) const fn limit(which: &'static str, max: u64) -> Self {
        Self::new(ErrorKind::Limit { which, max })
    }

    pub(crate) const fn key(why: &'static str) -> Self {
        Self::new(ErrorKind::Key(why))
    }

    pub(crate) fn io(error: &std::io::Error) -> Self {
        Self::new(ErrorKind::Io(error.kind()))
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Where in the input, for what could not be read.
    #[must_use]
    pub const fn offset(&self) -> Option<usize> {
        match self.kind {
            ErrorKind::Asn1 { offset, .. } | ErrorKind::Pem { offset } => Some(offset),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::Asn1 { offset, what } => write!(f, "{what}: malformed at octet {offset}"),
            ErrorKind::Pem { offset } => write!(f, "no PEM block that can be read at octet {offset}"),
            ErrorKind::Unsupported { what, oid } => write!(f, "{what}: {oid} is not supported"),
            ErrorKind::Limit { which, max } => write!(f, "more than the limit {which} allows: {max}"),
            ErrorKind::Key(why) => write!(f, "key: {why}"),
            ErrorKind::Io(kind) => kind.fmt(f),
            ErrorKind::NotSeekable => f.write_str("must be read twice, and can be read once"),
            ErrorKind::NoRecipient => f.write_str("none of the keys is one of the recipients"),
            ErrorKind::Decrypt => f.write_str("cannot be decrypted"),
        }
    }
}

impl std::error::Error for Error {}
