//! Levels: what a change of the public API demands, and what becomes of a version.

use std::fmt;
use std::str::FromStr;

use semver::Version;

use super::repository::{Crate, Release, Repository};
use crate::Failure;

/// How far a version is raised, by its name in semantic versioning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Patch,
    Minor,
    Major,
}

impl Level {
    /// The version behind `version`.
    pub(crate) fn raise(self, version: &Version) -> Version {
        let next = |number: u64| number.saturating_add(1);
        match self {
            Self::Patch => Version::new(version.major, version.minor, next(version.patch)),
            Self::Minor => Version::new(version.major, next(version.minor), 0),
            Self::Major => Version::new(next(version.major), 0, 0),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

impl FromStr for Level {
    type Err = Failure;

    fn from_str(name: &str) -> Result<Self, Failure> {
        [Self::Patch, Self::Minor, Self::Major]
            .into_iter()
            .find(|level| level.to_string() == name)
            .ok_or_else(|| Failure::Usage(format!("--level takes patch, minor or major, not `{name}`")))
    }
}

/// What the API demands, as far as anyone looked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    Demands {
        level: Level,
        because: Vec<String>,
    },
    /// The tool is missing, or could not read the crate: nothing is claimed then, least of all "patch".
    NotJudged(String),
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Demands { level, .. } => write!(f, "{level}"),
            Self::NotJudged(why) => write!(f, "not judged ({why})"),
        }
    }
}

/// Compares the API of a crate with that of its last release, by cargo-semver-checks.
pub(crate) fn judge(repository: &Repository, one: &Crate, last: &Release) -> Judgement {
    let version = repository.cargo(&["semver-checks", "--version"]).output();
    if !version.is_ok_and(|output| output.status.success()) {
        return Judgement::NotJudged("cargo-semver-checks is not installed".into());
    }
    // Every lint below the level that is asked for counts: as a patch, all of them do.
    let arguments = [
        "semver-checks",
        "--package",
        &one.package.name,
        "--baseline-rev",
        &last.tag,
        "--release-type",
        "patch",
    ];
    let output = match repository.cargo(&arguments).arg("--color=never").output() {
        Ok(output) => output,
        Err(error) => return Judgement::NotJudged(error.to_string()),
    };
    let said = [output.stdout, output.stderr].concat();
    read(&String::from_utf8_lossy(&said), output.status.success(), &last.version)
}

/// Reads what cargo-semver-checks said.
fn read(said: &str, held: bool, from: &Version) -> Judgement {
    if held {
        return Judgement::Demands { level: Level::Patch, because: Vec::new() };
    }
    let found = said.lines().map(str::trim);
    let because: Vec<String> =
        found.skip_while(|line| !line.starts_with("--- failure")).map(str::to_owned).collect();
    let summary = said.lines().rev().find(|line| line.contains("semver requires new"));
    let breaks = summary.map(|line| line.contains("new major"));
    let level = match breaks {
        None => {
            let last = said.lines().rev().find(|line| line.contains("error")).unwrap_or("it failed");
            return Judgement::NotJudged(last.trim().to_owned());
        }
        // Before 1.0 the second number is the one that promises something (Cargo's reading of semantic versioning).
        Some(true) if from.major == 0 => Level::Minor,
        Some(true) => Level::Major,
        Some(false) if from.major == 0 => Level::Patch,
        Some(false) => Level::Minor,
    };
    Judgement::Demands { level, because }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REMOVED: &str = "--- failure function_missing: pub fn removed or renamed ---\n\nFailed in:\n  function x::y, \
        previously in file src/lib.rs:3\n\n     Summary semver requires new major version: 1 major and 0 minor checks failed\n";

    #[test]
    fn before_1_0_the_second_number_breaks() {
        let level = |from| match read(REMOVED, false, &from) {
            Judgement::Demands { level, because } => {
                assert!(because.iter().any(|line| line.contains("x::y")));
                Some(level)
            }
            Judgement::NotJudged(_) => None,
        };
        assert_eq!(level(Version::new(0, 3, 1)), Some(Level::Minor));
        assert_eq!(level(Version::new(1, 3, 1)), Some(Level::Major));
        assert_eq!(Level::Minor.raise(&Version::new(0, 3, 1)), Version::new(0, 4, 0));
    }

    #[test]
    fn a_tool_that_fails_claims_nothing() {
        let judged = read("error: could not build rustdoc\n", false, &Version::new(0, 1, 0));
        assert_eq!(judged, Judgement::NotJudged("error: could not build rustdoc".into()));
    }
}
