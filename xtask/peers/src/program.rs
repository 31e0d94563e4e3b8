//! Peers that nothing of ours may be linked with (their licence is the GPL): programs of their own, spoken to by pipes.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// One that runs: it takes a command a line and answers each with a line.
pub(crate) struct Program {
    name: &'static str,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Program {
    /// Builds what stands in the folder `name` and starts it.
    pub(crate) fn start(name: &'static str, arguments: &[&OsStr]) -> Result<Self, String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let failed = |what: &str| format!("not measured: {name} {what}");
        let mut build = Command::new(env!("CARGO"));
        let built = build.args(["build", "--quiet", "--release", "--locked"]).current_dir(&folder).status();
        if !built.is_ok_and(|status| status.success()) {
            return Err(failed("does not build here"));
        }
        let mut child = Command::new(folder.join(format!("target/release/peer-{name}")))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| failed(&error.to_string()))?;
        let input = child.stdin.take().ok_or_else(|| failed("has no input"))?;
        let output = child.stdout.take().ok_or_else(|| failed("has no output"))?;
        Ok(Self { name, child, input, output: BufReader::new(output) })
    }

    /// Its answer to a command, and to the octets that belong to it.
    pub(crate) fn ask(&mut self, command: &str, octets: &[u8]) -> Result<String, String> {
        let mut answer = String::new();
        writeln!(self.input, "{command}")
            .and_then(|()| self.input.write_all(octets))
            .and_then(|()| self.input.flush())
            .and_then(|()| self.output.read_line(&mut answer))
            .map_err(|error| format!("{}: {error}", self.name))?;
        Ok(answer)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = writeln!(self.input, "end");
        let _ = self.child.wait();
    }
}
