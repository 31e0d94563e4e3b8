//! The workspace: where it is, its packages, and running programs in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Failure;

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own)
}

/// A `cargo` command that runs in the root of the workspace.
pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments);
    command
}

/// Runs `command` with its output shown; whether it ended with status 0.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool, Failure> {
    Ok(status(command)? == 0)
}

/// Runs `command` with its output shown and passes a status other than 0 on.
pub(crate) fn pass_through(command: &mut Command) -> Result<(), Failure> {
    match status(command)? {
        0 => Ok(()),
        code => Err(Failure::Status(code)),
    }
}

/// What `command` prints on stdout, or `None` where it cannot be started or fails; its stderr is dropped.
pub(crate) fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A package of the workspace as `cargo metadata` tells it.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The folder of its `Cargo.toml`.
    pub(crate) folder: PathBuf,
    pub(crate) published: bool,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) features: Vec<String>,
}

impl Package {
    /// What a published version of it needs: dependencies with a version requirement, those for tests aside.
    pub(crate) fn needs(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().filter(|dependency| !dependency.dev)
    }
}

/// One entry of a dependency table.
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) dev: bool,
    /// The versions that it is content with.
    pub(crate) requirement: String,
    /// Whether a version is required beside the path; one is needed to publish and must not stand on a
    /// dev-dependency, where it would dictate the order of publishing.
    pub(crate) versioned: bool,
    pub(crate) by_path: bool,
}

/// The members of the workspace.
pub(crate) fn packages() -> Result<Vec<Package>, Failure> {
    packages_by(|| cargo([]))
}

/// The members of the workspace in which `cargo` runs.
pub(crate) fn packages_by(cargo: impl Fn() -> Command) -> Result<Vec<Package>, Failure> {
    let metadata = ["metadata", "--format-version=1", "--no-deps"];
    let text = output_of(cargo().args(metadata).arg("--offline"))
        .or_else(|| output_of(cargo().args(metadata)))
        .ok_or_else(|| Failure::Usage("`cargo metadata` failed".into()))?;
    let metadata: Value =
        serde_json::from_str(&text).map_err(|error| Failure::Usage(format!("cargo metadata: {error}")))?;
    Ok(items(&metadata, "packages").map(package).collect())
}

/// Files that git knows below the root, or would know if they were added, by `/`-separated path.
pub(crate) fn files(pattern: &str) -> Vec<String> {
    lines_of_git(&["ls-files", "--cached", "--others", "--exclude-standard", "--", pattern])
}

/// The lines that git prints; none where git or the repository is missing.
pub(crate) fn lines_of_git(arguments: &[&str]) -> Vec<String> {
    let mut command = Command::new("git");
    command.current_dir(root()).args(arguments);
    output_of(&mut command).unwrap_or_default().lines().map(str::to_owned).collect()
}

fn package(value: &Value) -> Package {
    let manifest = PathBuf::from(text(value, "manifest_path"));
    Package {
        name: text(value, "name"),
        version: text(value, "version"),
        folder: manifest.parent().map(Path::to_path_buf).unwrap_or_default(),
        // `publish = false` arrives as an empty list, no word about it as null.
        published: value
            .get("publish")
            .is_none_or(|publish| publish.as_array().is_none_or(|list| !list.is_empty())),
        dependencies: items(value, "dependencies").map(dependency).collect(),
        features: value
            .get("features")
            .and_then(Value::as_object)
            .map(|features| features.keys().cloned().collect())
            .unwrap_or_default(),
    }
}

fn dependency(value: &Value) -> Dependency {
    Dependency {
        name: text(value, "name"),
        requirement: text(value, "req"),
        dev: value.get("kind").and_then(Value::as_str) == Some("dev"),
        versioned: value.get("req").and_then(Value::as_str).is_some_and(|req| req != "*"),
        by_path: value.get("path").is_some_and(Value::is_string),
    }
}

fn items<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn status(command: &mut Command) -> Result<u8, Failure> {
    let status = command.status().map_err(|error| {
        Failure::Usage(format!("cannot start {}: {error}", command.get_program().to_string_lossy()))
    })?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}
