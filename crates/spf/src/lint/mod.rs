//! What is wrong or unwise about a record, without a message.

mod finding;
mod record;
mod tree;

use mailwright_dns::Dns;

pub use finding::{Finding, FindingKind, Severity};
pub use tree::{MAX_TREE_RECORDS, Tree, TreeNode};

use crate::limits::Limits;

/// Looks at one record, without DNS.
///
/// ```
/// use mailwright_spf::{FindingKind, lint};
///
/// let findings = lint(b"v=spf1 ptr +all ip4:192.0.2.1");
/// let kinds: Vec<&FindingKind> = findings.iter().map(|finding| &finding.kind).collect();
/// assert_eq!(kinds, [&FindingKind::Ptr, &FindingKind::PassAll, &FindingKind::BehindAll]);
/// assert_eq!(findings[2].span.start, 16);
/// assert_eq!(
///     findings[0].to_string(),
///     "warning: ptr is slow and unreliable, and should not be used (octet 7, RFC 7208 5.5)"
/// );
/// ```
#[must_use]
pub fn lint(text: &[u8]) -> Vec<Finding> {
    record::lint(text, None)
}

/// Looks at the record of `domain` and at every record that it leads to, and counts what they cost.
///
/// Look-ups are counted without a sender, so as if no term matched; what depends on the message counts itself, and where it
/// leads is not known.
///
/// ```
/// use mailwright_dns::Zone;
/// use mailwright_spf::{Limits, lint_domain};
///
/// let mut zone = Zone::new();
/// zone.add_txt("example.org", "v=spf1 mx include:example.net -all")?;
/// zone.add_mx("example.org", 10, "mx.example.org")?.add_a("mx.example.org", [192, 0, 2, 1].into())?;
/// zone.add_txt("example.net", "v=spf1 a:gone.example.net -all")?;
/// let tree = lint_domain("example.org", &zone, &Limits::default());
/// assert_eq!(tree.counts.lookups, 3);
/// assert_eq!(
///     tree.findings[0].to_string(),
///     "warning: a:gone.example.net finds nothing (octet 7 of the record of example.net, RFC 7208 4.6.4)"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lint_domain(domain: &str, dns: &(impl Dns + ?Sized), limits: &Limits) -> Tree {
    tree::lint(domain, dns, limits)
}

#[cfg(test)]
mod tests {
    use mailwright_dns::{TemporaryKind, Zone};

    use super::*;

    /// A record and the kinds found in it, each with the text that it rests on.
    fn found(text: &str) -> Vec<(String, &str)> {
        let place = |finding: &Finding| text.get(finding.span.start..finding.span.end).unwrap_or_default();
        let name = |finding: &Finding| {
            format!("{:?}", finding.kind).split([' ', '(']).next().unwrap_or("").to_owned()
        };
        lint(text.as_bytes()).iter().map(|finding| (name(finding), place(finding))).collect()
    }

    #[test]
    fn a_record_that_is_as_it_should_be() {
        assert!(
            lint(b"v=spf1 mx a:b.example ip4:192.0.2.0/24 include:x.example -all exp=e.example").is_empty()
        );
        assert!(lint(b"v=spf1 redirect=_spf.example.com").is_empty());
    }

    #[test]
    fn what_a_record_says_wrongly() {
        for (text, kind, place) in [
            ("v=spf1 -all mx", "BehindAll", "mx"),     // RFC 7208 5.1
            ("v=spf1 ?all -all", "BehindAll", "-all"), // RFC 7208 5.1
            ("v=spf1 -all redirect=a.b", "RedirectWithAll", "redirect=a.b"), // RFC 7208 6.1
            ("v=spf1 mx -MX -all", "Duplicate", "-MX"), // RFC 7208 4.6.2
            ("v=spf1 +all", "PassAll", "+all"),        // RFC 7208 5.1
            ("v=spf1 ip4:1.2.3.4/0 -all", "AllAddresses", "ip4:1.2.3.4/0"), // RFC 7208 5.6
            ("v=spf1 a//0 -all", "AllAddresses", "a//0"), // RFC 7208 5.6
            ("v=spf1 mx", "NoEnd", ""),                // RFC 7208 4.7
            ("v=spf1 ptr:a.b -all", "Ptr", "ptr:a.b"), // RFC 7208 5.5
            ("v=spf1 exists:%{p}.a.b -all", "ClientNameMacro", "exists:%{p}.a.b"), // RFC 7208 7.3
            ("v=spf1 exists:%{L}.a.b -all", "EscapedMacro", "exists:%{L}.a.b"), // RFC 7208 7.3
            ("v=spf1 -all ra=x", "UnknownModifier", "ra=x"), // RFC 7208 6
            ("v=spf1 ip4:192.0.2.1/24 -all", "HostBits", "ip4:192.0.2.1/24"), // RFC 7208 5.6
            ("v=spf1 ip4:1.2.3 -all", "Syntax", "1.2.3"), // RFC 7208 5.6
        ] {
            assert_eq!(found(text), [(kind.to_owned(), place)], "{text}");
        }
        let two: Vec<String> = found("v=spf1 foo a:x -all").into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(two, ["Syntax", "Syntax"]);
    }

    /// RFC 7208 3.4 and 4.6.4
    #[test]
    fn lengths_and_counts() {
        let record = |terms: usize, term: &str| format!("v=spf1 {}-all", format!("{term} ").repeat(terms));
        let kind = |text: &str| lint(text.as_bytes()).into_iter().next().map(|finding| finding.kind);
        assert_eq!(
            kind(&record(21, "ip4:192.0.2.1/32 a")),
            Some(FindingKind::TooManyLookups { lookups: 21 })
        );
        assert_eq!(kind(&record(22, "ip4:192.0.2.1/32 x=1")), Some(FindingKind::Long { octets: 473 }));
        assert_eq!(kind(&record(25, "ip4:192.0.2.1/32 x=1")), Some(FindingKind::VeryLong { octets: 536 }));
    }

    #[test]
    fn the_tree_is_counted() {
        let mut zone = Zone::new();
        zone.add_txt("a.test", "v=spf1 include:b.test include:c.test mx -all").unwrap();
        zone.add_txt("b.test", "v=spf1 include:c.test a ?all").unwrap();
        zone.add_txt("c.test", "v=spf1 exists:%{i}.c.test redirect=d.test").unwrap();
        zone.add_txt("d.test", "v=spf1 include:a.test include:e.test include:f.test a:g.test -all").unwrap();
        zone.add_fault("f.test", mailwright_dns::Kind::Txt, TemporaryKind::Timeout).unwrap();
        for exchange in 0..11 {
            zone.add_mx("a.test", 1, format!("m{exchange}.test")).unwrap();
        }
        let tree = lint_domain("A.test.", &zone, &Limits::default());
        // a: 3, b: 2, c twice: 2, d twice: 4.
        assert_eq!(tree.counts, crate::Counts { lookups: 17, void_lookups: 3 });
        let totals: Vec<_> =
            tree.nodes.iter().map(|node| (&*node.domain, node.lookups, node.total)).collect();
        assert_eq!(
            totals,
            [
                ("A.test", 3, 17),
                ("b.test", 2, 8),
                ("c.test", 2, 6),
                ("d.test", 4, 4),
                ("c.test", 2, 6),
                ("d.test", 4, 4)
            ]
        );
        let kinds: Vec<String> = tree.findings.iter().map(|finding| finding.kind.to_string()).collect();
        assert_eq!(
            kinds,
            [
                "include:a.test leads back here",
                "include:e.test leads to no SPF record",
                "DNS did not answer for include:f.test: timeout",
                "a:g.test finds nothing",
                "a finds nothing",
                "mx has more mail exchangers than allowed",
                "17 terms ask DNS, more than allowed",
                "3 questions find nothing, more than allowed",
            ]
        );
    }
}
