//! flufl.bounce, a Python module: a process of its own, which tells how long it took.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

pub(super) const NAME: &str = "flufl.bounce 6.0.0";
const PACKAGE: &str = "flufl.bounce==6.0.0";
const SCRIPT: &str = include_str!("flufl_turns.py");

/// Python with the files read, waiting for its turn.
pub(super) struct Process {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl Process {
    pub(super) fn start(folder: &Path) -> Result<Self, String> {
        let mut child = Command::new("python3")
            .args(["-W", "ignore", "-c", SCRIPT])
            .args([&modules()?, folder])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("python3: {error}"))?;
        let answers = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut process = Self { child, answers };
        process.answer()?;
        Ok(process)
    }

    /// How long it takes to parse the files and to scan them.
    pub(super) fn turn(&mut self) -> Result<Duration, String> {
        let input = self.child.stdin.as_mut().ok_or("no input")?;
        input.write_all(b"turn\n").map_err(|error| error.to_string())?;
        let nanoseconds = self.answer()?.trim().parse().map_err(|_| "no time from flufl.bounce")?;
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
        // The script ends where its input does.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The module and what it needs, installed once by pip into a folder of its own.
fn modules() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python/flufl");
    if !folder.join("flufl").is_dir() {
        let installed = Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--target"])
            .arg(&folder)
            .arg(PACKAGE)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !installed.is_ok_and(|status| status.success()) {
            return Err(format!("python3 -m pip install {PACKAGE} does not work here"));
        }
    }
    Ok(folder)
}
