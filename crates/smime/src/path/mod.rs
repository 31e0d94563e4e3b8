//! Certification paths (RFC 5280 6): from a certificate up to a trust anchor, through what is known.
//!
//! ```
//! use mailwright_smime::path::{Purpose, Rule, Validator};
//! use mailwright_smime::x509::Certificate;
//!
//! # fn run(root: &[u8], intermediate: &[u8], alice: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
//! let validator = Validator::new([Certificate::from_der(root)?])
//!     .certificates([Certificate::from_der(intermediate)?])
//!     .at("2024-06-01T00:00:00Z".parse()?)
//!     .purpose(Purpose::EmailSign)
//!     .address("alice@example.com");
//! match validator.validate(&Certificate::from_der(alice)?) {
//!     Ok(path) => println!("{} certificates below {}", path.certificates().len(), path.anchor().subject()),
//!     Err(refusal) => println!("{refusal}"),
//! }
//! # Ok(())
//! # }
//! ```

mod crls;
mod forms;
mod limits;
mod names;
mod ocsp;
mod policy_graph;
mod purpose;
mod refusal;
mod revocation;
mod search;
mod steps;
mod strength;

use std::collections::BTreeSet;

pub use limits::{
    Limits, MAX_NAME_COMPARISONS, MAX_NESTED_PATHS, MAX_PATH_LENGTH, MAX_SIGNATURE_CHECKS, MAX_STEPS,
};
pub use ocsp::MAX_RESPONSE_AGE;
pub use purpose::{Purpose, same_address};
pub use refusal::{PathError, Rule, Unknown};
pub use revocation::{Revocation, RevocationStatus};

use crate::oid::OidBuf;
use crate::policy::Policy;
use crate::x509::{Certificate, Crl, OcspResponse, Time};
use search::{Goal, Search};

/// What a certificate is validated against. All of it is the caller's: nothing is fetched, and no clock is read.
#[derive(Clone, Debug, Default)]
pub struct Validator<'a> {
    anchors: Vec<Certificate<'a>>,
    certificates: Vec<Certificate<'a>>,
    crls: Vec<Crl<'a>>,
    responses: Vec<OcspResponse<'a>>,
    time: Option<Time>,
    policy: Policy,
    policies: PolicyInput,
    revocation: Revocation,
    purpose: Purpose,
    usages: Vec<OidBuf>,
    address: Option<String>,
    intermediates: Option<usize>,
    limits: Limits,
}

/// The inputs of policy processing (RFC 5280 6.1.1 (c), (e), (f), (g)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyInput {
    /// The policies that the user takes.
    pub wanted: PolicySet,
    /// A valid policy is required from the beginning.
    pub require_explicit_policy: bool,
    /// anyPolicy in a certificate does not count.
    pub inhibit_any_policy: bool,
    /// Policies are not mapped.
    pub inhibit_policy_mapping: bool,
}

impl Default for PolicyInput {
    /// Any policy, and none is required.
    fn default() -> Self {
        Self {
            wanted: PolicySet::any(),
            require_explicit_policy: false,
            inhibit_any_policy: false,
            inhibit_policy_mapping: false,
        }
    }
}

/// A set of policies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PolicySet {
    /// anyPolicy is in the set.
    pub any: bool,
    /// The others.
    pub policies: BTreeSet<OidBuf>,
}

impl PolicySet {
    /// anyPolicy alone.
    #[must_use]
    pub const fn any() -> Self {
        Self { any: true, policies: BTreeSet::new() }
    }

    /// No policy.
    #[must_use]
    pub const fn none() -> Self {
        Self { any: false, policies: BTreeSet::new() }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.any && self.policies.is_empty()
    }
}

/// The outputs of policy processing (RFC 5280 6.1.6, RFC 9618 5.5).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PolicyOutput {
    /// A valid policy was required at the end of the path.
    pub required: bool,
    /// The policies that the authorities agree on, as the uppermost names them.
    pub authority_constrained: PolicySet,
    /// Of these, those that the user takes.
    pub user_constrained: PolicySet,
}

/// A valid path.
#[derive(Clone, Debug)]
pub struct Path<'a> {
    certificates: Vec<Certificate<'a>>,
    anchor: Certificate<'a>,
    policies: PolicyOutput,
    revocation: Vec<RevocationStatus>,
}

impl<'a> Path<'a> {
    /// The certificates from the one that was validated up to the one below the anchor.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate<'a>] {
        &self.certificates
    }

    /// The trust anchor.
    #[must_use]
    pub const fn anchor(&self) -> &Certificate<'a> {
        &self.anchor
    }

    /// The policies.
    #[must_use]
    pub const fn policies(&self) -> &PolicyOutput {
        &self.policies
    }

    /// What was found out on the revocation of each certificate, in the order of [`Path::certificates`].
    #[must_use]
    pub fn revocation(&self) -> &[RevocationStatus] {
        &self.revocation
    }
}

impl<'a> Validator<'a> {
    /// Validation against these trust anchors, with [`Policy::strict`]. An anchor need not be self-signed; its signature,
    /// validity and extensions are not judged (RFC 5280 6.1.1 (d)), but its name constraints apply (RFC 5937 3.2).
    #[must_use]
    pub fn new(anchors: impl IntoIterator<Item = Certificate<'a>>) -> Self {
        Self { anchors: anchors.into_iter().collect(), ..Self::default() }
    }

    /// Adds trust anchors.
    #[must_use]
    pub fn trust(mut self, anchors: impl IntoIterator<Item = Certificate<'a>>) -> Self {
        self.anchors.extend(anchors);
        self
    }

    /// Adds certificates that may be part of a path. They need not be trusted.
    #[must_use]
    pub fn certificates(mut self, certificates: impl IntoIterator<Item = Certificate<'a>>) -> Self {
        self.certificates.extend(certificates);
        self
    }

    /// Adds revocation lists: complete, delta and indirect ones.
    #[must_use]
    pub fn crls(mut self, crls: impl IntoIterator<Item = Crl<'a>>) -> Self {
        self.crls.extend(crls);
        self
    }

    /// Adds OCSP responses.
    #[must_use]
    pub fn responses(mut self, responses: impl IntoIterator<Item = OcspResponse<'a>>) -> Self {
        self.responses.extend(responses);
        self
    }

    /// The time of validation. Without it validity periods are not judged.
    #[must_use]
    pub const fn at(mut self, time: Time) -> Self {
        self.time = Some(time);
        self
    }

    /// Which algorithms are good enough.
    #[must_use]
    pub const fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// The policies of RFC 5280 6.1.1.
    #[must_use]
    pub fn policies(mut self, policies: PolicyInput) -> Self {
        self.policies = policies;
        self
    }

    /// How revocation counts. The default takes what is at hand.
    #[must_use]
    pub const fn revocation(mut self, revocation: Revocation) -> Self {
        self.revocation = revocation;
        self
    }

    /// What the key is to be used for.
    #[must_use]
    pub const fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// A further purpose that the extended key usage of the certificate must not forbid.
    #[must_use]
    pub fn usage(mut self, purpose: OidBuf) -> Self {
        self.usages.push(purpose);
        self
    }

    /// The address that the certificate must be for (RFC 8550 3).
    #[must_use]
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// The most intermediate certificates that are not self-issued.
    #[must_use]
    pub const fn max_intermediates(mut self, intermediates: usize) -> Self {
        self.intermediates = Some(intermediates);
        self
    }

    /// What the search may cost.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// All certificates, the trust anchors last.
    pub(crate) fn known(&self) -> impl Iterator<Item = &Certificate<'a>> {
        self.certificates.iter().chain(&self.anchors)
    }

    /// The algorithms that are good enough, as they were set.
    #[must_use]
    pub const fn algorithms(&self) -> Policy {
        self.policy
    }

    /// Looks for a valid path from a certificate to an anchor.
    ///
    /// # Errors
    ///
    /// The refusal of the path that came nearest: the rule, its section and the certificate. Where several paths reach an
    /// anchor, that of the first.
    pub fn validate(&self, certificate: &Certificate<'a>) -> Result<Path<'a>, PathError> {
        let mut search = Search::new(self, certificate);
        let found = search.find(0, None, Goal::Certificate, 0)?;
        let at = |index: usize| search.certificate(index).cloned();
        Ok(Path {
            certificates: found.path.iter().filter_map(|index| at(*index)).collect(),
            anchor: at(found.anchor).unwrap_or_else(|| certificate.clone()),
            policies: found.policies,
            revocation: found.revocation,
        })
    }
}
