//! Private keys on disk.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use mailwright_dkim::key::PrivateKey;

use crate::exit::{Failure, reason};

/// Reads a key.
pub(crate) fn read(path: &Path) -> Result<PrivateKey, Failure> {
    let pem = std::fs::read_to_string(path).map_err(|error| Failure::at(path, reason(&error)))?;
    PrivateKey::from_pem(&pem).map_err(|error| Failure::at(path, error))
}

/// Writes a new key where there is no file yet, for its owner alone.
pub(crate) fn write_new(path: &Path, pem: &str) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(pem.as_bytes()));
    written.map_err(|error| {
        let why = if error.kind() == std::io::ErrorKind::AlreadyExists {
            "there is such a file; a key is never overwritten".to_owned()
        } else {
            reason(&error)
        };
        Failure::at(path, why)
    })
}
