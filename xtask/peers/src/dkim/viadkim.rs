//! viadkim, which is a program of its own in the folder `viadkim`; it reads the record of a key each time.

use super::mail::Keys;
use crate::program::Program;

pub(super) const NAME: &str = "viadkim 0.2.0";

pub(super) struct Viadkim(Program);

impl Viadkim {
    /// Builds and starts it, and tells it the keys and the message.
    pub(super) fn start(keys: &Keys, message: &[u8]) -> Result<Self, String> {
        let mut program = Program::start("viadkim", &[])?;
        for (name, text) in &keys.records {
            program.ask(&format!("key {} {text}", name.trim_end_matches('.')), &[])?;
        }
        program.ask(&format!("message {}", message.len()), message)?;
        Ok(Self(program))
    }

    /// Verifies the message so many times; how many signatures pass.
    pub(super) fn passing(&mut self, times: usize) -> usize {
        let answer = self.0.ask(&format!("verify {times}"), &[]);
        answer.ok().and_then(|count| count.trim().parse().ok()).unwrap_or(0)
    }
}
