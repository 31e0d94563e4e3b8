//! `check` on every message of the conformance folder: status 0 or 1, nothing on standard error, JSON that parses.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::program::run;

#[test]
fn every_message_is_reported_on() {
    let named =
        std::env::var_os("MAILWRIGHT_CONFORMANCE").filter(|value| !value.is_empty()).map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    let folder = named.unwrap_or(beside);
    let files = messages(&folder);
    if files.is_empty() {
        let required = std::env::var("MAILWRIGHT_CONFORMANCE_REQUIRED").is_ok_and(|value| value == "1");
        assert!(!required, "conformance data not found in {}", folder.display());
        println!("conformance data not found: skipped");
        return;
    }
    let left = Mutex::new(files);
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let Some(file) = left.lock().unwrap().pop() else { break };
                    if let Some(why) = wrong(&file) {
                        failed.lock().unwrap().push(format!("{}: {why}", file.display()));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
}

/// Why a message is not reported on as it must be; one of S/MIME by its own verbs too.
fn wrong(file: &Path) -> Option<String> {
    let of_smime = file.components().any(|part| part.as_os_str() == "smime");
    let verbs: &[&[&str]] = match of_smime {
        true => &[&["check"], &["smime", "verify"], &["smime", "info"]],
        false => &[&["check"]],
    };
    verbs.iter().find_map(|verb| wrong_by(verb, file))
}

fn wrong_by(verb: &[&str], file: &Path) -> Option<String> {
    let mut arguments: Vec<&std::ffi::OsStr> = verb.iter().map(AsRef::as_ref).collect();
    arguments.extend([file.as_os_str(), "--json".as_ref()]);
    let output = run(&arguments);
    let status = output.status.code();
    if status.is_none_or(|status| status >= 2) || !output.stderr.is_empty() {
        return Some(format!("{verb:?}: {}, {}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    let lines = output.stdout.split(|octet| *octet == b'\n').filter(|line| !line.is_empty());
    let broken = lines.filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).err()).next();
    broken.map(|error| error.to_string())
}

/// The messages and mboxes of every area, by their names.
fn messages(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if [".eml", ".msg", ".mbox.txt"].iter().any(|end| name.ends_with(end)) {
                found.push(path);
            }
        }
    }
    found
}
