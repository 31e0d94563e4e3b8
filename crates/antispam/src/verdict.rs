//! The answer: what to do with a message, and why.

use std::fmt;

use crate::Finding;

/// What to do with a message, from mildest to hardest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Action {
    /// Deliver it.
    Accept,
    /// Ask the greylist: defer with a 4xx reply if it says so, else deliver (RFC 6647).
    Greylist,
    /// Deliver it marked as spam, or to the folder for it.
    Tag,
    /// Refuse it with a 5xx reply.
    Reject,
}

impl Action {
    /// Whether the message is taken for spam: [`Tag`](Self::Tag) or [`Reject`](Self::Reject).
    #[must_use]
    pub const fn is_spam(self) -> bool {
        matches!(self, Self::Tag | Self::Reject)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Accept => "accept",
            Self::Greylist => "greylist",
            Self::Tag => "tag",
            Self::Reject => "reject",
        })
    }
}

/// From how many points on which action is taken. The hardest whose threshold is reached counts.
///
/// ```
/// use mailwright_antispam::{Action, Thresholds};
///
/// let thresholds = Thresholds::default();
/// assert_eq!(thresholds.action(3.9), Action::Accept);
/// assert_eq!(thresholds.action(6.0), Action::Tag);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Thresholds {
    /// [`Action::Greylist`]. Default 4: one strong finding, or two weak ones.
    pub greylist: f64,
    /// [`Action::Tag`]. Default 6.
    pub tag: f64,
    /// [`Action::Reject`]. Default 15: many findings that do not depend on each other.
    pub reject: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { greylist: 4.0, tag: 6.0, reject: 15.0 }
    }
}

impl Thresholds {
    /// The action for so many points.
    #[must_use]
    pub fn action(&self, score: f64) -> Action {
        let reached = |threshold: f64| score >= threshold;
        match () {
            () if reached(self.reject) => Action::Reject,
            () if reached(self.tag) => Action::Tag,
            () if reached(self.greylist) => Action::Greylist,
            () => Action::Accept,
        }
    }
}

/// A token of the message's content that spoke for or against it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct TokenEvidence {
    /// The token with the mark of where it stood, as in `subject:free`. It quotes the message: never print it unescaped.
    pub token: String,
    /// How much: natural logarithm of the odds, above 0 for spam.
    pub log_odds: f64,
}

/// What to do with a message, and all that it rests on.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Verdict {
    /// What to do.
    pub action: Action,
    /// The points of all findings together.
    pub score: f64,
    /// What was found, in the order in which it was.
    pub findings: Vec<Finding>,
    /// How probable it is by its content that the message is spam; `None` without a model that has learned enough.
    pub probability: Option<f64>,
    /// The tokens that spoke loudest, strongest first, those for spam and those for ham mixed.
    pub tokens: Vec<TokenEvidence>,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {:.1} points", self.action, self.score)?;
        if let Some(probability) = self.probability {
            write!(f, ", content {:.1}% spam", probability * 100.0)?;
        }
        for finding in &self.findings {
            write!(f, "\n  {finding}")?;
        }
        for evidence in &self.tokens {
            write!(f, "\n  {:+.2} {:?}", evidence.log_odds, evidence.token)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hardest_threshold_counts() {
        let thresholds = Thresholds { greylist: 1.0, tag: 2.0, reject: 3.0 };
        let actions = [0.5, 1.0, 2.5, 3.0].map(|score| thresholds.action(score));
        assert_eq!(actions, [Action::Accept, Action::Greylist, Action::Tag, Action::Reject]);
        assert_eq!(thresholds.action(f64::NAN), Action::Accept);
    }
}
