//! `conformance`: starts the runner of the suites, which is a package of its own.

use crate::workspace::{pass_through, root};
use crate::{Outcome, Verb};

pub(crate) const VERB: Verb = Verb {
    name: "conformance",
    arguments: "[AREA] [--data DIR]",
    about: "runs the conformance suites; exit status by xtask/conformance/floors.toml",
    run,
};

fn run(arguments: &[String]) -> Outcome {
    let mut runner = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Not in the root but where the user stands, for `--data` may be relative.
    runner
        .args(["run", "--quiet", "--release", "--package", "conformance", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .arg("--")
        .args(arguments);
    pass_through(&mut runner)
}
