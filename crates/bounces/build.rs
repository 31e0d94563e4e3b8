//! Compiles the rules of `rules/*.toml` into constant tables; fails where a rule does not win its own test lines.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "the modules are those of the library, which uses more of them"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[path = "src/parse/mark.rs"]
mod mark;
#[path = "src/reason.rs"]
mod reason;
#[path = "src/reply.rs"]
mod reply;
#[path = "src/status.rs"]
mod status;

mod rules {
    #[path = "../src/rules/answer.rs"]
    pub(crate) mod answer;
    #[path = "../src/rules/automaton.rs"]
    pub(crate) mod automaton;
    #[path = "../src/rules/check.rs"]
    pub(crate) mod check;
    #[path = "../src/rules/compile.rs"]
    pub(crate) mod compile;
    #[path = "../src/rules/error.rs"]
    pub(crate) mod error;
    #[path = "../src/rules/normal.rs"]
    pub(crate) mod normal;
    #[path = "../src/rules/read.rs"]
    pub(crate) mod read;
    #[path = "../src/rules/tables.rs"]
    pub(crate) mod tables;
    #[path = "../src/rules/trie.rs"]
    pub(crate) mod trie;
    #[path = "../src/rules/word.rs"]
    mod word;
}

use rules::automaton::Automaton;
use rules::tables::{Rule, Tables};

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=formats");
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/rules");
    for file in ["build.rs", "src/parse/mark.rs", "src/reason.rs", "src/reply.rs", "src/status.rs"] {
        println!("cargo::rerun-if-changed={file}");
    }
    match compile().and_then(|()| marks()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("{wrong}");
            ExitCode::FAILURE
        }
    }
}

fn compile() -> Result<(), String> {
    let files = files("rules")?;
    let mut compiler = rules::compile::Compiler::new();
    let mut sources = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let place = |error: rules::error::RuleError| format!("{}: {error}", file.display());
        let source = rules::read::read(&text).map_err(place)?;
        compiler.add(&source, &text).map_err(place)?;
        sources.push((file, source, text));
    }
    let tables = compiler.finish();
    let mut wrong = String::new();
    for (file, source, text) in &sources {
        for error in rules::check::check(&tables, None, source, text, true) {
            let _ = writeln!(wrong, "{}: {error}", file.display());
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    write("rules.rs", &written(&tables))
}

/// The TOML files of a folder. The order of their names is the order of the rules.
fn files(folder: &str) -> Result<Vec<PathBuf>, String> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .and_then(|folder| folder.map(|file| file.map(|file| file.path())).collect())
        .map_err(|error| format!("{folder}: {error}"))?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    Ok(files)
}

fn write(name: &str, text: &str) -> Result<(), String> {
    let folder = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    std::fs::write(Path::new(&folder).join(name), text).map_err(|error| error.to_string())
}

/// The words by which reports without fields are known.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Formats {
    #[serde(default)]
    mark: Vec<Mark>,
    #[serde(default)]
    format: Vec<Format>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    kind: String,
    any: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Format {
    name: String,
    any: Vec<String>,
}

/// Compiles `formats/*.toml`.
fn marks() -> Result<(), String> {
    let mut codes: Vec<(String, u32)> = Vec::new();
    let mut names = Vec::new();
    let mut add = |text: &str, code: u32| {
        let text = text.to_lowercase();
        match codes.iter_mut().find(|(known, _)| *known == text) {
            Some((_, bits)) => *bits |= code,
            None => codes.push((text, code)),
        }
    };
    for file in files("formats")? {
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let formats: Formats =
            toml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        for mark in &formats.mark {
            let bit = mark::bit(&mark.kind)
                .ok_or_else(|| format!("{}: no kind {:?}", file.display(), mark.kind))?;
            mark.any.iter().for_each(|text| add(text, bit));
        }
        for format in formats.format {
            names.push(format.name);
            let number = u32::try_from(names.len()).map_err(|error| error.to_string())?;
            format.any.iter().for_each(|text| add(text, number << mark::FORMAT_SHIFT));
        }
    }
    let patterns: Vec<Vec<u8>> = codes.iter().map(|(text, _)| text.clone().into_bytes()).collect();
    let automaton = rules::trie::build(&patterns);
    let codes: Vec<u32> = codes.iter().map(|(_, code)| *code).collect();
    write(
        "marks.rs",
        &format!(
            "static MARKS: Automaton = {};\n\
             static CODES: [u32; {}] = {codes:?};\nstatic FORMATS: [&str; {}] = {names:?};\n",
            written_automaton(&automaton),
            codes.len(),
            names.len(),
        ),
    )
}

/// The tables as an expression.
fn written(tables: &Tables) -> String {
    let rules: String = tables.rules.iter().map(rule).collect();
    let providers: String = tables.providers.iter().map(|name| format!("Cow::Borrowed({name:?}),")).collect();
    format!(
        "Tables {{ automaton: {}, trigger_starts: {}, triggers: {}, \
         phrases: {}, lists: {}, rules: Cow::Borrowed(&[{rules}]), early: {}, silent: {}, providers: Cow::Borrowed(&[{providers}]) }}",
        written_automaton(&tables.automaton),
        numbers(&tables.trigger_starts),
        numbers(&tables.triggers),
        numbers(&tables.phrases),
        numbers(&tables.lists),
        numbers(&tables.early),
        numbers(&tables.silent),
    )
}

fn written_automaton(automaton: &Automaton) -> String {
    let cells: String = automaton
        .cells
        .iter()
        .map(|cell| format!("cell({},{},{},{}),", cell.base, cell.parent, cell.fail, cell.end))
        .collect();
    format!("Automaton {{ cells: Cow::Borrowed(&[{cells}]), patterns: {} }}", numbers(&automaton.patterns))
}

fn numbers(numbers: &[impl std::fmt::Debug]) -> String {
    format!("Cow::Borrowed(&{numbers:?})")
}

fn rule(rule: &Rule) -> String {
    let class = rule.class.map_or("None".to_owned(), |class| format!("Some(Class::{})", class.variant()));
    let advice =
        rule.advice.map_or("None".to_owned(), |advice| format!("Some(Advice::{})", advice.variant()));
    let command: String =
        rule.command.iter().map(|command| format!("Command::{},", command.variant())).collect();
    format!(
        "Rule {{ name: Cow::Borrowed({:?}), reason: Reason::{}, class: {class}, advice: {advice}, provider: {:?}, at: {}, vague: {}, \
         status: Cow::Borrowed(&{:?}), details: {}, code: Cow::Borrowed(&{:?}), command: Cow::Borrowed(&[{command}]), with: {:?}, not: {:?} }},",
        rule.name,
        rule.reason.variant(),
        rule.provider,
        rule.at,
        rule.vague,
        rule.status,
        rule.details,
        rule.code,
        rule.with,
        rule.not,
    )
}
