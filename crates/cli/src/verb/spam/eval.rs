//! `mailwright spam eval`

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use mailwright_antispam::Class;
use mailwright_antispam::content::Key;
use mailwright_antispam::learn::Learner;
use mailwright_antispam::store::{MemoryStore, Scope};

use crate::exit::{Exit, Failure, reason};
use crate::output::Output;
use crate::progress::Progress;
use crate::shown::Shown;

/// Measure how well spam is told from ham: judge each message of an index, then learn its label, from an empty model.
///
/// The protocol of the TREC Spam Track with immediate feedback. Standard output has for each line of the index its label, the
/// log-odds that it is spam, and the verdict.
///
/// Exit status: 0 at the end of the index, 2 wrong usage, or a line that cannot be read, with its number.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright spam eval corpus/index > results")]
pub(crate) struct Eval {
    /// One message a line: `spam` or `ham`, a blank, and a path from the folder of the index.
    index: PathBuf,
}

impl Eval {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let index = fs::read(&self.index).map_err(|error| Failure::at(&self.index, reason(&error)))?;
        let folder = self.index.parent().unwrap_or(Path::new(""));
        let mut learner = Learner::new(Key::default(), MemoryStore::new());
        let mut progress = Progress::new(None, !output.is_terminal);
        let (mut octets, mut count) = (0, 0);
        for (number, line) in (1usize..).zip(index.split(|octet| *octet == b'\n')) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                continue;
            }
            let at = |what: &str| {
                Failure::new(format!("{}: line {number}: {what}", Shown::path(&self.index)))
            };
            let (label, path) = label(line).ok_or_else(|| at("not `spam` or `ham`, a blank and a path"))?;
            let path = folder.join(path);
            let failed = |error: std::io::Error| at(&format!("{}: {}", Shown::path(&path), reason(&error)));
            let raw = fs::read(&path).map_err(failed)?;
            let (log_odds, is_spam) =
                judge_and_learn(&mut learner, &raw, label).map_err(|what| at(&what))?;
            let verdict = if is_spam { Class::Spam } else { Class::Ham };
            writeln!(output.out, "{label} {log_odds:.16e} {verdict}")?;
            octets += raw.len() as u64;
            count += 1;
            progress.at(octets, count);
        }
        Ok(Exit::Fine)
    }
}

/// Label and path of a line.
fn label(line: &[u8]) -> Option<(Class, PathBuf)> {
    let blank = memchr::memchr(b' ', line)?;
    let (label, path) = line.split_at_checked(blank)?;
    let path = path.get(1..).filter(|path| !path.is_empty())?;
    Some((std::str::from_utf8(label).ok()?.parse().ok()?, from_octets(path)))
}

#[cfg(unix)]
fn from_octets(path: &[u8]) -> PathBuf {
    PathBuf::from(<OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(path))
}

#[cfg(not(unix))]
fn from_octets(path: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::new(&*String::from_utf8_lossy(path)))
}

/// Judges a message, then learns what it is.
fn judge_and_learn(
    learner: &mut Learner<MemoryStore>,
    raw: &[u8],
    class: Class,
) -> Result<(f64, bool), String> {
    let message = super::parse(raw).map_err(|error| error.to_string())?;
    let features = learner.features(&message);
    let opinion = learner.opinion_of(&features, &Scope::Shared).map_err(|error| error.to_string())?;
    learner.train_on(&features, class, &Scope::Shared).map_err(|error| error.to_string())?;
    Ok((opinion.log_odds, opinion.is_spam()))
}
