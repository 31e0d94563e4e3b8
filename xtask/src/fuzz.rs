//! `fuzz`: lists or runs the fuzz targets by cargo-fuzz.

use std::process::Command;

use crate::workspace::{output_of, root, succeeds};
use crate::{Failure, Outcome, Verb};

pub(crate) const VERB: Verb = Verb {
    name: "fuzz",
    arguments: "[TARGET...] [--seconds N] [--seed N]",
    about: "runs the fuzz targets, all of them when none is named (60 seconds each); `fuzz list` names them",
    run,
};

fn run(arguments: &[String]) -> Outcome {
    let mut seconds = "60".to_owned();
    // 0: another run each time.
    let mut seed = "0".to_owned();
    let mut named = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--seconds" || argument == "--seed" {
            let value = rest.next().filter(|value| value.parse::<u32>().is_ok());
            let value = value.ok_or_else(|| Failure::Usage(format!("{argument} takes a whole number")))?;
            value.clone_into(if argument == "--seed" { &mut seed } else { &mut seconds });
        } else {
            named.push(argument.clone());
        }
    }
    let targets = targets();
    if named.first().is_some_and(|name| name == "list") {
        targets.iter().for_each(|target| println!("{target}"));
        return Ok(());
    }
    if let Some(unknown) = named.iter().find(|name| !targets.contains(name)) {
        return Err(Failure::Usage(format!("no target `{unknown}`; `cargo xtask fuzz list` names them")));
    }
    if output_of(Command::new("cargo").args(["fuzz", "--version"])).is_none() {
        return Err(Failure::Usage("needs cargo-fuzz: cargo install --locked cargo-fuzz".into()));
    }
    let chosen = if named.is_empty() { targets } else { named };
    let mut failed = Vec::new();
    for target in &chosen {
        println!("-- {target}, {seconds} s");
        if !succeeds(&mut one_run(target, &seconds, &seed))? {
            failed.push(target.as_str());
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    println!("fuzz: findings in {}", failed.join(", "));
    Err(Failure::Found)
}

/// The file names in `fuzz/fuzz_targets`, without their ending.
fn targets() -> Vec<String> {
    let folder = std::fs::read_dir(root().join("fuzz/fuzz_targets"));
    let mut names: Vec<String> = folder
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
        .collect();
    names.sort();
    names
}

/// `cargo fuzz run` without a sanitizer: our crates are safe code, and stable has none without a bootstrap flag.
fn one_run(target: &str, seconds: &str, seed: &str) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root()).args(["+stable", "fuzz", "run", "-s", "none", target]);
    // The first folder takes what the run finds; the seeds are only read.
    command.args([format!("fuzz/corpus/{target}"), format!("fuzz/seeds/{target}")]);
    command.args(["--", "-dict=fuzz/dictionaries/mail.dict", "-timeout=10", "-rss_limit_mb=2048"]);
    // Findings and the number of runs, not each new input.
    command.args(["-verbosity=0", "-print_final_stats=1"]).arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-seed={seed}"));
    let _ = std::fs::create_dir_all(root().join("fuzz/corpus").join(target));
    command
}
