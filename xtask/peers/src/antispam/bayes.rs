//! SpamAssassin's Bayes in one Perl process of its own, which times itself.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::corpus::Corpus;

/// The driver: ours, against the public interface of Mail::SpamAssassin.
const DRIVER: &str = include_str!("bayes.pl");

pub(super) struct Bayes {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    version: String,
}

impl Bayes {
    /// Starts it over the messages of an index; it reads them all before it answers.
    pub(super) fn start(corpus: &Corpus, index: &str) -> Result<Self, String> {
        let failed = |what: &str| format!("not measured: SpamAssassin: {what}");
        let mut command = Command::new("perl");
        command.args(["-e", DRIVER]).arg(corpus.index(index));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| failed(&error.to_string()))?;
        let input = child.stdin.take().ok_or_else(|| failed("has no input"))?;
        let output = child.stdout.take().map(BufReader::new).ok_or_else(|| failed("has no output"))?;
        let mut peer = Self { child, input, output, version: String::new() };
        peer.version = peer.line()?;
        if peer.version.is_empty() { Err(failed("is not installed")) } else { Ok(peer) }
    }

    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// Scores messages: seconds that it took, and the probability of the last.
    pub(super) fn score(&mut self, first: usize, count: usize) -> Result<(f64, f64), String> {
        self.ask("score", first, count)
    }

    /// Learns messages by their labels: seconds that it took.
    pub(super) fn train(&mut self, first: usize, count: usize) -> Result<f64, String> {
        self.ask("train", first, count).map(|(seconds, _)| seconds)
    }

    fn ask(&mut self, what: &str, first: usize, count: usize) -> Result<(f64, f64), String> {
        let asked = writeln!(self.input, "{what} {first} {count}").and_then(|()| self.input.flush());
        asked.map_err(|error| format!("SpamAssassin: {error}"))?;
        let answer = self.line()?;
        let mut numbers = answer.split(' ').map(str::parse);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(seconds)), Some(Ok(probability))) => Ok((seconds, probability)),
            _ => Err(format!("SpamAssassin says {answer:?}")),
        }
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(|error| format!("SpamAssassin: {error}"))?;
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Bayes {
    fn drop(&mut self) {
        let _ = writeln!(self.input, "end");
        let _ = self.child.wait();
    }
}
