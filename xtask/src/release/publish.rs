//! Publishing one crate.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::repository::Repository;
use crate::Failure;

/// How long an upload may take, waiting for the index included. A registry that hangs is named after it.
const DEADLINE: Duration = Duration::from_secs(60);

/// How a crate is published.
#[derive(Clone, Debug, Default)]
pub(crate) struct Publisher {
    /// A registry of the user's configuration; else the Rust registry.
    pub(crate) registry: Option<String>,
    /// Leaves out the build of the packaged sources.
    pub(crate) skip_verify: bool,
}

impl Publisher {
    /// Builds the packaged sources, then uploads them. A version that the registry has already counts as published.
    ///
    /// # Errors
    /// Names the crate, and the registry where it answers with an error or not at all.
    pub(crate) fn publish(&self, repository: &Repository, package: &str) -> Result<(), Failure> {
        let registry = self.registry.as_deref().map(|name| ["--registry", name]);
        let registry = registry.as_ref().map(<[&str; 2]>::as_slice).unwrap_or_default();
        if !self.skip_verify {
            let mut build = repository.cargo(&["package", "--quiet", "--package", package]);
            let status = build.args(registry).status();
            if !status.is_ok_and(|status| status.success()) {
                return Err(Failure::Usage(format!(
                    "{package}: its packaged sources do not build: mend them, then run the same command again"
                )));
            }
        }
        let mut upload = repository.cargo(&["publish", "--no-verify", "--package", package]);
        upload.args(registry).env("CARGO_NET_RETRY", "0").env("CARGO_HTTP_TIMEOUT", "30");
        let name = self.registry.as_deref().unwrap_or("the Rust registry");
        match run(&mut upload, DEADLINE) {
            Ok(None) => Ok(()),
            Ok(Some(said)) if said.contains("already exists") || said.contains("already uploaded") => Ok(()),
            Ok(Some(said)) => Err(Failure::Usage(format!(
                "{package}: {name} did not take it: {}; mend that, then run the same command again",
                last_words(&said)
            ))),
            Err(why) => Err(Failure::Usage(format!(
                "{package}: {name} {why}; run the same command again when it answers"
            ))),
        }
    }
}

/// What the command said where it failed.
fn run(command: &mut Command, deadline: Duration) -> Result<Option<String>, String> {
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot be asked: {error}"))?;
    let stderr = child.stderr.take();
    let reader = std::thread::spawn(move || {
        let mut said = String::new();
        if let Some(mut stderr) = stderr {
            let _ = stderr.read_to_string(&mut said);
        }
        said
    });
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break status;
        }
        if start.elapsed() > deadline {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("did not answer within {} s", deadline.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let said = reader.join().unwrap_or_default();
    Ok((!status.success()).then_some(said))
}

/// The reason at the end of what cargo says.
fn last_words(said: &str) -> &str {
    said.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("no reason given")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_hangs_is_ended() {
        let start = Instant::now();
        let ended = run(Command::new("sleep").arg("30"), Duration::from_millis(200));
        assert!(ended.is_err_and(|why| why.contains("did not answer")) && start.elapsed().as_secs() < 10);
        assert_eq!(run(&mut Command::new("true"), DEADLINE), Ok(None));
    }
}
