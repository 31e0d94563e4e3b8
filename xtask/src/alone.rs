//! `alone`: each published crate built by itself, as somebody who depends on that crate only would build it.

use crate::workspace::{cargo, packages, succeeds};
use crate::{Failure, Outcome, Verb};

pub(crate) const VERB: Verb = Verb {
    name: "alone",
    arguments: "[PACKAGE...]",
    about: "checks each published crate alone: without default features, and with all features",
    run,
};

fn run(arguments: &[String]) -> Outcome {
    let mut failed = Vec::new();
    for package in packages()?.iter().filter(|package| package.published) {
        if !arguments.is_empty() && !arguments.contains(&package.name) {
            continue;
        }
        for features in ["--no-default-features", "--all-features"] {
            println!("-- {} {features}", package.name);
            if !succeeds(&mut cargo(["check", "--quiet", "--package", &package.name, features]))? {
                failed.push(format!("{} {features}", package.name));
            }
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    println!("alone: failed: {}", failed.join(", "));
    Err(Failure::Found)
}
