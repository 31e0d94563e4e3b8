//! One record, without DNS.

use std::collections::HashSet;
use std::net::IpAddr;

use mailwright_message_model::Span;

use super::{Finding, FindingKind as Kind};
use crate::limits::Limits;
use crate::record::{Mechanism, Network, Qualifier, Record, Term, TermKind};

/// The length that RFC 7208 3.4 names, and the one of an answer by UDP without EDNS0.
const GOOD_OCTETS: usize = 450;
const UDP_OCTETS: usize = 512;

pub(super) fn lint(text: &[u8], domain: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |kind, span| findings.push(Finding { kind, span, domain: domain.map(str::to_owned) });
    let whole = Span::new(0, text.len());
    let record = match Record::parse(text) {
        Ok(record) => record,
        Err(first) => {
            let errors = Record::syntax_errors(text);
            let errors = if errors.is_empty() { vec![(first, whole)] } else { errors };
            for (error, word) in errors {
                let at = error.position();
                add(Kind::Syntax(error.kind()), Span::new(at, word.end.max(at)));
            }
            return findings;
        }
    };
    match text.len() {
        octets if octets > UDP_OCTETS => add(Kind::VeryLong { octets }, whole),
        octets if octets > GOOD_OCTETS => add(Kind::Long { octets }, whole),
        _ => {}
    }
    let mut seen = HashSet::new();
    let (mut ended, mut lookups) = (false, 0);
    for term in record.terms() {
        match term.kind {
            TermKind::Directive { .. } if ended => add(Kind::BehindAll, term.span),
            TermKind::Directive { qualifier, mechanism } => {
                ended = matches!(mechanism, Mechanism::All);
                lookups += usize::from(mechanism.asks_dns());
                directive(qualifier, mechanism, &term, &mut add);
                if !seen.insert(mechanism.to_string().to_ascii_lowercase()) {
                    add(Kind::Duplicate, term.span);
                }
            }
            TermKind::Redirect(_) => lookups += 1,
            TermKind::Exp(_) => {}
            TermKind::Other { .. } => add(Kind::UnknownModifier, term.span),
        }
        if let Some(spec) = term.domain() {
            if spec.uses(b'p') {
                add(Kind::ClientNameMacro, term.span);
            }
            if spec.escapes() {
                add(Kind::EscapedMacro, term.span);
            }
        }
    }
    let redirect = record.terms().find(|term| matches!(term.kind, TermKind::Redirect(_)));
    match redirect {
        Some(term) if ended => {
            lookups -= 1;
            add(Kind::RedirectWithAll, term.span);
        }
        None if !ended => add(Kind::NoEnd, Span::new(text.len(), text.len())),
        _ => {}
    }
    // RFC 7208 4.6.4; the tree is counted by `lint_domain`, which tells of it once.
    if domain.is_none() && lookups > Limits::default().lookups {
        add(Kind::TooManyLookups { lookups }, whole);
    }
    findings.sort_by_key(|finding| finding.span.start);
    findings
}

fn directive(
    qualifier: Qualifier,
    mechanism: Mechanism<'_>,
    term: &Term<'_>,
    add: &mut impl FnMut(Kind, Span),
) {
    match mechanism {
        Mechanism::All if qualifier == Qualifier::Pass => add(Kind::PassAll, term.span),
        Mechanism::Ptr(_) => add(Kind::Ptr, term.span),
        Mechanism::Ip(Network { prefix: 0, .. }) => add(Kind::AllAddresses, term.span),
        Mechanism::A { prefix, .. } | Mechanism::Mx { prefix, .. } if prefix.ip4 == 0 || prefix.ip6 == 0 => {
            add(Kind::AllAddresses, term.span);
        }
        Mechanism::Ip(network) if has_host_bits(network) => add(Kind::HostBits, term.span),
        _ => {}
    }
}

fn has_host_bits(network: Network) -> bool {
    let kept = match network.address {
        IpAddr::V4(ip) => 32 - ip.to_bits().trailing_zeros(),
        IpAddr::V6(ip) => 128 - ip.to_bits().trailing_zeros(),
    };
    kept > u32::from(network.prefix)
}
