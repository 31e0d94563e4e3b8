//! A package outside of the workspace that has nothing of ours but what the registry hands out.

use std::path::Path;
use std::process::Command;

use super::said_where_failed;
use crate::Failure;
use crate::registry::Registry;
use crate::release::repository::Crate;

/// The features that a consumer asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Features {
    None,
    Default,
    All,
}

impl Features {
    pub(super) const EACH: &[Self] = &[Self::None, Self::Default, Self::All];

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::None => "without default features",
            Self::Default => "with default features",
            Self::All => "with all features",
        }
    }
}

/// Builds and runs a consumer; what went wrong, if anything did.
pub(super) fn build_and_run(
    registry: &Registry,
    one: &Crate,
    features: Features,
    folder: &Path,
    target: &Path,
) -> Result<Option<String>, Failure> {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder.join("src"))?;
    if one.package.name == "mailwright" {
        return install(registry, one, features, folder, target);
    }
    let readme = std::fs::read_to_string(one.package.folder.join("README.md"))?;
    // Without its features a crate does less: one of its examples is about what it does then.
    let asked = if features == Features::None { usize::MAX } else { 1 };
    let mut why = "its README has no Rust example".to_owned();
    for example in examples(&readme).take(asked) {
        std::fs::write(folder.join("Cargo.toml"), manifest(one, features, &others(one, &example)))?;
        std::fs::write(folder.join("src/main.rs"), example)?;
        let mut run = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        run.args(["run", "--quiet"])
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", target)
            .envs(registry.environment());
        match said_where_failed(&mut run)? {
            None => return Ok(None),
            Some(said) => why = said,
        }
    }
    Ok(Some(why))
}

/// The binary is installed, and shows its samples.
fn install(
    registry: &Registry,
    one: &Crate,
    features: Features,
    folder: &Path,
    target: &Path,
) -> Result<Option<String>, Failure> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["install", "--quiet", "--debug", "--registry", "local", &one.package.name, "--root"])
        .arg(folder);
    match features {
        Features::None => cargo.arg("--no-default-features"),
        Features::Default => &mut cargo,
        Features::All => cargo.arg("--all-features"),
    };
    cargo.current_dir(folder).env("CARGO_TARGET_DIR", target).envs(registry.environment());
    if let Some(said) = said_where_failed(&mut cargo)? {
        return Ok(Some(said));
    }
    let mut demo = Command::new(folder.join("bin").join(&one.package.name));
    said_where_failed(demo.arg("demo").current_dir(folder))
}

/// Other crates of ours that an example uses.
fn others(one: &Crate, example: &str) -> Vec<String> {
    let words = example.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let mut found: Vec<String> =
        words.filter(|word| word.starts_with("mailwright_")).map(|word| word.replace('_', "-")).collect();
    found.sort();
    found.dedup();
    found.retain(|name| *name != one.package.name);
    found
}

fn manifest(one: &Crate, features: Features, others: &[String]) -> String {
    let asked = match features {
        Features::None => ", default-features = false".to_owned(),
        Features::Default => String::new(),
        Features::All => {
            let all: Vec<&str> =
                one.package.features.iter().map(String::as_str).filter(|name| *name != "default").collect();
            format!(", features = {all:?}")
        }
    };
    let others: String =
        others.iter().map(|name| format!("{name} = {{ version = \"*\", registry = \"local\" }}\n")).collect();
    format!(
        "[package]\nname = \"consumer\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         {} = {{ version = \"{}\", registry = \"local\"{asked} }}\n{others}\n[profile.dev]\ndebug = false\n",
        one.package.name, one.version
    )
}

/// The Rust examples of a README as programs.
fn examples(readme: &str) -> impl Iterator<Item = String> {
    readme.split("```rust").skip(1).filter_map(|behind| {
        let (_, behind) = behind.split_once('\n')?;
        let (code, _) = behind.split_once("\n```")?;
        Some(program(code))
    })
}

/// Hidden lines shown, and a `main` around the example where it has none.
fn program(code: &str) -> String {
    let shown = |line: &str| {
        let trimmed = line.trim_start();
        trimmed
            .strip_prefix("# ")
            .or(trimmed.strip_prefix('#').filter(|rest| rest.is_empty()))
            .unwrap_or(line)
            .to_owned()
    };
    let code = code.lines().map(shown).collect::<Vec<_>>().join("\n");
    if code.contains("fn main(") {
        return code;
    }
    // As rustdoc does it: an example that ends in `Ok::<(), E>(())` may use `?`.
    let fallible = code.trim_end().ends_with("(())").then(|| code.rsplit_once("Ok::<(), ")).flatten();
    match fallible {
        Some((body, tail)) => {
            let error = tail.trim_end().strip_suffix(">(())").unwrap_or("Box<dyn std::error::Error>");
            format!("fn main() -> Result<(), {error}> {{\n{body}\nOk(())\n}}\n")
        }
        None => format!("fn main() {{\n{code}\n}}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_becomes_a_program() {
        let readme = "# x\n\n```rust\nuse x::y;\n# let hidden = 1;\ny()?;\n# Ok::<(), x::Error>(())\n```\n";
        let program = examples(readme).next().unwrap_or_default();
        assert!(
            program.starts_with("fn main() -> Result<(), x::Error> {\nuse x::y;\nlet hidden = 1;\ny()?;\n")
        );
        assert!(program.ends_with("Ok(())\n}\n"));
        assert_eq!(examples("```rust\ny();\n```").collect::<Vec<_>>(), ["fn main() {\ny();\n}\n"]);
        assert_eq!(examples("no code").count(), 0);
    }
}
