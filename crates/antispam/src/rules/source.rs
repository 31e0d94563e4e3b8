//! Rule files as they stand in TOML.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// What a file holds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    #[serde(default)]
    pub(super) rule: Vec<RuleSource>,
    #[serde(default)]
    pub(super) scores: BTreeMap<Spanned<String>, f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleSource {
    pub(super) name: Spanned<String>,
    pub(super) score: Option<Spanned<f64>>,
    pub(super) about: String,
    #[serde(default)]
    pub(super) all: Vec<Spanned<TestSource>>,
    #[serde(default)]
    pub(super) any: Vec<Spanned<TestSource>>,
    #[serde(default)]
    pub(super) none: Vec<Spanned<TestSource>>,
    #[serde(default)]
    pub(super) hit: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) miss: Vec<Spanned<String>>,
}

/// A condition: one of `fact`, `regex`, `words`, `rule`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TestSource {
    pub(super) fact: Option<String>,
    pub(super) regex: Option<Vec<Spanned<String>>>,
    pub(super) words: Option<Vec<Spanned<String>>>,
    pub(super) rule: Option<String>,
    #[serde(rename = "in")]
    pub(super) place: Option<String>,
    pub(super) least: Option<f64>,
    pub(super) most: Option<f64>,
}
