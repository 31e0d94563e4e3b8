//! Certificate policies and what bounds them.

use der::Tag;

use crate::error::Error;
use crate::oid::Oid;
use crate::tlv::{Element, primitive};

/// A policy of the issuer's domain that counts as one of the subject's (RFC 5280 4.2.1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyMapping<'a> {
    /// The policy of the issuer's domain.
    pub issuer: Oid<'a>,
    /// The policy of the subject's domain.
    pub subject: Oid<'a>,
}

/// When policies become required or mappings forbidden (RFC 5280 4.2.1.11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PolicyConstraints {
    /// Certificates that may follow before a policy is required.
    pub require_explicit_policy: Option<u64>,
    /// Certificates that may follow before mapping ends.
    pub inhibit_policy_mapping: Option<u64>,
}

/// RFC 5280 4.2.1.4; the qualifiers are for people.
pub(crate) fn certificate_policies(element: Element<'_>) -> Result<Vec<Oid<'_>>, Error> {
    let mut list = element.sequence("certificate policies")?;
    let mut policies = Vec::new();
    while !list.is_empty() {
        let mut fields = list.sequence()?;
        policies.push(fields.oid()?);
        fields.optional(Tag::Sequence)?;
        fields.finish()?;
    }
    Ok(policies)
}

pub(crate) fn policy_mappings(element: Element<'_>) -> Result<Vec<PolicyMapping<'_>>, Error> {
    let mut list = element.sequence("policy mappings")?;
    let mut mappings = Vec::new();
    while !list.is_empty() {
        let mut fields = list.sequence()?;
        mappings.push(PolicyMapping { issuer: fields.oid()?, subject: fields.oid()? });
        fields.finish()?;
    }
    Ok(mappings)
}

pub(crate) fn policy_constraints(element: Element<'_>) -> Result<PolicyConstraints, Error> {
    let mut fields = element.sequence("policy constraints")?;
    let require_explicit_policy = fields.optional(primitive(0))?.map(|skip| skip.small()).transpose()?;
    let inhibit_policy_mapping = fields.optional(primitive(1))?.map(|skip| skip.small()).transpose()?;
    fields.finish()?;
    Ok(PolicyConstraints { require_explicit_policy, inhibit_policy_mapping })
}

/// RFC 5280 4.2.1.14.
pub(crate) fn inhibit_any_policy(element: Element<'_>) -> Result<u64, Error> {
    if element.tag == Tag::Integer { element.small() } else { Err(element.error("inhibit any-policy")) }
}
