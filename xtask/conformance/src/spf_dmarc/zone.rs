//! The DNS of a case: an object of names, each with the list of its records.

use std::net::{Ipv4Addr, Ipv6Addr};

use mailwright_dns::{Data, Mx, Name, TemporaryKind, Txt, Zone};
use serde_json::{Map, Value};

use crate::json;

/// The zone that `value` describes.
pub(super) fn read(value: &Value) -> Result<Zone, String> {
    let names = value.as_object().ok_or_else(|| format!("no zone: {value}"))?;
    let mut zone = Zone::new();
    for (owner, records) in names {
        let records = records.as_array().ok_or_else(|| format!("no list of records at {owner}"))?;
        // A name that DNS cannot hold can never be asked for.
        let name = Name::new(owner).ok();
        if name.is_some() {
            zone.add_name(owner).map_err(|error| error.to_string())?;
        }
        for record in records {
            add(&mut zone, owner, name.as_ref(), record)?;
        }
    }
    Ok(zone)
}

fn add(zone: &mut Zone, owner: &str, name: Option<&Name>, record: &Value) -> Result<(), String> {
    let type_ = record.get("type").and_then(Value::as_str).ok_or_else(|| format!("no type: {record}"))?;
    let keys: &[&str] = match type_ {
        "TXT" | "SPF" => &["type", "strings"],
        "A" | "AAAA" => &["type", "address"],
        "PTR" | "CNAME" => &["type", "target"],
        "MX" => &["type", "preference", "exchange"],
        "TIMEOUT" => &["type"],
        _ => return Err(format!("unknown record type `{type_}`")),
    };
    let object = json::object(record, keys)?;
    let data = match type_ {
        // Type 99 is never asked for (RFC 7208 3.1).
        "SPF" => return json::list(object, "strings").map(drop),
        "TXT" => Data::Txt(txt(object)?),
        "A" => {
            Data::A(json::text(object, "address")?.parse::<Ipv4Addr>().map_err(|error| error.to_string())?)
        }
        "AAAA" => {
            Data::Aaaa(json::text(object, "address")?.parse::<Ipv6Addr>().map_err(|error| error.to_string())?)
        }
        "PTR" => Data::Ptr(target(object, "target")?),
        "CNAME" => Data::Cname(target(object, "target")?),
        "MX" => {
            let preference =
                u16::try_from(json::number(object, "preference")?).map_err(|error| error.to_string())?;
            Data::Mx(Mx { preference, exchange: target(object, "exchange")? })
        }
        _ => {
            if name.is_some() {
                zone.add_fault_else(owner, TemporaryKind::Timeout).map_err(|error| error.to_string())?;
            }
            return Ok(());
        }
    };
    if let Some(name) = name {
        zone.insert(name, data);
    }
    Ok(())
}

fn txt(object: &Map<String, Value>) -> Result<Txt, String> {
    let strings = json::list(object, "strings")?;
    let strings = strings.iter().map(|string| string.as_str().ok_or_else(|| format!("no text: {string}")));
    let joined: String = strings.collect::<Result<_, _>>()?;
    Ok(Txt::from_joined(joined))
}

/// A name; empty for the root.
fn target(object: &Map<String, Value>, key: &str) -> Result<Name, String> {
    match json::text(object, key)? {
        "" => Ok(Name::ROOT),
        text => Name::new(text).map_err(|error| error.to_string()),
    }
}
