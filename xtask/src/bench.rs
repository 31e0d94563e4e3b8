//! `bench`: the comparisons with peers, which live in a package outside the workspace.

use crate::workspace::{cargo, pass_through};
use crate::{Outcome, Verb};

pub(crate) const VERB: Verb = Verb {
    name: "bench",
    arguments: "[AREA] [WORK...]",
    about: "measures against peers: AREA/WORK: R x PEER VERSION (want W)",
    run,
};

fn run(arguments: &[String]) -> Outcome {
    // Some peers declare a newer compiler than they need.
    let mut bench = cargo([
        "run",
        "--quiet",
        "--release",
        "--locked",
        "--ignore-rust-version",
        "--manifest-path",
        "xtask/peers/Cargo.toml",
        "--",
    ]);
    pass_through(bench.args(arguments))
}
