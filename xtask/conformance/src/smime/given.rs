//! What a case gives.

use std::path::{Path, PathBuf};

use mailwright_smime::Policy;
use mailwright_smime::path::{PolicyInput, PolicySet, Revocation};
use mailwright_smime::x509::{Time, pem_blocks};
use serde_json::{Map, Value};

use crate::json;

/// The fields of a case. `note`, `title`, `section` and `openssl_...` are for people.
const KNOWN: &[&str] = &[
    "id",
    "op",
    "file",
    "skip_lines",
    "detached",
    "content",
    "member",
    "tests",
    "trust",
    "certs",
    "intermediates",
    "crls",
    "revocation",
    "time",
    "scope",
    "rules",
    "policy",
    "purpose",
    "email",
    "key",
    "cert",
    "other_key_forms",
    "secret_key_hex",
    "secret_key_id_hex",
    "password",
    "keys",
    "from",
    "tags",
    "expect",
    "note",
    "title",
    "section",
    "features",
];

/// A case, with the defaults of its manifest.
#[derive(Clone)]
pub(super) struct Given {
    folder: PathBuf,
    fields: Map<String, Value>,
}

impl Given {
    pub(super) fn read(
        folder: &Path,
        manifest: &Map<String, Value>,
        element: &Value,
    ) -> Result<Self, String> {
        let kept = element
            .as_object()
            .ok_or("a case is an object")?
            .iter()
            .filter(|(key, _)| !key.starts_with("openssl_"));
        let mut fields: Map<String, Value> = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
        json::object(&Value::Object(fields.clone()), KNOWN)?;
        for key in ["time", "rules"] {
            if let (Some(default), false) = (manifest.get(key), fields.contains_key(key)) {
                fields.insert(key.into(), default.clone());
            }
        }
        Ok(Self { folder: folder.to_owned(), fields })
    }

    pub(super) fn text(&self, key: &str) -> Result<&str, String> {
        json::text(&self.fields, key)
    }

    /// The text under a key that may be missing.
    pub(super) fn optional(&self, key: &str) -> Result<Option<&str>, String> {
        if self.fields.contains_key(key) { self.text(key).map(Some) } else { Ok(None) }
    }

    pub(super) fn file(&self, key: &str) -> Result<PathBuf, String> {
        Ok(self.folder.join(self.text(key)?))
    }

    /// The DER of all objects in the files of a list; PEM blocks must have this label.
    pub(super) fn objects(&self, key: &str, label: &str) -> Result<Vec<Vec<u8>>, String> {
        if !self.fields.contains_key(key) {
            return Ok(Vec::new());
        }
        let mut objects = Vec::new();
        for path in json::list(&self.fields, key)? {
            let path = path.as_str().ok_or_else(|| format!("`{key}` has no path: {path}"))?;
            objects.extend(objects_of(&self.folder.join(path), label)?);
        }
        Ok(objects)
    }

    /// The rules of the case; strict where none are named.
    pub(super) fn rules(&self) -> Result<Policy, String> {
        match self.optional("rules")? {
            None | Some("strict") => Ok(Policy::strict()),
            Some("interop") => Ok(Policy::interop()),
            Some(other) => Err(format!("`rules` is {other}")),
        }
    }

    /// The octets of the file under `key`, `skip_lines` of them left out where that is the input.
    pub(super) fn octets(&self, key: &str) -> Result<Vec<u8>, String> {
        let path = self.file(key)?;
        let octets = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let skipped = if key == "file" && self.fields.contains_key("skip_lines") {
            json::number(&self.fields, "skip_lines")?
        } else {
            0
        };
        let from = octets.split_inclusive(|octet| *octet == b'\n').take(skipped).map(<[u8]>::len).sum();
        Ok(octets.get(from..).unwrap_or_default().to_vec())
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.fields.contains_key(key)
    }

    /// A field that is no text.
    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        self.fields.get(key)
    }

    /// A path of the case.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) fn hex(&self, key: &str) -> Result<Option<Vec<u8>>, String> {
        let Some(text) = self.optional(key)? else { return Ok(None) };
        let digit = |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let octets: Option<Vec<u8>> = (0..text.len()).step_by(2).map(digit).collect();
        octets.map(Some).ok_or_else(|| format!("`{key}` is no hex"))
    }

    pub(super) fn time(&self) -> Result<Option<Time>, String> {
        let parse = |text: &str| text.parse().map_err(|error| format!("`time`: {error}"));
        self.optional("time")?.map(parse).transpose()
    }

    pub(super) fn revocation(&self) -> Result<Revocation, String> {
        match self.optional("revocation")? {
            None => Ok(Revocation::IfKnown),
            Some("crl-required") => Ok(Revocation::Required),
            Some(other) => Err(format!("`revocation` is {other}")),
        }
    }

    /// The inputs of RFC 5280 6.1.1.
    pub(super) fn policies(&self) -> Result<PolicyInput, String> {
        let mut input = PolicyInput::default();
        let Some(policy) = self.fields.get("policy") else { return Ok(input) };
        let known = [
            "initial_policy_set",
            "initial_explicit_policy",
            "initial_any_policy_inhibit",
            "initial_policy_mapping_inhibit",
        ];
        let policy = json::object(policy, &known)?;
        let flag = |key: &str| match policy.get(key) {
            None => Ok(false),
            Some(value) => value.as_bool().ok_or_else(|| format!("`{key}` is no truth value")),
        };
        input.require_explicit_policy = flag("initial_explicit_policy")?;
        input.inhibit_any_policy = flag("initial_any_policy_inhibit")?;
        input.inhibit_policy_mapping = flag("initial_policy_mapping_inhibit")?;
        if policy.contains_key("initial_policy_set") {
            input.wanted = policy_set(json::list(policy, "initial_policy_set")?)?;
        }
        Ok(input)
    }
}

/// A list of identifiers and `anyPolicy`.
pub(super) fn policy_set(list: &[Value]) -> Result<PolicySet, String> {
    let mut set = PolicySet::none();
    for policy in list {
        match policy.as_str() {
            Some("anyPolicy") => set.any = true,
            Some(oid) => {
                set.policies.insert(oid.parse().map_err(|error| format!("{oid}: {error}"))?);
            }
            None => return Err(format!("no policy: {policy}")),
        }
    }
    Ok(set)
}

/// The objects of a file: one of DER, or the PEM blocks of this label.
pub(super) fn objects_of(path: &Path, label: &str) -> Result<Vec<Vec<u8>>, String> {
    let octets = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    if octets.first() == Some(&0x30) {
        return Ok(vec![octets]);
    }
    let blocks = pem_blocks(&octets).map_err(|error| format!("{}: {error}", path.display()))?;
    let found: Vec<_> =
        blocks.into_iter().filter(|block| block.label.ends_with(label)).map(|block| block.der).collect();
    if found.is_empty() { Err(format!("{}: no {label}", path.display())) } else { Ok(found) }
}
