//! Explaining a result to people.

use std::fmt;

use super::outcome::{Aligned, Evaluation, NoneReason, Relation, Source, TempReason, Verdict};
use crate::walk::Found;

impl fmt::Display for Evaluation {
    /// The result with its reasons, a line each. The sections are those of the RFC by which it was done.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cite = |new, old| cite(self.by_suffix_list, new, old);
        f.write_str(self.verdict.as_str())?;
        if let Some(author) = &self.author {
            write!(f, " for {author}")?;
        }
        let decided = cite("RFC 9989 5.3.5", "RFC 7489 6.6.2");
        match &self.verdict {
            Verdict::Pass => write!(f, ": an aligned identifier passed ({decided})")?,
            Verdict::Fail => write!(f, ": no aligned identifier passed ({decided})")?,
            Verdict::None(why) => write!(f, ": {}", why.text(self.by_suffix_list))?,
            Verdict::TempError(why) => write!(f, ": {why} ({})", cite("RFC 9989 5.3.6", "RFC 7489 6.6.2"))?,
        }
        if let (Some(domain), Some(record)) = (&self.policy_domain, &self.record) {
            write!(f, "\nrecord: _dmarc.{domain}: {record}")?;
        }
        if let Some(published) = self.published {
            write!(f, "\npolicy: {} ({})", published.policy, published.source.text(self.by_suffix_list))?;
        }
        if let Some(domain) = &self.organizational_domain {
            write!(f, "\norganizational domain: {domain}")?;
        }
        let identifiers = self.spf.iter().map(|i| ("spf", i)).chain(self.dkim.iter().map(|i| ("dkim", i)));
        for (method, identifier) in identifiers {
            write!(f, "\n{method}: {identifier}")?;
            if identifier.relation == Relation::Relaxed {
                write!(f, " ({})", cite("RFC 9989 3.2.10.1", "RFC 7489 3.1"))?;
            }
        }
        if self.verdict == Verdict::Fail {
            // RFC 7489 says nothing of the kind; the advice is that of the RFC that obsoletes it.
            write!(f, "\nrequested: {}; advised: {} (RFC 9989 7.4)", self.requested, self.advised())?;
        }
        for reason in &self.reasons {
            write!(f, "\nreason: {}", reason.kind)?;
            if let Some(comment) = &reason.comment {
                write!(f, " ({comment})")?;
            }
        }
        for step in &self.steps {
            match &step.found {
                Found::Record(_) | Found::Nothing => {}
                Found::Several(count) if self.by_suffix_list => {
                    write!(f, "\nlooked up _dmarc.{}: {count} records (RFC 7489 6.6.3)", step.domain)?;
                }
                _ => write!(f, "\nlooked up {step}")?,
            }
        }
        Ok(())
    }
}

/// The section of RFC 9989, or of RFC 7489 where that was followed.
const fn cite(by_list: bool, new: &'static str, old: &'static str) -> &'static str {
    if by_list { old } else { new }
}

impl Verdict {
    /// The word of RFC 9989 9.2.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::None(_) => "none",
            Self::TempError(_) => "temperror",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl NoneReason {
    pub(super) fn text(self, by_list: bool) -> String {
        let why = match self {
            Self::NoAuthor(why) => why.as_str(),
            Self::NoRecord => "no DMARC record applies",
            Self::FaultyRecord => "the record has neither a usable policy nor a usable rua",
            Self::SeveralRecords => "there are several DMARC records",
        };
        let section = match self {
            Self::NoAuthor(_) => cite(by_list, "RFC 9989 5.3.1", "RFC 7489 6.6.1"),
            Self::NoRecord | Self::FaultyRecord => cite(by_list, "RFC 9989 4.10.1", "RFC 7489 6.6.3"),
            Self::SeveralRecords => "RFC 7489 6.6.3",
        };
        format!("{why} ({section})")
    }
}

impl fmt::Display for NoneReason {
    /// With the section of RFC 9989.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(false))
    }
}

impl fmt::Display for TempReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(domain, why) => write!(f, "a look-up for {domain} failed: {why}"),
            Self::Spf(domain) => write!(f, "spf=temperror of {domain}, which aligns"),
            Self::Dkim(domain) => write!(f, "dkim=temperror of {domain}, which aligns"),
            Self::Pending(domain) => write!(f, "a look-up for {domain} has yet to be made"),
        }
    }
}

impl Source {
    fn text(self, by_list: bool) -> String {
        let why = match self {
            Self::P => "p",
            Self::Sp => "sp, for subdomains",
            Self::Np => "np, for subdomains that do not exist",
            Self::Assumed => "taken for p=none, since a policy in the record is missing or not valid",
        };
        let section = match self {
            Self::Assumed => cite(by_list, "RFC 9989 4.10.1", "RFC 7489 6.6.3"),
            _ => cite(by_list, "RFC 9989 4.7", "RFC 7489 6.3"),
        };
        format!("{why}, {section}")
    }
}

impl fmt::Display for Source {
    /// With the section of RFC 9989.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(false))
    }
}

impl fmt::Display for Aligned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.result.as_str(), self.domain)?;
        if let Some(selector) = &self.selector {
            write!(f, " ({selector})")?;
        }
        match &self.relation {
            Relation::Same => f.write_str(", the author domain"),
            Relation::Relaxed => f.write_str(", aligned by the organizational domain"),
            Relation::None => f.write_str(", not aligned"),
            Relation::NotNeeded => Ok(()),
            Relation::Unknown(why) => write!(f, ", alignment unknown: {why}"),
        }
    }
}
