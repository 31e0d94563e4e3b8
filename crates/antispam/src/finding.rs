//! What a check finds, and where it puts it.

use std::borrow::Cow;
use std::fmt;

use mailwright_message_model::Span;

use crate::Input;
use crate::limits::{MAX_DETAIL, MAX_FINDINGS};

/// Something that speaks for or against a message.
///
/// ```
/// use mailwright_antispam::Finding;
/// use mailwright_message_model::Span;
///
/// let finding = Finding::new("LINK_TEXT", 2.5).detail("shows example.org, leads to example.net").at(Span::new(120, 160));
/// assert_eq!(finding.to_string(), "+2.5 LINK_TEXT: shows example.org, leads to example.net [120..160]");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Finding {
    /// The name of the rule, in upper case with underscores. It is stable: scores are configured by it.
    pub rule: Cow<'static, str>,
    /// Points: above 0 for spam, below for ham, 0 where it only informs. Always finite.
    pub score: f64,
    /// What was found in this message, in one line; may be empty. It can quote the message: never print it unescaped.
    pub detail: String,
    /// The octets of the message that it rests on; empty where there are none, as for a list of addresses.
    pub spans: Vec<Span>,
}

impl Finding {
    /// A finding of the rule `rule`, worth `score` points; a score that is not finite becomes 0.
    #[must_use]
    pub fn new(rule: impl Into<Cow<'static, str>>, score: f64) -> Self {
        let score = if score.is_finite() { score } else { 0.0 };
        Self { rule: rule.into(), score, detail: String::new(), spans: Vec::new() }
    }

    /// Sets the detail, cut at [`MAX_DETAIL`] octets.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self.detail.truncate(self.detail.floor_char_boundary(MAX_DETAIL));
        self
    }

    /// Adds a place in the message.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.spans.push(span);
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+} {}", self.score, self.rule)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        if let Some((first, rest)) = self.spans.split_first() {
            write!(f, " [{first}")?;
            rest.iter().try_for_each(|span| write!(f, ", {span}"))?;
            f.write_str("]")?;
        }
        Ok(())
    }
}

/// The findings of one message, in the order in which they were made: at most [`MAX_FINDINGS`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    list: Vec<Finding>,
    left_out: usize,
}

impl Findings {
    /// Without any.
    #[must_use]
    pub const fn new() -> Self {
        Self { list: Vec::new(), left_out: 0 }
    }

    /// Adds a finding. Beyond [`MAX_FINDINGS`] it is counted only.
    pub fn add(&mut self, finding: Finding) {
        if self.list.len() < MAX_FINDINGS {
            self.list.push(finding);
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    /// The findings.
    #[must_use]
    pub fn as_slice(&self) -> &[Finding] {
        &self.list
    }

    /// Whether a rule of that name found something.
    #[must_use]
    pub fn has(&self, rule: &str) -> bool {
        self.list.iter().any(|finding| finding.rule == rule)
    }

    /// How many were left out at [`MAX_FINDINGS`].
    #[must_use]
    pub const fn left_out(&self) -> usize {
        self.left_out
    }

    /// The points of all, added in their order, so that the same findings give the same bits.
    #[must_use]
    pub fn score(&self) -> f64 {
        self.list.iter().fold(0.0, |sum, finding| sum + finding.score)
    }

    /// The list itself.
    #[must_use]
    pub fn into_vec(self) -> Vec<Finding> {
        self.list
    }
}

impl Extend<Finding> for Findings {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        findings.into_iter().for_each(|finding| self.add(finding));
    }
}

/// Something that looks at a message and adds what it finds.
///
/// A check is a pure function of its input: the same input gives the same findings, in the same order. It reads no clock,
/// network or file. What needs DNS or a store answers to its own function, whose findings are passed to
/// [`Filter::judge`](crate::Filter::judge) beside.
///
/// ```
/// use mailwright_antispam::{Check, Finding, Findings, Input};
///
/// struct NoSubject;
///
/// impl Check for NoSubject {
///     fn name(&self) -> &str {
///         "no subject"
///     }
///
///     fn check(&self, input: &Input<'_>, findings: &mut Findings) {
///         if input.message.field("Subject").is_none() {
///             findings.add(Finding::new("NO_SUBJECT", 0.8));
///         }
///     }
/// }
/// ```
pub trait Check {
    /// A name for people, as in "heuristics".
    fn name(&self) -> &str;

    /// Looks at `input` and adds to `findings`. It does not fail: what cannot be read is itself a finding, or nothing.
    fn check(&self, input: &Input<'_>, findings: &mut Findings);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_bounded() {
        let mut findings = Findings::new();
        findings.extend((0..MAX_FINDINGS + 5).map(|_| Finding::new("X", 1.0)));
        assert_eq!((findings.as_slice().len(), findings.left_out()), (MAX_FINDINGS, 5));
    }

    #[test]
    fn details_are_cut_between_characters() {
        let finding = Finding::new("X", f64::NAN).detail("\u{20ac}".repeat(MAX_DETAIL));
        assert!(finding.detail.len() <= MAX_DETAIL && finding.detail.ends_with('\u{20ac}'));
        assert_eq!(finding.score, 0.0);
    }
}
