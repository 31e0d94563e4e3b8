//! The suite `arc-sign`: seals made with the suite's key, compared tag by tag.

use std::collections::BTreeSet;
use std::fmt;

use mailwright_dkim::Policy;
use mailwright_dkim::algorithm::Algorithm;
use mailwright_dkim::arc::{self, Findings, Sealer};
use mailwright_dkim::key::{SignInput, SigningKey};
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::{Pkcs1v15Sign, PrivateKey};
use serde_json::Value;

use super::given::Given;
use crate::case::Verdict;
use crate::json;

/// The fields, by the names that the suite has for them.
const FIELDS: [&str; 3] = ["AAR", "AMS", "AS"];

/// The three fields are those wanted.
pub(super) fn judge(given: &Given, want: &Value) -> Verdict {
    match wanted(want).and_then(|want| Ok((want, sealed(given)?))) {
        Ok((want, got)) => Verdict::equal(&want, &got),
        Err(why) => Verdict::wrong("a case of the form that the suite's README describes", why),
    }
}

/// Of each field the parts between semicolons, without white space.
#[derive(PartialEq, Eq)]
struct Fields([BTreeSet<String>; 3]);

impl Fields {
    fn of(values: [&str; 3]) -> Self {
        let parts = |value: &str| {
            let value: String = value.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            value.split(';').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        Self(values.map(parts))
    }
}

impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, parts) in FIELDS.iter().zip(&self.0) {
            write!(f, "{name}: {} ", parts.iter().map(String::as_str).collect::<Vec<_>>().join("; "))?;
        }
        Ok(())
    }
}

fn wanted(want: &Value) -> Result<Fields, String> {
    let object = json::object(want, &FIELDS)?;
    let [results, message, seal] = FIELDS.map(|name| json::text(object, name));
    Ok(Fields::of([results?, message?, seal?]))
}

fn sealed(given: &Given) -> Result<Fields, String> {
    let known = ["domain", "selector", "private_key", "srv_id", "headers", "t"];
    let sign = json::object(given.sign.as_ref().ok_or("`sign` is missing")?, &known)?;
    let key = PrivateKey::from_pkcs1_pem(json::text(sign, "private_key")?).map_err(|e| e.to_string())?;
    let now = sign.get("t").and_then(Value::as_u64).ok_or("`t` is missing or no whole number")?;
    let headers = json::text(sign, "headers")?.split(':');
    let sealer = Sealer::new(json::text(sign, "domain")?, json::text(sign, "selector")?, Key(key))
        .and_then(|sealer| sealer.with_headers(headers))
        .map_err(|error| error.to_string())?;

    let message = given.octets()?;
    let chain = arc::verify(&message, &given.dns, &given.apply(Policy::rfc8301()), given.now);
    let findings =
        Findings::of_message(&message, json::text(sign, "srv_id")?).map_err(|error| error.to_string())?;
    let set = sealer.seal(&message, &chain, &findings, now).map_err(|error| error.to_string())?;
    let Some(set) = set else { return Ok(Fields::of([""; 3])) };
    let value = |field: &str| field.split_once(':').map(|(_, value)| value.to_owned()).unwrap_or_default();
    let values = [&set.results, &set.message, &set.seal].map(|field| value(field));
    Ok(Fields::of(values.each_ref().map(String::as_str)))
}

/// The suite's key has 1,024 bits, with which neither ring nor aws-lc-rs signs.
struct Key(PrivateKey);

impl SigningKey for Key {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RsaSha256
    }

    fn sign(&self, input: &SignInput<'_>) -> Result<Vec<u8>, String> {
        let scheme = Pkcs1v15Sign::new::<rsa::sha2::Sha256>();
        self.0.sign(scheme, &input.sha256).map_err(|error| error.to_string())
    }
}
