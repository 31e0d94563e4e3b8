//! The one error of this crate: a rule file or a model that cannot be read, or a store that does not answer. Mail is never one.

use std::fmt;

/// Why something was not done. Odd or broken mail is never an error.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    place: Place,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The store did not answer, or not with what was asked for. What it says.
    Store(String),
    /// A model that cannot be imported; the one in force stays. What is wrong with it.
    Model(String),
    /// A rule file that cannot be used; the rules in force stay. What is wrong with it.
    Rules(String),
    /// A list of addresses or domains that cannot be used; the entries in force stay. What is wrong with it.
    Lists(String),
    /// A setting that cannot hold. What is wrong with it.
    Setting(String),
}

/// Where in a file the error is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// It has no place.
    #[default]
    Nowhere,
    /// In this line, from 1.
    Line(usize),
    /// In this field or under this key.
    Field(String),
    /// At this octet, from 0.
    Octet(usize),
}

impl Error {
    /// An error without a place.
    #[must_use]
    pub const fn new(kind: ErrorKind) -> Self {
        Self { kind, place: Place::Nowhere, source: None }
    }

    /// An error of a store, with what it says of itself.
    #[must_use]
    pub fn store(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let source = source.into();
        Self { kind: ErrorKind::Store(source.to_string()), place: Place::Nowhere, source: Some(source) }
    }

    /// The same error at `place`.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Where.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Nowhere => {}
            Place::Line(line) => write!(f, "line {line}: ")?,
            Place::Field(field) => write!(f, "{field}: ")?,
            Place::Octet(octet) => write!(f, "octet {octet}: ")?,
        }
        match &self.kind {
            ErrorKind::Store(what) => write!(f, "the store failed: {what}"),
            ErrorKind::Model(what) => write!(f, "not a model: {what}"),
            ErrorKind::Rules(what) | ErrorKind::Lists(what) | ErrorKind::Setting(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_stands_first() {
        let error = Error::new(ErrorKind::Rules("no such field".to_owned())).at(Place::Line(3));
        assert_eq!(error.to_string(), "line 3: no such field");
        assert_eq!(error.place(), &Place::Line(3));
    }

    #[test]
    fn store_keeps_its_source() {
        let error = Error::store("connection refused");
        assert_eq!(error.kind(), &ErrorKind::Store("connection refused".to_owned()));
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "connection refused");
    }
}
