//! Writes a module and a test for each target of `fuzz/fuzz_targets`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let own = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let manifest = std::fs::read_to_string(own.join("Cargo.toml"))?;
    let fuzz = std::fs::read_to_string(own.join("../../fuzz/Cargo.toml"))?;
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
        if !uses_other(&text, &fuzz, &manifest) {
            written.push_str(&module(name, &file)?);
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

/// Whether a target uses a crate that only the fuzz package has: a peer, of which no build of the workspace knows.
fn uses_other(text: &str, fuzz: &str, own: &str) -> bool {
    let uses = text.lines().filter_map(|line| line.strip_prefix("use "));
    let mut crates = uses.filter_map(|path| path.split([':', ';', ' ']).next());
    crates.any(|name| name != "libfuzzer_sys" && depends(fuzz, name) && !depends(own, name))
}

fn depends(manifest: &str, name: &str) -> bool {
    let package = name.replace('_', "-");
    manifest
        .lines()
        .any(|line| line.split([' ', '.']).next().is_some_and(|known| known == package || known == name))
}
