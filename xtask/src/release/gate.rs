//! The gate, `.ci/run`: it leaves the tree that it passed for in the git folder.

use std::path::PathBuf;
use std::process::Command;

use super::repository::Repository;
use crate::{Failure, Outcome};

/// Runs the gate unless it has passed for this very tree.
pub(crate) fn check(repository: &Repository) -> Outcome {
    if has_passed(repository)? {
        return Ok(());
    }
    println!("-- .ci/run has not passed for this tree: running it");
    let status = Command::new("bash").current_dir(&repository.root).arg(".ci/run").status();
    let passed = status.map_err(|error| Failure::Usage(format!("cannot start .ci/run: {error}")))?.success();
    if passed { Ok(()) } else { Err(Failure::Usage("the gate is red: mend what .ci/run found first".into())) }
}

/// What a dry run says of it.
pub(crate) fn state(repository: &Repository) -> Result<&'static str, Failure> {
    Ok(if has_passed(repository)? {
        "the gate has passed for this tree"
    } else {
        "would run the gate, .ci/run"
    })
}

fn has_passed(repository: &Repository) -> Result<bool, Failure> {
    let passed = std::fs::read_to_string(stamp(repository)?).unwrap_or_default();
    let passed = passed.trim();
    if passed.is_empty() {
        return Ok(false);
    }
    if repository.git(&["rev-parse", "HEAD^{tree}"])? == passed {
        return Ok(true);
    }
    // A release that goes on stands on its own commit, and the gate passed for the one before.
    let is_release = repository.git(&["log", "-1", "--format=%s"])?.starts_with("release: ");
    Ok(is_release && repository.git(&["rev-parse", "HEAD^^{tree}"])? == passed)
}

/// Where `.ci/run` writes the tree that it passed for: in the git folder, so that each checkout has its own.
pub(super) fn stamp(repository: &Repository) -> Result<PathBuf, Failure> {
    Ok(repository.root.join(repository.git(&["rev-parse", "--git-dir"])?).join("gate-passed"))
}
