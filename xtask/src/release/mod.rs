//! `release` and `changed`: crates released each by itself.

mod changed;
mod changelog;
mod gate;
mod level;
pub(crate) mod manifest;
mod plan;
mod promise;
mod publish;
pub(crate) mod repository;
#[cfg(test)]
mod tests;

use std::time::{SystemTime, UNIX_EPOCH};

use level::Level;
use plan::{Change, Step};
use publish::Publisher;
use repository::{Crate, Repository, named};

use crate::workspace::root;
use crate::{Failure, Outcome, Verb};

pub(crate) use changed::VERB as CHANGED;

pub(crate) const VERB: Verb = Verb {
    name: "release",
    arguments: "CRATE... [--level patch|minor|major] [--dry-run] [--registry NAME] [--no-verify]",
    about: "raises, commits, tags and publishes crates in the order of their dependencies; pushes nothing; the same command \
            goes on where an earlier run stopped",
    run: |arguments| run(&Repository::at(root()), arguments),
};

/// What was asked for.
#[derive(Default)]
struct Arguments {
    names: Vec<String>,
    level: Option<Level>,
    dry_run: bool,
    publisher: Publisher,
}

fn arguments(given: &[String]) -> Result<Arguments, Failure> {
    let mut asked = Arguments::default();
    let mut rest = given.iter();
    while let Some(argument) = rest.next() {
        let mut value =
            || rest.next().cloned().ok_or_else(|| Failure::Usage(format!("{argument} takes a value")));
        match argument.as_str() {
            "--level" => asked.level = Some(value()?.parse()?),
            "--registry" => asked.publisher.registry = Some(value()?),
            "--dry-run" => asked.dry_run = true,
            "--no-verify" => asked.publisher.skip_verify = true,
            flag if flag.starts_with('-') => return Err(Failure::Usage(format!("no option `{flag}`"))),
            name => asked.names.push(name.to_owned()),
        }
    }
    if asked.names.is_empty() {
        return Err(Failure::Usage(
            "name the crates to release; `cargo xtask changed` lists those with changes".into(),
        ));
    }
    Ok(asked)
}

fn run(repository: &Repository, given: &[String]) -> Outcome {
    let asked = arguments(given)?;
    if let Some(file) = repository.dirt()?.first() {
        return Err(Failure::Usage(format!(
            "the tree is not clean ({}): commit or remove it first",
            file.trim()
        )));
    }
    let crates = repository.crates()?;
    let chosen = chosen(&crates, &asked.names)?;
    let steps = plan::steps(repository, &chosen, asked.level)?;
    if let Some(step) = steps.iter().find(|step| step.is_done && steps.len() == 1) {
        return Err(Failure::Usage(format!(
            "{}: {}: there is nothing to release",
            step.one.short, step.level
        )));
    }
    promise::check(repository, &crates, &steps)?;
    let changes = plan::changes(repository, &crates, &steps, &today())?;
    for step in &steps {
        println!("{} {} ({})", step.one.short, step.version, step.level);
    }
    if asked.dry_run {
        return show(repository, &steps, &changes, &asked.publisher);
    }
    gate::check(repository)?;
    if !changes.is_empty() {
        write(repository, &changes)?;
        let names: Vec<String> = steps
            .iter()
            .filter(|step| !step.is_prepared)
            .map(|step| format!("{} {}", step.one.short, step.version))
            .collect();
        repository.git(&[
            "commit",
            "--quiet",
            "--all",
            "--message",
            &format!("release: {}", names.join(", ")),
        ])?;
    }
    for step in steps.iter().filter(|step| !step.is_done) {
        println!("-- {} {}: publish", step.one.short, step.version);
        asked.publisher.publish(repository, &step.one.package.name)?;
        repository.git(&[
            "tag",
            "--annotate",
            &step.tag(),
            "--message",
            &format!("{} {}", step.one.package.name, step.version),
        ])?;
        println!("-- tagged {}", step.tag());
    }
    println!("released; nothing was pushed: git push --follow-tags");
    Ok(())
}

/// The named crates, each behind those that it needs.
fn chosen<'c>(crates: &'c [Crate], names: &[String]) -> Result<Vec<&'c Crate>, Failure> {
    let mut wanted = Vec::new();
    for name in names {
        wanted.push(named(crates, name)?.short.as_str());
    }
    Ok(crates.iter().filter(|one| wanted.contains(&one.short.as_str())).collect())
}

/// Every step and every file as it would be.
fn show(repository: &Repository, steps: &[Step<'_>], changes: &[Change], publisher: &Publisher) -> Outcome {
    println!("-- {}", gate::state(repository)?);
    for change in changes {
        print!("{}", diff(repository, change)?);
    }
    if !changes.is_empty() {
        println!("-- would commit these {} files", changes.len());
    }
    let registry = publisher.registry.as_deref().unwrap_or("the Rust registry");
    for step in steps.iter().filter(|step| !step.is_done) {
        println!(
            "-- would publish {} {} to {registry} and tag {}",
            step.one.package.name,
            step.version,
            step.tag()
        );
    }
    println!("-- would push nothing; nothing was changed");
    Ok(())
}

fn diff(repository: &Repository, change: &Change) -> Result<String, Failure> {
    let scratch = tempfile::NamedTempFile::new()?;
    std::fs::write(scratch.path(), &change.after)?;
    let output = std::process::Command::new("git")
        .current_dir(&repository.root)
        .args(["diff", "--no-index", "--no-color", "--", &change.path])
        .arg(scratch.path())
        .output()
        .map_err(|error| Failure::Usage(format!("cannot start git: {error}")))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let hunks = text.find("\n@@").map_or("", |at| text.get(at.saturating_add(1)..).unwrap_or_default());
    Ok(format!("--- {0}\n+++ {0}\n{hunks}", change.path))
}

fn write(repository: &Repository, changes: &[Change]) -> Outcome {
    for change in changes {
        std::fs::write(repository.root.join(&change.path), &change.after)
            .map_err(|error| Failure::Usage(format!("{}: {error}", change.path)))?;
    }
    Ok(())
}

/// Today's date in UTC, as CHANGELOGs have it.
fn today() -> String {
    let days = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400);
    date(days)
}

/// The civil date so many days after 1970-01-01.
fn date(days: u64) -> String {
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let (mut year, mut left) = (1970u64, days);
    loop {
        let length = if is_leap(year) { 366 } else { 365 };
        if left < length {
            break;
        }
        left = left.saturating_sub(length);
        year = year.saturating_add(1);
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if left < length {
            break;
        }
        left = left.saturating_sub(length);
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", left.saturating_add(1))
}
