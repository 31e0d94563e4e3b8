//! DNS lists: names, answers, health.

use std::net::{IpAddr, Ipv4Addr};

use mailwright_antispam::dnsbl::{Codes, written_name};
use mailwright_dns::dnsbl::{Health, Listing, Unknown};
use mailwright_dns::{Data, Kind, Name, TemporaryKind, Zone};
use serde_json::{Map, Value, json};

use crate::case::Verdict;
use crate::json;

/// The name to ask about an address.
pub(super) fn query(given: &Map<String, Value>, want: &Value) -> Result<Verdict, String> {
    let ip: IpAddr = json::text(given, "ip")?.parse().map_err(|_| "`ip` is no address")?;
    let zone = name(json::text(given, "zone")?)?;
    let query = written_name(ip, &zone).map_err(|error| error.to_string())?;
    Ok(Verdict::equal(want, &json!(query.to_string())))
}

/// What an answer says.
pub(super) fn response(given: &Map<String, Value>, want: &Value) -> Result<Verdict, String> {
    let expect = want.as_str().filter(|word| ["listed", "not_listed", "unknown"].contains(word));
    expect.ok_or("`expect` is none of listed, not_listed, unknown")?;
    let codes = codes(given.get("codes").ok_or("`codes` is missing")?)?;
    let mut zone = Zone::new();
    let asked = name("1.2.0.192.list.example")?;
    put(&mut zone, &asked, given.get("answer").ok_or("`answer` is missing")?)?;
    let list = mailwright_dns::dnsbl::List::new(name("list.example")?, codes.to_codes());
    let listing = list.address(&zone, [192, 0, 2, 1].into());
    Ok(Verdict::equal(want, &json!(said(&listing))))
}

/// Whether a list works.
pub(super) fn health(given: &Map<String, Value>, want: &Value) -> Result<Verdict, String> {
    let answers =
        given.get("zone_answers").and_then(Value::as_object).ok_or("`zone_answers` is no object")?;
    let list_zone = name("list.example")?;
    let mut zone = Zone::new();
    for (key, answer) in answers {
        if !["127.0.0.1", "127.0.0.2"].contains(&key.as_str()) {
            return Err(format!("{key} is no test point"));
        }
        let ip: IpAddr = key.parse().map_err(|_| "a key is no address")?;
        put(&mut zone, &written_name(ip, &list_zone).map_err(|error| error.to_string())?, answer)?;
    }
    let every = Codes::range(Ipv4Addr::new(127, 0, 0, 2), Ipv4Addr::new(127, 255, 254, 255))?;
    let list = mailwright_dns::dnsbl::List::new(list_zone, every.to_codes());
    let word = match list.health(&zone, mailwright_dns::dnsbl::Entries::Ipv4) {
        Health::Working => "operational",
        Health::EverythingListed => "lists_everything",
        Health::NothingListed => "lists_nothing",
        Health::Unknown(_) => "unknown",
        _ => "pending",
    };
    Ok(Verdict::equal(want, &json!(word)))
}

fn name(text: &str) -> Result<Name, String> {
    Name::new(text).map_err(|error| format!("{text}: {error}"))
}

fn said(listing: &Listing) -> &'static str {
    match listing {
        Listing::Listed(_) => "listed",
        Listing::NotListed => "not_listed",
        Listing::Unknown(Unknown::Name(_)) => "no name",
        Listing::Unknown(_) => "unknown",
        _ => "pending",
    }
}

/// Makes the zone answer so at a name.
fn put(zone: &mut Zone, at: &Name, answer: &Value) -> Result<(), String> {
    let text = at.to_string();
    match answer {
        Value::String(word) => {
            let kind = match word.as_str() {
                "NXDOMAIN" => return Ok(()),
                "SERVFAIL" => TemporaryKind::ServFail,
                "TIMEOUT" => TemporaryKind::Timeout,
                other => return Err(format!("`answer` {other:?} is not known")),
            };
            zone.add_fault(&text, Kind::A, kind).map_err(|error| error.to_string())?;
        }
        Value::Array(addresses) => {
            zone.add_name(&text).map_err(|error| error.to_string())?;
            for address in addresses {
                let ip = ipv4(address)?;
                zone.insert(at, Data::A(ip));
            }
        }
        other => return Err(format!("`answer` {other} is not known")),
    }
    Ok(())
}

fn codes(value: &Value) -> Result<Codes, String> {
    let object = json::object(value, &["ranges", "mask"])?;
    match (object.get("ranges"), object.get("mask")) {
        (Some(Value::Array(ranges)), None) => {
            let mut all: Option<Codes> = None;
            for range in ranges {
                let Some([first, last]) = range.as_array().map(Vec::as_slice) else {
                    return Err("a range has two ends".to_owned());
                };
                let codes = Codes::range(ipv4(first)?, ipv4(last)?)?;
                all = Some(match all {
                    Some(before) => before.and(codes),
                    None => codes,
                });
            }
            all.ok_or_else(|| "no range".to_owned())
        }
        (None, Some(mask)) => {
            let mask = mask.as_u64().and_then(|mask| u8::try_from(mask & 0xff).ok());
            mask.map(Codes::mask).ok_or_else(|| "`mask` is no whole number".to_owned())
        }
        _ => Err("`codes` has either `ranges` or `mask`".to_owned()),
    }
}

fn ipv4(value: &Value) -> Result<Ipv4Addr, String> {
    let text = value.as_str().ok_or("an address is no text")?;
    text.parse().map_err(|_| format!("{text} is no IPv4 address"))
}
