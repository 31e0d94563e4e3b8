//! Prints kind and name of every message below the folders of the command line that is not `not_bounce`; for corpora.

use std::path::{Path, PathBuf};

use mailwright_bounces::{Kind, parse};
use mailwright_message_model::mbox;

fn main() -> std::io::Result<()> {
    let mut folders: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    let mut count = 0u64;
    while let Some(path) = folders.pop() {
        if path.is_dir() {
            folders.extend(std::fs::read_dir(&path)?.flatten().map(|entry| entry.path()));
            continue;
        }
        let raw = std::fs::read(&path)?;
        if path.extension().is_some_and(|extension| extension == "mbox") {
            for message in mbox::split(&raw) {
                count += 1;
                tell(&path, &message.unquoted());
            }
        } else {
            count += 1;
            tell(&path, &raw);
        }
    }
    eprintln!("{count} messages");
    Ok(())
}

fn tell(path: &Path, raw: &[u8]) {
    let report = parse(raw);
    if report.kind != Kind::NotBounce {
        println!("{} {}", report.kind, path.display());
    }
}
