//! Members of an archive of the form `.tar.xz`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use lzma_rust2::XzReader;

/// Octets of an archive that are unpacked at most: all of Wycheproof has 150 MB.
const MOST: u64 = 400 << 20;

type Members = HashMap<String, Rc<[u8]>>;

thread_local! {
    /// All cases of a suite lie in one archive, which is unpacked once.
    static UNPACKED: RefCell<HashMap<PathBuf, Rc<Members>>> = RefCell::default();
}

/// The octets of a member.
pub(crate) fn member(archive: &Path, name: &str) -> Result<Rc<[u8]>, String> {
    let known = UNPACKED.with_borrow(|unpacked| unpacked.get(archive).cloned());
    let members = match known {
        Some(members) => members,
        None => {
            let members = unpack(archive).map_err(|error| format!("{}: {error}", archive.display()))?;
            let members = Rc::new(members);
            UNPACKED.with_borrow_mut(|unpacked| unpacked.insert(archive.into(), members.clone()));
            members
        }
    };
    members.get(name).cloned().ok_or_else(|| format!("{}: no {name}", archive.display()))
}

fn unpack(archive: &Path) -> std::io::Result<Members> {
    let xz = XzReader::new(BufReader::new(File::open(archive)?), true).take(MOST);
    let mut members = Members::new();
    for entry in tar::Archive::new(xz).entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path()?.to_string_lossy().into_owned();
        let mut octets = Vec::new();
        entry.read_to_end(&mut octets)?;
        members.insert(path.strip_prefix("./").unwrap_or(&path).to_owned(), octets.into());
    }
    Ok(members)
}
