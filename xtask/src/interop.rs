//! `interop`: our signatures and threads with other programs, and theirs with us. A package that may depend on our crates does it.

use crate::workspace::{cargo, pass_through};
use crate::{Outcome, Verb};

pub(crate) const VERB: Verb = Verb {
    name: "interop",
    arguments: "dkim [--flip] | smime [PROGRAM] | threading",
    about: "DKIM and ARC across dkimpy, Mail::DKIM and OpenDKIM, S/MIME across OpenSSL, gpgsm, NSS and Bouncy Castle, threads across DuckDB, where they are installed",
    run,
};

fn run(arguments: &[String]) -> Outcome {
    let mut command = cargo(["run", "--quiet", "--release", "--package", "interop", "--"]);
    pass_through(command.args(arguments))
}
