//! The operation `pkcs12`: a file opened under a password.

use std::path::Path;

use mailwright_smime::cms::Keys;
use mailwright_smime::pkcs12::Pkcs12;
use mailwright_smime::x509::Certificate;

use super::expect::Expect;
use super::given::Given;
use crate::case::Verdict;
use crate::json;

/// Adds the keys of a file, with their certificates.
pub(super) fn add(keys: &mut Keys, path: &Path, password: &str) -> Result<(), String> {
    let odd = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = std::fs::read(path).map_err(|error| odd(&error))?;
    let opened = Pkcs12::open(&file, password).map_err(|error| odd(&error))?;
    for (key, certificate) in opened.identities().map_err(|error| odd(&error))? {
        keys.add(key, &certificate).map_err(|error| odd(&error))?;
    }
    Ok(())
}

pub(super) fn judge(given: &Given, want: &Expect) -> Result<Verdict, String> {
    let path = given.file("file")?;
    let file = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let opened = match Pkcs12::open(&file, given.text("password")?) {
        Ok(opened) => opened,
        Err(error) => return Ok(want.outcome("rejects", &error.to_string())),
    };
    let certificates = opened.certificates();
    if let Some(broken) = certificates.iter().find_map(|bag| Certificate::from_der(bag.as_der()).err()) {
        return Ok(Verdict::wrong("certificates that can be read", broken));
    }
    for (key, ours) in [("private_keys", opened.keys().len()), ("certificates", certificates.len())] {
        if want.fields.contains_key(key) && json::number(&want.fields, key)? != ours {
            return Ok(Verdict::wrong(format!("{key}: {}", json::number(&want.fields, key)?), ours));
        }
    }
    Ok(want.outcome("decrypts", "decrypts"))
}
