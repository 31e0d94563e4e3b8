//! The dependency arrows between our crates, which point down only.

use crate::workspace::{Dependency, Package};

const MODEL: &str = "mailwright-message-model";
const DNS: &str = "mailwright-dns";

/// The crates that may ask the DNS besides the binary.
const ASKS_DNS: &[&str] = &["mailwright-dkim", "mailwright-spf", "mailwright-dmarc", "mailwright-antispam"];

/// The packages that see every crate: the binary and the runner of the suites.
const SEES_ALL: &[&str] = &["mailwright", "conformance", "interop", "replay"];

/// One sentence for each dependency of ours that points the wrong way.
pub(crate) fn wrong(packages: &[Package]) -> Vec<String> {
    let ours = |name: &str| packages.iter().any(|package| package.name == name);
    let mut found = Vec::new();
    for package in packages {
        for dependency in package.dependencies.iter().filter(|dependency| ours(&dependency.name)) {
            if let Some(why) = objection(&package.name, dependency) {
                found.push(format!("{} -> {}: {why}", package.name, dependency.name));
            }
        }
    }
    found
}

fn objection(from: &str, dependency: &Dependency) -> Option<&'static str> {
    if dependency.dev {
        // A versioned dev-dependency dictates the order of publishing, unseen by anyone.
        return (dependency.versioned || !dependency.by_path)
            .then_some("a dev-dependency between our crates is by path only, without a version");
    }
    let to = dependency.name.as_str();
    if from == "xtask" {
        return Some("xtask builds in seconds because it depends on no crate of ours");
    }
    if SEES_ALL.contains(&to) {
        return Some("nothing depends on the binary or on the runner");
    }
    let allowed =
        SEES_ALL.contains(&from) || (to == MODEL && from != MODEL) || (to == DNS && ASKS_DNS.contains(&from));
    (!allowed).then_some("arrows point down only, and no feature crate depends on another")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[(&str, bool, bool)]) -> Package {
        let dependencies = dependencies
            .iter()
            .map(|&(name, dev, versioned)| Dependency {
                name: name.into(),
                dev,
                requirement: String::new(),
                versioned,
                by_path: true,
            })
            .collect();
        Package {
            name: name.into(),
            version: String::new(),
            folder: "x".into(),
            published: true,
            dependencies,
            features: Vec::new(),
        }
    }

    fn judge(from: &str, to: &str, dev: bool, versioned: bool) -> usize {
        wrong(&[package(from, &[(to, dev, versioned)]), package(to, &[])]).len()
    }

    #[test]
    fn arrows_of_the_house_are_allowed() {
        assert_eq!(judge("mailwright", "mailwright-threading", false, true), 0);
        assert_eq!(judge("mailwright-dmarc", DNS, false, true), 0);
        assert_eq!(judge("mailwright-dns", MODEL, false, true), 0);
        assert_eq!(judge("conformance", "mailwright-spf", false, false), 0);
    }

    #[test]
    fn arrows_between_features_or_upwards_are_refused() {
        assert_eq!(judge("mailwright-dmarc", "mailwright-spf", false, true), 1);
        assert_eq!(judge("mailwright-bounces", DNS, false, true), 1);
        assert_eq!(judge(MODEL, DNS, false, true), 1);
        assert_eq!(judge("mailwright-spf", "mailwright", false, true), 1);
        assert_eq!(judge("xtask", MODEL, false, true), 1);
    }

    #[test]
    fn dev_dependencies_are_by_path_only() {
        assert_eq!(judge("mailwright-dmarc", "mailwright-spf", true, false), 0);
        assert_eq!(judge("mailwright-dmarc", "mailwright-spf", true, true), 1);
    }
}
