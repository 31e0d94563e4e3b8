//! `weight`: what it costs to depend on each crate.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use crate::workspace::{Package, cargo, output_of, packages, root};
use crate::{Failure, Outcome, Verb};

pub(crate) const VERB: Verb = Verb {
    name: "weight",
    arguments: "[PACKAGE...] [--count]",
    about: "for each published crate and set of features: packages in its tree (itself included), seconds to build it alone, size \
            of its compiled library; --count builds nothing",
    run,
};

const FEATURES: [(&str, &[&str]); 3] =
    [("none", &["--no-default-features"]), ("default", &[]), ("all", &["--all-features"])];

fn run(arguments: &[String]) -> Outcome {
    let only_count = arguments.iter().any(|argument| argument == "--count");
    let named: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    println!("| crate | features | packages | with what its build needs | seconds alone | library, KiB |");
    println!("| --- | --- | --: | --: | --: | --: |");
    for package in packages()?.iter().filter(|package| package.published) {
        let short = package.name.strip_prefix("mailwright-").unwrap_or(&package.name);
        if !named.is_empty() && !named.iter().any(|name| **name == package.name || *name == short) {
            continue;
        }
        for (name, flags) in FEATURES {
            let count = |edges| tree(&package.name, flags, edges).map(|tree| tree.len());
            let (normal, build) = (count("normal")?, count("normal,build")?);
            let (seconds, size) =
                if only_count { (String::new(), String::new()) } else { built(package, flags)? };
            println!("| {short} | {name} | {normal} | {build} | {seconds} | {size} |");
        }
    }
    Ok(())
}

/// The packages that `cargo tree` shows.
fn tree(package: &str, flags: &[&str], edges: &str) -> Result<BTreeSet<String>, Failure> {
    let mut command = cargo([
        "tree",
        "--quiet",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--package",
        package,
        "--edges",
        edges,
    ]);
    let text = output_of(command.args(flags))
        .ok_or_else(|| Failure::Usage(format!("`cargo tree -p {package}` failed")))?;
    let name = |line: &str| line.split(" (").next().unwrap_or_default().trim().to_owned();
    Ok(text.lines().map(name).filter(|name| !name.is_empty()).collect())
}

/// Seconds of a release build in an empty target folder, and the size of what comes out.
fn built(package: &Package, flags: &[&str]) -> Result<(String, String), Failure> {
    let folder = tempfile::tempdir_in(target()?)?;
    let start = Instant::now();
    let mut command = cargo(["build", "--quiet", "--release", "--package", &package.name]);
    let status = command.args(flags).arg("--target-dir").arg(folder.path()).status();
    if !status.is_ok_and(|status| status.success()) {
        return Ok(("does not build".into(), String::new()));
    }
    let seconds = format!("{:.0}", start.elapsed().as_secs_f64());
    let library = folder.path().join(format!("release/lib{}.rlib", package.name.replace('-', "_")));
    let size =
        std::fs::metadata(library).map_or(String::new(), |metadata| (metadata.len() / 1024).to_string());
    Ok((seconds, size))
}

fn target() -> Result<std::path::PathBuf, Failure> {
    let target = root().join(Path::new("target"));
    std::fs::create_dir_all(&target)?;
    Ok(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 15 names these figures; `cargo tree` needs no network where the lock file is complete.
    #[test]
    fn crates_without_their_features_stay_light() {
        for (package, most) in [
            ("mailwright-message-model", 16),
            ("mailwright-threading", 18),
            ("mailwright-spf", 16),
            ("mailwright-dmarc", 16),
            ("mailwright-dkim", 32),
            ("mailwright-bounces", 20),
        ] {
            let tree = tree(package, &["--no-default-features"], "normal").unwrap();
            assert!(tree.len() <= most, "{package} has {}: {tree:?}", tree.len());
            assert!(tree.iter().any(|line| line.starts_with(package)));
        }
    }
}
