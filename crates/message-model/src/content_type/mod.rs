//! Content-Type and Content-Disposition with their parameters (RFC 2045 5.1, RFC 2183, RFC 2231).
//!
//! The values of the wild are read as well: no `;` between parameters, blanks and specials in unquoted values,
//! comments, encoded words where none may be (RFC 2047 5), continuations out of order.

mod extended;
mod pieces;
mod scan;
mod value;

use std::borrow::Cow;
use std::fmt;

use crate::Span;

pub(crate) use scan::{Doubts, scan};

/// Most parameters (segments of RFC 2231 counted singly) that are kept of one field: real mail has fewer than ten,
/// and each kept one costs memory many times the four octets it can be written in.
pub const MAX_PARAMETERS: usize = 1_000;

/// A Content-Type value (RFC 2045 5.1).
///
/// ```
/// use mailwright_message_model::content_type::ContentType;
/// let value = ContentType::parse(b"Text/Plain; charset=\"utf-8\" (plain); format=flowed").unwrap();
/// assert_eq!((value.type_(), value.subtype()), ("text", Some("plain")));
/// assert_eq!(value.param("charset"), Some("utf-8"));
/// assert_eq!(value.param("format"), Some("flowed"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ContentType<'a> {
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    type_: Cow<'a, str>,
    subtype: Option<Cow<'a, str>>,
    parameters: Parameters<'a>,
}

impl<'a> ContentType<'a> {
    /// Reads a field value; `None` where it has no type at all (`;charset=x`, `/plain`, nothing).
    ///
    /// A value without subtype (`text`) is returned, but is not [usable](Self::is_usable).
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let (head, pieces) = pieces::head(value);
        if head.type_.is_empty() {
            return None;
        }
        Some(Self {
            type_: value::lower(head.type_),
            subtype: (!head.subtype.is_empty()).then(|| value::lower(head.subtype)),
            parameters: extended::join(pieces),
        })
    }

    /// The top-level type in lower case.
    #[must_use]
    pub fn type_(&self) -> &str {
        &self.type_
    }

    /// The subtype in lower case.
    #[must_use]
    pub fn subtype(&self) -> Option<&str> {
        self.subtype.as_deref()
    }

    /// Whether type and subtype are there; otherwise a body counts as `text/plain` (RFC 2045 5.2).
    #[must_use]
    pub const fn is_usable(&self) -> bool {
        self.subtype.is_some()
    }

    /// Whether this is `type_/subtype`; both in lower case.
    #[must_use]
    pub fn is(&self, type_: &str, subtype: &str) -> bool {
        self.type_ == type_ && self.subtype() == Some(subtype)
    }

    /// All parameters: in the order of their first segment, then continuations that have none, by name.
    /// Of one name several may be there.
    #[must_use]
    pub fn params(&self) -> &[Parameter<'a>] {
        &self.parameters.list
    }

    /// Whether there were more than [`MAX_PARAMETERS`] and the rest was not read.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.parameters.cut
    }

    /// The value of the first parameter called `name` (in lower case).
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        first(&self.parameters.list, name)
    }

    /// The charset named for the text, as written (RFC 2046 4.1.2).
    #[must_use]
    pub fn charset(&self) -> Option<&str> {
        self.param("charset")
    }

    /// The `name` parameter: an old place for a file name; [`Disposition::file_name`] comes first.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        preferred(&self.parameters.list, "name")
    }
}

impl fmt::Display for ContentType<'_> {
    /// `type/subtype`, without parameters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.type_)?;
        self.subtype().map_or(Ok(()), |subtype| write!(f, "/{subtype}"))
    }
}

/// A Content-Disposition value (RFC 2183).
///
/// ```
/// use mailwright_message_model::content_type::Disposition;
/// let value = Disposition::parse(b"attachment; filename*=utf-8''na%C3%AFve.txt").unwrap();
/// assert!(value.is_attachment());
/// assert_eq!(value.file_name(), Some("naïve.txt"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Disposition<'a> {
    kind: Cow<'a, str>,
    parameters: Parameters<'a>,
}

impl<'a> Disposition<'a> {
    /// Reads a field value; `None` where it names no disposition.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let (head, pieces) = pieces::head(value);
        if head.type_.is_empty() {
            return None;
        }
        Some(Self { kind: value::lower(head.type_), parameters: extended::join(pieces) })
    }

    /// The disposition type in lower case: `inline`, `attachment` or another.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Whether the body is to be shown apart. RFC 2183 2.8: an unknown type counts as attachment.
    #[must_use]
    pub fn is_attachment(&self) -> bool {
        self.kind != "inline"
    }

    /// All parameters, as [`ContentType::params`].
    #[must_use]
    pub fn params(&self) -> &[Parameter<'a>] {
        &self.parameters.list
    }

    /// Whether there were more than [`MAX_PARAMETERS`] and the rest was not read.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.parameters.cut
    }

    /// The value of the first parameter called `name` (in lower case).
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        first(&self.parameters.list, name)
    }

    /// The file name: an extended `filename*` goes before a plain `filename`, which is then its fallback.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        preferred(&self.parameters.list, "filename")
    }
}

/// The parameters of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
struct Parameters<'a> {
    list: Vec<Parameter<'a>>,
    #[cfg_attr(feature = "serde", serde(skip))]
    cut: bool,
}

/// How a parameter was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Form {
    /// `name=token`
    Token,
    /// `name="quoted string"`
    Quoted,
    /// `name*=charset'language'percent`, or segments `name*0=`, `name*1*=` (RFC 2231 3 and 4).
    Extended,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Parameter<'a> {
    /// The name in lower case, without the stars of RFC 2231.
    pub name: Cow<'a, str>,
    /// The decoded value: unquoted, segments joined, RFC 2231 and encoded words decoded.
    pub value: Cow<'a, str>,
    /// The value as octets: unquoted, segments joined, percent escapes resolved, but neither charset nor encoded words
    /// decoded. What differs from `value` is what a reader without RFC 2047 support sees.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub octets: Cow<'a, [u8]>,
    /// The charset named by the first segment (RFC 2231 4).
    pub charset: Option<Cow<'a, str>>,
    /// The language named by the first segment (RFC 2231 4).
    pub language: Option<Cow<'a, str>>,
    /// How it was written.
    pub form: Form,
    /// Where it stands in the field value: name, `=`, value with its quotes. The first segment of several.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub span: Span,
    /// Where the further segments stand, in the order they were joined.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub further: Vec<Span>,
}

fn first<'p>(parameters: &'p [Parameter<'_>], name: &str) -> Option<&'p str> {
    parameters.iter().find(|parameter| parameter.name == name).map(|parameter| &*parameter.value)
}

fn preferred<'p>(parameters: &'p [Parameter<'_>], name: &str) -> Option<&'p str> {
    parameters
        .iter()
        .find(|parameter| parameter.form == Form::Extended && parameter.name == name)
        .map(|parameter| &*parameter.value)
        .or_else(|| first(parameters, name))
}

#[cfg(test)]
mod tests;
