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
    if !succeeds(&mut peers("build", &[]))? {
        println!("bench: the peers are missing: xtask/peers does not build here");
        return Err(Failure::Found);
    }
    pass_through(peers("run", &[]).arg("--").args(arguments))?;
    // What is compared on the same library, or with it as well, is a feature of ours and so another build.
    for (area, works) in ON_AWS_LC {
        let asked: Vec<&str> = works.iter().copied().filter(|work| asks_for(arguments, area, work)).collect();
        if !asked.is_empty() {
            pass_through(peers("run", &["--features", "aws-lc-rs"]).args(["--", area]).args(asked))?;
        }
    }
    Ok(())
}

/// Areas, and their works that are done again with `aws-lc-rs`.
const ON_AWS_LC: [(&str, &[&str]); 2] =
    [("dkim", &["ed25519-5k"]), ("smime", &["encrypt-100m", "decrypt-10k", "decrypt-3des-1m", "timing"])];

/// Whether this work of this area is among what was asked for.
fn asks_for(arguments: &[String], area: &str, work: &str) -> bool {
    match arguments {
        [] => true,
        [asked] => asked == area,
        [asked, works @ ..] => asked == area && works.iter().any(|one| one == work),
    }
}

fn peers(verb: &str, features: &[&str]) -> Command {
    // Some peers declare a newer compiler than they need.
    let manifest = ["--manifest-path", "xtask/peers/Cargo.toml"];
    let mut command = cargo([verb, "--quiet", "--release", "--locked", "--ignore-rust-version"]);
    command.args(manifest).args(features);
    command
}
