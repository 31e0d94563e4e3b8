//! What a release would do, worked out before anything is touched.

use semver::{Version, VersionReq};

use super::level::{Judgement, Level, judge};
use super::repository::{Crate, Repository};
use super::{changelog, manifest};
use crate::Failure;

/// Lock files outside of the workspace that name our crates as well.
const LOCK_FILES: &[&str] = &["Cargo.lock", "fuzz/Cargo.lock", "xtask/peers/Cargo.lock"];

/// One crate on its way.
pub(crate) struct Step<'c> {
    pub(crate) one: &'c Crate,
    pub(crate) version: Version,
    /// What there is to say of its level.
    pub(crate) level: String,
    /// An earlier run has written and committed this version already.
    pub(crate) is_prepared: bool,
    /// The newest tag is this version: published, nothing left to do.
    pub(crate) is_done: bool,
}

impl Step<'_> {
    pub(crate) fn tag(&self) -> String {
        format!("{}-v{}", self.one.short, self.version)
    }
}

/// A file as it is and as it would be.
pub(crate) struct Change {
    pub(crate) path: String,
    pub(crate) after: String,
}

/// The steps in the order of publishing.
pub(crate) fn steps<'c>(
    repository: &Repository,
    chosen: &[&'c Crate],
    wanted: Option<Level>,
) -> Result<Vec<Step<'c>>, Failure> {
    chosen.iter().map(|one| step(repository, one, wanted)).collect()
}

fn step<'c>(repository: &Repository, one: &'c Crate, wanted: Option<Level>) -> Result<Step<'c>, Failure> {
    let last = repository.last_release(&one.short)?;
    let log = repository.read(&changelog_of(repository, one))?;
    let is_written = changelog::has(&log, &one.version.to_string());
    let ready = |version: &Version, level: String, is_prepared, is_done| Step {
        one,
        version: version.clone(),
        level,
        is_prepared,
        is_done,
    };
    let Some(last) = last else {
        // The first release is of the version that stands in the manifest.
        return Ok(ready(&one.version, "first release".into(), is_written, false));
    };
    if is_written && one.version > last.version {
        return Ok(ready(&one.version, "begun by an earlier run".into(), true, false));
    }
    if repository.commits_since(&last.tag, one)?.is_empty() {
        return Ok(ready(&last.version, format!("nothing since {}", last.tag), true, true));
    }
    let judgement = judge(repository, one, &last);
    let level = match (&judgement, wanted) {
        (Judgement::Demands { level, because }, Some(wanted)) if wanted < *level => {
            return Err(Failure::Usage(format!(
                "{}: its change demands {level}, more than {wanted}: give `--level {level}`, or take the change back\n{}",
                one.short,
                because.join("\n")
            )));
        }
        (_, Some(wanted)) => wanted,
        (Judgement::Demands { level, .. }, None) => *level,
        (Judgement::NotJudged(why), None) => {
            return Err(Failure::Usage(format!(
                "{}: the level was not judged ({why}): give `--level patch`, `minor` or `major`",
                one.short
            )));
        }
    };
    let version = level.raise(&last.version);
    Ok(ready(&version, format!("{level}; its API demands: {judgement}"), false, false))
}

/// The files that the steps change.
pub(crate) fn changes(
    repository: &Repository,
    crates: &[Crate],
    steps: &[Step<'_>],
    date: &str,
) -> Result<Vec<Change>, Failure> {
    let before = repository.read("Cargo.toml")?;
    let mut root = before.clone();
    let mut locks: Vec<(&str, String)> = LOCK_FILES
        .iter()
        .filter(|path| repository.root.join(path).exists())
        .map(|path| Ok((*path, repository.read(path)?)))
        .collect::<Result<_, Failure>>()?;
    let mut changes = Vec::new();
    for step in steps.iter().filter(|step| !step.is_prepared) {
        let folder = repository.folder_of(step.one);
        let path = format!("{folder}/Cargo.toml");
        let after = manifest::with_version(&repository.read(&path)?, &step.version)?;
        changes.push(Change { path, after });
        let path = changelog_of(repository, step.one);
        let released = changelog::release(&repository.read(&path)?, &step.version.to_string(), date);
        let after = released.map_err(|failure| in_file(&path, failure))?;
        changes.push(Change { path, after });
        if needs_raising(crates, steps, step) {
            root = manifest::with_requirement(&root, &step.one.package.name, &step.version.to_string())?;
        }
        for (_, text) in &mut locks {
            *text = manifest::with_locked(text, &step.one.package.name, &step.version)?;
        }
    }
    if root != before {
        changes.push(Change { path: "Cargo.toml".into(), after: root });
    }
    changes.extend(locks.into_iter().map(|(path, after)| Change { path: path.into(), after }));
    let mut kept = Vec::new();
    for change in changes {
        if repository.read(&change.path)? != change.after {
            kept.push(change);
        }
    }
    Ok(kept)
}

/// Whether the requirement of the dependents is raised: it must match the new version, and a dependent that is released
/// together with it may use what is new.
fn needs_raising(crates: &[Crate], steps: &[Step<'_>], step: &Step<'_>) -> bool {
    dependents(crates, step.one).any(|(dependent, requirement)| {
        !matches(requirement, &step.version)
            || steps.iter().any(|other| other.one.package.name == dependent.package.name && !other.is_done)
    })
}

/// The crates that need `one`, with what they require.
pub(crate) fn dependents<'c>(crates: &'c [Crate], one: &Crate) -> impl Iterator<Item = (&'c Crate, &'c str)> {
    crates.iter().filter_map(move |other| {
        let need = other.package.needs().find(|need| need.name == one.package.name)?;
        Some((other, need.requirement.as_str()))
    })
}

/// Whether a requirement is content with a version.
pub(crate) fn matches(requirement: &str, version: &Version) -> bool {
    VersionReq::parse(requirement).is_ok_and(|requirement| requirement.matches(version))
}

fn changelog_of(repository: &Repository, one: &Crate) -> String {
    format!("{}/CHANGELOG.md", repository.folder_of(one))
}

fn in_file(path: &str, failure: Failure) -> Failure {
    match failure {
        Failure::Usage(why) => Failure::Usage(format!("{path}: {why}")),
        other => other,
    }
}
