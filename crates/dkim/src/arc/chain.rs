//! What was found about a chain.

use core::fmt;
use std::net::IpAddr;

use mailwright_message_model::Span;
use mailwright_message_model::authres::{
    AuthResult, AuthenticationResults, ClaimedResults, Method, MethodResult, PropertyType,
};
use mailwright_message_model::domain::Domain;

use super::field::{Cv, FieldKind};
use super::rule::Rule;
use crate::verify::{Outcome, SignatureResult};

/// What was found about the ARC Sets of a message (RFC 8617 5.2).
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Chain {
    /// Whether the chain holds.
    pub status: Status,
    /// What decided, unless there is no chain or it holds.
    pub problem: Option<Problem>,
    /// The sets by instance, lowest first. Where the sets are no chain, those fields that have an instance.
    pub sets: Vec<Set>,
    /// The lowest instance whose message signature holds, all newer ones holding too; 0 = all hold. `None` where the newest does
    /// not (RFC 8617 5.2, step 5).
    pub oldest_pass: Option<u32>,
}

/// The state of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Status {
    /// There is no ARC field.
    None,
    /// The chain holds.
    Pass,
    /// The chain does not hold, and never will.
    Fail,
    /// DNS did not tell what is needed; nothing that is known speaks against the chain.
    Temporary,
}

/// What is wrong with a chain, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Problem {
    /// The rule that is broken.
    pub rule: Rule,
    /// The set.
    pub instance: Option<u32>,
    /// The field of the set.
    pub field: Option<FieldKind>,
    /// The octets in the message: a tag or a field.
    pub span: Option<Span>,
}

/// One ARC Set.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Set {
    /// Its place in the chain, from 1.
    pub instance: u32,
    /// What the seal says about the chain before it.
    pub cv: Option<Cv>,
    /// What the sealer found: a claim, for which it [vouches](Chain::vouching) where you trust it.
    pub results: Option<ResultsField>,
    /// The ARC-Message-Signature.
    pub message: Option<SignatureResult>,
    /// The ARC-Seal. It is a signature over header fields only, so that nothing is said of the body.
    pub seal: Option<SignatureResult>,
}

/// An ARC-Authentication-Results field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ResultsField {
    /// The octets of the field in the message.
    pub span: Span,
    /// What it says; `None` where it cannot be read.
    pub claims: Option<ClaimedResults>,
}

impl Chain {
    /// Whether a question of DNS was not answered yet. The status is not to be used then: resolve and evaluate again.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        let pending = |result: &SignatureResult| result.reason == Some(crate::Reason::Pending);
        self.sets.iter().flat_map(|set| [&set.message, &set.seal]).flatten().any(pending)
    }

    /// The value that a new seal gives in `cv=`; `None` where the chain could not be verified now.
    #[must_use]
    pub const fn cv(&self) -> Option<Cv> {
        match self.status {
            Status::None => Some(Cv::None),
            Status::Pass => Some(Cv::Pass),
            Status::Fail => Some(Cv::Fail),
            Status::Temporary => None,
        }
    }

    /// Whether the newest seal says `cv=fail` itself. Nothing is added to such a chain.
    #[must_use]
    pub fn is_marked_failed(&self) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.rule == Rule::MarkedFailed)
    }

    /// The sets whose sealers, being among those you trust, vouch for what their ARC-Authentication-Results say about this
    /// message; newest first.
    ///
    /// A chain that holds says who wrote each set, but anyone can take sets from one message to another and seal the
    /// whole. So a set counts where its own message signature holds for the message as it is, or where every later sealer is
    /// trusted too (RFC 8617 7.2 leaves the choice to the receiver). Domains are compared whole.
    pub fn vouching<'c>(&'c self, trusted: &'c [Domain]) -> impl Iterator<Item = &'c Set> {
        let mut unbroken = self.status == Status::Pass;
        let sets = self.sets.iter().rev().filter(|_| self.status == Status::Pass);
        sets.filter(move |set| {
            let trusts = set.sealer().is_some_and(|sealer| trusted.contains(sealer));
            unbroken &= trusts;
            trusts && (unbroken || set.message.as_ref().is_some_and(SignatureResult::is_pass))
        })
    }

    /// The entry for Authentication-Results, `arc=` (RFC 8617 10.1, 10.2). `remote_ip` is the address of the host that
    /// delivered the message.
    #[must_use]
    pub fn method_result(&self, remote_ip: Option<IpAddr>) -> MethodResult {
        let result = match self.status {
            Status::None => AuthResult::None,
            Status::Pass => AuthResult::Pass,
            Status::Fail => AuthResult::Fail,
            Status::Temporary => AuthResult::TempError,
        };
        let mut entry = MethodResult::new(Method::Arc, result);
        if let Some(problem) = &self.problem {
            entry = entry.with_comment(problem);
        }
        if let Some(ip) = remote_ip {
            entry = entry.with_prop(PropertyType::Smtp, "remote-ip", ip);
        }
        match self.oldest_pass.filter(|_| self.status == Status::Pass) {
            Some(oldest) => entry.with_prop(PropertyType::Header, "oldest-pass", oldest),
            None => entry,
        }
    }
}

impl Set {
    /// The domain that sealed the set, `d=` of the ARC-Seal.
    #[must_use]
    pub fn sealer(&self) -> Option<&Domain> {
        Some(&self.seal.as_ref()?.signature.as_ref()?.domain)
    }

    /// What the sealer found, taken at its word. Right only for a set that [vouches](Chain::vouching).
    #[must_use]
    pub fn trusted_results(&self) -> Option<AuthenticationResults> {
        let claims = self.results.as_ref()?.claims.as_ref()?;
        claims.trust(claims.authserv_id()?).ok()
    }
}

impl Problem {
    pub(super) const fn new(
        rule: Rule,
        instance: Option<u32>,
        field: Option<FieldKind>,
        span: Option<Span>,
    ) -> Self {
        Self { rule, instance, field, span }
    }

    /// The problem that a signature makes for the chain, which must hold.
    pub(super) fn of(result: &SignatureResult, instance: u32, field: FieldKind) -> Option<Self> {
        let reason = result.reason.clone().filter(|_| result.outcome != Outcome::Pass)?;
        Some(Self::new(Rule::Signature(reason), Some(instance), Some(field), result.reason_span))
    }
}

impl Status {
    /// In the words of Authentication-Results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Temporary => "temperror",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.field, self.instance) {
            (Some(field), Some(instance)) => write!(f, "{field} of set {instance}: ")?,
            (Some(field), None) => write!(f, "{field}: ")?,
            (None, Some(instance)) => write!(f, "set {instance}: ")?,
            (None, None) => {}
        }
        write!(f, "{}", self.rule)?;
        // RFC 8617 5.2 decides that the chain falls with the signature; an unreadable field was found in step 3.
        match (&self.rule, self.field, self.instance) {
            (Rule::Signature(_), Some(FieldKind::Message), Some(_)) => f.write_str("; RFC 8617 5.2, step 4"),
            (Rule::Signature(_), Some(FieldKind::Seal), Some(_)) => f.write_str("; RFC 8617 5.2, step 6"),
            (Rule::Signature(_), ..) => f.write_str("; RFC 8617 5.2, step 3A"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if let Some(problem) = &self.problem {
            write!(f, ": {problem}")?;
        }
        let sealers: Vec<&str> =
            self.sets.iter().filter_map(|set| set.sealer().map(Domain::as_str)).collect();
        if !sealers.is_empty() {
            write!(f, "; sealed by {}", sealers.join(", "))?;
        }
        match self.oldest_pass.filter(|_| self.status == Status::Pass) {
            Some(0) => f.write_str("; unchanged since the first"),
            Some(oldest) => write!(f, "; unchanged since set {oldest}"),
            None => Ok(()),
        }
    }
}
