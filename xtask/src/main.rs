//! Developer commands of the workspace, run as `cargo xtask VERB`.
//!
//! Each verb is a file of its own that ends in a `VERB` constant; the table below is all that a new one needs.
#![forbid(unsafe_code)]

mod alone;
mod amp_rules;
mod arrows;
mod bench;
mod browser_test;
mod check;
mod conformance;
mod dist;
mod fuzz;
mod interop;
mod licences;
mod registry;
mod release;
mod release_test;
mod sizes;
mod weight;
mod workspace;

use std::process::ExitCode;

/// Why a verb did not succeed.
#[derive(Debug)]
enum Failure {
    /// Something was found wrong and has been printed already: exit status 1.
    Found,
    /// The exit status of a program that the verb stands for, passed through.
    Status(u8),
    /// The arguments make no sense, or something needed is missing: exit status 2.
    Usage(String),
}

/// A file or a program that cannot be had.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

type Outcome = Result<(), Failure>;

/// One command of the tool.
struct Verb {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Outcome,
}

const VERBS: &[Verb] = &[
    check::VERB,
    alone::VERB,
    conformance::VERB,
    bench::VERB,
    interop::VERB,
    browser_test::VERB,
    fuzz::VERB,
    release::CHANGED,
    release::VERB,
    release_test::VERB,
    weight::VERB,
    dist::VERB,
    amp_rules::VERB,
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first().filter(|(name, _)| !is_help(name)) else {
        print_help();
        return ExitCode::SUCCESS;
    };
    let Some(verb) = VERBS.iter().find(|verb| verb.name == name) else {
        eprintln!("xtask: no verb `{name}`; `cargo xtask` lists them");
        return ExitCode::from(2);
    };
    if rest.first().is_some_and(|first| is_help(first)) {
        print_verb(verb);
        return ExitCode::SUCCESS;
    }
    match (verb.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Found) => ExitCode::from(1),
        Err(Failure::Status(status)) => ExitCode::from(status),
        Err(Failure::Usage(why)) => {
            eprintln!("xtask {name}: {why}");
            ExitCode::from(2)
        }
    }
}

fn is_help(argument: &str) -> bool {
    matches!(argument, "help" | "--help" | "-h")
}

fn print_help() {
    println!("Usage: cargo xtask VERB [ARGUMENT...]\n");
    VERBS.iter().for_each(print_verb);
}

fn print_verb(verb: &Verb) {
    println!("  {} {}\n      {}", verb.name, verb.arguments, verb.about);
}
