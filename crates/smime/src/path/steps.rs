//! The validation of one path (RFC 5280 6.1, with the policies of RFC 9618).

use super::names::NameState;
use super::policy_graph::PolicyGraph;
use super::refusal::{PathError, Rank, Rule};
use super::search::{Found, Goal, Object, Search, Signer};
use super::{PolicyInput, PolicyOutput, purpose, strength};
use crate::oid::Oid;
use crate::x509::extension::*;
use crate::x509::key::{DsaDomain, PublicKey};
use crate::x509::{Certificate, KeyUsage};

/// The critical extensions that are processed here (RFC 5280 6.1.4 (o)); those that only give hints or names are known too.
pub(super) const KNOWN: &[Oid<'static>] = &[
    SUBJECT_KEY_ID,
    AUTHORITY_KEY_ID,
    KEY_USAGE,
    SUBJECT_ALT_NAME,
    ISSUER_ALT_NAME,
    BASIC_CONSTRAINTS,
    NAME_CONSTRAINTS,
    CRL_DISTRIBUTION_POINTS,
    FRESHEST_CRL,
    CERTIFICATE_POLICIES,
    POLICY_MAPPINGS,
    POLICY_CONSTRAINTS,
    INHIBIT_ANY_POLICY,
    EXTENDED_KEY_USAGE,
];

/// The state variables of RFC 5280 6.1.2.
struct State<'a> {
    graph: PolicyGraph<'a>,
    names: NameState<'a>,
    explicit_policy: u64,
    inhibit_any_policy: u64,
    policy_mapping: u64,
    max_path_length: u64,
    /// The parameters of the working key, if it is one of DSA.
    domain: Option<DsaDomain<'a>>,
}

impl<'a> State<'a> {
    /// RFC 5280 6.1.2.
    fn new(
        input: &PolicyInput,
        length: u64,
        intermediates: Option<usize>,
        anchor: &Certificate<'a>,
    ) -> Result<Self, Rule> {
        let start = |now: bool| if now { 0 } else { length.saturating_add(1) };
        let mut state = Self {
            graph: PolicyGraph::new(),
            names: NameState::default(),
            explicit_policy: start(input.require_explicit_policy),
            inhibit_any_policy: start(input.inhibit_any_policy),
            policy_mapping: start(input.inhibit_policy_mapping),
            max_path_length: intermediates.map_or(length, |most| u64::try_from(most).unwrap_or(u64::MAX)),
            domain: None,
        };
        state.names.add(anchor)?;
        state.take_key(anchor);
        Ok(state)
    }

    /// RFC 5280 6.1.4 (d) to (f): the working key's parameters; those of a DSA key without any stay.
    fn take_key(&mut self, certificate: &Certificate<'a>) {
        self.domain = match certificate.public_key().public_key() {
            Ok(PublicKey::Dsa(key)) => key.domain.or(self.domain),
            _ => None,
        };
    }

    /// RFC 5280 6.1.3 (b) to (f), without what concerns the signature.
    fn certificate(
        &mut self,
        certificate: &Certificate<'a>,
        last: bool,
        comparisons: u64,
    ) -> Result<(), Rule> {
        let self_issued = certificate.is_self_issued();
        // (b), (c)
        if last || !self_issued {
            self.names.check(certificate, comparisons)?;
        }
        // (d), (e)
        let list = &certificate.issued().extensions;
        let policies = list.typed(CERTIFICATE_POLICIES, "certificate policies", certificate_policies)?;
        let any_allowed = self.inhibit_any_policy > 0 || (!last && self_issued);
        self.graph.certificate(policies.as_deref(), any_allowed)?;
        // (f)
        if self.explicit_policy == 0 && self.graph.is_null() {
            return Err(Rule::PolicyRequired);
        }
        Ok(())
    }

    /// RFC 5280 6.1.4: preparation for the next certificate.
    fn prepare(&mut self, certificate: &Certificate<'a>) -> Result<(), Rule> {
        let list = &certificate.issued().extensions;
        // (a), (b)
        let mappings = list.typed(POLICY_MAPPINGS, "policy mappings", policy_mappings)?.unwrap_or_default();
        self.graph.mappings(&mappings, self.policy_mapping > 0)?;
        // (g)
        self.names.add(certificate)?;
        // (h)
        let self_issued = certificate.is_self_issued();
        if !self_issued {
            self.explicit_policy = self.explicit_policy.saturating_sub(1);
            self.policy_mapping = self.policy_mapping.saturating_sub(1);
            self.inhibit_any_policy = self.inhibit_any_policy.saturating_sub(1);
        }
        // (i)
        let constraints =
            list.typed(POLICY_CONSTRAINTS, "policy constraints", policy_constraints)?.unwrap_or_default();
        self.explicit_policy =
            self.explicit_policy.min(constraints.require_explicit_policy.unwrap_or(u64::MAX));
        self.policy_mapping = self.policy_mapping.min(constraints.inhibit_policy_mapping.unwrap_or(u64::MAX));
        // (j)
        let inhibit = list.typed(INHIBIT_ANY_POLICY, "inhibit any-policy", inhibit_any_policy)?;
        self.inhibit_any_policy = self.inhibit_any_policy.min(inhibit.unwrap_or(u64::MAX));
        // (k): version 1 and 2 have no such extension, and are no CA that we know of by other means.
        let basic = certificate.basic_constraints()?.filter(|basic| basic.ca && certificate.version() == 3);
        let Some(basic) = basic else { return Err(Rule::NotCa) };
        // (l)
        if !self_issued {
            self.max_path_length = self.max_path_length.checked_sub(1).ok_or(Rule::PathLength)?;
        }
        // (m)
        self.max_path_length = self.max_path_length.min(basic.path_length.unwrap_or(u64::MAX));
        // (n)
        if certificate.key_usage()?.is_some_and(|usage| !usage.any_of(KeyUsage::KEY_CERT_SIGN)) {
            return Err(Rule::KeyUsage);
        }
        self.take_key(certificate);
        Ok(())
    }

    /// RFC 5280 6.1.5: wrap-up, after the last certificate.
    fn wrap_up(&mut self, certificate: &Certificate<'a>, input: &PolicyInput) -> Result<PolicyOutput, Rule> {
        // (a)
        self.explicit_policy = self.explicit_policy.saturating_sub(1);
        // (b)
        let list = &certificate.issued().extensions;
        let constraints =
            list.typed(POLICY_CONSTRAINTS, "policy constraints", policy_constraints)?.unwrap_or_default();
        if constraints.require_explicit_policy == Some(0) {
            self.explicit_policy = 0;
        }
        // (g), RFC 9618 5.5
        let authority_constrained = self.graph.authority_constrained();
        let user_constrained = input.wanted.wanted_of(&authority_constrained);
        let required = self.explicit_policy == 0;
        if required && user_constrained.is_empty() {
            return Err(Rule::PolicyRequired);
        }
        Ok(PolicyOutput { required, authority_constrained, user_constrained })
    }
}

impl<'a> Search<'_, 'a> {
    /// Validates the certificates of `path`, which goes from the last certificate up, below `anchor`.
    pub(super) fn validate(
        &mut self,
        path: &[usize],
        anchor: usize,
        goal: Goal,
        nested: u8,
    ) -> Result<Found, PathError> {
        let Some(above) = self.certificate(anchor) else { return Err(PathError::limit("path_length")) };
        let refuse =
            |rule: Rule, certificate: &Certificate<'_>| PathError::new(rule, certificate, Rank::Complete);
        let default = PolicyInput::default();
        let (input, intermediates) = match goal {
            Goal::Certificate => (&self.validator.policies, self.validator.intermediates),
            Goal::CrlSigner => (&default, None),
        };
        let length = u64::try_from(path.len()).unwrap_or(u64::MAX);
        let mut state =
            State::new(input, length, intermediates, above).map_err(|rule| refuse(rule, above))?;
        strength::check_key(&self.validator.policy, above, None).map_err(|rule| refuse(rule, above))?;
        let mut signers = Vec::with_capacity(path.len());
        let mut issuer = anchor;
        let mut policies = None;
        for (left, &index) in path.iter().enumerate().rev() {
            let Some(certificate) = self.certificate(index) else { continue };
            let signer = Signer { index: issuer, inherited: state.domain };
            let last = left == 0;
            let mut step = || {
                self.basic(index, signer)?;
                strength::check_digest(&self.validator.policy, certificate)?;
                strength::check_key(&self.validator.policy, certificate, state.domain)?;
                state.certificate(certificate, last, self.validator.limits.name_comparisons)?;
                if last {
                    state.wrap_up(certificate, input).map(Some)
                } else {
                    state.prepare(certificate).map(|()| None)
                }
            };
            policies = step().map_err(|rule| refuse(rule, certificate))?;
            signers.push((index, signer));
            issuer = index;
        }
        if let Some(last) = path.first().and_then(|index| self.certificate(*index)) {
            self.check_goal(last, goal).map_err(|rule| refuse(rule, last))?;
        }
        // RFC 5280 6.1.3 (a)(3), of the whole path at last: it may need paths of its own.
        let mut revocation = Vec::with_capacity(path.len());
        for (index, signer) in signers {
            let Some(certificate) = self.certificate(index) else { continue };
            let status =
                self.revocation(index, signer, anchor, nested).map_err(|rule| refuse(rule, certificate))?;
            revocation.push(status);
        }
        revocation.reverse();
        let policies = policies.ok_or_else(|| refuse(Rule::NoPath, above))?;
        Ok(Found { path: path.to_vec(), anchor, policies, revocation })
    }

    /// RFC 5280 6.1.3 (a)(1), (2), (4), and the form of the certificate.
    fn basic(&mut self, index: usize, signer: Signer<'a>) -> Result<(), Rule> {
        self.verify(Object::Certificate(index), signer)?;
        let (Some(known), Some(issuer)) = (self.known(index), self.known(signer.index)) else {
            return Err(Rule::NoPath);
        };
        let certificate = known.certificate;
        if let Some(time) = self.validator.time {
            if time < certificate.not_before() {
                return Err(Rule::NotYetValid(certificate.not_before()));
            }
            if time > certificate.not_after() {
                return Err(Rule::Expired(certificate.not_after()));
            }
        }
        if known.issuer != issuer.subject {
            return Err(Rule::IssuerName);
        }
        // RFC 5280 4.1.1.2
        if !certificate.issued().has_one_algorithm() {
            return Err(Rule::AlgorithmMismatch);
        }
        let list = &certificate.issued().extensions;
        if list.has_duplicate() {
            return Err(Rule::DuplicateExtension);
        }
        // RFC 5280 6.1.4 (o), 6.1.5 (f)
        match list.unknown_critical(KNOWN) {
            Some(oid) => Err(Rule::CriticalExtension(oid.to_string())),
            None => Ok(()),
        }
    }

    /// What is asked of the last certificate.
    fn check_goal(&self, certificate: &Certificate<'_>, goal: Goal) -> Result<(), Rule> {
        match goal {
            Goal::CrlSigner => super::crls::check_usage(certificate),
            Goal::Certificate => {
                self.validator.purpose.check(certificate)?;
                for usage in &self.validator.usages {
                    purpose::check_extended(certificate, usage.as_oid())?;
                }
                match &self.validator.address {
                    Some(address) => purpose::check_address(certificate, address),
                    None => Ok(()),
                }
            }
        }
    }
}
