//! The values of groups and tests.

use mailwright_smime::Digest;
use serde_json::{Map, Value};

use super::Group;
use crate::json;

/// The octets of a field in hex.
pub(super) fn hex(fields: &Map<String, Value>, key: &str) -> Result<Vec<u8>, String> {
    let text = json::text(fields, key)?;
    // Numbers of Java lose the first digit where it is 0.
    let even = if text.len().is_multiple_of(2) { text.to_owned() } else { format!("0{text}") };
    let pairs = even.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    pairs
        .map(|pair| u8::from_str_radix(pair?, 16).ok())
        .collect::<Option<_>>()
        .ok_or_else(|| format!("`{key}` is no hex"))
}

/// The digest that a name stands for; `None` for those that the crate has not.
pub(super) fn digest_of(name: &str) -> Result<Option<Digest>, String> {
    Ok(Some(match name {
        "SHA-1" | "SHA1" => Digest::Sha1,
        "SHA-224" | "SHA224" => Digest::Sha224,
        "SHA-256" | "SHA256" => Digest::Sha256,
        "SHA-384" | "SHA384" => Digest::Sha384,
        "SHA-512" | "SHA512" => Digest::Sha512,
        "SHA-512/224" | "SHA-512/256" | "SHA512/224" | "SHA512/256" | "SHAKE128" | "SHAKE256" | "SM3" => {
            return Ok(None);
        }
        sha3 if ["224", "256", "384", "512"].iter().any(|bits| sha3 == format!("SHA3-{bits}")) => {
            return Ok(None);
        }
        other => return Err(format!("unknown digest {other}")),
    }))
}

impl Group<'_> {
    pub(super) fn text(&self, key: &str) -> Result<&str, String> {
        json::text(self.fields, key)
    }

    pub(super) fn hex(&self, key: &str) -> Result<Vec<u8>, String> {
        hex(self.fields, key)
    }

    pub(super) fn number(&self, key: &str) -> Result<usize, String> {
        json::number(self.fields, key)
    }

    pub(super) fn digest(&self, key: &str) -> Result<Option<Digest>, String> {
        digest_of(self.text(key)?)
    }

    /// Whether the algorithm is `name`, and not one of those `others`, which the crate has not.
    pub(super) fn is(&self, name: &str, others: &[&str]) -> Result<bool, String> {
        match self.algorithm {
            algorithm if algorithm == name => Ok(true),
            algorithm if others.contains(&algorithm) => Ok(false),
            algorithm => Err(format!("`algorithm` is {algorithm}")),
        }
    }
}
