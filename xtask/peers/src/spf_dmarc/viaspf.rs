//! viaspf, which is a program of its own in the folder `viaspf`.

use std::time::Duration;

use serde_json::Value;

use super::suite::Suite;
use crate::program::Program;

pub(crate) struct Viaspf(Program);

impl Viaspf {
    /// Builds and starts it.
    pub(crate) fn start(suite: &Suite) -> Result<Self, String> {
        Program::start("viaspf", &[suite.path.as_ref()]).map(Self)
    }

    /// The result of every case.
    pub(crate) fn answers(&mut self) -> Result<Vec<String>, String> {
        let answer: Value =
            serde_json::from_str(&self.0.ask("answers", &[])?).map_err(|error| error.to_string())?;
        let of = |case: &Value| case[0].as_str().unwrap_or_default().to_owned();
        Ok(answer.as_array().into_iter().flatten().map(of).collect())
    }

    /// How long it takes for these cases, by its own clock.
    pub(crate) fn turn(&mut self, cases: &[usize]) -> Result<Duration, String> {
        let words: Vec<String> = cases.iter().map(ToString::to_string).collect();
        let nanoseconds = self.0.ask(&format!("turn {}", words.join(" ")), &[])?;
        nanoseconds.trim().parse().map(Duration::from_nanos).map_err(|_| format!("viaspf: {nanoseconds}"))
    }
}
