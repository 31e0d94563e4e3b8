//! mailwright-spf over the suite.

use mailwright_dns::{Name, TemporaryKind, Zone};
use mailwright_spf::{Config, Request, check_host};

use super::suite::{Case, Data, Entry, Suite};

pub(crate) struct Ours {
    zones: Vec<Zone>,
    config: Config,
}

impl Ours {
    pub(crate) fn new(suite: &Suite, config: Config) -> Self {
        Self { zones: suite.zones.iter().map(|entries| zone(entries)).collect(), config }
    }

    pub(crate) fn check(&self, case: &Case) -> &'static str {
        let request = Request::mail_from(case.ip, &case.mail_from, &case.helo);
        check_host(&request, &self.zones[case.zone], &self.config).result.as_str()
    }
}

/// Names that DNS cannot hold are left out.
fn zone(entries: &[Entry]) -> Zone {
    let mut zone = Zone::new();
    for Entry { owner, data } in entries {
        let _ = match data {
            Data::Txt(text) => zone.add_txt(owner, text).map(drop),
            Data::A(address) => zone.add_a(owner, *address).map(drop),
            Data::Aaaa(address) => zone.add_aaaa(owner, *address).map(drop),
            Data::Mx(preference, exchange) if exchange.is_empty() => {
                zone.add_mx(owner, *preference, ".").map(drop)
            }
            Data::Mx(preference, exchange) => zone.add_mx(owner, *preference, exchange).map(drop),
            Data::Ptr(target) => Name::new(owner).and_then(|name| {
                zone.insert(&name, mailwright_dns::Data::Ptr(Name::new(target)?));
                Ok(())
            }),
            Data::Cname(target) => zone.add_cname(owner, target).map(drop),
            Data::Timeout => zone.add_fault_else(owner, TemporaryKind::Timeout).map(drop),
        };
    }
    zone
}
