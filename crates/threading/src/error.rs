//! Why messages cannot be threaded.

use std::fmt;

/// Messages could not be threaded: a limit of the caller's own. No header can be an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// More messages than [`Limits::messages`](crate::Limits::messages).
    TooManyMessages,
    /// The messages and the ids they name together are more than [`MAX_NODES`](crate::MAX_NODES).
    TooManyIds,
}

impl Error {
    pub(crate) const fn new(kind: ErrorKind) -> Self {
        Self { kind }
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            ErrorKind::TooManyMessages => "more messages than the limit allows",
            ErrorKind::TooManyIds => "more message identifiers than one forest can hold",
        })
    }
}

impl std::error::Error for Error {}
