//! mailrs-spf over the suite, with a resolver that answers from hash maps.

use std::collections::HashMap;
use std::net::IpAddr;

use async_trait::async_trait;
use mailrs_spf::{SpfError, SpfResolver, VerifyInput, verify};

use super::suite::{Case, Data, Entry, Suite};

pub(crate) struct Mailrs {
    zones: Vec<Zone>,
    inputs: Vec<VerifyInput>,
}

#[derive(Default)]
struct Zone {
    txt: HashMap<String, Vec<String>>,
    a: HashMap<String, Vec<IpAddr>>,
    aaaa: HashMap<String, Vec<IpAddr>>,
    mx: HashMap<String, Vec<(u16, String)>>,
    timeouts: HashMap<String, ()>,
}

impl Mailrs {
    pub(crate) fn new(suite: &Suite) -> Self {
        let input = |case: &Case| VerifyInput {
            ip: case.ip,
            helo: case.helo.clone(),
            mail_from: case.mail_from.clone(),
        };
        Self {
            zones: suite.zones.iter().map(|entries| Zone::of(entries)).collect(),
            inputs: suite.cases.iter().map(input).collect(),
        }
    }

    pub(crate) fn check(&self, at: usize, case: &Case) -> &'static str {
        super::spf::block_on(verify(&self.zones[case.zone], &self.inputs[at])).as_str()
    }
}

impl Zone {
    fn of(entries: &[Entry]) -> Self {
        let mut zone = Self::default();
        for Entry { owner, data } in entries {
            let owner = owner.clone();
            match data {
                Data::Txt(text) => zone.txt.entry(owner).or_default().push(text.clone()),
                Data::A(address) => zone.a.entry(owner).or_default().push((*address).into()),
                Data::Aaaa(address) => zone.aaaa.entry(owner).or_default().push((*address).into()),
                Data::Mx(preference, exchange) => {
                    zone.mx.entry(owner).or_default().push((*preference, exchange.clone()));
                }
                Data::Timeout => drop(zone.timeouts.insert(owner, ())),
                Data::Ptr(_) | Data::Cname(_) => {}
            }
        }
        zone
    }

    fn get<T: Clone>(&self, map: &HashMap<String, Vec<T>>, name: &str) -> Result<Vec<T>, SpfError> {
        let found = match map.get(name) {
            Some(found) => Some(found),
            None if name.ends_with('.') || name.bytes().any(|octet| octet.is_ascii_uppercase()) => {
                map.get(&*name.trim_end_matches('.').to_ascii_lowercase())
            }
            None => None,
        };
        match found {
            Some(found) => Ok(found.clone()),
            None if self.timeouts.contains_key(name) => Err(SpfError::DnsTempError(String::new())),
            None => Ok(Vec::new()),
        }
    }
}

#[async_trait]
impl SpfResolver for Zone {
    async fn lookup_txt(&self, domain: &str) -> Result<Vec<String>, SpfError> {
        self.get(&self.txt, domain)
    }

    async fn lookup_a(&self, domain: &str) -> Result<Vec<IpAddr>, SpfError> {
        self.get(&self.a, domain)
    }

    async fn lookup_aaaa(&self, domain: &str) -> Result<Vec<IpAddr>, SpfError> {
        self.get(&self.aaaa, domain)
    }

    async fn lookup_mx(&self, domain: &str) -> Result<Vec<(u16, String)>, SpfError> {
        self.get(&self.mx, domain)
    }
}
