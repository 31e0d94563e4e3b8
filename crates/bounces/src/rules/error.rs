//! Why a file of rules cannot be used.

use std::fmt;

/// A file of rules that cannot be used; the rules in force stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    kind: RuleErrorKind,
    line: usize,
    column: usize,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleErrorKind {
    /// Not TOML, or a key or type that no rule has.
    Syntax(String),
    /// A word that no reason, class, advice or command has.
    UnknownWord(String),
    /// A phrase without a word to look for, or with more gaps than two.
    BadPhrase(String),
    /// A set that the file does not define.
    UnknownSet(String),
    /// Not of the form `5.1.1`, `x.1.1` or `4.7.x`.
    BadStatus(String),
    /// Not of the form `550` or `5xx`.
    BadCode(String),
    /// Two rules of one name.
    Duplicate(String),
    /// A rule that no reply can answer to: neither phrase, code, status nor command.
    Empty(String),
    /// A test line that this rule does not win; the other rule is named.
    Lost {
        /// The rule whose test line it is.
        rule: String,
        /// The line.
        line: String,
        /// Which rule wins it.
        winner: Option<String>,
    },
    /// A rule without a test line.
    Untested(String),
    /// More rules than [`MAX_USER_RULES`].
    TooMany,
    /// More phrases than the tables can number, all sets filled in.
    TooManyPhrases,
    /// A phrase longer than [`MAX_PHRASE`] octets.
    TooLong(String),
}

/// Rules of one file: above any that a person could keep in order.
pub const MAX_USER_RULES: usize = 20_000;

/// Octets of a phrase: the longest line that SMTP allows (RFC 5321 4.5.3.1.5).
pub const MAX_PHRASE: usize = 512;

/// Phrases of one file after sets are filled in: what 20,000 rules with fifty phrases each come to.
pub const MAX_PHRASES: usize = 1_000_000;

impl RuleError {
    /// An error at an octet of `text`.
    pub(crate) fn at(kind: RuleErrorKind, text: &str, offset: usize) -> Self {
        let before = text.get(..offset.min(text.len())).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
        let column = before.get(line_start..).map_or(0, |line| line.chars().count());
        Self { kind, line: before.matches('\n').count().saturating_add(1), column: column.saturating_add(1) }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> &RuleErrorKind {
        &self.kind
    }

    /// The line, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The character in the line, from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.kind)
    }
}

impl fmt::Display for RuleErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(what) => f.write_str(what),
            Self::UnknownWord(word) => write!(f, "{word:?} is no reason, class, advice, command or provider"),
            Self::BadPhrase(phrase) => {
                write!(f, "the phrase {phrase:?} has no word to look for, or too many gaps")
            }
            Self::UnknownSet(set) => write!(f, "there is no set {set:?}"),
            Self::BadStatus(status) => write!(f, "{status:?} is not of the form 5.1.1, x.1.1 or 4.7.x"),
            Self::BadCode(code) => write!(f, "{code:?} is not of the form 550 or 5xx"),
            Self::Duplicate(name) => write!(f, "the name {name:?} is taken"),
            Self::Empty(name) => write!(f, "the rule {name:?} has neither phrase, code, status nor command"),
            Self::Lost { rule, line, winner: Some(winner) } => {
                write!(f, "the rule {rule:?} is shadowed: {winner:?} wins its test line {line:?}")
            }
            Self::Lost { rule, line, winner: None } => {
                write!(f, "the rule {rule:?} does not hold for its test line {line:?}")
            }
            Self::Untested(name) => write!(f, "the rule {name:?} has no test line"),
            Self::TooMany => write!(f, "more than {MAX_USER_RULES} rules"),
            Self::TooManyPhrases => write!(f, "more than {MAX_PHRASES} phrases, all sets filled in"),
            Self::TooLong(phrase) => {
                let start: String = phrase.chars().take(40).collect();
                write!(f, "the phrase that begins {start:?} is longer than {MAX_PHRASE} octets")
            }
        }
    }
}

impl std::error::Error for RuleError {}
