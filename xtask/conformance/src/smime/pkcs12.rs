//! Keys in PKCS #12.

use std::path::Path;

use mailwright_smime::cms::Keys;

pub(super) fn add(_keys: &mut Keys, path: &Path, _password: &str) -> Result<(), String> {
    Err(format!("{}: PKCS #12 is not read yet", path.display()))
}
