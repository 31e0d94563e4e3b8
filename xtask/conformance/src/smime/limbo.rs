//! The suite limbo: its cases stand in `limbo.json`, in the schema of x509-limbo.

use std::collections::HashMap;
use std::path::Path;

use mailwright_smime::path::{Revocation, Validator};
use mailwright_smime::x509::{Certificate, Crl, Time, pem_blocks};
use mailwright_smime::{OidBuf, Policy};
use serde_json::{Map, Value};

use super::expect::Expect;
use super::path::{certificates, grade};
use crate::case::Verdict;
use crate::json;

/// Testcases by their id.
pub(super) type Testcases = HashMap<String, Value>;

/// What a testcase has; most of it is about TLS.
const KNOWN: &[&str] = &[
    "id",
    "conflicts_with",
    "features",
    "importance",
    "description",
    "validation_kind",
    "trusted_certs",
    "untrusted_intermediates",
    "peer_certificate",
    "peer_certificate_key",
    "validation_time",
    "signature_algorithms",
    "key_usage",
    "extended_key_usage",
    "expected_result",
    "expected_peer_name",
    "expected_peer_names",
    "max_chain_depth",
    "crls",
];

/// The time of a testcase that states none.
const TIME: &str = "2024-06-01T00:00:00Z";

/// The testcases of a suite that has a `limbo.json`.
pub(super) fn read(folder: &Path) -> Result<Option<Testcases>, String> {
    let path = folder.join("limbo.json");
    if !path.is_file() {
        return Ok(None);
    }
    let text = std::fs::read(path).map_err(|error| error.to_string())?;
    let limbo: Value = serde_json::from_slice(&text).map_err(|error| format!("limbo.json: {error}"))?;
    let testcases = limbo.get("testcases").and_then(Value::as_array).ok_or("limbo.json: no `testcases`")?;
    let keyed =
        testcases.iter().filter_map(|case| Some((case.get("id")?.as_str()?.to_owned(), case.clone())));
    Ok(Some(keyed.collect()))
}

pub(super) fn judge(testcase: Option<&Value>, want: &Expect) -> Result<Verdict, String> {
    let testcase = json::object(testcase.ok_or("no testcase")?, KNOWN)?;
    let trust = pem_list(testcase, "trusted_certs")?;
    let intermediates = pem_list(testcase, "untrusted_intermediates")?;
    let crls = pem_list(testcase, "crls")?;
    let peer = pem(json::text(testcase, "peer_certificate")?)?;
    let mut validator = Validator::new(certificates(&trust))
        .certificates(certificates(&intermediates))
        .crls(crls.iter().filter_map(|der| Crl::from_der(der).ok()))
        .policy(Policy::strict())
        .at(time(testcase.get("validation_time"))?)
        .revocation(if crls.is_empty() { Revocation::IfKnown } else { Revocation::Required });
    for usage in json::list(testcase, "extended_key_usage")? {
        validator = validator.usage(usage_of(usage.as_str().unwrap_or_default())?);
    }
    if let Some(depth) = testcase.get("max_chain_depth").filter(|depth| !depth.is_null()) {
        let depth = depth.as_u64().and_then(|depth| usize::try_from(depth).ok());
        validator = validator.max_intermediates(depth.ok_or("`max_chain_depth` is no number")?);
    }
    let path = Certificate::from_der(&peer)
        .map_err(|error| error.to_string())
        .and_then(|peer| validator.validate(&peer).map_err(|error| error.to_string()));
    grade(&path, "valid", want)
}

/// Fractions of a second are cut off.
fn time(value: Option<&Value>) -> Result<Time, String> {
    let text = match value {
        None | Some(Value::Null) => TIME,
        Some(value) => value.as_str().ok_or("`validation_time` is no text")?,
    };
    let seconds = text.get(..19).ok_or("`validation_time` is too short")?;
    let rest =
        text.get(19..).unwrap_or_default().trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    if !matches!(rest, "Z" | "+00:00") {
        return Err(format!("`validation_time` is {text}"));
    }
    format!("{seconds}Z").parse().map_err(|error| format!("`validation_time`: {error}"))
}

fn usage_of(name: &str) -> Result<OidBuf, String> {
    let last = match name {
        "anyExtendedKeyUsage" => return Ok("2.5.29.37.0".parse().map_err(|_| "usage")?),
        "serverAuth" => 1,
        "clientAuth" => 2,
        "codeSigning" => 3,
        "emailProtection" => 4,
        "timeStamping" => 8,
        "OCSPSigning" => 9,
        other => return Err(format!("unknown usage `{other}`")),
    };
    format!("1.3.6.1.5.5.7.3.{last}").parse().map_err(|error| format!("{name}: {error}"))
}

fn pem_list(testcase: &Map<String, Value>, key: &str) -> Result<Vec<Vec<u8>>, String> {
    match testcase.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(_) => {
            json::list(testcase, key)?.iter().map(|text| pem(text.as_str().unwrap_or_default())).collect()
        }
    }
}

fn pem(text: &str) -> Result<Vec<u8>, String> {
    let block = pem_blocks(text.as_bytes()).map_err(|error| error.to_string())?.into_iter().next();
    block.map(|block| block.der).ok_or_else(|| "no PEM block".into())
}
