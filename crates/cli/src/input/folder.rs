//! A directory that is no Maildir: files that are messages or mboxes, also in directories below.

use std::fs;
use std::io;
use std::path::Path;

use super::{Input, Source, maildir};

/// Adds the files of `path` and of the directories below to the sources of `input`, by name. Links to directories are
/// not followed, so that no loop is walked; hidden ones are passed over. Returns the octets of all.
pub(super) fn list(path: &Path, input: &mut Input) -> io::Result<u64> {
    let mut octets = 0_u64;
    let mut open = vec![path.to_owned()];
    while let Some(directory) = open.pop() {
        for (file, length) in maildir::files(&directory, input)? {
            octets = octets.saturating_add(length);
            input.sources.push(Source::Found { path: file, maildir: None });
        }
        let mut below: Vec<_> = fs::read_dir(&directory)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
            .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
            .map(|entry| entry.path())
            .collect();
        below.sort_unstable_by(|a, b| b.cmp(a));
        open.extend(below);
    }
    Ok(octets)
}
