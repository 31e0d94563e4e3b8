//! What an evaluation gives.

use std::sync::Arc;

use mailwright_dns::Temporary;
use mailwright_message_model::authres::{AuthResult, Method, MethodResult, PropertyType};
use mailwright_message_model::domain::Domain;

use super::config::{Config, Mode};
use crate::author::NoAuthor;
use crate::policy::{Alignment, Override, Policy};
use crate::record::Record;
use crate::walk::{Step, Unknown};

/// The result of an evaluation, with all it rests on. Its `Display` explains it to a postmaster.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Evaluation {
    /// The result.
    pub verdict: Verdict,
    /// The author domain.
    pub author: Option<Domain>,
    /// Where the record that applies was found.
    pub policy_domain: Option<Domain>,
    /// The organizational domain of the author domain, where it had to be found out.
    pub organizational_domain: Option<Domain>,
    /// The record that applies; with [`NoneReason::FaultyRecord`] the one that cannot be used.
    #[cfg_attr(feature = "serde", serde(serialize_with = "shared"))]
    pub record: Option<Arc<Record>>,
    /// The policy of it that applies to this author domain, also where the message passes.
    pub published: Option<Published>,
    /// What the domain asks for: of mail that fails the published policy after `t` or `pct`, of other mail nothing.
    pub requested: Policy,
    /// Why less is asked for than was published, and [overrides](Evaluation::override_with).
    pub reasons: Vec<Override>,
    /// Whether somebody has overridden the policy.
    pub overridden: bool,
    /// The SPF identifier.
    pub spf: Option<Aligned>,
    /// The DKIM identifiers.
    pub dkim: Vec<Aligned>,
    /// Whether it was done by RFC 7489 with a public suffix list.
    pub by_suffix_list: bool,
    /// The names asked for records, in order.
    pub steps: Vec<Step>,
    /// Whether answers were missing that a driver will bring: the result does not count yet.
    pub pending: bool,
}

/// The result of DMARC (RFC 9989 9.2).
///
/// `permerror` is registered too, but nothing leads to it: a record that cannot be used means that DMARC is not applied
/// (4.10.1), and DNS tells no permanent errors apart from there being nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "result", content = "reason", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Verdict {
    /// An aligned identifier passed.
    Pass,
    /// None did.
    Fail,
    /// DMARC does not apply.
    None(NoneReason),
    /// It could not be found out (RFC 9989 5.3.6): no policy is to be applied.
    TempError(TempReason),
}

/// Why DMARC does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum NoneReason {
    /// There is no author domain, or more than one (RFC 9989 5.3.1).
    NoAuthor(NoAuthor),
    /// No record was found (RFC 9989 4.10.1).
    NoRecord,
    /// The record has no usable policy and no usable `rua` (RFC 9989 4.10.1).
    FaultyRecord,
    /// There are several records (RFC 7489 6.6.3, step 5).
    SeveralRecords,
}

/// What could not be found out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TempReason {
    /// A look-up at this domain failed.
    Dns(Domain, Temporary),
    /// SPF of this domain, which aligns, came to no end.
    Spf(Domain),
    /// A DKIM signature of this domain, which aligns, could not be checked.
    Dkim(Domain),
    /// A look-up at this domain has yet to be made.
    Pending(Domain),
}

/// A published policy and the tag that it is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Published {
    /// The policy.
    pub policy: Policy,
    /// Where it is from.
    pub source: Source,
}

/// Where a policy is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Source {
    /// `p`.
    P,
    /// `sp`: a subdomain.
    Sp,
    /// `np`: a subdomain that does not exist.
    Np,
    /// A record that is to be taken as `p=none` (RFC 9989 4.10.1).
    Assumed,
}

/// An identifier and how it stands to the author domain.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Aligned {
    /// The domain.
    pub domain: Domain,
    /// The selector of a DKIM signature.
    pub selector: Option<Box<str>>,
    /// What its check gave.
    pub result: AuthResult,
    /// Its relation to the author domain.
    pub relation: Relation,
}

/// How an identifier stands to the author domain, as the record wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Relation {
    /// It is the same: aligned.
    Same,
    /// It has the same organizational domain, and that suffices: aligned.
    Relaxed,
    /// Not aligned.
    None,
    /// Not looked at, since its check did not pass.
    NotNeeded,
    /// It could not be found out.
    Unknown(TempReason),
}

impl Aligned {
    /// Whether it aligns.
    #[must_use]
    pub const fn is_aligned(&self) -> bool {
        matches!(self.relation, Relation::Same | Relation::Relaxed)
    }

    /// Whether it passed and aligns.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.result == AuthResult::Pass && self.is_aligned()
    }
}

impl Evaluation {
    fn new(verdict: Verdict, author: Option<Domain>, config: &Config<'_>) -> Self {
        Self {
            verdict,
            author,
            policy_domain: None,
            organizational_domain: None,
            record: None,
            published: None,
            requested: Policy::None,
            reasons: Vec::new(),
            overridden: false,
            spf: None,
            dkim: Vec::new(),
            by_suffix_list: matches!(config.mode, Mode::PublicSuffix { .. }),
            steps: Vec::new(),
            pending: false,
        }
    }

    pub(super) fn none(author: Option<Domain>, why: NoneReason, config: &Config<'_>) -> Self {
        Self::new(Verdict::None(why), author, config)
    }

    pub(super) fn temporary(author: Domain, why: TempReason, config: &Config<'_>) -> Self {
        Self::new(Verdict::TempError(why), Some(author), config)
    }

    pub(super) fn of_record(
        author: Domain,
        policy: Domain,
        record: Arc<Record>,
        config: &Config<'_>,
    ) -> Self {
        let mut evaluation = Self::new(Verdict::Fail, Some(author), config);
        evaluation.policy_domain = Some(policy);
        evaluation.record = Some(record);
        evaluation
    }

    /// The alignment that the record wants of SPF and of DKIM.
    pub(super) fn modes(&self) -> (Alignment, Alignment) {
        let record = self.record.as_deref();
        let relaxed = Alignment::Relaxed;
        (record.map_or(relaxed, Record::aspf), record.map_or(relaxed, Record::adkim))
    }

    /// Whether SPF passed with a domain that aligns.
    #[must_use]
    pub fn spf_aligned(&self) -> bool {
        self.spf.as_ref().is_some_and(Aligned::passes)
    }

    /// Whether a DKIM signature passed with a domain that aligns.
    #[must_use]
    pub fn dkim_aligned(&self) -> bool {
        self.dkim.iter().any(Aligned::passes)
    }

    /// Whether the record says `t=y`.
    #[must_use]
    pub fn is_testing(&self) -> bool {
        self.record.as_deref().is_some_and(Record::is_testing)
    }

    /// Has the policy not applied, for a reason that reports will tell. The verdict stays.
    pub fn override_with(&mut self, reason: Override) {
        self.overridden = true;
        self.reasons.push(reason);
    }

    /// What a receiver should do that knows nothing more about the message. Not what the domain [requests](Self::requested): a
    /// message is not to be rejected for a published `reject` alone, but to be treated as with `quarantine`
    /// (RFC 9989 5.4, 7.4), and an override lets it through.
    #[must_use]
    pub const fn advised(&self) -> Policy {
        if self.overridden { Policy::None } else { self.requested.advised() }
    }

    /// The entry for Authentication-Results (RFC 9989 9.1): the author domain, and the policy after `t` or `pct`.
    #[must_use]
    pub fn auth_result(&self) -> MethodResult {
        let (result, reason) = match &self.verdict {
            Verdict::Pass => (AuthResult::Pass, None),
            Verdict::Fail => (AuthResult::Fail, None),
            Verdict::None(NoneReason::NoRecord) => (AuthResult::None, None),
            Verdict::None(why) => (AuthResult::None, Some(why.text(self.by_suffix_list))),
            Verdict::TempError(why) => (AuthResult::TempError, Some(why.to_string())),
        };
        let mut entry = MethodResult::new(Method::Dmarc, result);
        if let Some(reason) = reason {
            entry = entry.with_reason(reason);
        }
        if let Some(author) = &self.author {
            entry = entry.with_prop(PropertyType::Header, "from", author);
        }
        if let (Some(published), Verdict::Pass | Verdict::Fail) = (self.published, &self.verdict) {
            let lowered = !self.by_suffix_list && self.is_testing();
            let policy = match self.verdict {
                Verdict::Fail => self.requested,
                _ if lowered => published.policy.lowered(),
                _ => published.policy,
            };
            entry = entry.with_prop(PropertyType::Policy, "dmarc", policy);
        }
        entry
    }
}

impl From<Unknown> for TempReason {
    fn from(unknown: Unknown) -> Self {
        match unknown.why {
            Some(why) => Self::Dns(unknown.domain, why),
            None => Self::Pending(unknown.domain),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for TempReason {
    /// As text.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
fn shared<S: serde::Serializer>(record: &Option<Arc<Record>>, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&record.as_deref(), serializer)
}
