//! `bench`: the comparisons with peers, which live in a package outside the workspace.

use std::process::Command;

use crate::workspace::{cargo, pass_through, succeeds};
use crate::{Failure, Outcome, Verb};

pub(crate) const VERB: Verb = Verb {
    name: "bench",
    arguments: "[AREA] [WORK...]",
    about: "measures against peers: AREA/WORK: R x PEER VERSION (want W)",
    run,
};

fn run(arguments: &[String]) -> Outcome {
    if !succeeds(&mut peers("build"))? {
        println!("bench: the peers are missing: xtask/peers does not build here");
        return Err(Failure::Found);
    }
    pass_through(peers("run").arg("--").args(arguments))
}

fn peers(verb: &str) -> Command {
    // Some peers declare a newer compiler than they need.
    let manifest = ["--manifest-path", "xtask/peers/Cargo.toml"];
    let mut command = cargo([verb, "--quiet", "--release", "--locked", "--ignore-rust-version"]);
    command.args(manifest);
    command
}
