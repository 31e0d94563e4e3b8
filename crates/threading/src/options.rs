//! How messages are threaded.

use crate::{IdMode, Limits};

/// The way in which messages come together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// REFERENCES (RFC 5256 3): by the ids that messages name, then by subject.
    #[default]
    References,
    /// REFS: REFERENCES without the subject, threads with the newest message last.
    Refs,
    /// ORDEREDSUBJECT (RFC 5256 3): by subject alone.
    OrderedSubject,
}

/// Options of [`thread`](crate::thread).
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Default [`Algorithm::References`].
    pub algorithm: Algorithm,
    /// Default [`IdMode::Repair`].
    pub ids: IdMode,
    /// The defaults stand at its constants.
    pub limits: Limits,
}

impl Options {
    /// As RFC 5256 has it and Dovecot answers, octet for octet. The Date of the headers should have been read by
    /// [`IdMode::Dovecot`] as well.
    #[must_use]
    pub fn dovecot(algorithm: Algorithm) -> Self {
        Self { algorithm, ids: IdMode::Dovecot, ..Self::default() }
    }
}
