//! `release-test`: publishes every crate to a registry of its own on loopback and uses each from there alone.

mod consumer;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::registry::Registry;
use crate::release::manifest;
use crate::release::repository::{Crate, Repository};
use crate::workspace::root;
use crate::{Failure, Outcome, Verb};
use consumer::Features;

pub(crate) const VERB: Verb = Verb {
    name: "release-test",
    arguments: "[CRATE...]",
    about: "publishes a copy of every crate to a registry on loopback, then builds and runs consumers of each (or the named \
            ones) from there: without default features, with them, with all",
    run,
};

fn run(arguments: &[String]) -> Outcome {
    let start = Instant::now();
    let registry = Registry::start()?;
    let scratch = tempfile::tempdir()?;
    let copy = scratch.path().join("workspace");
    copy_workspace(root(), &copy)?;
    let mut repository = Repository::at(&copy);
    repository.environment = registry.environment().into();
    repository.environment.push(("CARGO_TARGET_DIR", target().to_string_lossy().into_owned()));
    let crates = repository.crates()?;
    take_from_registry(&repository, &crates)?;
    println!("-- publish {} crates to a registry on loopback", crates.len());
    publish(&repository)?;
    let held = registry.holds();
    if held.len() != crates.len() {
        println!("release-test: the registry holds {} of {} crates", held.len(), crates.len());
        return Err(Failure::Found);
    }
    let chosen: Vec<&Crate> = crates
        .iter()
        .filter(|one| {
            arguments.is_empty() || arguments.contains(&one.short) || arguments.contains(&one.package.name)
        })
        .collect();
    let mut wrong = Vec::new();
    if again(&repository, &crates)? {
        wrong.push("a second upload of the same version was taken".to_owned());
    }
    let target = target();
    let mut ran = 0usize;
    for one in chosen {
        for features in Features::EACH {
            println!("-- {} {}", one.package.name, features.words());
            match consumer::build_and_run(
                &registry,
                one,
                *features,
                &scratch.path().join("consumer"),
                &target,
            )? {
                None => ran = ran.saturating_add(1),
                Some(why) => wrong.push(format!("{} {}: {why}", one.package.name, features.words())),
            }
        }
    }
    println!("release-test: {ran} consumers built and ran, {:.0} s", start.elapsed().as_secs_f64());
    if wrong.is_empty() {
        return Ok(());
    }
    wrong.iter().for_each(|sentence| println!("release-test: {sentence}"));
    Err(Failure::Found)
}

/// The files that git knows, or would know if they were added.
fn copy_workspace(from: &Path, to: &Path) -> Outcome {
    let repository = Repository::at(from);
    let list = repository.git(&["ls-files", "--cached", "--others", "--exclude-standard"])?;
    for path in list.lines() {
        let (source, target) = (from.join(path), to.join(path));
        if !source.is_file() {
            continue; // Removed, and the removal not committed.
        }
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::copy(source, target)?;
    }
    Ok(())
}

/// A path dependency is published as one on the Rust registry, unless it names another.
pub(crate) fn take_from_registry(repository: &Repository, crates: &[Crate]) -> Outcome {
    let names: Vec<&str> = crates.iter().map(|one| one.package.name.as_str()).collect();
    let text = manifest::with_registry(&repository.read("Cargo.toml")?, &names, "local")?;
    Ok(std::fs::write(repository.root.join("Cargo.toml"), text)?)
}

/// All of them, in the order that cargo finds. What was uploaded is built by the consumers.
fn publish(repository: &Repository) -> Outcome {
    let mut upload = repository.cargo(UPLOAD);
    let done = upload.arg("--workspace").status()?;
    if done.success() { Ok(()) } else { Err(Failure::Usage("cargo publish --workspace failed".into())) }
}

/// Whether the registry takes the first crate once more.
fn again(repository: &Repository, crates: &[Crate]) -> Result<bool, Failure> {
    let Some(first) = crates.first() else { return Ok(false) };
    let mut upload = repository.cargo(UPLOAD);
    Ok(upload.args(["--package", &first.package.name]).output()?.status.success())
}

const UPLOAD: &[&str] = &["publish", "--quiet", "--registry", "local", "--no-verify", "--allow-dirty"];

fn target() -> PathBuf {
    root().join("target/release-test")
}

/// Runs `command`; what it said where it failed.
fn said_where_failed(command: &mut Command) -> Result<Option<String>, Failure> {
    let output = command.output()?;
    let said = [output.stdout, output.stderr].concat();
    Ok((!output.status.success()).then(|| String::from_utf8_lossy(&said).into_owned()))
}
