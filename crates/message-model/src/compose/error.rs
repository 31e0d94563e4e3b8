//! Why something was not written.

use std::fmt;

use crate::mailbox::MailboxError;

/// Why a field or a message was not written, and in which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComposeError {
    kind: ComposeErrorKind,
    field: Option<String>,
}

/// The rule that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ComposeErrorKind {
    /// A field name is empty, or has something else than printable ASCII without `:` (RFC 5322 3.6.8).
    FieldName,
    /// CR, LF or NUL in a value, which would begin a field of its own (RFC 5322 2.2).
    LineBreak,
    /// A field given as it is to be written is not folded by the rules: a line break without a blank behind it, a line
    /// of only blanks (RFC 5322 2.2.3, 3.2.2).
    Folding,
    /// A line would be longer than 998 octets, and there is no place to fold it (RFC 5322 2.1.1).
    LineTooLong,
    /// Text outside of ASCII where encoded words may not stand, and the transport has no SMTPUTF8 (RFC 6532 3.2).
    NeedsSmtpUtf8,
    /// An entity that may not be encoded has octets above 127, and the transport has no 8BITMIME (RFC 2045 6.4, RFC 2046
    /// 5.2.1).
    NeedsEightBitMime,
    /// An address is not one (RFC 5321 4.1.2).
    Address(MailboxError),
    /// A message identifier is empty or has blanks, brackets or control characters (RFC 5322 3.6.4).
    MessageId,
    /// A list that needs one member at least is empty (RFC 5322 3.6.2, 3.6.4).
    EmptyList,
    /// A type, subtype or disposition is no token (RFC 2045 5.1, RFC 2183 2).
    MediaType,
    /// A parameter name is no token, or has one of `*`, `'`, `%` (RFC 2045 5.1, RFC 2231 7).
    ParameterName,
    /// The transfer encoding asked for cannot carry the content, or is not one for sending (RFC 2045 2.7, 2.8, 6.2).
    Encoding,
    /// A multipart type for octets, or another type for parts (RFC 2046 5.1); `message/rfc822` for octets (5.2.1): use
    /// [`Part::message`](super::Part::message).
    Composite,
    /// A multipart without a part (RFC 2046 5.1.1).
    NoParts,
    /// A message must have this field (RFC 5322 3.6).
    MissingField,
    /// A message may have this field once (RFC 5322 3.6).
    DuplicateField,
}

impl ComposeError {
    pub(super) const fn new(kind: ComposeErrorKind) -> Self {
        Self { kind, field: None }
    }

    /// The same error, said of the field `name`, unless it is said of one already.
    pub(super) fn within(mut self, name: &str) -> Self {
        self.field.get_or_insert_with(|| name.to_owned());
        self
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> ComposeErrorKind {
        self.kind
    }

    /// The name of the field it went wrong in.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }
}

impl From<ComposeErrorKind> for ComposeError {
    fn from(kind: ComposeErrorKind) -> Self {
        Self::new(kind)
    }
}

impl fmt::Display for ComposeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use ComposeErrorKind as Kind;
        if let Some(field) = &self.field {
            write!(f, "{}: ", field.escape_debug())?;
        }
        f.write_str(match self.kind {
            Kind::FieldName => "a field name must be printable ASCII without colon (RFC 5322 3.6.8)",
            Kind::LineBreak => "CR, LF or NUL in a value would begin another field (RFC 5322 2.2)",
            Kind::Folding => {
                "each line break of a folded value must have a blank and text behind it (RFC 5322 3.2.2)"
            }
            Kind::LineTooLong => "a line would exceed 998 octets and cannot be folded (RFC 5322 2.1.1)",
            Kind::NeedsSmtpUtf8 => "text outside of ASCII here needs SMTPUTF8 (RFC 6532 3.2)",
            Kind::NeedsEightBitMime => {
                "octets above 127 that may not be encoded need 8BITMIME (RFC 2045 6.4, RFC 2046 5.2.1)"
            }
            Kind::Address(error) => {
                return write!(
                    f,
                    "{error}; give one address a call, a display name apart: (\"Ann\", \"ann@example.org\")"
                );
            }
            Kind::MessageId => "a message identifier has no blanks, brackets or controls (RFC 5322 3.6.4)",
            Kind::EmptyList => "this field needs at least one member (RFC 5322 3.6)",
            Kind::MediaType => "type, subtype and disposition must be tokens (RFC 2045 5.1)",
            Kind::ParameterName => "a parameter name must be a token without * ' % (RFC 2231 7)",
            Kind::Encoding => "the content cannot be sent in the transfer encoding asked for (RFC 2045 6.2)",
            Kind::Composite => "multipart and message/rfc822 hold parts, other types octets (RFC 2046 5)",
            Kind::NoParts => "a multipart needs at least one part (RFC 2046 5.1.1)",
            Kind::MissingField => {
                "a message must have this field; call the builder's method of that name (RFC 5322 3.6)"
            }
            Kind::DuplicateField => "a message may have this field only once (RFC 5322 3.6)",
        })
    }
}

impl std::error::Error for ComposeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            ComposeErrorKind::Address(error) => Some(error),
            _ => None,
        }
    }
}
