//! Explaining a result to people.

use std::fmt;

use super::outcome::{Aligned, Evaluation, NoneReason, Relation, Source, TempReason, Verdict};
use crate::walk::Found;

impl fmt::Display for Evaluation {
    /// The result with its reasons, a line each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.verdict.as_str())?;
        if let Some(author) = &self.author {
            write!(f, " for {author}")?;
        }
        match &self.verdict {
            Verdict::Pass => f.write_str(": an aligned identifier passed (RFC 9989 5.3.5)")?,
            Verdict::Fail => f.write_str(": no aligned identifier passed (RFC 9989 5.3.5)")?,
            Verdict::None(why) => write!(f, ": {why}")?,
            Verdict::TempError(why) => write!(f, ": {why} (RFC 9989 5.3.6)")?,
        }
        if let (Some(domain), Some(record)) = (&self.policy_domain, &self.record) {
            write!(f, "\nrecord: _dmarc.{domain}: {record}")?;
        }
        if let Some(published) = self.published {
            write!(f, "\npolicy: {} ({})", published.policy, published.source)?;
        }
        if let Some(domain) = &self.organizational_domain {
            write!(f, "\norganizational domain: {domain}")?;
        }
        for (method, identifier) in
            self.spf.iter().map(|i| ("spf", i)).chain(self.dkim.iter().map(|i| ("dkim", i)))
        {
            write!(f, "\n{method}: {identifier}")?;
        }
        if self.verdict == Verdict::Fail {
            write!(f, "\nrequested: {}; advised: {} (RFC 9989 7.4)", self.requested, self.advised())?;
        }
        for reason in &self.reasons {
            write!(f, "\nreason: {}", reason.kind)?;
            if let Some(comment) = &reason.comment {
                write!(f, " ({comment})")?;
            }
        }
        for step in &self.steps {
            if !matches!(step.found, Found::Record(_) | Found::Nothing) {
                write!(f, "\nlooked up {step}")?;
            }
        }
        Ok(())
    }
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

impl fmt::Display for NoneReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAuthor(why) => write!(f, "{} (RFC 9989 5.3.1)", why.as_str()),
            Self::NoRecord => f.write_str("no DMARC record applies (RFC 9989 4.10.1)"),
            Self::FaultyRecord => {
                f.write_str("the record has neither a usable policy nor a usable rua (RFC 9989 4.10.1)")
            }
            Self::SeveralRecords => f.write_str("there are several DMARC records (RFC 7489 6.6.3)"),
        }
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

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::P => "p, RFC 9989 4.7",
            Self::Sp => "sp, for subdomains, RFC 9989 4.7",
            Self::Np => "np, for subdomains that do not exist, RFC 9989 4.7",
            Self::Assumed => {
                "taken for p=none, since a policy in the record is missing or not valid, RFC 9989 4.10.1"
            }
        })
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
            Relation::Relaxed => f.write_str(", aligned by the organizational domain (RFC 9989 3.2.10.1)"),
            Relation::None => f.write_str(", not aligned"),
            Relation::NotNeeded => Ok(()),
            Relation::Unknown(why) => write!(f, ", alignment unknown: {why}"),
        }
    }
}
