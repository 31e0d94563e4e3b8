//! The commands of the documents run as they stand there.
#![cfg(unix)]

use std::path::Path;
use std::process::Command;

/// The lines of the blocks in a section that are for a shell.
fn commands<'t>(text: &'t str, section: &str) -> Vec<&'t str> {
    let from = text.find(&format!("\n{section}\n")).unwrap();
    let rest = &text[from + section.len()..];
    let section = &rest[..rest.find("\n## ").unwrap_or(rest.len())];
    section.split("```sh\n").skip(1).flat_map(|block| block.split("```").next().unwrap().lines()).collect()
}

/// Runs each in one folder; what it must end with stands behind it.
fn run_all(document: &str, section: &str) {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(document)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_mailwright"));
    std::os::unix::fs::symlink(binary, folder.path().join("mailwright")).unwrap();
    let commands = commands(&text, section);
    assert!(commands.len() > 3, "{document} {section}");
    for command in commands {
        let (line, wanted) = match command.split_once(" # exit status ") {
            Some((line, status)) => (line, status.trim().parse().unwrap()),
            None => (command, 0),
        };
        let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
        let output =
            Command::new("sh").args(["-c", line]).current_dir(&folder).env("PATH", path).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(wanted), "{command}: {said}");
    }
}

#[test]
fn those_of_the_book() {
    run_all("../../docs/src/smime.md", "## In the command");
}

#[test]
fn those_of_the_readme() {
    run_all("README.md", "## S/MIME");
}
