//! A crate uses of its dependencies what their released versions have, and no more.

use std::process::{Command, Stdio};

use super::plan::Step;
use super::repository::{Crate, Repository, named};
use crate::Failure;

/// Builds each crate that is released against the last released source of those dependencies that are not.
///
/// # Errors
/// Names the crate and the dependency that must be released with it.
pub(crate) fn check(repository: &Repository, crates: &[Crate], steps: &[Step<'_>]) -> Result<(), Failure> {
    for step in steps.iter().filter(|step| !step.is_done && !step.is_prepared) {
        let mut old = Vec::new();
        for need in step.one.package.needs().filter(|need| need.by_path) {
            if steps.iter().any(|other| other.one.package.name == need.name && !other.is_done) {
                continue;
            }
            let dependency = named(crates, &need.name)?;
            let Some(last) = repository.last_release(&dependency.short)? else {
                return Err(Failure::Usage(format!(
                    "{} needs {}, which was never released: release {} with it",
                    step.one.short, dependency.short, dependency.short
                )));
            };
            if !repository.commits_since(&last.tag, dependency)?.is_empty() {
                old.push((dependency, last.tag));
            }
        }
        if old.is_empty() {
            continue;
        }
        let tags: Vec<&str> = old.iter().map(|(_, tag)| tag.as_str()).collect();
        println!("-- {}: builds with {}", step.one.short, tags.join(", "));
        if !builds_with(repository, step.one, &old)? {
            return Err(Failure::Usage(format!(
                "{} uses what {} does not have: release {} with it",
                step.one.short,
                tags.join(", "),
                old.iter().map(|(one, _)| one.short.as_str()).collect::<Vec<_>>().join(", ")
            )));
        }
    }
    Ok(())
}

fn builds_with(repository: &Repository, one: &Crate, old: &[(&Crate, String)]) -> Result<bool, Failure> {
    let scratch = tempfile::tempdir()?;
    unpack(repository, "HEAD", &[], scratch.path())?;
    for (dependency, tag) in old {
        let folder = repository.folder_of(dependency);
        std::fs::remove_dir_all(scratch.path().join(&folder))?;
        unpack(repository, tag, &[&folder], scratch.path())?;
    }
    let status = repository
        .cargo(&["check", "--quiet", "--all-features", "--package", &one.package.name])
        .current_dir(scratch.path())
        .env("CARGO_TARGET_DIR", repository.root.join("target/promises"))
        .status()
        .map_err(|error| Failure::Usage(format!("cannot start cargo: {error}")))?;
    Ok(status.success())
}

/// The files of a commit in a folder, by `git archive`.
fn unpack(
    repository: &Repository,
    commit: &str,
    paths: &[&str],
    into: &std::path::Path,
) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::Usage(format!("git archive {commit}: {error}"));
    let mut git = Command::new("git")
        .current_dir(&repository.root)
        .args(["archive", "--format=tar", commit, "--"])
        .args(paths)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let stream = git.stdout.take().ok_or_else(|| Failure::Usage("git archive has no output".into()))?;
    tar::Archive::new(stream).unpack(into).map_err(failed)?;
    let status = git.wait().map_err(failed)?;
    if status.success() { Ok(()) } else { Err(Failure::Usage(format!("git archive {commit} failed"))) }
}
