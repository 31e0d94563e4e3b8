//! Why an e-mail cannot be built.

use std::fmt;

/// Why an e-mail cannot be built: the component, and the rule that it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError {
    component: &'static str,
    kind: BuildErrorKind,
}

/// The kinds of [`BuildError`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildErrorKind {
    /// No URL of a kind that may stand here: absolute, ASCII, without user and password; the schemes are named.
    Url(&'static str),
    /// No name: a lower-case letter, then lower-case letters, digits, `_` and `-`, 64 at most, and none that scripts of the page use.
    Name,
    /// A name with a hyphen, which expressions read as minus.
    Hyphen,
    /// No expression: printable ASCII, without two braces in a row.
    Expression,
    /// A template whose sections do not end in the order in which they begin, or with a tag that is no name; at this octet.
    Template(usize),
    /// A style sheet that the validator finds fault with.
    Css(String),
    /// A number or size outside of this range.
    Range(u32, u32),
    /// A time that has no form with four digits for the year.
    Time,
    /// A component inside one that it cannot stand in.
    Nested(&'static str),
    /// A field outside of a form.
    OutsideForm,
    /// A component without what it is made of.
    Empty(&'static str),
    /// Components nested deeper than [`MAX_DEPTH`](super::MAX_DEPTH) elements.
    TooDeep,
    /// More octets than the limit.
    TooLarge(usize),
    /// Two components of one id.
    DuplicateId(String),
    /// An action on a component that is not there.
    UnknownTarget(String),
    /// Nothing that clients without AMP can show.
    NoFallback,
    /// A document that the validator finds fault with: of the caller's own, or by a fault of this crate.
    Invalid(String),
}

impl BuildError {
    pub(super) const fn new(component: &'static str, kind: BuildErrorKind) -> Self {
        Self { component, kind }
    }

    /// The component, by the name of its type or element.
    #[must_use]
    pub const fn component(&self) -> &'static str {
        self.component
    }

    /// The rule that is broken.
    #[must_use]
    pub const fn kind(&self) -> &BuildErrorKind {
        &self.kind
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.component)?;
        match &self.kind {
            BuildErrorKind::Url(schemes) => {
                write!(f, "the URL must be absolute, in ASCII, and of {schemes}")
            }
            BuildErrorKind::Name => f.write_str(
                "a name is a lower-case letter, then lower-case letters, digits, `_` and `-`, 64 at most",
            ),
            BuildErrorKind::Hyphen => f.write_str("a name that expressions use has no hyphen"),
            BuildErrorKind::Expression => {
                f.write_str("an expression is printable ASCII without two braces in a row")
            }
            BuildErrorKind::Template(at) => {
                write!(
                    f,
                    "at octet {at}: a tag is {{{{name}}}}, and every {{{{#name}}}} has its {{{{/name}}}}"
                )
            }
            BuildErrorKind::Css(finding) => write!(f, "the style sheet is not valid: {finding}"),
            BuildErrorKind::Range(least, most) => {
                write!(f, "a number from {least} to {most} must stand here")
            }
            BuildErrorKind::Time => f.write_str("the time is not in the years 0 to 9999"),
            BuildErrorKind::Nested(outer) => write!(f, "it cannot stand inside {outer}"),
            BuildErrorKind::OutsideForm => f.write_str("it can stand inside a form only"),
            BuildErrorKind::Empty(what) => write!(f, "it has no {what}"),
            BuildErrorKind::TooDeep => {
                write!(f, "components are nested deeper than {} elements", super::MAX_DEPTH)
            }
            BuildErrorKind::TooLarge(most) => write!(f, "it has more than {most} octets"),
            BuildErrorKind::DuplicateId(id) => write!(f, "the id `{id}` stands twice"),
            BuildErrorKind::UnknownTarget(id) => write!(f, "there is no component of the id `{id}`"),
            BuildErrorKind::NoFallback => {
                f.write_str("AMP alone is not sent: text or HTML must stand beside it")
            }
            BuildErrorKind::Invalid(finding) => write!(f, "the document is not valid: {finding}"),
        }
    }
}

impl std::error::Error for BuildError {}
