//! Why an index did not do something.

use std::fmt;

use crate::index::OpId;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// A store did not answer, or not as it should.
#[derive(Debug)]
pub struct StoreError {
    store: String,
    source: Source,
}

impl StoreError {
    /// `store` names it for people, as `redb /var/mail/threads.redb`.
    pub fn new(store: impl Into<String>, source: impl Into<Source>) -> Self {
        Self { store: store.into(), source: source.into() }
    }

    /// Which store.
    #[must_use]
    pub fn store(&self) -> &str {
        &self.store
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.store, self.source)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}

/// An index did not do what it was asked for; it is as before. No header can be an error.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    source: Option<StoreError>,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The store did not answer.
    Store,
    /// There are as many messages as [`Limits::messages`](crate::Limits::messages) lets.
    TooManyMessages,
    /// A message with other identifiers has this key.
    KeyInUse(u64),
    /// No message has this key.
    NoMessage(u64),
    /// No such operation is known.
    NoOp(OpId),
    /// It was undone before.
    Undone(OpId),
    /// The state string is none of this index, or too old (RFC 8620 5.2 cannotCalculateChanges).
    State,
}

impl Error {
    pub(crate) const fn new(kind: Kind) -> Self {
        Self { kind, source: None }
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }
}

impl From<StoreError> for Error {
    fn from(source: StoreError) -> Self {
        Self { kind: Kind::Store, source: Some(source) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, &self.source) {
            (_, Some(source)) => source.fmt(f),
            (Kind::Store, None) => f.write_str("the store did not answer"),
            (Kind::TooManyMessages, _) => f.write_str("more messages than the limit allows"),
            (Kind::KeyInUse(key), _) => write!(f, "another message has the key {key}"),
            (Kind::NoMessage(key), _) => write!(f, "no message has the key {key}"),
            (Kind::NoOp(op), _) => write!(f, "there is no operation {op}"),
            (Kind::Undone(op), _) => write!(f, "the operation {op} was undone before"),
            (Kind::State, _) => f.write_str("changes since that state are not known"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
