//! jwzthreading, a Python module: a process of its own, which tells how long its threading call took.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use mailwright_threading::{IdMode, Limits, MessageIds};
use serde_json::json;

use super::corpora::Message;

pub(super) const NAME: &str = "jwzthreading 0.91";
const PACKAGE: &str = "jwzthreading==0.91";
const ARCHIVE: &str = "jwzthreading-0.91.tar.gz";
const SCRIPT: &str = include_str!("jwzthreading_turns.py");

/// Python with the messages read, waiting for its turn.
pub(super) struct Process {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl Process {
    /// Starts Python and gives it the messages, with the ids found.
    pub(super) fn start(messages: &[Message]) -> Result<Self, String> {
        let archive = archive()?;
        let mut child = Command::new("python3")
            .args(["-W", "ignore", "-c", SCRIPT])
            .arg(archive)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("python3: {error}"))?;
        let input = child.stdin.as_mut().ok_or("no input")?;
        let mut text = String::new();
        for message in messages {
            let header = message.header();
            let ids = MessageIds::of(&header, IdMode::Dovecot, &Limits::NONE);
            // it takes no message without a Message-ID
            let Some(own) = ids.own else { continue };
            let word = |id: &[u8]| String::from_utf8_lossy(id).into_owned();
            let references: Vec<String> = ids.references.iter().map(|id| word(id)).collect();
            text.push_str(&json!([word(&own), references, message.subject]).to_string());
            text.push('\n');
        }
        text.push('\n');
        input.write_all(text.as_bytes()).map_err(|error| error.to_string())?;
        let answers = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut process = Self { child, answers };
        process.answer()?;
        Ok(process)
    }

    /// How long its threading call takes.
    pub(super) fn turn(&mut self) -> Result<Duration, String> {
        let input = self.child.stdin.as_mut().ok_or("no input")?;
        input.write_all(b"turn\n").map_err(|error| error.to_string())?;
        let nanoseconds = self.answer()?.trim().parse().map_err(|_| "no time from jwzthreading")?;
        Ok(Duration::from_nanos(nanoseconds))
    }

    fn answer(&mut self) -> Result<String, String> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|error| error.to_string())?;
        if line.is_empty() { Err("python3 ended".into()) } else { Ok(line) }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // the script ends where its input does
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The module as its author packed it, fetched once by pip.
fn archive() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python");
    let archive = folder.join(ARCHIVE);
    if !archive.is_file() {
        let fetched = Command::new("python3")
            .args(["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest"])
            .arg(&folder)
            .arg(PACKAGE)
            .stderr(Stdio::null())
            .status();
        if !fetched.is_ok_and(|status| status.success()) {
            return Err(format!("python3 -m pip download {PACKAGE} does not work here"));
        }
    }
    Ok(archive)
}
