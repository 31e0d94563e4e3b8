//! Authentication-Results (RFC 8601): what a verifier found, and what a header field claims.
//!
//! A verifier that ran makes [`AuthenticationResults`]. A field found in a message is [`ClaimedResults`], for anyone can write
//! one (RFC 8601 5). The only way from the second to the first is [`ClaimedResults::trust`], which names the server.
//!
//! [`claim`] removes from a message that comes from outside the fields that claim to be ours.
//!
//! ```
//! use mailwright_message_model::authres::{AuthResult, AuthenticationResults, ClaimedResults, Method, MethodResult, PropertyType};
//!
//! let spf = MethodResult::new(Method::Spf, AuthResult::Pass).with_prop(PropertyType::Smtp, "mailfrom", "example.net");
//! let results = AuthenticationResults::new("mx.example.org").with_result(spf);
//! assert_eq!(results.to_string(), "mx.example.org; spf=pass smtp.mailfrom=example.net");
//!
//! let claimed: ClaimedResults = results.to_string().parse()?;
//! assert_eq!(claimed.trust("MX.Example.org")?, results);
//! assert!(claimed.trust("other.example").is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod claim;
mod error;
mod parse;
mod registry;
mod result;
mod write;

use std::str::FromStr;

pub use error::{AuthResError, AuthResErrorKind, TrustError};
pub use registry::{AuthResult, Keyword, KeywordError, Method, PropertyType};
pub use result::{MethodResult, Property};

use crate::domain::Domain;

/// Results, properties and comments of one field. A field of an honest server has a few dozen; each costs some hundred
/// octets of memory for as few as four octets of input.
pub const MAX_ITEMS: usize = 4096;

/// The field's name.
pub const FIELD_NAME: &str = "Authentication-Results";

/// The name of the field that ARC makes of it (RFC 8617 4.1.1).
pub const ARC_FIELD_NAME: &str = "ARC-Authentication-Results";

/// What the verifiers of one server found in one message.
///
/// It is made by the code that ran them, or out of a field by [`ClaimedResults::trust`]. Without results it stands for `none`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AuthenticationResults {
    authserv_id: String,
    version: Option<u32>,
    comments: Vec<String>,
    results: Vec<MethodResult>,
}

impl AuthenticationResults {
    /// Results of the server with this authserv-id (RFC 8601 2.5), none so far. Control characters in it are replaced as in
    /// [`MethodResult`].
    #[must_use]
    pub fn new(authserv_id: &str) -> Self {
        let authserv_id = result::representable(authserv_id);
        Self { authserv_id, version: None, comments: Vec::new(), results: Vec::new() }
    }

    /// Adds one result.
    #[must_use]
    pub fn with_result(mut self, result: MethodResult) -> Self {
        self.results.push(result);
        self
    }

    /// Adds a comment behind the authserv-id.
    #[must_use]
    pub fn with_comment(mut self, comment: &str) -> Self {
        self.comments.push(result::representable(comment));
        self
    }

    /// Writes the version behind the authserv-id. It is 1 also when not written (RFC 8601 2.2).
    #[must_use]
    pub fn with_version(mut self, version: u32) -> Self {
        self.version = Some(version);
        self
    }

    /// The server.
    #[must_use]
    pub fn authserv_id(&self) -> &str {
        &self.authserv_id
    }

    /// The version of the field's form, when it is given.
    #[must_use]
    pub const fn version(&self) -> Option<u32> {
        self.version
    }

    /// Comments that belong to no result.
    #[must_use]
    pub fn comments(&self) -> &[String] {
        &self.comments
    }

    /// The results in order; empty for `none`.
    #[must_use]
    pub fn results(&self) -> &[MethodResult] {
        &self.results
    }

    /// The results of one method.
    pub fn of<'s>(&'s self, method: &'s Method) -> impl Iterator<Item = &'s MethodResult> {
        self.results.iter().filter(move |r| r.method == *method)
    }

    /// Whether the field can stand in a message without SMTPUTF8 (RFC 8601 2.2 with RFC 6532).
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.to_string().is_ascii()
    }

    /// The whole header field, one result a line, folded at 78 characters where there is a blank to fold at, with its CRLF.
    /// A single word of more than 998 characters stays whole: cap what you put in.
    #[must_use]
    pub fn to_field(&self) -> String {
        write::field(FIELD_NAME, None, self)
    }

    /// The same results as ARC-Authentication-Results of an instance (RFC 8617 4.1.1).
    #[must_use]
    pub fn to_arc_field(&self, instance: u32) -> String {
        write::field(ARC_FIELD_NAME, Some(instance), self)
    }
}

impl Extend<MethodResult> for AuthenticationResults {
    fn extend<I: IntoIterator<Item = MethodResult>>(&mut self, results: I) {
        self.results.extend(results);
    }
}

/// What an Authentication-Results field in a message says. Anyone may have written it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedResults {
    /// Whether there was an authserv-id; a field without one leaves it empty in `claim`.
    named: bool,
    claim: AuthenticationResults,
}

impl ClaimedResults {
    /// Reads the value of a field, folded or not.
    ///
    /// Beyond RFC 8601 2.2 it takes what is common: no authserv-id, a `;` at the end, a `reason` behind properties, base64
    /// without quotes, an empty value before a `;`. A `word=value` without a property type is passed over. Octets that are no UTF-8
    /// become U+FFFD.
    ///
    /// # Errors
    /// When the value has another form; the error says what to change.
    pub fn parse(value: &[u8]) -> Result<Self, AuthResError> {
        parse::Cursor::new(value).payload()
    }

    /// Reads the value of an ARC-Authentication-Results field: its instance, and the rest (RFC 8617 4.1.1).
    ///
    /// # Errors
    /// As [`ClaimedResults::parse`], and when there is no instance.
    pub fn parse_arc(value: &[u8]) -> Result<(u32, Self), AuthResError> {
        let mut cursor = parse::Cursor::new(value);
        let instance = cursor.instance()?;
        Ok((instance, cursor.payload()?))
    }

    /// The server that the field names, if any.
    #[must_use]
    pub fn authserv_id(&self) -> Option<&str> {
        self.named.then_some(self.claim.authserv_id.as_str())
    }

    /// The version of the field's form, when it is given.
    #[must_use]
    pub const fn version(&self) -> Option<u32> {
        self.claim.version
    }

    /// Comments that belong to no result.
    #[must_use]
    pub fn comments(&self) -> &[String] {
        &self.claim.comments
    }

    /// The claimed results in order; empty for `none`.
    #[must_use]
    pub fn results(&self) -> &[MethodResult] {
        &self.claim.results
    }

    /// Takes the claim for what the server `authserv_id` found. Only right when every message from outside has lost its
    /// fields of that name before, as [`claim`] does it (RFC 8601 5), or when the field is known to stem from there.
    ///
    /// # Errors
    /// When the field is from another server or none, or has a version other than 1.
    pub fn trust(&self, authserv_id: &str) -> Result<AuthenticationResults, TrustError> {
        if !self.named {
            return Err(TrustError::NoAuthservId);
        }
        if !same_authserv_id(&self.claim.authserv_id, authserv_id) {
            return Err(TrustError::OtherServer);
        }
        if self.claim.version.is_some_and(|v| v != 1) {
            return Err(TrustError::UnknownVersion);
        }
        Ok(self.claim.clone())
    }
}

impl FromStr for ClaimedResults {
    type Err = AuthResError;

    fn from_str(value: &str) -> Result<Self, AuthResError> {
        Self::parse(value.as_bytes())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for ClaimedResults {
    /// As [`AuthenticationResults`], with `null` for a missing authserv-id.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut claim = serializer.serialize_struct("ClaimedResults", 4)?;
        claim.serialize_field("authserv_id", &self.authserv_id())?;
        claim.serialize_field("version", &self.version())?;
        claim.serialize_field("comments", self.comments())?;
        claim.serialize_field("results", self.results())?;
        claim.end()
    }
}

/// Whether two authserv-ids name the same server: equal but for case, or the same domain in A-labels and U-labels.
#[must_use]
pub fn same_authserv_id(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
        || matches!((a.parse::<Domain>(), b.parse::<Domain>()), (Ok(a), Ok(b)) if a == b)
}

#[cfg(test)]
mod tests;
