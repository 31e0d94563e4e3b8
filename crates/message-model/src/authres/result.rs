//! One result of one method, with its properties.

use std::fmt;

use super::registry::{AuthResult, Keyword, Method, PropertyType};
use super::write;

/// What a method found: `dkim=pass (2048-bit key) header.d=example.org`.
///
/// Text that is given to it (reason, comments, values) may be hostile. It is kept as characters and quoted when written, but
/// a control character becomes `?`, or a blank where it is white space, since no quoting makes it safe in a header field.
///
/// ```
/// use mailwright_message_model::authres::{AuthResult, Method, MethodResult, PropertyType};
///
/// let dkim = MethodResult::new(Method::Dkim, AuthResult::Pass)
///     .with_comment("2048-bit key")
///     .with_prop(PropertyType::Header, "d", "example.org")
///     .with_prop(PropertyType::Header, "b", "Qgi/FoC0");
/// assert_eq!(dkim.to_string(), r#"dkim=pass (2048-bit key) header.d=example.org header.b="Qgi/FoC0""#);
/// assert_eq!(dkim.property(&PropertyType::Header, "d"), Some("example.org"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MethodResult {
    pub(super) method: Method,
    pub(super) version: Option<u32>,
    pub(super) result: AuthResult,
    pub(super) reason: Option<String>,
    pub(super) comments: Vec<String>,
    pub(super) props: Vec<Property>,
}

/// Something that a method looked at: `header.from=example.org`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Property {
    pub(super) ptype: PropertyType,
    pub(super) name: Keyword,
    pub(super) value: String,
}

impl MethodResult {
    /// A result without anything further.
    #[must_use]
    pub const fn new(method: Method, result: AuthResult) -> Self {
        Self { method, version: None, result, reason: None, comments: Vec::new(), props: Vec::new() }
    }

    /// Sets the version of the method, as in `dkim/1`.
    #[must_use]
    pub fn with_version(mut self, version: u32) -> Self {
        self.version = Some(version);
        self
    }

    /// Sets the reason: text for programs and people (RFC 8601 2.2, reasonspec).
    #[must_use]
    pub fn with_reason(mut self, reason: impl fmt::Display) -> Self {
        self.reason = Some(representable(&reason.to_string()));
        self
    }

    /// Adds a comment: text for people, without its parentheses.
    #[must_use]
    pub fn with_comment(mut self, comment: impl fmt::Display) -> Self {
        self.comments.push(representable(&comment.to_string()));
        self
    }

    /// Adds the property `ptype.name=value`. Characters of `name` that no property name has become hyphens.
    #[must_use]
    pub fn with_prop(mut self, ptype: PropertyType, name: &str, value: impl fmt::Display) -> Self {
        let value = representable(&value.to_string());
        self.props.push(Property { ptype, name: Keyword::lossy(name), value });
        self
    }

    /// The method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The version of the method, when one is given; otherwise it is 1.
    #[must_use]
    pub const fn version(&self) -> Option<u32> {
        self.version
    }

    /// The result.
    #[must_use]
    pub const fn result(&self) -> &AuthResult {
        &self.result
    }

    /// The reason, quotes taken off.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The comments in order, outer parentheses and backslashes taken off.
    #[must_use]
    pub fn comments(&self) -> &[String] {
        &self.comments
    }

    /// The properties in order.
    #[must_use]
    pub fn props(&self) -> &[Property] {
        &self.props
    }

    /// The value of the first property of this type and name (in lower case).
    #[must_use]
    pub fn property(&self, ptype: &PropertyType, name: &str) -> Option<&str> {
        self.props.iter().find(|p| p.ptype == *ptype && p.name.as_str() == name).map(Property::value)
    }

    /// Whether the result is `pass`.
    #[must_use]
    pub fn is_pass(&self) -> bool {
        self.result == AuthResult::Pass
    }
}

impl Property {
    /// Where the property was found.
    #[must_use]
    pub const fn ptype(&self) -> &PropertyType {
        &self.ptype
    }

    /// Its name, in lower case.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Its value, quotes taken off.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for MethodResult {
    /// The result as it stands in the field, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&write::method_result(self))
    }
}

/// The text without control characters: RFC 5322 3.2.4 and RFC 6532 3.2 have none of them in quoted strings and comments.
pub(super) fn representable(text: &str) -> String {
    let clean = |c: char| match c {
        '\t' | '\r' | '\n' => ' ',
        c if c.is_control() => '?',
        c => c,
    };
    text.chars().map(clean).collect()
}
