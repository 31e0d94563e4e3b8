//! Private keys with their certificates.

use std::path::{Path, PathBuf};

use mailwright_smime::PrivateKey;
use mailwright_smime::cms::Keys;
use mailwright_smime::x509::Certificate;

use super::objects::{Objects, Wanted, certificates};
use super::password::PasswordFrom;
use crate::exit::Failure;

/// A private key, its certificate and what else came with it, as DER.
pub(crate) struct Identity {
    pub key: PrivateKey,
    pub certificate: Vec<u8>,
    /// The other certificates, without those that are their own issuer.
    pub chain: Vec<Vec<u8>>,
}

/// Reads the keys of these files, each with the certificate of its public key: one in the file, or one of those in
/// `beside`.
pub(crate) fn identities(
    files: &[PathBuf],
    beside: &[PathBuf],
    password: &PasswordFrom,
) -> Result<Vec<Identity>, Failure> {
    let beside = certificates(beside, password)?;
    let mut found = Vec::new();
    for path in files {
        let mut objects = Objects::read(path, Wanted::Keys, password)?;
        objects.certificates.extend(beside.iter().cloned());
        found.extend(pairs(objects, path)?);
    }
    Ok(found)
}

/// What opens messages.
pub(crate) fn keys(files: &[PathBuf], beside: &[PathBuf], password: &PasswordFrom) -> Result<Keys, Failure> {
    let mut keys = Keys::new();
    for identity in identities(files, beside, password)? {
        keys.add(identity.key, &identity.certificate).map_err(|error| Failure::new(error.to_string()))?;
    }
    Ok(keys)
}

/// Adds what was found in a file.
pub(crate) fn add_keys(keys: &mut Keys, objects: Objects, path: &Path) -> Result<(), Failure> {
    for identity in pairs(objects, path)? {
        keys.add(identity.key, &identity.certificate).map_err(|error| Failure::at(path, error))?;
    }
    Ok(())
}

/// The keys that have a certificate.
fn pairs(objects: Objects, path: &Path) -> Result<Vec<Identity>, Failure> {
    if objects.keys.is_empty() {
        return Err(Failure::at(path, "no private key in it"));
    }
    let mut found = Vec::new();
    for key in objects.keys {
        let is_its = |der: &&Vec<u8>| {
            Certificate::from_der(der).is_ok_and(|certificate| key.matches(&certificate.public_key()))
        };
        let Some(certificate) = objects.certificates.iter().find(is_its).cloned() else { continue };
        let others = objects.certificates.iter().filter(|der| **der != certificate && !is_root(der));
        let mut chain: Vec<Vec<u8>> = others.cloned().collect();
        chain.sort_unstable();
        chain.dedup();
        found.push(Identity { key, certificate, chain });
    }
    if found.is_empty() {
        return Err(Failure::at(path, "no certificate of this key: give it with --cert"));
    }
    Ok(found)
}

fn is_root(der: &[u8]) -> bool {
    Certificate::from_der(der).is_ok_and(|certificate| certificate.is_self_issued())
}
