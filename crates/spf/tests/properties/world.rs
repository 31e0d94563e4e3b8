//! Small worlds of DNS in which names meet: domains a to f, hosts, and records about them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use mailwright_dns::{TemporaryKind, Zone};
use proptest::prelude::*;
use proptest::sample::select;

/// What there is, so that a zone can be made again with some texts replaced.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) records: Vec<(String, String)>,
    hosts: Vec<(String, IpAddr)>,
    exchanges: Vec<(String, String)>,
    names: Vec<(IpAddr, String)>,
    slow: Vec<String>,
}

impl World {
    pub(crate) fn zone(&self) -> Zone {
        self.zone_with(&[])
    }

    /// The zone in which these texts stand in the place of those of the same names.
    pub(crate) fn zone_with(&self, instead: &[(String, String)]) -> Zone {
        let mut zone = Zone::new();
        let kept = |name: &String| !instead.iter().any(|(other, _)| other == name);
        for (name, text) in self.records.iter().filter(|(name, _)| kept(name)).chain(instead) {
            zone.add_txt(name, text).unwrap();
        }
        for (name, ip) in &self.hosts {
            match ip {
                IpAddr::V4(ip) => zone.add_a(name, *ip).unwrap(),
                IpAddr::V6(ip) => zone.add_aaaa(name, *ip).unwrap(),
            };
        }
        for (name, exchange) in &self.exchanges {
            zone.add_mx(name, 10, exchange).unwrap();
        }
        for (ip, name) in &self.names {
            zone.add_ptr(*ip, name).unwrap();
        }
        for name in &self.slow {
            zone.add_fault_else(name, TemporaryKind::Timeout).unwrap();
        }
        zone
    }
}

const DOMAINS: &[&str] = &["a.test", "b.test", "c.test", "d.test", "e.test", "f.test"];
const HOSTS: &[&str] =
    &["h1.test", "h2.test", "h3.a.test", "h4.b.test", "zoe.b.test", "x.zoe.c.test", "gone.test"];

pub(crate) fn ip() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        6 => (0u8..4, 0u8..8).prop_map(|(net, host)| IpAddr::V4(Ipv4Addr::new(192, 0, net, host))),
        3 => (0u16..3, 0u16..8).prop_map(|(net, host)| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, net, 0, 0, 0, 0, host))),
        1 => any::<[u8; 4]>().prop_map(IpAddr::from),
        1 => any::<[u8; 16]>().prop_map(IpAddr::from),
        1 => any::<[u8; 4]>().prop_map(|octets| IpAddr::V6(Ipv4Addr::from(octets).to_ipv6_mapped())),
    ]
}

pub(crate) fn sender() -> impl Strategy<Value = String> {
    let local = select(vec!["zoe", "x", "o'neil", "a.b-c", "\"q @ q\"", "ÿ", "", "%{d}"]);
    local.prop_map(|local| format!("{local}@a.test"))
}

fn domain() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(DOMAINS).prop_map(str::to_owned),
        4 => select(HOSTS).prop_map(str::to_owned),
        1 => select(vec!["%{l}.%{d}", "x.%{l}.%{d2}", "%{d}", "%{dr}", "%{o}", "%{h}", "%{i}.%{d}", "%{ir}.b.test", "%{d1r}.test", "h%{l1}.a.%{d}"])
            .prop_map(str::to_owned),
    ]
}

fn term() -> impl Strategy<Value = String> {
    let prefix = select(vec!["", "", "/24", "/31", "//64", "/30//126", "/0"]);
    let named = (select(vec!["a", "mx"]), proptest::option::of(domain()), prefix).prop_map(
        |(name, domain, prefix)| {
            let domain = domain.map(|domain| format!(":{domain}")).unwrap_or_default();
            format!("{name}{domain}{prefix}")
        },
    );
    let network =
        (ip(), select(vec![0u8, 8, 24, 29, 30, 31, 32, 64, 126, 128])).prop_map(|(ip, prefix)| match ip {
            IpAddr::V4(ip) => format!("ip4:{ip}/{}", prefix.min(32)),
            IpAddr::V6(ip) => format!("ip6:{ip}/{prefix}"),
        });
    let mechanism = prop_oneof![
        4 => network,
        3 => named,
        3 => select(DOMAINS).prop_map(|domain| format!("include:{domain}")),
        2 => domain().prop_map(|domain| format!("exists:{domain}")),
        1 => select(vec!["ptr", "ptr:b.test", "include:%{l}.test", "exists:%{p}.b.test"]).prop_map(str::to_owned),
    ];
    (select(vec!["", "", "", "?", "~", "-"]), mechanism)
        .prop_map(|(sign, mechanism)| format!("{sign}{mechanism}"))
}

/// A record that is right.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let end = select(vec![
        "",
        "-all",
        "~all",
        "?all",
        "-all",
        "+all",
        "redirect=b.test",
        "redirect=c.test exp=e.test",
        "-all exp=e.test",
        "mod=x",
        "-all redirect=d.test",
    ]);
    (prop::collection::vec(term(), 0..5), end).prop_map(|(terms, end)| {
        let words = std::iter::once("v=spf1").chain(terms.iter().map(String::as_str)).chain([end]);
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    })
}

pub(crate) fn world() -> impl Strategy<Value = World> {
    let records = prop::collection::vec(text(), DOMAINS.len());
    let hosts = prop::collection::vec((prop_oneof![select(HOSTS), select(DOMAINS)], ip()), 0..24);
    let exchanges = prop::collection::vec((select(DOMAINS), select(HOSTS)), 0..14);
    let names = prop::collection::vec((ip(), select(HOSTS)), 0..8);
    let slow = prop::collection::vec(select(HOSTS), 0..2);
    (records, hosts, exchanges, names, slow).prop_map(|(records, hosts, exchanges, names, slow)| World {
        // Three chances in four that a domain has a record, and e.test may hold an explanation.
        records: DOMAINS.iter().map(ToString::to_string).zip(records).collect(),
        hosts: hosts
            .into_iter()
            .filter(|(name, _)| *name != "gone.test")
            .map(|(name, ip)| (name.to_owned(), ip))
            .collect(),
        exchanges: exchanges.into_iter().map(|(name, host)| (name.to_owned(), host.to_owned())).collect(),
        names: names.into_iter().map(|(ip, name)| (ip, name.to_owned())).collect(),
        slow: slow.into_iter().map(str::to_owned).collect(),
    })
}
