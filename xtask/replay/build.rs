//! Writes a module and a test for each target of `fuzz/fuzz_targets`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let own = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let manifest = std::fs::read_to_string(own.join("Cargo.toml"))?;
    let targets = own.join("../../fuzz/fuzz_targets").canonicalize()?;
    println!("cargo::rerun-if-changed={}", targets.display());
    println!("cargo::rerun-if-changed=Cargo.toml");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&targets)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    let mut written = String::new();
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let text = std::fs::read_to_string(&file)?;
        let Some(name) = file.file_stem().and_then(|name| name.to_str()) else { continue };
        match foreign(&text, &manifest) {
            Some(krate) => {
                let why = format!("needs {krate}, which only the fuzz package has");
                writeln!(written, "#[test]\n#[ignore = {why:?}]\nfn {name}() {{}}")?;
            }
            None => written.push_str(&module(name, &file)?),
        }
    }
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("targets.rs"), written)?;
    Ok(())
}

fn module(name: &str, file: &Path) -> Result<String, std::fmt::Error> {
    let mut written = String::new();
    // `#![no_main]` means the binary that libFuzzer drives.
    writeln!(written, "#[allow(unused_attributes, reason = \"a target is written as a binary\")]")?;
    writeln!(written, "#[path = {:?}]\nmod {name};", file.display().to_string())?;
    writeln!(written, "#[test]\nfn replay_{name}() {{\n    crate::replay({name:?}, {name}::run);\n}}")?;
    Ok(written)
}

/// The first crate that a target uses and this package does not have.
fn foreign<'t>(text: &'t str, manifest: &str) -> Option<&'t str> {
    let uses = text.lines().filter_map(|line| line.trim_start().strip_prefix("use "));
    let mut crates = uses.filter_map(|path| path.split([':', ';', ' ']).next());
    crates.find(|name| {
        let package = name.replace('_', "-");
        !matches!(*name, "libfuzzer_sys" | "std" | "core" | "crate" | "self" | "super")
            && !manifest.lines().any(|line| {
                line.split([' ', '.']).next().is_some_and(|known| known == package || known == *name)
            })
    })
}
