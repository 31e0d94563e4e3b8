//! How the program ends: the exit status, and the one line on standard error.

use std::fmt;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::shown::Shown;

/// How a verb ended that could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Status 0: nothing was found.
    Fine,
    /// Status 1: something that readers may take differently, or that was not read.
    Finding,
}

impl Exit {
    pub(crate) const fn of(is_finding: bool) -> Self {
        if is_finding { Self::Finding } else { Self::Fine }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => Self::SUCCESS,
            Exit::Finding => Self::from(1),
        }
    }
}

/// Why a verb could not do its work: status 2, with one line that says what to change.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// Status of a failure, the same that clap gives to wrong usage.
    pub(crate) const STATUS: u8 = 2;

    pub(crate) fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }

    /// A failure at `path`, as `PATH: what`.
    pub(crate) fn at(path: &Path, what: impl fmt::Display) -> Self {
        Self(format!("{}: {what}", Shown::path(path)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is written to standard output or to a report can fail without a path of its own: the reader went away, or the
/// disk is full.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => {
                Self::new("standard output was closed before the report was complete")
            }
            _ => Self(format!("cannot write the report: {}", reason(&error))),
        }
    }
}

/// The system's reason, without its number and without the names of temporary files.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        io::ErrorKind::StorageFull => "no space left on the device".to_owned(),
        kind if error.raw_os_error().is_none() && error.get_ref().is_none() => kind.to_string(),
        _ => error.to_string(),
    }
}
