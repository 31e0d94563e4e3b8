//! Maildir folders (Maildir++): `cur`, `new` and `tmp`, subfolders `.X`, flags in the file names.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

use super::{Input, Source};
use crate::shown::Shown;

/// What the name of a file in a Maildir says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Info {
    /// The subfolder, as `.Archive.2024`; empty for the inbox.
    pub folder: Shown,
    pub flags: Vec<&'static str>,
    /// When it was delivered, in seconds since 1970: the number that the name begins with.
    pub arrived: Option<i64>,
}

/// Two of the three folders tell a Maildir from a folder that happens to hold one of that name; a copy may have lost the
/// empty ones.
pub(crate) fn is_maildir(path: &Path) -> bool {
    ["cur", "new", "tmp"].iter().filter(|folder| path.join(folder).is_dir()).count() >= 2
}

/// Adds every delivered message to the sources of `input`, inbox first, then the subfolders by name; in each the new
/// ones first. Returns the octets of all.
pub(super) fn list(path: &Path, input: &mut Input) -> io::Result<u64> {
    let mut folders = vec![(path.to_owned(), Shown::default())];
    let mut subfolders = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") && is_maildir(&entry.path()) {
            subfolders.push((entry.path(), Shown::path(Path::new(&name))));
        }
    }
    subfolders.sort();
    folders.extend(subfolders);

    let mut octets = 0_u64;
    for (folder, name) in folders {
        for (state, is_new) in [("new", true), ("cur", false)] {
            for (file, length) in files(&folder.join(state), input)? {
                octets = octets.saturating_add(length);
                let file_name = file.file_name().unwrap_or_default();
                let (flags, arrived) = (flags(file_name, is_new), arrived(file_name));
                let maildir = Some(Info { folder: name.clone(), flags, arrived });
                input.sources.push(Source::Found { path: file, maildir });
            }
        }
        input.passed_over.undelivered += files(&folder.join("tmp"), input).map_or(0, |files| files.len());
    }
    Ok(octets)
}

/// The files of a directory with their lengths, in the order of their names, which begin with the time of delivery.
/// Hidden files are not mail. A missing directory has none.
pub(super) fn files(path: &Path, input: &mut Input) -> io::Result<Vec<(std::path::PathBuf, u64)>> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            input.passed_over.refuse(path, &error);
            return Ok(Vec::new());
        }
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        // Follows links, as mail programs do; a dangling one has no metadata.
        match fs::metadata(entry.path()) {
            Ok(metadata) if metadata.is_file() && !is_hidden => found.push((entry.path(), metadata.len())),
            _ => {}
        }
    }
    found.sort();
    Ok(found)
}

/// Flags behind `:2,`, as words; `!` and `;` stand for the colon on systems that cannot have it.
fn flags(name: &OsStr, is_new: bool) -> Vec<&'static str> {
    let name = name.as_encoded_bytes();
    let letters = name
        .windows(3)
        .rposition(|mark| matches!(mark, [b':' | b'!' | b';', b'2', b',']))
        .and_then(|at| name.get(at + 3..))
        .unwrap_or_default();
    let words = letters.iter().filter_map(|letter| match letter {
        b'P' => Some("passed"),
        b'R' => Some("replied"),
        b'S' => Some("seen"),
        b'T' => Some("trashed"),
        b'D' => Some("draft"),
        b'F' => Some("flagged"),
        _ => None,
    });
    is_new.then_some("new").into_iter().chain(words).collect()
}

fn arrived(name: &OsStr) -> Option<i64> {
    name.to_str()?.split('.').next()?.parse().ok().filter(|seconds| *seconds >= 0)
}

#[cfg(test)]
mod tests {
    use super::{arrived, flags};

    #[test]
    fn a_name_begins_with_the_time_of_delivery() {
        assert_eq!(arrived("1700000000.M1P2.host:2,S".as_ref()), Some(1_700_000_000));
        assert_eq!(arrived("a.1700000000".as_ref()), None);
        assert_eq!(arrived("-1.a".as_ref()), None);
    }

    #[test]
    fn flags_are_what_stands_behind_the_last_info() {
        assert_eq!(flags("1700000000.M1P2.host,S=12:2,FRS".as_ref(), false), ["flagged", "replied", "seen"]);
        assert_eq!(flags("1700000000.M1P2.host".as_ref(), true), ["new"]);
        assert_eq!(flags("a:2,S:2,".as_ref(), false), [""; 0]);
    }
}
