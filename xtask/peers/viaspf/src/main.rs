//! viaspf over one suite of SPF: `peer-viaspf FILE`, then a command a line on standard input, each answered by a line.
//!
//! `answers`: the result of every case. `turn N...`: evaluates these cases once, and says how many nanoseconds that took.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::future::Future;
use std::hint::black_box;
use std::io::{BufRead, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use async_trait::async_trait;
use serde_json::{Value, json};
use viaspf::lookup::{Lookup, LookupError, LookupResult, Name};
use viaspf::{Config, DomainName, Sender, evaluate_sender};

/// The records of a scenario; names in lower case without a final dot.
#[derive(Default)]
struct Zone {
    txt: HashMap<String, LookupSet<String>>,
    a: HashMap<String, LookupSet<Ipv4Addr>>,
    aaaa: HashMap<String, LookupSet<Ipv6Addr>>,
    mx: HashMap<String, LookupSet<Name>>,
    ptr: HashMap<IpAddr, LookupSet<Name>>,
    timeouts: HashMap<String, ()>,
    aliases: HashMap<String, String>,
}

type LookupSet<T> = Vec<T>;

/// As text, as a mail server has it: reading the identities is a part of each evaluation.
struct Case {
    ip: IpAddr,
    mail_from: String,
    helo: String,
    zone: usize,
}

fn key(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

impl Zone {
    fn read(value: &Value) -> Self {
        let mut zone = Self::default();
        for (owner, records) in value.as_object().into_iter().flatten() {
            let owner = key(owner);
            for record in records.as_array().into_iter().flatten() {
                let text = |key: &str| record[key].as_str().unwrap_or_default();
                match text("type") {
                    "TXT" => {
                        let strings = record["strings"].as_array().into_iter().flatten();
                        let joined = strings.filter_map(Value::as_str).collect();
                        zone.txt.entry(owner.clone()).or_default().push(joined);
                    }
                    "A" => {
                        zone.a.entry(owner.clone()).or_default().extend(text("address").parse::<Ipv4Addr>())
                    }
                    "AAAA" => {
                        zone.aaaa
                            .entry(owner.clone())
                            .or_default()
                            .extend(text("address").parse::<Ipv6Addr>());
                    }
                    "MX" => zone.mx.entry(owner.clone()).or_default().extend(Name::new(text("exchange"))),
                    "PTR" => {
                        if let Some(ip) = address_of(&owner) {
                            zone.ptr.entry(ip).or_default().extend(Name::new(text("target")));
                        }
                    }
                    "CNAME" => drop(zone.aliases.insert(owner.clone(), key(text("target")))),
                    "TIMEOUT" => drop(zone.timeouts.insert(owner.clone(), ())),
                    _ => {}
                }
            }
        }
        zone
    }

    fn get<T: Clone>(&self, map: &HashMap<String, LookupSet<T>>, name: &Name) -> LookupResult<Vec<T>> {
        // Most names come in lower case.
        let lower = name.as_str().bytes().any(|octet| octet.is_ascii_uppercase()).then(|| key(name.as_str()));
        let mut name = lower.as_deref().unwrap_or(name.as_str().trim_end_matches('.'));
        for _ in 0..=8 {
            if let Some(found) = map.get(name) {
                return Ok(found.clone());
            }
            if self.timeouts.contains_key(name) {
                return Err(LookupError::Timeout);
            }
            match self.aliases.get(name) {
                Some(target) => name = target,
                None => break,
            }
        }
        Err(LookupError::NoRecords)
    }
}

/// The address of a reverse name.
fn address_of(owner: &str) -> Option<IpAddr> {
    if let Some(labels) = owner.strip_suffix(".in-addr.arpa") {
        let mut octets: Vec<&str> = labels.split('.').collect();
        octets.reverse();
        return octets.join(".").parse().ok();
    }
    let mut nibbles: Vec<&str> = owner.strip_suffix(".ip6.arpa")?.split('.').collect();
    nibbles.reverse();
    let groups: Vec<String> = nibbles.chunks(4).map(|group| group.concat()).collect();
    groups.join(":").parse().ok()
}

#[async_trait]
impl Lookup for Zone {
    async fn lookup_a<'lookup, 'a>(&'lookup self, name: &'a Name) -> LookupResult<Vec<Ipv4Addr>> {
        self.get(&self.a, name)
    }
    async fn lookup_aaaa<'lookup, 'a>(&'lookup self, name: &'a Name) -> LookupResult<Vec<Ipv6Addr>> {
        self.get(&self.aaaa, name)
    }
    async fn lookup_mx<'lookup, 'a>(&'lookup self, name: &'a Name) -> LookupResult<Vec<Name>> {
        self.get(&self.mx, name)
    }
    async fn lookup_txt<'lookup, 'a>(&'lookup self, name: &'a Name) -> LookupResult<Vec<String>> {
        self.get(&self.txt, name)
    }
    async fn lookup_ptr<'lookup>(&'lookup self, ip: IpAddr) -> LookupResult<Vec<Name>> {
        self.ptr.get(&ip).cloned().ok_or(LookupError::NoRecords)
    }
}

fn main() {
    let path = std::env::args().nth(1).expect("the path of a suite");
    let suite: Value = serde_json::from_slice(&std::fs::read(path).expect("the suite")).expect("JSON");
    let (mut zones, mut cases) = (Vec::new(), Vec::new());
    for scenario in suite["scenarios"].as_array().into_iter().flatten() {
        zones.push(Zone::read(&scenario["zone"]));
        for case in scenario["cases"].as_array().into_iter().flatten() {
            cases.push(read(case, zones.len() - 1));
        }
    }
    let config = Config::default();
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        let mut words = line.split_ascii_whitespace();
        let answer = match words.next() {
            Some("answers") => {
                let all = cases.iter().map(|case| evaluate(case, &zones[case.zone], &config));
                json!(all.collect::<Vec<_>>()).to_string()
            }
            Some("turn") => {
                let chosen: Vec<&Case> =
                    words.map(|word| &cases[word.parse::<usize>().unwrap_or(0)]).collect();
                let start = Instant::now();
                for case in chosen {
                    if let Some((sender, helo)) = case.identities() {
                        let check =
                            evaluate_sender(&zones[case.zone], &config, case.ip, &sender, helo.as_ref());
                        black_box(block_on(check));
                    }
                }
                start.elapsed().as_nanos().to_string()
            }
            _ => break,
        };
        println!("{answer}");
        let _ = std::io::stdout().flush();
    }
}

fn read(case: &Value, zone: usize) -> Case {
    let text = |key: &str| case[key].as_str().unwrap_or_default();
    let ip = text("ip").parse().expect("an address");
    Case { ip, mail_from: text("mail_from").into(), helo: text("helo").into(), zone }
}

impl Case {
    /// The sender, where there is one to check, and the HELO name.
    fn identities(&self) -> Option<(Sender, Option<DomainName>)> {
        let sender = match &*self.mail_from {
            "" => Sender::from_domain(&self.helo),
            address => match address.rsplit_once('@') {
                Some(("", domain)) => Sender::from_domain(domain),
                Some(_) => Sender::from_address(address),
                None => Sender::from_domain(address),
            },
        };
        Some((sender.ok()?, DomainName::new(&self.helo).ok()))
    }
}

/// The result and the explanation.
fn evaluate(case: &Case, zone: &Zone, config: &Config) -> Value {
    let Some((sender, helo)) = case.identities() else { return json!(["none", null]) };
    let found = block_on(evaluate_sender(zone, config, case.ip, &sender, helo.as_ref()));
    let explanation = match &found.spf_result {
        viaspf::SpfResult::Fail(viaspf::ExplanationString::External(text)) => json!(text),
        _ => Value::Null,
    };
    let result = found.spf_result.to_string();
    json!([result.split(' ').next(), explanation])
}

/// Nothing here ever waits.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = Box::pin(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
}
