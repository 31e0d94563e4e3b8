//! What a run found, made small and kept.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Asked, Field};

/// Makes the newest finding of a target as small as it gets and puts it into `fuzz/regressions`.
pub(super) fn keep(field: &Field, asked: &Asked, target: &str) -> Option<PathBuf> {
    let folder = field.root.join("fuzz/artifacts").join(target);
    let found = newest(&folder)?;
    let mut minimise = field.cargo_fuzz(asked, "tmin");
    // The time is for inputs that resist; most are small within a second.
    minimise.args([target, "--runs", "20000"]).arg(&found).args(["--", "-max_total_time=60", "-timeout=10"]);
    let _ = minimise.output();
    // Where it could not be made smaller, the input as it was found is the newest still.
    let smallest = files(&folder)
        .into_iter()
        .filter(|file| age_order(file) >= age_order(&found))
        .min_by_key(|file| std::fs::metadata(file).map_or(u64::MAX, |metadata| metadata.len()))?;
    let octets = std::fs::read(&smallest).ok()?;
    let name: String = Sha256::digest(&octets).iter().take(8).map(|octet| format!("{octet:02x}")).collect();
    let kept = field.root.join("fuzz/regressions").join(target);
    std::fs::create_dir_all(&kept).ok()?;
    let path = kept.join(name);
    std::fs::write(&path, octets).ok()?;
    Some(path)
}

fn newest(folder: &Path) -> Option<PathBuf> {
    files(folder).into_iter().max_by_key(|file| age_order(file))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect()
}

fn age_order(file: &Path) -> Option<std::time::SystemTime> {
    std::fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}
