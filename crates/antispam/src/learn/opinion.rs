//! What the learners think of a message, put together.

use std::fmt;

use super::{Sides, machine};
use crate::Finding;
use crate::content::{Cuts, Features, Tricks};
use crate::store::Counts;
use crate::verdict::TokenEvidence;

/// Messages of each class that must have been learned before an opinion counts in a verdict: below it the words of single messages
/// decide.
pub const MIN_LEARNED: u32 = 50;

/// The rule of the finding that an opinion becomes.
const CONTENT: &str = "CONTENT";

/// The rule that says that too little was learned.
const UNTRAINED: &str = "CONTENT_UNTRAINED";

/// The rule that says that not all of the message was looked at.
const CUT: &str = "CONTENT_CUT";

/// What a step of the support vector machine is worth in log-odds.
const STEP: f64 = 6.0;

/// What the logistic regression weighs beside it, and the Bayesian filter, and how loud that can speak.
const LOGISTIC: f64 = 0.1;
const BAYES: f64 = 0.01;
const MAX_BAYES: f64 = 20.0;

/// Points for log-odds: a probability of 98% is worth the threshold of a tag.
const POINTS: f64 = 1.5;

/// Points that content alone can give: against a message enough to tag it and not to refuse it.
const MAX_POINTS: f64 = 8.0;
const MIN_POINTS: f64 = -5.0;

/// What is thought of a message by its content.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Opinion {
    /// Natural logarithm of the odds that it is spam: above 0 for spam. Always finite.
    pub log_odds: f64,
    /// The same by the Bayesian filter alone.
    pub bayes: f64,
    /// By logistic regression alone.
    pub logistic: f64,
    /// Where it lies by the support vector machine: -1 and 1 are the margins.
    pub vector: f64,
    /// Messages that the counts come from.
    pub learned: Counts,
    /// The tokens that spoke loudest, strongest first, where they were asked for.
    pub tokens: Vec<TokenEvidence>,
    #[cfg_attr(feature = "serde", serde(skip))]
    tricks: Tricks,
    #[cfg_attr(feature = "serde", serde(skip))]
    cuts: Cuts,
}

impl Opinion {
    pub(super) fn new(sides: Sides, bayes: f64, learned: Counts, features: &Features) -> Self {
        Self {
            log_odds: put_together(sides, bayes),
            bayes,
            logistic: sides.logistic,
            vector: sides.vector,
            learned,
            tokens: Vec::new(),
            tricks: *features.tricks(),
            cuts: *features.cuts(),
        }
    }

    /// How probable it is that the message is spam, from 0 to 1.
    #[must_use]
    pub fn probability(&self) -> f64 {
        machine::sigmoid(self.log_odds)
    }

    /// Whether it is more probably spam than not.
    #[must_use]
    pub fn is_spam(&self) -> bool {
        self.log_odds > 0.0
    }

    /// Whether enough was learned, [`MIN_LEARNED`] messages of each class.
    #[must_use]
    pub const fn is_ready(&self) -> bool {
        self.learned.ham >= MIN_LEARNED && self.learned.spam >= MIN_LEARNED
    }

    /// What hid words in the message.
    #[must_use]
    pub const fn tricks(&self) -> &Tricks {
        &self.tricks
    }

    /// The opinion as findings: `CONTENT` with its points, or `CONTENT_UNTRAINED` without any where too little was learned.
    pub fn findings(&self) -> impl Iterator<Item = Finding> {
        let main = if self.is_ready() {
            let points = (self.log_odds * POINTS).clamp(MIN_POINTS, MAX_POINTS);
            let points = (points * 10.0).round() / 10.0;
            Finding::new(CONTENT, points).detail(self.to_string())
        } else {
            let Counts { ham, spam } = self.learned;
            Finding::new(UNTRAINED, 0.0)
                .detail(format!("learned {ham} of {MIN_LEARNED} ham and {spam} of {MIN_LEARNED} spam"))
        };
        let cut = self.cuts.any().then(|| Finding::new(CUT, 0.0).detail(cut(&self.cuts)));
        std::iter::once(main).chain(cut)
    }
}

impl fmt::Display for Opinion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { ham, spam } = self.learned;
        write!(f, "{:.1}% spam, by {ham} ham and {spam} spam", self.probability() * 100.0)
    }
}

/// Log-odds of the three together.
pub(super) fn put_together(sides: Sides, bayes: f64) -> f64 {
    STEP * (sides.vector + LOGISTIC * sides.logistic + BAYES * bayes.clamp(-MAX_BAYES, MAX_BAYES))
}

fn cut(cuts: &Cuts) -> String {
    let counts = [
        (cuts.octets, "octets of the message"),
        (cuts.parts, "parts"),
        (cuts.texts, "texts, beyond their first octets"),
        (cuts.words, "sections, beyond their first words"),
    ];
    let said: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    format!("not looked at: {}", said.join("; "))
}
