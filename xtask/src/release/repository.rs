//! A checkout that is released from: its published crates, git, and the tags of what was released before.

use std::path::{Path, PathBuf};
use std::process::Command;

use semver::Version;

use crate::Failure;
use crate::workspace::{Package, packages_by};

/// A checkout.
pub(crate) struct Repository {
    pub(crate) root: PathBuf,
    /// What cargo is told by environment variables.
    pub(crate) environment: Vec<(&'static str, String)>,
}

/// A crate that is published.
pub(crate) struct Crate {
    /// As the user names it and tags do: `dkim` for `mailwright-dkim`.
    pub(crate) short: String,
    pub(crate) package: Package,
    pub(crate) version: Version,
}

/// A version that was released.
pub(crate) struct Release {
    pub(crate) tag: String,
    pub(crate) version: Version,
}

impl Repository {
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_path_buf(), environment: Vec::new() }
    }

    /// The published crates, each behind those that it needs.
    pub(crate) fn crates(&self) -> Result<Vec<Crate>, Failure> {
        let mut left = Vec::new();
        for package in packages_by(|| self.cargo(&[]))?.into_iter().filter(|package| package.published) {
            let version = package.version.parse().map_err(|error| {
                Failure::Usage(format!("{}: version {:?}: {error}", package.name, package.version))
            })?;
            left.push(Crate { short: short(&package.name).to_owned(), package, version });
        }
        let mut ordered: Vec<Crate> = Vec::new();
        while !left.is_empty() {
            let waits = |one: &Crate| {
                one.package.needs().any(|need| left.iter().any(|other| other.package.name == need.name))
            };
            let Some(ready) = left.iter().position(|one| !waits(one)) else {
                return Err(Failure::Usage("the crates need each other in a circle".into()));
            };
            ordered.push(left.remove(ready));
        }
        Ok(ordered)
    }

    /// What git prints.
    pub(crate) fn git(&self, arguments: &[&str]) -> Result<String, Failure> {
        let output = Command::new("git")
            .current_dir(&self.root)
            .args(arguments)
            .output()
            .map_err(|error| Failure::Usage(format!("cannot start git: {error}")))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
        }
        let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Failure::Usage(format!("git {}: {why}", arguments.join(" "))))
    }

    /// Files that differ from the last commit, or are not known to git.
    pub(crate) fn dirt(&self) -> Result<Vec<String>, Failure> {
        Ok(self.git(&["status", "--porcelain"])?.lines().map(str::to_owned).collect())
    }

    /// The newest version of a crate that has a tag here.
    pub(crate) fn last_release(&self, short: &str) -> Result<Option<Release>, Failure> {
        let list = self.git(&["tag", "--list", &format!("{short}-v*")])?;
        let releases = list.lines().filter_map(|tag| {
            let version = tag.strip_prefix(short)?.strip_prefix("-v")?.parse().ok()?;
            Some(Release { tag: tag.to_owned(), version })
        });
        Ok(releases.max_by(|one, other| one.version.cmp(&other.version)))
    }

    /// The commits behind `tag` that touch the folder of a crate, newest first, a line each.
    pub(crate) fn commits_since(&self, tag: &str, one: &Crate) -> Result<Vec<String>, Failure> {
        let folder = self.folder_of(one);
        let log = self.git(&["log", "--format=%h %s", &format!("{tag}..HEAD"), "--", &folder])?;
        Ok(log.lines().map(str::to_owned).collect())
    }

    /// The folder of a crate, from the root, with `/`.
    pub(crate) fn folder_of(&self, one: &Crate) -> String {
        let root = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        let folder = one.package.folder.canonicalize().unwrap_or_else(|_| one.package.folder.clone());
        let inside = folder.strip_prefix(&root).unwrap_or(&folder);
        inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }

    /// A `cargo` command in this checkout.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .current_dir(&self.root)
            .args(arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn read(&self, path: &str) -> Result<String, Failure> {
        std::fs::read_to_string(self.root.join(path))
            .map_err(|error| Failure::Usage(format!("{path}: {error}")))
    }
}

/// `dkim` for `mailwright-dkim`; the binary keeps its name.
pub(crate) fn short(package: &str) -> &str {
    package.strip_prefix("mailwright-").unwrap_or(package)
}

/// The crate that a user names: `dkim`, `mailwright-dkim`, and `cli` for the binary by its folder.
pub(crate) fn named<'c>(crates: &'c [Crate], name: &str) -> Result<&'c Crate, Failure> {
    let is_meant = |one: &&Crate| {
        one.short == name
            || one.package.name == name
            || one.package.folder.ends_with(Path::new("crates").join(name))
    };
    crates.iter().find(is_meant).ok_or_else(|| {
        let known: Vec<&str> = crates.iter().map(|one| one.short.as_str()).collect();
        Failure::Usage(format!("no published crate `{name}`; there are {}", known.join(", ")))
    })
}
