//! The one error of reading a message: a limit.

use std::fmt;

/// Why a message was not read at all. Odd or broken mail is never an error: see [`Defect`](crate::Defect).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
}

/// The kinds of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The message has more octets than [`Limits::bytes`](crate::Limits::bytes).
    TooLarge {
        /// Octets of the message.
        bytes: usize,
        /// The limit in force.
        limit: usize,
    },
}

impl Error {
    pub(crate) const fn too_large(bytes: usize, limit: usize) -> Self {
        Self { kind: ErrorKind::TooLarge { bytes, limit } }
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ErrorKind::TooLarge { bytes, limit } => {
                write!(
                    f,
                    "message of {bytes} octets exceeds Limits::bytes ({limit}); raise that limit to read it"
                )
            }
        }
    }
}

impl std::error::Error for Error {}
