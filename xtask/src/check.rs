//! `check`: what a commit must hold to, short of the tests.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::workspace::{Package, cargo, lines_of_git, output_of, packages, root, succeeds};
use crate::{Failure, Outcome, Verb, amp_rules, arrows, licences, sizes};

pub(crate) const VERB: Verb = Verb {
    name: "check",
    arguments: "[--fast]",
    about: "format, clippy, docs, dependency arrows, the table of amp-rules, licences (cargo-deny), file sizes; \
            --fast: format, clippy and tests of the crates touched since main, and the arrows",
    run,
};

fn run(arguments: &[String]) -> Outcome {
    let mut failed = Vec::new();
    match arguments {
        [] => full(&mut failed)?,
        [flag] if flag == "--fast" => fast(&mut failed)?,
        _ => return Err(Failure::Usage("takes `--fast` or nothing".into())),
    }
    if failed.is_empty() {
        println!("check: all held");
        return Ok(());
    }
    println!("check: failed: {}", failed.join(", "));
    Err(Failure::Found)
}

fn full(failed: &mut Vec<&'static str>) -> Outcome {
    format(failed)?;
    step(
        failed,
        "clippy",
        &mut cargo(["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]),
    )?;
    let mut docs = cargo(["doc", "--workspace", "--no-deps", "--all-features"]);
    step(failed, "docs", docs.env("RUSTDOCFLAGS", "-D warnings"))?;
    check_arrows(failed, &packages()?);
    check_rules(failed);
    if output_of(&mut cargo(["deny", "--version"])).is_some() {
        // Advisories need the network; the other three need the lock file alone.
        step(
            failed,
            "licences",
            &mut cargo([
                "deny",
                "--all-features",
                "--log-level=error",
                "check",
                "licenses",
                "bans",
                "sources",
            ]),
        )?;
    } else {
        println!("-- licences (of cargo metadata: cargo-deny is not installed)");
        let wrong = licences::wrong()?;
        wrong.iter().for_each(|sentence| println!("{sentence}"));
        if !wrong.is_empty() {
            failed.push("licences");
        }
    }
    for warning in sizes::warnings() {
        println!("-- sizes: warning: {warning}");
    }
    Ok(())
}

fn fast(failed: &mut Vec<&'static str>) -> Outcome {
    let packages = packages()?;
    format(failed)?;
    check_arrows(failed, &packages);
    let touched = touched(&packages, &changed_files());
    if touched.is_empty() {
        println!("-- no crate touched");
        return Ok(());
    }
    println!("-- touched: {}", touched.iter().copied().collect::<Vec<_>>().join(" "));
    let selection: Vec<&str> = touched.iter().flat_map(|name| ["-p", name]).collect();
    let mut clippy = cargo(["clippy", "--all-targets"]);
    step(failed, "clippy", clippy.args(&selection).args(["--", "-D", "warnings"]))?;
    step(failed, "tests", cargo(["test"]).args(&selection))
}

/// Of the workspace, and of the two packages outside.
fn format(failed: &mut Vec<&'static str>) -> Outcome {
    step(failed, "format", &mut cargo(["fmt", "--all", "--check"]))?;
    for manifest in ["fuzz/Cargo.toml", "xtask/peers/Cargo.toml"] {
        if root().join(manifest).exists() {
            step(failed, "format", &mut cargo(["fmt", "--check", "--manifest-path", manifest]))?;
        }
    }
    Ok(())
}

fn step(failed: &mut Vec<&'static str>, name: &'static str, command: &mut Command) -> Outcome {
    println!("-- {name}");
    if !succeeds(command)? {
        failed.push(name);
    }
    Ok(())
}

fn check_arrows(failed: &mut Vec<&'static str>, packages: &[Package]) {
    println!("-- arrows");
    let wrong = arrows::wrong(packages);
    for sentence in &wrong {
        println!("{sentence}");
    }
    if !wrong.is_empty() {
        failed.push("arrows");
    }
}

/// The table of amp-mime is the one that its rule files give.
fn check_rules(failed: &mut Vec<&'static str>) {
    println!("-- amp-rules");
    let stale = amp_rules::stale().unwrap_or_else(|why| vec![why]);
    for sentence in &stale {
        println!("{sentence}");
    }
    if !stale.is_empty() {
        failed.push("amp-rules");
    }
}

/// Files that differ from where this branch left main, and those not added yet.
fn changed_files() -> Vec<String> {
    let base = lines_of_git(&["merge-base", "HEAD", "main"]).pop().unwrap_or_else(|| "HEAD".into());
    let mut files = lines_of_git(&["diff", "--name-only", &base]);
    files.extend(lines_of_git(&["ls-files", "--others", "--exclude-standard"]));
    files
}

/// The names of the packages that own one of `files`; all of them where the workspace itself changed.
fn touched<'p>(packages: &'p [Package], files: &[String]) -> BTreeSet<&'p str> {
    if files.iter().any(|file| file == "Cargo.toml" || file == "clippy.toml") {
        return packages.iter().map(|package| package.name.as_str()).collect();
    }
    files.iter().filter_map(|file| owner(packages, &root().join(file))).collect()
}

/// The package whose folder is the nearest above `file`.
fn owner<'p>(packages: &'p [Package], file: &Path) -> Option<&'p str> {
    packages
        .iter()
        .filter(|package| file.starts_with(&package.folder))
        .max_by_key(|package| package.folder.components().count())
        .map(|package| package.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, folder: &str) -> Package {
        Package {
            name: name.into(),
            version: String::new(),
            folder: root().join(folder),
            published: true,
            dependencies: Vec::new(),
            features: Vec::new(),
        }
    }

    #[test]
    fn a_file_belongs_to_the_nearest_package_above_it() {
        let packages = [package("xtask", "xtask"), package("conformance", "xtask/conformance")];
        let touched_by = |file: &str| touched(&packages, &[file.to_owned()]).into_iter().collect::<Vec<_>>();
        assert_eq!(touched_by("xtask/conformance/src/main.rs"), ["conformance"]);
        assert_eq!(touched_by("xtask/src/main.rs"), ["xtask"]);
        assert!(touched_by("README.md").is_empty());
        assert_eq!(touched_by("Cargo.toml"), ["conformance", "xtask"]);
    }
}
