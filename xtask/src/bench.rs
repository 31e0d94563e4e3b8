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
    // Ed25519 is compared on the same library, which is a feature of ours and so another build.
    if asks_for(arguments, "dkim", ED25519) {
        return pass_through(peers("run", &["--features", "aws-lc-rs"]).args(["--", "dkim", ED25519]));
    }
    Ok(())
}

const ED25519: &str = "ed25519-5k";

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
