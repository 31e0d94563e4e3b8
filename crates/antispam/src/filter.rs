//! All techniques together.

use std::fmt;

use crate::learn::Opinion;
use crate::{Check, Error, Finding, Findings, Input, Thresholds, Verdict};

/// The rule that says that findings were left out.
const LEFT_OUT: &str = "FINDINGS_LEFT_OUT";

/// The rule that says that the store of the learner failed.
const NO_OPINION: &str = "CONTENT_STORE";

/// Judges messages by checks, and adds up what they and others found.
///
/// ```
/// use mailwright_antispam::{Action, Check, Filter, Finding, Findings, Input};
/// use mailwright_message_model::Message;
///
/// struct Shouting;
///
/// impl Check for Shouting {
///     fn name(&self) -> &str {
///         "shouting"
///     }
///
///     fn check(&self, input: &Input<'_>, findings: &mut Findings) {
///         if input.message.subject().is_some_and(|subject| subject.contains("!!!")) {
///             findings.add(Finding::new("SHOUTING", 6.5));
///         }
///     }
/// }
///
/// let filter = Filter::new().with_check(Shouting);
/// let message = Message::parse(b"Subject: WIN!!!\r\n\r\nnow\r\n")?;
/// let verdict = filter.judge(&Input::new(&message, 1_767_225_600), Findings::new());
/// assert_eq!(verdict.action, Action::Tag);
/// assert_eq!(verdict.findings[0].rule, "SHOUTING");
/// # Ok::<(), mailwright_message_model::Error>(())
/// ```
#[derive(Default)]
pub struct Filter {
    checks: Vec<Box<dyn Check + Send + Sync>>,
    thresholds: Thresholds,
}

impl Filter {
    /// A filter without any check.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a check; they run in the order in which they were added.
    #[must_use]
    pub fn with_check(mut self, check: impl Check + Send + Sync + 'static) -> Self {
        self.checks.push(Box::new(check));
        self
    }

    /// Sets the thresholds.
    #[must_use]
    pub const fn with_thresholds(mut self, thresholds: Thresholds) -> Self {
        self.thresholds = thresholds;
        self
    }

    /// The thresholds in force.
    #[must_use]
    pub const fn thresholds(&self) -> &Thresholds {
        &self.thresholds
    }

    /// Runs the checks on `input` and adds to `findings` what they find; `findings` has what was found by what needs DNS or
    /// a store.
    #[must_use]
    pub fn judge(&self, input: &Input<'_>, findings: Findings) -> Verdict {
        self.judge_with(input, findings, None)
    }

    /// As [`judge`](Self::judge), with what a [`Learner`](crate::learn::Learner) thinks of the content. Where its store failed,
    /// the error becomes a finding, and the rest decides.
    #[must_use]
    pub fn judge_with(
        &self,
        input: &Input<'_>,
        mut findings: Findings,
        opinion: Option<Result<&Opinion, &Error>>,
    ) -> Verdict {
        for check in &self.checks {
            check.check(input, &mut findings);
        }
        let opinion = match opinion {
            Some(Ok(opinion)) => {
                findings.extend(opinion.findings());
                Some(opinion)
            }
            Some(Err(error)) => {
                findings.add(Finding::new(NO_OPINION, 0.0).detail(error.to_string()));
                None
            }
            None => None,
        };
        let score = findings.score();
        let left_out = findings.left_out();
        let mut findings = findings.into_vec();
        if left_out > 0 {
            findings.push(Finding::new(LEFT_OUT, 0.0).detail(format!("{left_out} more were left out")));
        }
        let action = self.thresholds.action(score);
        let probability = opinion.filter(|opinion| opinion.is_ready()).map(Opinion::probability);
        let tokens = opinion.map(|opinion| opinion.tokens.clone()).unwrap_or_default();
        Verdict { action, score, findings, probability, tokens }
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.checks.iter().map(|check| check.name()).collect();
        f.debug_struct("Filter").field("checks", &names).field("thresholds", &self.thresholds).finish()
    }
}
