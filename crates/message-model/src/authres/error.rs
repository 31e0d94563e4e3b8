//! Why a value is no Authentication-Results, and why a claim is not trusted.

use std::error::Error;
use std::fmt;

/// Why a field value is no Authentication-Results, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AuthResError {
    pub(super) kind: AuthResErrorKind,
    pub(super) position: usize,
}

/// The kinds of [`AuthResError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum AuthResErrorKind {
    /// A comment that does not end.
    OpenComment,
    /// A quoted string that does not end.
    OpenQuote,
    /// Neither an authserv-id nor a result at the start.
    NoAuthservId,
    /// No result and no `none` behind the authserv-id.
    NoResults,
    /// Something other than a `;` behind the authserv-id.
    NoSemicolon,
    /// A piece between two `;` that has no `method=result`.
    NoMethod,
    /// No word behind the `=` of a method.
    NoResult,
    /// A word among the properties without `=`.
    NoEquals,
    /// A property without a name.
    NoPropertyName,
    /// A character that needs a quoted string.
    Unquoted,
    /// A character where nothing of the kind can stand.
    Unexpected,
    /// A version that is no number of 32 bits.
    Version,
    /// No `i=` and number at the start of an ARC-Authentication-Results.
    NoInstance,
    /// More than [`MAX_ITEMS`](super::MAX_ITEMS) results, properties and comments.
    TooMany,
}

impl AuthResError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> AuthResErrorKind {
        self.kind
    }

    /// Byte offset in the field value.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// The section that decides.
    #[must_use]
    pub const fn section(&self) -> &'static str {
        match self.kind {
            AuthResErrorKind::OpenComment => "RFC 5322 3.2.2",
            AuthResErrorKind::OpenQuote => "RFC 5322 3.2.4",
            AuthResErrorKind::Unquoted => "RFC 2045 5.1",
            AuthResErrorKind::NoInstance => "RFC 8617 4.1.1",
            _ => "RFC 8601 2.2",
        }
    }
}

impl fmt::Display for AuthResError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            AuthResErrorKind::OpenComment => "the comment that begins here is never closed",
            AuthResErrorKind::OpenQuote => "the quoted string that begins here is never closed",
            AuthResErrorKind::NoAuthservId => {
                "the value must begin with the name of the server that authenticated"
            }
            AuthResErrorKind::NoResults => "no result: write `; none` when nothing was checked",
            AuthResErrorKind::NoSemicolon => "a `;` must follow the authserv-id and its version",
            AuthResErrorKind::NoMethod => {
                "`method=result` must stand between two `;`: quote a value that has a `;`"
            }
            AuthResErrorKind::NoResult => "a word such as `pass` must follow the `=` of a method",
            AuthResErrorKind::NoEquals => "`=` and a value must follow a property",
            AuthResErrorKind::NoPropertyName => "a name must follow the `.` of a property",
            AuthResErrorKind::Unquoted => {
                "this character cannot stand in a bare value: put the value, as an IPv6 address, in double quotes"
            }
            AuthResErrorKind::Unexpected => {
                "a `ptype.property=value`, a `;` or the end must stand here: put text in parentheses"
            }
            AuthResErrorKind::Version => "a version is a number of at most 32 bits",
            AuthResErrorKind::NoInstance => "the value must begin with `i=`, a number and `;`",
            AuthResErrorKind::TooMany => "too many results, properties and comments for one field",
        };
        write!(f, "at byte {}: {what} ({})", self.position, self.section())
    }
}

impl Error for AuthResError {}

/// Why a claim was not taken for results of the trusted server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustError {
    /// The field has no authserv-id.
    NoAuthservId,
    /// The field has the authserv-id of another server.
    OtherServer,
    /// The field has a version other than 1 (RFC 8601 2.2, authres-version), which may mean something else.
    UnknownVersion,
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAuthservId => "the field does not say which server it is from (RFC 8601 2.5)",
            Self::OtherServer => "the field is from another server than the trusted one (RFC 8601 5)",
            Self::UnknownVersion => "the field has a version other than 1 (RFC 8601 2.2)",
        })
    }
}

impl Error for TrustError {}
