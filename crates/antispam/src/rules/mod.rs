//! Rules as data: what spam looks like, each with a score, a description and test messages.
//!
//! A rule file is TOML. Its conditions ask for facts (numbers that the crate counts, [`fact_names`]), regular expressions in a place
//! of the message, phrases of the text, or other rules. All patterns of a place run in one pass (`RegexSet`, Aho-Corasick), in
//! time linear in the message.
//!
//! ```toml
//! [[rule]]
//! name = "PRIZE"
//! score = 1.5                       # without a score a rule is a part for others and never reported
//! about = "a prize that was won"
//! all = [                           # every one of these, and
//!   { words = ["you have won", "lucky winner*"], in = "text" },   # * leaves the last word open
//!   { fact = "url.count", least = 1, most = 5 },
//! ]
//! any = [                           # one at least of these, and
//!   { regex = ['(?i)\bprize\b'], in = "subject" },
//!   { regex = ['^Bulk'], in = "header:X-Mailer" },
//! ]
//! none = [{ rule = "REPLY" }]       # none of these; a rule that stands above
//! hit = ["Subject: Prize!\n\nYou have won: http://a.example/\n"]   # messages that it must meet
//! miss = ["Subject: Prize!\n\nLunch?\n"]                           # and must not
//!
//! [scores]                          # other scores for rules that stand above, 0 to switch one off
//! SUBJECT_CAPITALS = 0.5
//! ```
//!
//! Places: `subject`, `from`, `to`, `header` (every field as `Name: value`), `header:NAME`, `text` (all that is shown), `html` (its
//! source), `url`, `file` (names of attachments), `type` (media types). `words` may look in `subject` and `text`; `least = N`
//! asks for N different ones.
//!
//! ```
//! use mailwright_antispam::rules::RuleSet;
//! use mailwright_antispam::{Filter, Findings, Input};
//! use mailwright_message_model::Message;
//!
//! let filter = Filter::new().with_check(RuleSet::builtin().clone());
//! let message = Message::parse(b"From: \"service@bank.example\" <x@evil.example>\r\nSubject: Your account\r\n\r\nhi\r\n")?;
//! let verdict = filter.judge(&Input::new(&message, 0), Findings::new());
//! assert!(verdict.findings.iter().any(|finding| finding.rule == "FROM_SHOWS_OTHER_ADDRESS"));
//! # Ok::<(), mailwright_message_model::Error>(())
//! ```
//!
//! A file that cannot be used is an [`Error`] with the line; the set that was in force is not touched.

mod compile;
mod facts;
mod matcher;
mod source;
mod url;
mod view;
mod words;

use std::sync::LazyLock;

use crate::{Check, Error, Finding, Findings, Input};

pub use compile::{MAX_PATTERN, MAX_PATTERNS, MAX_PHRASES, MAX_RULES, REGEX_BYTES};
use compile::{Place, Rule, Test};
use facts::{Ask, Fact};
use matcher::{Matcher, Phrases};
use view::View;
pub use view::{MAX_HOPS, MAX_PARTS, MAX_TEXT, MAX_URLS};

/// The files of the rules that are shipped, in the order in which they are read.
const FILES: &[&str] = &[
    include_str!("../../rules/10-parts.toml"),
    include_str!("../../rules/20-header.toml"),
    include_str!("../../rules/30-sender.toml"),
    include_str!("../../rules/40-mime.toml"),
    include_str!("../../rules/50-html.toml"),
    include_str!("../../rules/60-links.toml"),
    include_str!("../../rules/70-text.toml"),
    include_str!("../../rules/80-fraud.toml"),
    include_str!("../../rules/90-together.toml"),
];

/// A compiled set of rules; it is a [`Check`].
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    texts: Vec<String>,
    rules: Vec<Rule>,
    asks: Vec<Ask>,
    matchers: Vec<(Place, Matcher)>,
    phrases: Vec<(Place, Phrases)>,
}

/// A rule, as it can be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RuleInfo<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its points; `None` for a part of other rules, which is never reported.
    pub score: Option<f64>,
    /// What it means.
    pub about: &'a str,
}

impl RuleSet {
    /// The rules of one file alone.
    ///
    /// # Errors
    /// [`ErrorKind::Rules`](crate::ErrorKind::Rules) with the line: no TOML of this form, an unknown fact, place or rule, a pattern
    /// that is none or too large, a limit, or a test message that its rule does not meet, or meets against its will.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::compiled(vec![text.to_owned()])
    }

    /// The rules that are shipped.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static SET: LazyLock<RuleSet> = LazyLock::new(|| {
            let texts = FILES.iter().map(|text| (*text).to_owned()).collect();
            // Their tests ran when the crate was tested.
            compile::compile(texts, false).unwrap_or_default()
        });
        &SET
    }

    /// This set with the rules and scores of one more file behind its own.
    ///
    /// # Errors
    /// As [`RuleSet::parse`]. This set stays as it is.
    pub fn with(&self, text: &str) -> Result<Self, Error> {
        let mut texts = self.texts.clone();
        texts.push(text.to_owned());
        Self::compiled(texts)
    }

    fn compiled(texts: Vec<String>) -> Result<Self, Error> {
        compile::compile(texts, true)
    }

    /// The rules, in their order.
    pub fn rules(&self) -> impl Iterator<Item = RuleInfo<'_>> {
        self.rules.iter().map(|rule| RuleInfo { name: &rule.name, score: rule.score, about: &rule.about })
    }

    /// The rules that a message meets, with the finding of each that has points.
    fn met(&self, input: &Input<'_>) -> (Vec<bool>, Vec<Finding>) {
        let view = View::new(input);
        let mut seen = Seen::new(self);
        let mut met: Vec<bool> = Vec::with_capacity(self.rules.len());
        let mut findings = Vec::new();
        for rule in &self.rules {
            let mut holds = |test: &Test| seen.holds(self, &view, &met, test);
            let is_met = rule.all.iter().all(&mut holds)
                && (rule.any.is_empty() || rule.any.iter().any(&mut holds))
                && !rule.none.iter().any(&mut holds);
            if is_met && let Some(score) = rule.score.filter(|score| *score != 0.0) {
                findings.push(seen.finding(self, &view, rule, score));
            }
            met.push(is_met);
        }
        (met, findings)
    }
}

/// The names of the facts that rules can ask for.
pub fn fact_names() -> impl Iterator<Item = &'static str> {
    facts::names()
}

impl Check for RuleSet {
    fn name(&self) -> &str {
        "rules"
    }

    fn check(&self, input: &Input<'_>, findings: &mut Findings) {
        findings.extend(self.met(input).1);
    }
}

/// What was looked for already in one message.
struct Seen {
    facts: Vec<Option<Fact>>,
    patterns: Vec<Option<Vec<bool>>>,
    phrases: Vec<Option<Vec<bool>>>,
}

impl Seen {
    fn new(set: &RuleSet) -> Self {
        Self {
            facts: vec![None; set.asks.len()],
            patterns: vec![None; set.matchers.len()],
            phrases: vec![None; set.phrases.len()],
        }
    }

    fn holds(&mut self, set: &RuleSet, view: &View<'_>, met: &[bool], test: &Test) -> bool {
        match test {
            Test::Rule(rule) => met.get(*rule).copied().unwrap_or(false),
            Test::Fact { fact, least, most } => {
                let value = self.fact(set, view, *fact).map_or(0.0, |fact| fact.value);
                (*least..=*most).contains(&value)
            }
            Test::Regex { matcher, ids, least } => {
                let Some(slot) = self.patterns.get_mut(*matcher) else { return false };
                let found = slot.get_or_insert_with(|| {
                    set.matchers
                        .get(*matcher)
                        .map(|(place, patterns)| patterns.find(view, place))
                        .unwrap_or_default()
                });
                at_least(found, ids, *least)
            }
            Test::Words { matcher, ids, least } => {
                let Some(slot) = self.phrases.get_mut(*matcher) else { return false };
                let found = slot.get_or_insert_with(|| {
                    set.phrases
                        .get(*matcher)
                        .map(|(place, phrases)| phrases.find(view, place))
                        .unwrap_or_default()
                });
                at_least(found, ids, *least)
            }
        }
    }

    fn fact(&mut self, set: &RuleSet, view: &View<'_>, fact: usize) -> Option<&Fact> {
        let ask = set.asks.get(fact)?;
        Some(self.facts.get_mut(fact)?.get_or_insert_with(|| ask(view)))
    }

    /// The finding of a rule that is met: what it means, what its first fact found, and where.
    fn finding(&self, set: &RuleSet, view: &View<'_>, rule: &Rule, score: f64) -> Finding {
        let mut finding = Finding::new(rule.name.clone(), score);
        let mut detail = rule.about.clone();
        for test in rule.all.iter().chain(&rule.any) {
            let span = match test {
                Test::Fact { fact, .. } => {
                    let Some(Some(found)) = self.facts.get(*fact) else { continue };
                    if !found.detail.is_empty() {
                        detail.push_str(": ");
                        detail.push_str(&found.detail);
                    }
                    found.span
                }
                Test::Regex { matcher, .. } => {
                    set.matchers.get(*matcher).map_or_else(Default::default, |(place, _)| place.span(view))
                }
                Test::Words { matcher, .. } => {
                    set.phrases.get(*matcher).map_or_else(Default::default, |(place, _)| place.span(view))
                }
                Test::Rule(_) => continue,
            };
            if !span.is_empty() && !finding.spans.contains(&span) {
                finding = finding.at(span);
            }
        }
        finding.detail(detail)
    }
}

/// Whether so many of these were found.
fn at_least(found: &[bool], ids: &[usize], least: usize) -> bool {
    ids.iter().filter(|id| found.get(**id).copied().unwrap_or(false)).take(least).count() >= least
}

#[cfg(test)]
mod tests;
