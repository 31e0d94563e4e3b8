//! mail-auth over the suite, with caches that know everything, so that it never asks the network.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Instant;

use mail_auth::dkim::DomainKey;
use mail_auth::dns::{
    DnsCache, DnssecStatus, Mx, Negative, RecordSet, ResolverCache, TxtRecord, TxtRecordParser,
};
use mail_auth::hickory_resolver::config::{ResolverConfig, ResolverOpts};
use mail_auth::hickory_resolver::proto::op::ResponseCode;
use mail_auth::spf::{Macro, SpfRecord, verify::SpfParameters};
use mail_auth::{DnsError, Error, MessageAuthenticator, Parameters, SpfResult};

use super::suite::{Case, Data, Entry, Suite, address_of};

/// What it is given for a name that a cache does not hold.
const NONE: Negative = Negative { code: ResponseCode::NXDomain };

pub(crate) struct Auth {
    authenticator: MessageAuthenticator,
    zones: Vec<Zone>,
}

type Sets<T> = Cache<Box<str>, Result<RecordSet<T>, Negative>>;

pub(crate) struct Zone {
    txt: Cache<Box<str>, TxtRecord>,
    mx: Sets<Mx>,
    a: Sets<Ipv4Addr>,
    aaaa: Sets<Ipv6Addr>,
    ptr: Cache<IpAddr, Result<RecordSet<Box<str>>, Negative>>,
}

pub(crate) struct Cache<K, V> {
    known: HashMap<K, V>,
    otherwise: V,
}

impl<K: Hash + Eq, V: Clone> ResolverCache<K, V> for Cache<K, V> {
    fn get<Q>(&self, name: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        Some(self.known.get(name).unwrap_or(&self.otherwise).clone())
    }

    fn remove<Q>(&self, _: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: K, _: V, _: Instant) {}
}

impl DnsCache for Zone {
    type Txt = Cache<Box<str>, TxtRecord>;
    type Mx = Sets<Mx>;
    type Ipv4 = Sets<Ipv4Addr>;
    type Ipv6 = Sets<Ipv6Addr>;
    type Ptr = Cache<IpAddr, Result<RecordSet<Box<str>>, Negative>>;

    fn txt(&self) -> Option<&Self::Txt> {
        Some(&self.txt)
    }
    fn mx(&self) -> Option<&Self::Mx> {
        Some(&self.mx)
    }
    fn ipv4(&self) -> Option<&Self::Ipv4> {
        Some(&self.a)
    }
    fn ipv6(&self) -> Option<&Self::Ipv6> {
        Some(&self.aaaa)
    }
    fn ptr(&self) -> Option<&Self::Ptr> {
        Some(&self.ptr)
    }
}

impl Auth {
    pub(crate) fn new(suite: &Suite) -> Result<Self, String> {
        let config = ResolverConfig::from_parts(None, Vec::new(), Vec::new());
        let authenticator = MessageAuthenticator::new(config, ResolverOpts::default())
            .map_err(|error| format!("mail-auth: {error}"))?;
        Ok(Self { authenticator, zones: suite.zones.iter().map(|entries| Zone::of(entries)).collect() })
    }

    pub(crate) fn check(&self, case: &Case) -> &'static str {
        // As the others do: the null reverse-path is the HELO identity, and what has no @ is a domain.
        let parameters = if case.mail_from.is_empty() {
            SpfParameters::helo(case.ip, &case.helo, "receiver.example")
        } else {
            SpfParameters::mail_from(case.ip, &case.helo, "receiver.example", &case.mail_from)
        };
        let parameters = Parameters::new(parameters).with_cache(&self.zones[case.zone]);
        let found = super::spf::block_on(self.authenticator.check_host(parameters));
        match found.result() {
            SpfResult::Pass => "pass",
            SpfResult::Fail => "fail",
            SpfResult::SoftFail => "softfail",
            SpfResult::Neutral => "neutral",
            SpfResult::TempError => "temperror",
            SpfResult::PermError => "permerror",
            SpfResult::None => "none",
        }
    }
}

impl Zone {
    /// Nothing but keys of DKIM, by name and text.
    pub(crate) fn of_keys(records: &[(String, String)]) -> Self {
        let key = |(name, text): &(String, String)| {
            let name: Box<str> = format!("{}.", name.trim_end_matches('.')).into();
            (name, TxtRecord::from(DomainKey::parse_records(&[text.clone().into_bytes()])))
        };
        let mut zone = Self::of(&[]);
        zone.txt.known.extend(records.iter().map(key));
        zone
    }

    fn of(entries: &[Entry]) -> Self {
        let mut texts: HashMap<Box<str>, Vec<Vec<u8>>> = HashMap::new();
        let mut mx: HashMap<Box<str>, Vec<(u16, Box<str>)>> = HashMap::new();
        let (mut a, mut aaaa) = (HashMap::new(), HashMap::new());
        let mut ptr: HashMap<IpAddr, Vec<Box<str>>> = HashMap::new();
        for Entry { owner, data } in entries {
            let name: Box<str> = format!("{owner}.").into();
            let absolute = |target: &str| format!("{}.", target.trim_end_matches('.').to_ascii_lowercase());
            match data {
                Data::Txt(text) => texts.entry(name).or_default().push(text.clone().into_bytes()),
                Data::A(address) => a.entry(name).or_insert_with(Vec::new).push(*address),
                Data::Aaaa(address) => aaaa.entry(name).or_insert_with(Vec::new).push(*address),
                Data::Mx(preference, target) => {
                    mx.entry(name).or_default().push((*preference, absolute(target).into()));
                }
                Data::Ptr(target) => {
                    if let Some(ip) = address_of(owner) {
                        ptr.entry(ip).or_default().push(absolute(target).into());
                    }
                }
                Data::Cname(_) | Data::Timeout => {}
            }
        }
        let txt = texts.into_iter().map(|(name, texts)| {
            let spf = SpfRecord::parse_records(&texts);
            let record = match spf {
                Err(Error::Dns(DnsError::InvalidRecordType)) => TxtRecord::from(Macro::parse_records(&texts)),
                spf => TxtRecord::from(spf),
            };
            (name, record)
        });
        let mx = mx.into_iter().map(|(name, hosts)| {
            let group = |(preference, host)| Mx { exchanges: [host].into(), preference };
            (name, hosts.into_iter().map(group).collect::<Vec<_>>())
        });
        Self {
            txt: Cache {
                known: txt.collect(),
                otherwise: TxtRecord::Error(Error::Dns(DnsError::RecordNotFound(ResponseCode::NXDomain))),
            },
            mx: sets(mx),
            a: sets(a.into_iter()),
            aaaa: sets(aaaa.into_iter()),
            ptr: sets(ptr.into_iter()),
        }
    }
}

fn sets<K: Hash + Eq, T>(
    found: impl Iterator<Item = (K, Vec<T>)>,
) -> Cache<K, Result<RecordSet<T>, Negative>> {
    let set = |records: Vec<T>| RecordSet {
        records: Arc::from(records),
        dnssec_status: DnssecStatus::Indeterminate,
    };
    Cache { known: found.map(|(key, records)| (key, Ok(set(records)))).collect(), otherwise: Err(NONE) }
}
