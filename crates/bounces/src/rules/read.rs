//! Files of rules, as they stand in TOML.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::error::{RuleError, RuleErrorKind};

/// What a file holds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    /// Words that stand for each other: `{name}` in a phrase.
    #[serde(default)]
    pub(crate) sets: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(crate) provider: Vec<MarkSource>,
    #[serde(default)]
    pub(crate) command: Vec<MarkSource>,
    #[serde(default)]
    pub(crate) rule: Vec<RuleSource>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkSource {
    pub(crate) name: Spanned<String>,
    /// Phrases that only this provider's replies and host names have, or that say which command was answered.
    pub(crate) marks: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleSource {
    pub(crate) name: Spanned<String>,
    pub(crate) reason: Spanned<String>,
    pub(crate) class: Option<Spanned<String>>,
    pub(crate) advice: Option<Spanned<String>>,
    /// Whose wording it is.
    pub(crate) provider: Option<Spanned<String>>,
    /// Holds in replies of this provider only.
    pub(crate) at: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) any: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) with: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) not: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) status: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) code: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) command: Vec<Spanned<String>>,
    /// A rule of codes alone that comes before all phrases: codes that only one provider has, and of which it says the same.
    #[serde(default)]
    pub(crate) first: bool,
    /// Words that say no more than a code does.
    #[serde(default)]
    pub(crate) vague: bool,
    #[serde(default)]
    pub(crate) test: Vec<Spanned<String>>,
}

/// Reads a file.
pub(crate) fn read(text: &str) -> Result<Source, RuleError> {
    toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        RuleError::at(RuleErrorKind::Syntax(error.message().to_owned()), text, offset)
    })
}
