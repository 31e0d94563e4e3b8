//! The other programs.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::bouncy_castle::BouncyCastle;
use super::case::{Sealing, Signing};
use super::folder::Folder;
use super::gpgsm::Gpgsm;
use super::nss::Nss;
use super::openssl::OpenSsl;

/// A program that makes and reads CMS. An error is why it does not.
pub(super) trait Peer {
    /// Its name and version.
    fn name(&self) -> &str;

    /// Its name in `known.rs`.
    fn tag(&self) -> &'static str;

    /// Signs the content of the folder.
    fn sign(&mut self, case: &Signing, out: &Path) -> Result<(), String>;

    /// Whether a signature holds, over `content` where it is detached, by one whom the authority of the folder certifies.
    fn verify(&mut self, case: &Signing, file: &Path, content: &Path) -> Result<(), String>;

    /// Seals the content of the folder.
    fn seal(&mut self, case: &Sealing, out: &Path) -> Result<(), String>;

    /// Opens what is sealed.
    fn open(&mut self, case: &Sealing, file: &Path) -> Result<Vec<u8>, String>;
}

/// A program, or why it is missing.
type Found<'f> = Result<Box<dyn Peer + 'f>, String>;

pub(super) struct Peers;

impl Peers {
    pub(super) fn all(folder: &Folder) -> impl Iterator<Item = Found<'_>> {
        let found: [fn(&Folder) -> Found<'_>; 4] = [
            |folder| OpenSsl::new(folder).map(|peer| Box::new(peer) as _),
            |folder| Gpgsm::new(folder).map(|peer| Box::new(peer) as _),
            |folder| Nss::new(folder).map(|peer| Box::new(peer) as _),
            |folder| BouncyCastle::new(folder).map(|peer| Box::new(peer) as _),
        ];
        found.into_iter().map(move |find| find(folder))
    }
}

/// Runs a program, for half a minute at most; an error is what it says last.
pub(super) fn run<S: AsRef<OsStr>>(command: &mut Command, arguments: &[S]) -> Result<Output, String> {
    run_with(command, arguments, Stdio::null())
}

/// The same with something on its standard input.
pub(super) fn run_with<S: AsRef<OsStr>>(
    command: &mut Command,
    arguments: &[S],
    stdin: Stdio,
) -> Result<Output, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.args(arguments).stdin(stdin).output();
    let output = output.map_err(|error| format!("{name}: {error}"))?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it says nothing");
    Err(format!("{}: {last}", output.status))
}

/// A program that is stopped after half a minute.
pub(super) fn timed(program: &str) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", "30", program]);
    command
}

/// The first line that a program writes about itself.
pub(super) fn version(program: &str, argument: &str) -> Result<String, String> {
    let output =
        Command::new(program).arg(argument).output().map_err(|error| format!("{program}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().next().unwrap_or(program).trim().to_owned())
}
