//! Releases tried on throw-away clones of this repository.

use std::path::Path;

use super::repository::Repository;
use super::{gate, run};
use crate::Failure;
use crate::registry::Registry;
use crate::release_test::take_from_registry;
use crate::workspace::root;

/// A clone of the last commit; `None` where this is no git checkout.
struct Clone {
    _folder: tempfile::TempDir,
    repository: Repository,
}

impl Clone {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clone");
        let source = Repository::at(root());
        if source.git(&["clone", "--quiet", "--no-tags", ".", &path.to_string_lossy()]).is_err() {
            eprintln!("not a git checkout: skipped");
            return None;
        }
        let repository = Repository::at(&path);
        for (key, value) in
            [("user.name", "nobody"), ("user.email", "nobody@example.org"), ("tag.gpgsign", "false")]
        {
            repository.git(&["config", key, value]).unwrap();
        }
        Some(Self { _folder: folder, repository })
    }

    fn commit(&self, message: &str) {
        self.repository.git(&["add", "--all"]).unwrap();
        self.repository.git(&["commit", "--quiet", "--message", message]).unwrap();
    }

    /// Says what `.ci/run` says at its end. It takes twenty minutes, and what is tested here is the release.
    fn pass_gate(&self) {
        let tree = self.repository.git(&["rev-parse", "HEAD^{tree}"]).unwrap();
        std::fs::write(gate::stamp(&self.repository).unwrap(), tree).unwrap();
    }

    fn run(&self, words: &str) -> Result<(), String> {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        run(&self.repository, &words).map_err(|failure| match failure {
            Failure::Usage(why) => why,
            Failure::Found => "found".into(),
            Failure::Status(status) => format!("status {status}"),
        })
    }

    fn append(&self, path: &str, text: &str) {
        let path = self.repository.root.join(path);
        let before = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, before + text).unwrap();
    }

    /// Something to say in a CHANGELOG, so that it can be released.
    fn note(&self, folder: &str) {
        let path = self.repository.root.join(folder).join("CHANGELOG.md");
        let before = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, before.replacen("## Unreleased\n", "## Unreleased\n\n- Something.\n", 1))
            .unwrap();
    }

    fn state(&self) -> (String, String) {
        let tree = self.repository.git(&["rev-parse", "HEAD^{tree}"]).unwrap();
        (tree, self.repository.git(&["tag", "--list"]).unwrap())
    }
}

#[test]
fn a_dirty_tree_is_refused_and_a_dry_run_touches_nothing() {
    let Some(clone) = Clone::new() else { return };
    let before = clone.state();
    clone.run("message-model dns --dry-run").unwrap();
    assert_eq!(clone.repository.dirt().unwrap(), Vec::<String>::new());
    assert_eq!(clone.state(), before);
    assert!(clone.run("nothing-of-ours").unwrap_err().contains("no published crate"));
    // dns needs nothing, spf needs two that were never released.
    assert!(clone.run("spf --dry-run").unwrap_err().contains("release"));
    clone.append("README.md", "x\n");
    assert!(clone.run("message-model --dry-run").unwrap_err().contains("not clean"));
}

#[test]
fn a_release_that_was_cut_off_ends_as_one_that_was_not() {
    let (Some(whole), Some(cut)) = (with_registry(), with_registry()) else { return };
    let (whole, whole_registry) = whole;
    whole.run("message-model dns --registry local --no-verify").unwrap();

    let (cut, registry) = cut;
    registry.refuse("mailwright-dns");
    let why = cut.run("message-model dns --registry local --no-verify").unwrap_err();
    assert!(why.contains("mailwright-dns") && why.contains("local") && why.contains("again"), "{why}");
    assert_eq!(registry.holds().len(), 1);
    registry.refuse("");
    cut.run("message-model dns --registry local --no-verify").unwrap();

    assert_eq!(cut.state(), whole.state());
    assert_eq!(registry.holds(), whole_registry.holds());
    assert_eq!(registry.holds().len(), 2);
    assert!(cut.state().1.contains("dns-v0.1.0"));
    assert!(cut.run("dns --registry local").unwrap_err().contains("nothing to release"));
}

fn with_registry() -> Option<(Clone, Registry)> {
    let mut clone = Clone::new()?;
    let registry = Registry::start().map_err(|_| "no registry").unwrap();
    clone.repository.environment = registry.environment().into();
    take_from_registry(&clone.repository, &clone.repository.crates().unwrap())
        .map_err(|_| "no manifest")
        .unwrap();
    clone.note("crates/message-model");
    clone.note("crates/dns");
    clone.commit("a registry of its own");
    clone.pass_gate();
    Some((clone, registry))
}

#[test]
fn a_level_below_what_the_api_demands_is_refused() {
    let Some(clone) = Clone::new() else { return };
    let library = "crates/dns/src/lib.rs";
    clone.append(library, "\n/// Planted.\npub fn planted_to_be_removed() {}\n");
    clone.commit("dns: planted");
    clone.repository.git(&["tag", "dns-v0.1.0"]).unwrap();
    assert!(clone.run("dns --level patch --dry-run").unwrap_err().contains("nothing to release"));

    clone.append(library, "\n/// Added.\npub fn added() {}\n");
    clone.note("crates/dns");
    clone.commit("dns: added");
    clone.run("dns --level minor --dry-run").unwrap();

    remove(&clone.repository.root.join(library));
    clone.commit("dns: removed");
    if clone
        .repository
        .cargo(&["semver-checks", "--version"])
        .output()
        .is_ok_and(|output| output.status.success())
    {
        let why = clone.run("dns --level patch --dry-run").unwrap_err();
        assert!(why.contains("planted_to_be_removed") && why.contains("demands minor"), "{why}");
        clone.run("dns --dry-run").unwrap();
    } else {
        eprintln!("cargo-semver-checks is not installed: what an API demands is not tested");
        assert!(clone.run("dns --dry-run").unwrap_err().contains("not judged"));
    }
    clone.run("dns --level minor --dry-run").unwrap();
    super::changed::run(&clone.repository).map_err(|_| "changed failed").unwrap();
    assert_eq!(clone.repository.dirt().unwrap(), Vec::<String>::new());
}

fn remove(library: &Path) {
    let text = std::fs::read_to_string(library).unwrap();
    std::fs::write(library, text.replace("\n/// Planted.\npub fn planted_to_be_removed() {}\n", "")).unwrap();
}

#[test]
fn what_a_dependency_was_not_released_with_is_not_used() {
    let Some(clone) = Clone::new() else { return };
    clone.note("crates/message-model");
    clone.note("crates/spf");
    clone.commit("notes");
    for name in ["message-model", "dns", "spf"] {
        clone.repository.git(&["tag", &format!("{name}-v0.1.0")]).unwrap();
    }
    clone.append("crates/message-model/src/lib.rs", "\n/// New.\npub fn quite_new() {}\n");
    clone.append(
        "crates/spf/src/lib.rs",
        "\n/// Uses it.\npub fn uses_it() {\n    mailwright_message_model::quite_new();\n}\n",
    );
    clone.commit("spf: uses something new");
    let why = clone.run("spf --level minor --dry-run").unwrap_err();
    assert!(why.contains("message-model-v0.1.0"), "{why}");
    clone.run("message-model spf --level minor --dry-run").unwrap();
}

#[test]
fn dates() {
    assert_eq!(super::date(0), "1970-01-01");
    assert_eq!(super::date(11_016), "2000-02-29");
    assert_eq!(super::date(20_781), "2026-11-24");
}
