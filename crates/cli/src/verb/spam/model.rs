//! The model file of the `spam` verbs.

use std::io::Write as _;
use std::path::Path;

use mailwright_antispam::content::Key;
use mailwright_antispam::learn::Learner;
use mailwright_antispam::store::MemoryStore;

use crate::exit::{Failure, reason};
use crate::file;

/// Reads a model.
pub(super) fn load(path: &Path) -> Result<Learner<MemoryStore>, Failure> {
    let octets = std::fs::read(path).map_err(|error| Failure::at(path, reason(&error)))?;
    Learner::import(&octets).map_err(|error| Failure::at(path, error))
}

/// Reads a model, or begins one with a key of its own where there is no such file.
pub(super) fn load_or_new(path: &Path) -> Result<Learner<MemoryStore>, Failure> {
    if path.exists() {
        return load(path);
    }
    let mut key = [0; 16];
    getrandom::fill(&mut key).map_err(|error| Failure::new(format!("no random key: {error}")))?;
    Ok(Learner::new(Key::new(key), MemoryStore::new()))
}

/// Writes a model in the place of the old one, when it is whole.
pub(super) fn save(path: &Path, learner: &Learner<MemoryStore>) -> Result<(), Failure> {
    file::write(path, |file| file.write_all(&learner.export())).map(|_| ())
}
