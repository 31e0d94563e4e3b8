//! viaspf, which is a program of its own (its licence is the GPL) in the folder `viaspf`.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::suite::Suite;

pub(crate) struct Viaspf {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Viaspf {
    /// Builds and starts it.
    pub(crate) fn start(suite: &Suite) -> Result<Self, String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("viaspf");
        let failed = |what: &str| format!("not measured: viaspf {what}");
        let mut build = Command::new(env!("CARGO"));
        let built = build.args(["build", "--quiet", "--release", "--locked"]).current_dir(&folder).status();
        if !built.is_ok_and(|status| status.success()) {
            return Err(failed("does not build here"));
        }
        let mut child = Command::new(folder.join("target/release/peer-viaspf"))
            .arg(&suite.path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| failed(&error.to_string()))?;
        let input = child.stdin.take().ok_or_else(|| failed("has no input"))?;
        let output = child.stdout.take().ok_or_else(|| failed("has no output"))?;
        Ok(Self { child, input, output: BufReader::new(output) })
    }

    fn say(&mut self, line: &str) -> Result<String, String> {
        let told = writeln!(self.input, "{line}").and_then(|()| self.input.flush());
        let mut answer = String::new();
        told.and_then(|()| self.output.read_line(&mut answer)).map_err(|error| format!("viaspf: {error}"))?;
        Ok(answer)
    }

    /// The result of every case.
    pub(crate) fn answers(&mut self) -> Result<Vec<String>, String> {
        let answer: Value = serde_json::from_str(&self.say("answers")?).map_err(|error| error.to_string())?;
        let of = |case: &Value| case[0].as_str().unwrap_or_default().to_owned();
        Ok(answer.as_array().into_iter().flatten().map(of).collect())
    }

    /// How long it takes for these cases, by its own clock.
    pub(crate) fn turn(&mut self, cases: &[usize]) -> Result<Duration, String> {
        let words: Vec<String> = cases.iter().map(ToString::to_string).collect();
        let nanoseconds = self.say(&format!("turn {}", words.join(" ")))?;
        nanoseconds.trim().parse().map(Duration::from_nanos).map_err(|_| format!("viaspf: {nanoseconds}"))
    }
}

impl Drop for Viaspf {
    fn drop(&mut self) {
        let _ = writeln!(self.input, "end");
        let _ = self.child.wait();
    }
}
