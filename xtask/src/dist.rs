//! `dist`: the binary with its manual pages and completions in one archive.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::workspace::{cargo, output_of, packages, root};
use crate::{Failure, Outcome, Verb};

pub(crate) const VERB: Verb = Verb {
    name: "dist",
    arguments: "",
    about: "builds target/dist/mailwright-VERSION-TARGET.tar.gz: the stripped binary, manual pages, completions; with checksums \
            beside it; runs the demo from the unpacked archive",
    run,
};

const SHELLS: [&str; 3] = ["bash", "fish", "zsh"];

fn run(arguments: &[String]) -> Outcome {
    if !arguments.is_empty() {
        return Err(Failure::Usage("takes no argument".into()));
    }
    let target = host()?;
    let (binary, is_static) = build(&target)?;
    let version =
        packages()?.into_iter().find(|package| package.name == "mailwright").map(|package| package.version);
    let name = format!("mailwright-{}-{target}", version.unwrap_or_default());
    let dist = root().join("target/dist");
    let folder = dist.join(&name);
    let _ = std::fs::remove_dir_all(&folder);
    fill(&binary, &folder)?;
    let archive = dist.join(format!("{name}.tar.gz"));
    pack(&folder, &name, &archive)?;
    let sum = checksum(&archive)?;
    std::fs::write(dist.join("SHA256SUMS"), format!("{sum}  {name}.tar.gz\n"))?;
    demo(&archive, &name)?;
    println!(
        "dist: {} ({} KiB), checksum in SHA256SUMS; its demo ran",
        archive.display(),
        size(&archive) / 1024
    );
    if is_static {
        println!("dist: linked statically: needs no library");
    } else {
        println!("dist: not linked statically here; needs {}", needed(&binary).join(", "));
    }
    Ok(())
}

/// The target that rustc builds for.
fn host() -> Result<String, Failure> {
    let said = output_of(Command::new("rustc").arg("-vV")).unwrap_or_default();
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned);
    host.ok_or_else(|| Failure::Usage("`rustc -vV` names no host".into()))
}

/// Builds the binary, statically where that links; says whether it did.
fn build(target: &str) -> Result<(PathBuf, bool), Failure> {
    let folder = root().join("target/dist-build");
    let build = |flags: &str| {
        // With a target named, the flags are not those of build scripts and macros.
        let mut command = cargo([
            "build",
            "--quiet",
            "--release",
            "--locked",
            "--package",
            "mailwright",
            "--target",
            target,
        ]);
        command
            .arg("--target-dir")
            .arg(&folder)
            .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
            .env("RUSTFLAGS", flags);
        Ok::<_, Failure>(command.status()?.success())
    };
    let binary = folder.join(target).join("release/mailwright");
    println!("-- build");
    if build("-C target-feature=+crt-static")? && needed(&binary).is_empty() {
        return Ok((binary, true));
    }
    if build("")? {
        return Ok((binary, false));
    }
    Err(Failure::Usage("the binary does not build".into()))
}

/// The libraries that a binary is loaded with.
fn needed(binary: &Path) -> Vec<String> {
    let said = output_of(Command::new("readelf").arg("-d").arg(binary)).unwrap_or_default();
    let lines = said.lines().filter(|line| line.contains("(NEEDED)"));
    lines.filter_map(|line| Some(line.split_once('[')?.1.trim_end_matches(']').to_owned())).collect()
}

fn fill(binary: &Path, folder: &Path) -> Outcome {
    let man = folder.join("man/man1");
    let completions = folder.join("completions");
    for part in [&man, &completions] {
        std::fs::create_dir_all(part)?;
    }
    std::fs::copy(binary, folder.join("mailwright"))?;
    for file in ["LICENSE-APACHE", "LICENSE-MIT"] {
        std::fs::copy(root().join(file), folder.join(file))?;
    }
    for file in ["README.md", "CHANGELOG.md"] {
        std::fs::copy(root().join("crates/cli").join(file), folder.join(file))?;
    }
    if !Command::new(binary).arg("man").arg(&man).status().is_ok_and(|status| status.success()) {
        return Err(Failure::Usage("`mailwright man` failed".into()));
    }
    for shell in SHELLS {
        let text = output_of(Command::new(binary).args(["completions", shell]));
        let text = text.ok_or_else(|| Failure::Usage(format!("`mailwright completions {shell}` failed")))?;
        std::fs::write(completions.join(format!("mailwright.{shell}")), text)?;
    }
    Ok(())
}

fn pack(folder: &Path, name: &str, archive: &Path) -> Outcome {
    let file = File::create(archive)?;
    let mut builder = tar::Builder::new(GzEncoder::new(file, Compression::best()));
    // The same files give the same archive: no owner, no time.
    builder.mode(tar::HeaderMode::Deterministic);
    builder.append_dir_all(name, folder)?;
    builder.into_inner().and_then(GzEncoder::finish)?;
    Ok(())
}

fn checksum(archive: &Path) -> Result<String, Failure> {
    let octets = std::fs::read(archive)?;
    Ok(Sha256::digest(&octets).iter().map(|octet| format!("{octet:02x}")).collect())
}

/// Unpacks the archive into an empty folder and runs the demo from there.
fn demo(archive: &Path, name: &str) -> Outcome {
    let folder = tempfile::tempdir()?;
    let file = File::open(archive)?;
    tar::Archive::new(flate2::read::GzDecoder::new(file)).unpack(folder.path())?;
    let mut demo = Command::new(folder.path().join(name).join("mailwright"));
    let ran = demo.arg("demo").current_dir(folder.path()).output()?;
    if ran.status.success() {
        Ok(())
    } else {
        Err(Failure::Usage("the demo of the unpacked archive failed".into()))
    }
}

fn size(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |metadata| metadata.len())
}
