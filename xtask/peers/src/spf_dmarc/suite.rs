//! The cases of the SPF suite and their zones, read once for everyone.

use std::net::IpAddr;

use serde_json::Value;

use crate::data;

/// A case.
pub(crate) struct Case {
    pub(crate) ip: IpAddr,
    pub(crate) helo: String,
    pub(crate) mail_from: String,
    /// The position of its zone.
    pub(crate) zone: usize,
}

/// All cases and zones of `rfc7208.json`.
pub(crate) struct Suite {
    pub(crate) zones: Vec<Vec<Entry>>,
    pub(crate) cases: Vec<Case>,
    pub(crate) path: std::path::PathBuf,
}

/// A record: its owner and what it holds.
pub(crate) struct Entry {
    pub(crate) owner: String,
    pub(crate) data: Data,
}

pub(crate) enum Data {
    Txt(String),
    A(std::net::Ipv4Addr),
    Aaaa(std::net::Ipv6Addr),
    Mx(u16, String),
    Ptr(String),
    Cname(String),
    Timeout,
}

impl Suite {
    pub(crate) fn read() -> Result<Self, String> {
        let path = data::folder("spf-dmarc")?.join("spf/rfc7208.json");
        let text = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let value: Value = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
        let (mut zones, mut cases) = (Vec::new(), Vec::new());
        for scenario in value["scenarios"].as_array().into_iter().flatten() {
            for case in scenario["cases"].as_array().into_iter().flatten() {
                let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
                let ip = text("ip").parse().map_err(|_| String::from("a case without an address"))?;
                let (helo, mail_from) = (text("helo"), text("mail_from"));
                cases.push(Case { ip, helo, mail_from, zone: zones.len() });
            }
            let zone = scenario["zone"].as_object().into_iter().flatten();
            zones.push(zone.flat_map(|(owner, records)| entries(owner, records)).collect());
        }
        Ok(Self { zones, cases, path })
    }
}

fn entries(owner: &str, records: &Value) -> Vec<Entry> {
    let entry = |record: &Value| {
        let text = |key: &str| record[key].as_str().unwrap_or_default().to_owned();
        let data = match &*text("type") {
            "TXT" => {
                let strings = record["strings"].as_array()?.iter();
                Data::Txt(strings.filter_map(Value::as_str).collect())
            }
            "A" => Data::A(text("address").parse().ok()?),
            "AAAA" => Data::Aaaa(text("address").parse().ok()?),
            "MX" => Data::Mx(record["preference"].as_u64()? as u16, text("exchange")),
            "PTR" => Data::Ptr(text("target")),
            "CNAME" => Data::Cname(text("target")),
            "TIMEOUT" => Data::Timeout,
            _ => return None,
        };
        Some(Entry { owner: owner.trim_end_matches('.').to_ascii_lowercase(), data })
    };
    records.as_array().into_iter().flatten().filter_map(entry).collect()
}

/// The address of a reverse name.
pub(crate) fn address_of(owner: &str) -> Option<IpAddr> {
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
