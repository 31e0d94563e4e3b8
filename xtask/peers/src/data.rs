//! The conformance data, which the comparisons run over.

use std::path::{Path, PathBuf};

/// The folder of an area: in `$MAILWRIGHT_CONFORMANCE`, else in `../shared/conformance` beside the checkout.
pub(crate) fn folder(area: &str) -> Result<PathBuf, String> {
    let named = std::env::var_os("MAILWRIGHT_CONFORMANCE").filter(|value| !value.is_empty());
    let above = named.map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
        PathBuf::from,
    );
    let folder = above.join(area);
    if folder.is_dir() { Ok(folder) } else { Err("not measured: conformance data not found".into()) }
}

/// The contents of all files in a folder, by name.
pub(crate) fn files(folder: &Path) -> Result<Vec<Vec<u8>>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display())))
        .collect()
}
