//! An SMTP reply to its reason.

use std::borrow::Cow;
use std::ops::Range;

use crate::builtin::BUILTIN;
use crate::reason::{Advice, Class, Command, Reason};
use crate::reply::Reply;
use crate::rules::answer::{Answer, answer};
use crate::rules::tables::Tables;

/// Octets of a reply that are looked at; RFC 5321 4.5.3.1.5 has 512 a line, and servers that explain at length stay below
/// twenty lines.
pub const MAX_REPLY: usize = 8 * 1024;

/// What a reply means.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Verdict {
    /// Why.
    pub reason: Reason,
    /// Hard or soft: what the server meant.
    pub class: Class,
    /// What to do. Never suppress from [`Class::Hard`] alone.
    pub advice: Advice,
    /// The provider whose server it is, where host or text tell.
    pub provider: Option<Cow<'static, str>>,
    /// The name of the rule that decided.
    pub rule: Option<Cow<'static, str>>,
    /// The octets of the text that the rule found; empty where a code decided.
    pub matched: Range<usize>,
    /// How much the answer rests on.
    pub confidence: Confidence,
}

/// What a verdict rests on, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Confidence {
    /// Nothing but the first digit, if that.
    Digit,
    /// A reply code or an enhanced status code.
    Code,
    /// The words.
    Phrase,
    /// Words or codes of a known provider.
    Provider,
}

impl Confidence {
    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Digit => "digit",
            Self::Code => "code",
            Self::Phrase => "phrase",
            Self::Provider => "provider",
        }
    }
}

/// Classifies the text of a reply by the built-in rules.
///
/// ```
/// use mailwright_bounces::{Class, Reason, classify};
///
/// let verdict = classify("550 5.1.1 <jo@example.org> - 192.0.2.7 has sent to too many recipients this hour");
/// assert_eq!(verdict.reason, Reason::RateLimited); // The text outweighs the code.
/// assert_eq!(verdict.class, Class::Soft);
/// ```
#[must_use]
pub fn classify(reply: &str) -> Verdict {
    Classifier::default().classify(&Reply::parse(head(reply)))
}

/// Classifies by the built-in rules and, before them, rules of the user's.
#[derive(Clone, Copy, Debug, Default)]
pub struct Classifier<'r> {
    user: Option<&'r Tables>,
}

impl<'r> Classifier<'r> {
    /// A classifier that asks `rules` first.
    #[must_use]
    pub fn with_rules(rules: &'r RuleSet) -> Self {
        Self { user: rules.tables.as_ref() }
    }

    /// The same, and the command that was answered.
    pub(crate) fn classify_command(&self, reply: &Reply<'_>) -> (Verdict, Option<Command>) {
        let reply = Reply { text: head(reply.text), ..*reply };
        let answer = answer(&BUILTIN, self.user, &reply);
        (verdict(&answer, &reply), answer.command)
    }

    /// What a reply means. Of its text the first [`MAX_REPLY`] octets count.
    #[must_use]
    pub fn classify(&self, reply: &Reply<'_>) -> Verdict {
        let reply = Reply { text: head(reply.text), ..*reply };
        verdict(&answer(&BUILTIN, self.user, &reply), &reply)
    }
}

/// Rules of the user's own; without any, the built-in ones alone.
///
/// A file that is broken changes nothing: keep the set that you have.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    tables: Option<Tables>,
}

impl RuleSet {
    /// Reads rules from TOML, in the form of the files in `rules/` of this crate; test lines are optional here, but those
    /// that are given must hold.
    ///
    /// ```
    /// use mailwright_bounces::{Classifier, Reason, Reply, RuleSet};
    ///
    /// let rules = RuleSet::from_toml(
    ///     r#"
    ///     [[rule]]
    ///     name = "our-gateway"
    ///     reason = "policy"
    ///     any = ["computer says no"]
    ///     "#,
    /// )?;
    /// let verdict = Classifier::with_rules(&rules).classify(&Reply::parse("550 Computer says: no!"));
    /// assert_eq!(verdict.reason, Reason::Policy);
    /// # Ok::<(), mailwright_bounces::RuleError>(())
    /// ```
    ///
    /// # Errors
    /// The first thing that is wrong, with its line and column.
    #[cfg(feature = "user-rules")]
    pub fn from_toml(text: &str) -> Result<Self, crate::RuleError> {
        let source = crate::rules::read::read(text)?;
        let mut compiler = crate::rules::compile::Compiler::new();
        compiler.add(&source, text)?;
        let tables = compiler.finish();
        match crate::rules::check::check(&BUILTIN, Some(&tables), &source, text, false).into_iter().next() {
            Some(error) => Err(error),
            None => Ok(Self { tables: Some(tables) }),
        }
    }

    /// How many rules there are, the built-in ones aside.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tables.as_ref().map_or(0, |tables| tables.rules.len())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many rules are built in.
    #[must_use]
    pub fn built_in() -> usize {
        BUILTIN.rules.len()
    }
}

fn verdict(answer: &Answer<'_>, reply: &Reply<'_>) -> Verdict {
    let rule = answer.found.and_then(|found| answer.tables.rules.get(found.rule as usize));
    let provider = answer.provider.or_else(|| rule.and_then(|rule| rule.provider));
    let provider = provider.and_then(|number| answer.tables.providers.get(usize::from(number))).cloned();
    // RFC 5321 4.2.1: 2yz is success, whatever the text is about.
    let taken = matches!(reply.code, Some(200..=299))
        || reply.code.is_none() && reply.status.is_some_and(|status| status.class == 2);
    if taken {
        return Verdict {
            reason: Reason::None,
            class: Class::Delivered,
            advice: Advice::None,
            provider,
            rule: None,
            matched: 0..0,
            confidence: Confidence::Code,
        };
    }
    let reason = rule.map_or(Reason::Unknown, |rule| rule.reason);
    let class = rule.and_then(|rule| rule.class).unwrap_or_else(|| reason.class(reply.is_permanent()));
    let place = answer.found.and_then(|found| found.place);
    let confidence = match (rule, place) {
        (None, _) => Confidence::Digit,
        (Some(rule), _) if rule.provider.is_some() => Confidence::Provider,
        (Some(rule), Some(_)) if !rule.vague => Confidence::Phrase,
        (Some(_), _) => Confidence::Code,
    };
    let matched = place.map_or((0, 0), |(start, end)| answer.normal.original(start, end));
    Verdict {
        reason,
        class,
        advice: rule.and_then(|rule| rule.advice).unwrap_or_else(|| reason.advice_for(class)),
        provider,
        rule: rule.map(|rule| rule.name.clone()),
        matched: matched.0..matched.1.max(matched.0),
        confidence,
    }
}

/// The first octets, whole characters.
fn head(text: &str) -> &str {
    let mut end = text.len().min(MAX_REPLY);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or(text)
}
