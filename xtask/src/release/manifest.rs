//! Versions and requirements in manifests and lock files, edited in place: everything else in a file stays as it is.

use semver::Version;
use toml_edit::{DocumentMut, Item, value};

use crate::Failure;

/// A manifest with another version of its package.
pub(crate) fn with_version(text: &str, version: &Version) -> Result<String, Failure> {
    let mut document = read(text)?;
    let package = document.get_mut("package").and_then(Item::as_table_mut);
    let package = package.ok_or_else(|| Failure::Usage("no [package]".into()))?;
    // `version.workspace = true` becomes a version of its own.
    package.insert("version", value(version.to_string()));
    Ok(document.to_string())
}

/// The root manifest with another requirement for one of the workspace's dependencies.
pub(crate) fn with_requirement(text: &str, package: &str, requirement: &str) -> Result<String, Failure> {
    edit_dependency(text, package, |entry| {
        entry.insert("version", requirement.into());
    })
}

/// The root manifest with every dependency on one of `packages` taken from a named registry.
pub(crate) fn with_registry(text: &str, packages: &[&str], registry: &str) -> Result<String, Failure> {
    packages.iter().try_fold(text.to_owned(), |text, package| {
        edit_dependency(&text, package, |entry| {
            entry.insert("registry", registry.into());
        })
    })
}

fn edit_dependency(
    text: &str,
    package: &str,
    edit: impl FnOnce(&mut toml_edit::InlineTable),
) -> Result<String, Failure> {
    let mut document = read(text)?;
    let entry = document
        .get_mut("workspace")
        .and_then(|workspace| workspace.get_mut("dependencies"))
        .and_then(|dependencies| dependencies.get_mut(package))
        .and_then(Item::as_inline_table_mut);
    // What nobody depends on has no entry.
    if let Some(entry) = entry {
        edit(entry);
        entry.fmt();
    }
    Ok(document.to_string())
}

/// A lock file with another version of one of our packages: those have no source.
pub(crate) fn with_locked(text: &str, package: &str, version: &Version) -> Result<String, Failure> {
    let mut document = read(text)?;
    let packages = document.get_mut("package").and_then(Item::as_array_of_tables_mut);
    for entry in packages.into_iter().flat_map(toml_edit::ArrayOfTables::iter_mut) {
        if entry.get("name").and_then(Item::as_str) == Some(package) && entry.get("source").is_none() {
            entry.insert("version", value(version.to_string()));
        }
    }
    Ok(document.to_string())
}

fn read(text: &str) -> Result<DocumentMut, Failure> {
    text.parse().map_err(|error| Failure::Usage(format!("a manifest cannot be read: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_meant_changes() {
        let version = Version::new(0, 2, 0);
        let manifest =
            "[package]\nname = \"x\" # a remark\nversion.workspace = true\nedition.workspace = true\n";
        let changed = with_version(manifest, &version).unwrap_or_default();
        assert!(changed.contains("version = \"0.2.0\"") && changed.contains("# a remark"));
        assert!(changed.contains("edition.workspace = true") && !changed.contains("version.workspace"));

        let root = "[workspace.dependencies]\n# why\nx = { path = \"crates/x\", version = \"0.1.0\" }\nmemchr = \"2\"\n";
        let changed = with_requirement(root, "x", "0.2.0").unwrap_or_default();
        assert_eq!(changed, root.replace("0.1.0", "0.2.0"));
        assert_eq!(with_requirement(root, "y", "0.2.0").unwrap_or_default(), root);
        assert!(with_registry(root, &["x"], "local").unwrap_or_default().contains("registry = \"local\""));

        let lock = "version = 4\n\n[[package]]\nname = \"x\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"x\"\nversion = \"0.1.0\"\nsource = \"r\"\n";
        let changed = with_locked(lock, "x", &version).unwrap_or_default();
        assert_eq!(changed, lock.replacen("0.1.0", "0.2.0", 1));
    }
}
