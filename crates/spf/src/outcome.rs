//! What an evaluation answers, and why.

use std::borrow::Cow;
use std::fmt;

use mailwright_dns::Temporary;

use crate::error::SyntaxError;
use crate::record::{Held, Part};

/// The results of RFC 7208 2.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum SpfResult {
    /// No record, or no domain that could have one.
    None,
    /// The domain says nothing of this client.
    Neutral,
    /// The client may send for the domain.
    Pass,
    /// The client may not send for the domain.
    Fail,
    /// The client probably may not send for the domain.
    SoftFail,
    /// DNS did not answer: asking later may help.
    TempError,
    /// The record cannot be used as it is published.
    PermError,
}

impl SpfResult {
    /// The word of RFC 7208 and RFC 8601.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Neutral => "neutral",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::SoftFail => "softfail",
            Self::TempError => "temperror",
            Self::PermError => "permerror",
        }
    }
}

impl fmt::Display for SpfResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which identity was checked (RFC 7208 2.3, 2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Identity {
    /// The reverse-path.
    MailFrom,
    /// The name that the client gave in HELO or EHLO.
    Helo,
}

/// What `check_host` found. It borrows from the request; [`Outcome::into_owned`] lets it live on.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Outcome<'r> {
    /// The result.
    pub result: SpfResult,
    /// The identity that was checked.
    pub identity: Identity,
    /// The domain of the identity.
    pub domain: Cow<'r, str>,
    /// The term that decided; none where no term matched or there was no record.
    pub matched: Option<Matched<'r>>,
    /// What the domain says to a client that fails (RFC 7208 6.2). It is a stranger's text.
    pub explanation: Option<String>,
    /// Why the result is `none`, `temperror` or `permerror`.
    pub problem: Option<Problem<'r>>,
    /// What was counted against the limits.
    pub counts: Counts,
    /// Whether an answer was pending, so that the result means nothing yet; a driver never gives such an outcome out.
    pub pending: bool,
}

impl Outcome<'_> {
    /// The outcome with texts of its own.
    #[must_use]
    pub fn into_owned(self) -> Outcome<'static> {
        Outcome {
            result: self.result,
            identity: self.identity,
            domain: owned(self.domain),
            matched: self.matched.map(|matched| Matched { domain: owned(matched.domain), ..matched }),
            explanation: self.explanation,
            problem: self.problem.map(Problem::into_owned),
            counts: self.counts,
            pending: self.pending,
        }
    }
}

fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

/// The term that decided, and the record in which it stands, which is shared with the answer of DNS.
#[derive(Clone)]
pub struct Matched<'r> {
    /// Whose record it stands in.
    pub domain: Cow<'r, str>,
    record: Held,
    term: Part,
}

impl<'r> Matched<'r> {
    pub(crate) const fn new(domain: Cow<'r, str>, record: Held, term: Part) -> Self {
        Self { domain, record, term }
    }

    /// The term as written.
    #[must_use]
    pub fn term(&self) -> &str {
        self.term.of(self.record.text())
    }

    /// Its place in the record, as an octet offset.
    #[must_use]
    pub fn at(&self) -> usize {
        self.term.span().start
    }

    /// The whole record.
    #[must_use]
    pub fn record(&self) -> &str {
        self.record.text()
    }
}

impl fmt::Debug for Matched<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Matched");
        shown.field("domain", &self.domain).field("term", &self.term()).field("at", &self.at()).finish()
    }
}

impl PartialEq for Matched<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.domain == other.domain && self.term == other.term && self.record() == other.record()
    }
}

impl Eq for Matched<'_> {}

#[cfg(feature = "serde")]
impl serde::Serialize for Matched<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut shown = serializer.serialize_struct("Matched", 3)?;
        shown.serialize_field("domain", &self.domain)?;
        shown.serialize_field("term", self.term())?;
        shown.serialize_field("at", &self.at())?;
        shown.end()
    }
}

/// What was counted (RFC 7208 4.6.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Counts {
    /// Terms that asked DNS.
    pub lookups: usize,
    /// Look-ups that found nothing.
    pub void_lookups: usize,
}

/// Why there is no verdict of the domain's own.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Problem<'r> {
    /// The identity has no domain that DNS could hold, or one of a single label.
    NoDomain,
    /// The domain publishes no SPF record.
    NoRecord {
        /// Whose record was looked for.
        domain: Cow<'r, str>,
    },
    /// More than one SPF record at one name.
    SeveralRecords {
        /// Whose records they are.
        domain: Cow<'r, str>,
    },
    /// A record against the grammar.
    Syntax {
        /// Whose record it is.
        domain: Cow<'r, str>,
        /// What is wrong and where.
        error: SyntaxError,
    },
    /// An `include` or `redirect` of a name without a record.
    NothingThere {
        /// The name without a record.
        domain: Cow<'r, str>,
    },
    /// More than [`Limits::lookups`](crate::Limits::lookups) terms ask DNS.
    TooManyLookups,
    /// More than [`Limits::void_lookups`](crate::Limits::void_lookups) look-ups found nothing.
    TooManyVoidLookups,
    /// More than [`Limits::exchanges`](crate::Limits::exchanges) exchanges at one name.
    TooManyExchanges {
        /// Whose exchanges they are.
        domain: Cow<'r, str>,
    },
    /// DNS did not answer.
    Temporary {
        /// What was asked for.
        name: Box<str>,
        /// What went wrong.
        why: Temporary,
    },
}

impl Problem<'_> {
    /// The problem with texts of its own.
    #[must_use]
    pub fn into_owned(self) -> Problem<'static> {
        match self {
            Self::NoDomain => Problem::NoDomain,
            Self::NoRecord { domain } => Problem::NoRecord { domain: owned(domain) },
            Self::SeveralRecords { domain } => Problem::SeveralRecords { domain: owned(domain) },
            Self::Syntax { domain, error } => Problem::Syntax { domain: owned(domain), error },
            Self::NothingThere { domain } => Problem::NothingThere { domain: owned(domain) },
            Self::TooManyLookups => Problem::TooManyLookups,
            Self::TooManyVoidLookups => Problem::TooManyVoidLookups,
            Self::TooManyExchanges { domain } => Problem::TooManyExchanges { domain: owned(domain) },
            Self::Temporary { name, why } => Problem::Temporary { name, why },
        }
    }

    /// The section of RFC 7208 that decides.
    #[must_use]
    pub const fn section(&self) -> &'static str {
        match self {
            Self::NoDomain => "RFC 7208 4.3",
            Self::NoRecord { .. } | Self::SeveralRecords { .. } => "RFC 7208 4.5",
            Self::Syntax { error, .. } => error.kind().section(),
            Self::NothingThere { .. } => "RFC 7208 5.2, 6.1",
            Self::TooManyLookups | Self::TooManyVoidLookups | Self::TooManyExchanges { .. } => {
                "RFC 7208 4.6.4"
            }
            Self::Temporary { .. } => "RFC 7208 4.4",
        }
    }
}

impl fmt::Display for Problem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDomain => write!(f, "the identity has no domain that could publish a record"),
            Self::NoRecord { domain } => write!(f, "{domain} publishes no SPF record"),
            Self::SeveralRecords { domain } => write!(f, "{domain} publishes more than one SPF record"),
            Self::Syntax { domain, error } => write!(f, "the record of {domain} is wrong: {error}"),
            Self::NothingThere { domain } => {
                write!(f, "the record points to {domain}, which has no SPF record")
            }
            Self::TooManyLookups => write!(f, "the record needs more DNS look-ups than allowed"),
            Self::TooManyVoidLookups => write!(f, "more look-ups found nothing than allowed"),
            Self::TooManyExchanges { domain } => write!(f, "{domain} has more mail exchangers than allowed"),
            Self::Temporary { name, why } => write!(f, "DNS did not answer for {name}: {why}"),
        }?;
        match self {
            Self::Syntax { .. } => Ok(()),
            _ => write!(f, " ({})", self.section()),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Problem<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} for {}", self.result, self.domain)?;
        match (&self.matched, &self.problem) {
            (Some(matched), _) => write!(f, ": {} in the record of {}", matched.term(), matched.domain),
            (None, Some(problem)) => write!(f, ": {problem}"),
            (None, None) if self.result == SpfResult::Neutral => {
                write!(f, ": no term matched (RFC 7208 4.7)")
            }
            (None, None) => Ok(()),
        }
    }
}
