//! `fuzz`: lists or runs the fuzz targets by cargo-fuzz, and keeps what they find.

mod finding;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

use crate::workspace::{output_of, root};
use crate::{Failure, Outcome, Verb};

pub(crate) const VERB: Verb = Verb {
    name: "fuzz",
    arguments: "[TARGET...] [--minutes N | --seconds N] [--seed N] [--address-sanitizer]",
    about: "runs the fuzz targets two at a time, all of them when none is named (a minute each); keeps each finding, as small as \
            it gets, in fuzz/regressions, which `cargo test` replays; `fuzz list` names the targets",
    run: |arguments| run(&Field { root: root().to_path_buf() }, arguments),
};

/// Where the targets are.
struct Field {
    root: PathBuf,
}

/// What was asked for.
struct Asked {
    named: Vec<String>,
    seconds: u32,
    /// 0: another run each time.
    seed: u32,
    address_sanitizer: bool,
}

/// Runs that go on at the same time.
const SIDE_BY_SIDE: usize = 2;

fn asked(arguments: &[String]) -> Result<Asked, Failure> {
    let mut asked = Asked { named: Vec::new(), seconds: 60, seed: 0, address_sanitizer: false };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut number = || {
            let value = rest.next().and_then(|value| value.parse::<u32>().ok());
            value.ok_or_else(|| Failure::Usage(format!("{argument} takes a whole number")))
        };
        match argument.as_str() {
            "--seconds" => asked.seconds = number()?,
            "--minutes" => asked.seconds = number()?.saturating_mul(60),
            "--seed" => asked.seed = number()?,
            "--address-sanitizer" => asked.address_sanitizer = true,
            flag if flag.starts_with('-') => return Err(Failure::Usage(format!("no option `{flag}`"))),
            name => asked.named.push(name.to_owned()),
        }
    }
    Ok(asked)
}

fn run(field: &Field, arguments: &[String]) -> Outcome {
    let asked = asked(arguments)?;
    let targets = field.targets();
    if asked.named.first().is_some_and(|name| name == "list") {
        targets.iter().for_each(|target| println!("{target}"));
        return Ok(());
    }
    if let Some(unknown) = asked.named.iter().find(|name| !targets.contains(name)) {
        return Err(Failure::Usage(format!("no target `{unknown}`; `cargo xtask fuzz list` names them")));
    }
    if !is_installed() {
        return Err(Failure::Usage("needs cargo-fuzz: cargo install --locked cargo-fuzz".into()));
    }
    let chosen = if asked.named.is_empty() { targets } else { asked.named.clone() };
    field.build(&asked, &chosen)?;
    let queue = Mutex::new(chosen.into_iter());
    let found = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                let next = || queue.lock().ok().and_then(|mut queue| queue.next());
                while let Some(target) = next() {
                    if let Some(sentence) = field.one(&asked, &target)
                        && let Ok(mut found) = found.lock()
                    {
                        found.push(sentence);
                    }
                }
            });
        }
    });
    let found = found.into_inner().unwrap_or_default();
    if found.is_empty() {
        return Ok(());
    }
    found.iter().for_each(|sentence| println!("fuzz: {sentence}"));
    Err(Failure::Found)
}

fn is_installed() -> bool {
    output_of(Command::new("cargo").args(["fuzz", "--version"])).is_some()
}

impl Field {
    /// The file names in `fuzz/fuzz_targets`, without their ending.
    fn targets(&self) -> Vec<String> {
        let folder = std::fs::read_dir(self.root.join("fuzz/fuzz_targets"));
        let mut names: Vec<String> = folder
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
            .collect();
        names.sort();
        names
    }

    /// `cargo fuzz VERB`: our crates are safe code, and stable has no sanitizer without a bootstrap flag.
    fn cargo_fuzz(&self, asked: &Asked, verb: &str) -> Command {
        let mut command = Command::new("cargo");
        command.current_dir(&self.root).args(["+stable", "fuzz", verb]);
        if asked.address_sanitizer {
            command.env("RUSTC_BOOTSTRAP", "1");
        } else {
            command.args(["-s", "none"]);
        }
        command
    }

    fn build(&self, asked: &Asked, chosen: &[String]) -> Outcome {
        let mut build = self.cargo_fuzz(asked, "build");
        if let [one] = chosen {
            build.arg(one);
        }
        let built = build.status()?;
        if built.success() { Ok(()) } else { Err(Failure::Usage("the targets do not build".into())) }
    }

    /// One run; what it found.
    fn one(&self, asked: &Asked, target: &str) -> Option<String> {
        let corpus = self.root.join("fuzz/corpus").join(target);
        let _ = std::fs::create_dir_all(&corpus);
        let mut command = self.cargo_fuzz(asked, "run");
        // The first folder takes what the run finds; the others are only read.
        command.arg(target).arg(format!("fuzz/corpus/{target}"));
        for folder in ["seeds", "regressions"] {
            let path = format!("fuzz/{folder}/{target}");
            if self.root.join(&path).is_dir() {
                command.arg(path);
            }
        }
        command.args(["--", "-timeout=10", "-rss_limit_mb=2048"]);
        if self.root.join(DICTIONARY).exists() {
            command.arg(format!("-dict={DICTIONARY}"));
        }
        // Findings and the number of runs, not each new input.
        command.args(["-verbosity=0", "-print_final_stats=1"]);
        command.args([format!("-max_total_time={}", asked.seconds), format!("-seed={}", asked.seed)]);
        let output = match command.output() {
            Ok(output) => output,
            Err(error) => return Some(format!("{target}: cargo-fuzz cannot be started: {error}")),
        };
        if output.status.success() {
            println!("-- {target}: {} runs in {} s, no finding", executions(&output), asked.seconds);
            return None;
        }
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
        Some(match finding::keep(self, asked, target) {
            Some(path) => format!("{target}: kept as {}", shown(&path, &self.root)),
            None => format!("{target}: failed without an input to keep"),
        })
    }
}

const DICTIONARY: &str = "fuzz/dictionaries/mail.dict";

/// How often the target ran, as libFuzzer says at its end.
fn executions(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    line.map_or("?", str::trim).to_owned()
}

fn shown(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}
