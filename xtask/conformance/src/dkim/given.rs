//! What a case gives: the message, the DNS, the time, settings of the policy.

use std::path::{Path, PathBuf};

use mailwright_dkim::{LineEnds, Policy};
use mailwright_dns::{Kind, Missing, TemporaryKind, Zone};
use serde_json::Value;

use crate::json;

/// The keys of every kind of case. `notes` and `upstream` are for people.
const KNOWN: &[&str] = &["id", "kind", "message", "dns", "now", "policy", "expect", "notes", "upstream"];

#[derive(Clone)]
pub(super) struct Given {
    pub(super) message: PathBuf,
    pub(super) dns: Zone,
    pub(super) now: u64,
    /// What a case of sealing has besides.
    pub(super) sign: Option<Value>,
    line_ends: LineEnds,
    require_signed: Vec<String>,
}

impl Given {
    pub(super) fn read(folder: &Path, element: &Value) -> Result<Self, String> {
        let signs = element.get("kind").is_some_and(|kind| kind == "arc-sign");
        let more: &[&str] = if signs { &["sign"] } else { &[] };
        let known: Vec<&str> = KNOWN.iter().chain(more).copied().collect();
        let object = json::object(element, &known)?;
        json::text(object, "id")?;
        let mut given = Self {
            message: folder.join(json::text(object, "message")?),
            dns: Zone::new(),
            now: object.get("now").and_then(Value::as_u64).ok_or("`now` is missing or no whole number")?,
            sign: object.get("sign").cloned(),
            line_ends: LineEnds::AsIs,
            require_signed: Vec::new(),
        };
        if let Some(dns) = object.get("dns") {
            read_dns(dns, &mut given.dns)?;
        }
        if let Some(policy) = object.get("policy") {
            let policy = json::object(policy, &["normalize_line_ends", "require_signed"])?;
            match policy.get("normalize_line_ends") {
                None | Some(Value::Bool(false)) => {}
                Some(Value::Bool(true)) => given.line_ends = LineEnds::Normalize,
                Some(other) => return Err(format!("`normalize_line_ends` is no truth value: {other}")),
            }
            if policy.contains_key("require_signed") {
                let name =
                    |name: &Value| name.as_str().map(str::to_owned).ok_or(format!("no field name: {name}"));
                given.require_signed =
                    json::list(policy, "require_signed")?.iter().map(name).collect::<Result<_, _>>()?;
            }
        }
        Ok(given)
    }

    /// `policy` with the settings of the case.
    pub(super) fn apply(&self, policy: Policy) -> Policy {
        Policy { line_ends: self.line_ends, require_signed: self.require_signed.clone(), ..policy }
    }

    /// The message's octets.
    pub(super) fn octets(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.message).map_err(|error| error.to_string())
    }
}

/// Name -> `{"txt": [record, ...]}` or `{"error": kind}`.
fn read_dns(dns: &Value, zone: &mut Zone) -> Result<(), String> {
    let names = dns.as_object().ok_or("`dns` is no object")?;
    for (name, answer) in names {
        let wrong = |error: mailwright_dns::Error| format!("{name}: {error}");
        let object = json::object(answer, &["txt", "error"])?;
        match (object.get("txt"), object.get("error").and_then(Value::as_str)) {
            (Some(Value::Array(records)), None) => {
                zone.add_name(name).map_err(wrong)?;
                for record in records {
                    let text = record.as_str().ok_or(format!("{name}: a record that is no text"))?;
                    zone.add_txt(name, text).map_err(wrong)?;
                }
            }
            (None, Some(error)) => {
                let why: Missing = match error {
                    "nxdomain" => Missing::NxDomain,
                    "servfail" => TemporaryKind::ServFail.into(),
                    "timeout" => TemporaryKind::Timeout.into(),
                    _ => return Err(format!("{name}: unknown error `{error}`")),
                };
                zone.add_fault(name, Kind::Txt, why).map_err(wrong)?;
            }
            _ => return Err(format!("{name}: neither `txt` nor `error`: {answer}")),
        }
    }
    Ok(())
}
