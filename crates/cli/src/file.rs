//! Files that are written: under their name when they are whole, and never over what is read.

use std::fs::Permissions;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::exit::{Failure, reason};

/// Refuses to write over what is being read, also through a link or into a mailbox folder.
pub(crate) fn spare<'p>(paths: impl IntoIterator<Item = &'p PathBuf>, written: &Path) -> Result<(), Failure> {
    let Ok(there) = written.canonicalize() else { return Ok(()) };
    let reads = |path: &&PathBuf| path.canonicalize().is_ok_and(|input| there.starts_with(input));
    match paths.into_iter().find(reads) {
        Some(path) => Err(Failure::at(written, format!("is part of what is read ({})", path.display()))),
        None => Ok(()),
    }
}

/// Writes to a file beside `path`, and gives it that name when it is whole; returns the name.
pub(crate) fn write(
    path: &Path,
    text: impl FnOnce(&mut BufWriter<NamedTempFile>) -> io::Result<()>,
) -> Result<PathBuf, Failure> {
    let (path, file) = beside(path)?;
    let mut file = BufWriter::new(file);
    text(&mut file).map_err(|error| Failure::at(&path, cannot(&error)))?;
    persist(file, &path)?;
    Ok(path)
}

/// Makes a temporary file beside `path`; whoever ends the program before it is renamed leaves it there.
///
/// Refuses to take the place of anything but a file, and follows links: renaming over `/dev/stdout` would remove it.
pub(crate) fn beside(path: &Path) -> Result<(PathBuf, NamedTempFile), Failure> {
    let followed = std::fs::canonicalize(path);
    let path = followed.as_deref().unwrap_or(path);
    match std::fs::symlink_metadata(path) {
        Ok(there) if !there.is_file() => return Err(Failure::at(path, "is there and is no file")),
        _ => {}
    }
    let file = builder().tempfile_in(folder(path)).map_err(|error| Failure::at(path, cannot(&error)))?;
    Ok((path.to_owned(), file))
}

pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Gives a file made [`beside`] its name.
pub(crate) fn persist(file: BufWriter<NamedTempFile>, path: &Path) -> Result<(), Failure> {
    let file = file.into_inner().map_err(|error| Failure::at(path, cannot(error.error())))?;
    file.persist(path).map_err(|error| Failure::at(path, cannot(&error.error)))?;
    Ok(())
}

pub(crate) fn cannot(error: &io::Error) -> String {
    format!("cannot be written: {}", reason(error))
}

/// It is to be read by whom the user's umask lets, as any file that a program writes.
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".mailwright-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(<Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    builder
}
