//! The policy graph (RFC 9618 5), which replaces the tree of RFC 5280: one node a policy and depth, with as many parents
//! as there are ways to it, so that its size is linear in the certificates.

use std::collections::{BTreeMap, BTreeSet};

use super::PolicySet;
use super::refusal::Rule;
use crate::oid::{Oid, OidBuf, oids};
use crate::x509::PolicyMapping;

oids! {
    ANY_POLICY = "2.5.29.32.0";
}

/// The graph: a level for each certificate that was processed.
#[derive(Debug)]
pub(super) struct PolicyGraph<'a> {
    levels: Vec<Level<'a>>,
    /// What the next certificate starts from: the expected policies.
    next: Level<'a>,
}

/// The nodes of one depth.
#[derive(Debug, Default)]
struct Level<'a> {
    nodes: BTreeMap<Oid<'a>, Node<'a>>,
    /// There is a node of anyPolicy.
    any: bool,
}

/// One node. Without parents its parent is the node of anyPolicy.
#[derive(Debug, Default)]
struct Node<'a> {
    parents: Vec<Oid<'a>>,
    mapped: bool,
}

impl<'a> PolicyGraph<'a> {
    /// RFC 9618 5.2 (a): one node of anyPolicy.
    pub(super) fn new() -> Self {
        Self { levels: Vec::new(), next: Level { any: true, ..Level::default() } }
    }

    /// RFC 9618 5.3 (d), (e): the policies of the next certificate; `None` where it has none. `any_allowed` is whether
    /// its anyPolicy counts.
    pub(super) fn certificate(
        &mut self,
        policies: Option<&[Oid<'a>]>,
        any_allowed: bool,
    ) -> Result<(), Rule> {
        let mut level = std::mem::take(&mut self.next);
        let Some(policies) = policies else {
            self.levels.push(Level::default());
            return Ok(());
        };
        let named: BTreeSet<_> = policies.iter().copied().collect();
        if named.len() != policies.len() {
            return Err(Rule::Policies("a policy occurs twice"));
        }
        let above_any = level.any;
        if !(named.contains(&ANY_POLICY) && any_allowed) {
            // (d)(1)(i), (d)(2)
            level.nodes.retain(|policy, _| named.contains(policy));
            level.any = false;
        }
        if above_any {
            // (d)(1)(ii)
            for policy in named.into_iter().filter(|policy| *policy != ANY_POLICY) {
                level.nodes.entry(policy).or_default();
            }
        }
        self.levels.push(level);
        Ok(())
    }

    /// Whether the graph is NULL: no node at the depth of the last certificate.
    pub(super) fn is_null(&self) -> bool {
        self.levels.last().is_some_and(|level| level.nodes.is_empty() && !level.any)
    }

    /// RFC 9618 5.4 (a), (b): the mappings of the last certificate. `allowed` is whether policy_mapping is above 0.
    pub(super) fn mappings(&mut self, mappings: &[PolicyMapping<'a>], allowed: bool) -> Result<(), Rule> {
        // (a)
        if mappings.iter().any(|mapping| mapping.issuer == ANY_POLICY || mapping.subject == ANY_POLICY) {
            return Err(Rule::Policies("anyPolicy is mapped"));
        }
        let Some(level) = self.levels.last_mut() else { return Ok(()) };
        let mut next = Level { any: level.any, ..Level::default() };
        for mapping in mappings {
            if !allowed {
                // (b)(2)
                level.nodes.remove(&mapping.issuer);
                continue;
            }
            // (b)(1): where only anyPolicy stands for it, the node is made.
            if level.any {
                level.nodes.entry(mapping.issuer).or_default();
            }
            if let Some(node) = level.nodes.get_mut(&mapping.issuer) {
                node.mapped = true;
                next.nodes.entry(mapping.subject).or_default().parents.push(mapping.issuer);
            }
        }
        for (policy, _) in level.nodes.iter().filter(|(_, node)| !node.mapped) {
            next.nodes.entry(*policy).or_default().parents.push(*policy);
        }
        self.next = next;
        Ok(())
    }

    /// RFC 9618 5.5 (g): the policies that the authorities agree on. With a node of anyPolicy at the end, any.
    pub(super) fn authority_constrained(&self) -> PolicySet {
        let mut found = PolicySet::none();
        let Some(last) = self.levels.last() else { return found };
        found.any = last.any;
        let mut reachable: BTreeSet<Oid<'_>> = last.nodes.keys().copied().collect();
        for level in self.levels.iter().rev() {
            let mut above = BTreeSet::new();
            for (policy, node) in level.nodes.iter().filter(|(policy, _)| reachable.contains(*policy)) {
                if node.parents.is_empty() {
                    found.policies.insert(OidBuf::from(*policy));
                }
                above.extend(node.parents.iter().copied());
            }
            reachable = above;
        }
        found
    }
}

impl PolicySet {
    /// RFC 9618 5.5 (g)(5), (6): of the policies of the authorities, those that the user wants.
    pub(super) fn wanted_of(&self, authority: &Self) -> Self {
        if self.any {
            return authority.clone();
        }
        let kept = |policy: &&OidBuf| authority.any || authority.policies.contains(*policy);
        Self { any: false, policies: self.policies.iter().filter(kept).cloned().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    oids! { A = "1.3.1"; B = "1.3.2"; C = "1.3.3"; }

    fn mapping(issuer: Oid<'static>, subject: Oid<'static>) -> PolicyMapping<'static> {
        PolicyMapping { issuer, subject }
    }

    #[test]
    fn a_mapped_policy_is_that_of_the_issuers_domain() {
        let mut graph = PolicyGraph::new();
        graph.certificate(Some(&[A]), true).unwrap();
        graph.mappings(&[mapping(A, B)], true).unwrap();
        graph.certificate(Some(&[B, C]), true).unwrap();
        assert_eq!(graph.authority_constrained().policies.into_iter().collect::<Vec<_>>(), [A.into()]);
    }

    #[test]
    fn inhibited_mappings_delete_what_they_map() {
        let mut graph = PolicyGraph::new();
        graph.certificate(Some(&[A]), true).unwrap();
        graph.mappings(&[mapping(A, B)], false).unwrap();
        graph.certificate(Some(&[A, B]), true).unwrap();
        assert!(graph.is_null());
    }

    #[test]
    fn any_policy_stands_for_a_mapped_one() {
        let mut graph = PolicyGraph::new();
        graph.certificate(Some(&[ANY_POLICY]), true).unwrap();
        graph.mappings(&[mapping(A, B)], true).unwrap();
        graph.certificate(Some(&[B, C]), true).unwrap();
        let authority = graph.authority_constrained();
        assert!(!authority.any);
        assert_eq!(authority.policies, [A.into(), C.into()].into());
    }

    #[test]
    fn levels_of_many_mappings_stay_linear() {
        // In the tree of RFC 5280 each level would multiply the nodes by two.
        let mut graph = PolicyGraph::new();
        for _ in 0..64 {
            graph.certificate(Some(&[A, B]), true).unwrap();
            graph.mappings(&[mapping(A, A), mapping(A, B), mapping(B, A), mapping(B, B)], true).unwrap();
        }
        graph.certificate(Some(&[A, B]), true).unwrap();
        assert_eq!(graph.authority_constrained().policies, [A.into(), B.into()].into());
        assert!(graph.levels.iter().all(|level| level.nodes.len() == 2));
    }
}
