//! Our DKIM signatures with other programs, and theirs with us: `interop dkim`.
//!
//! For each program two lines: how many of our signatures it judges rightly, and how many of its signatures we do. Wrong is a
//! valid signature refused, and a broken one accepted. What a program is known to do wrong stands in `known.rs`, with the
//! section of the RFC. Exit status 1 for any other wrong answer; a program that is not installed is named as missing.
#![forbid(unsafe_code)]

mod cases;
mod known;
mod matrix;
mod peer;

use std::process::ExitCode;

use cases::Folder;
use matrix::Matrix;
use peer::PEERS;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.len() != 1 || arguments.first().is_none_or(|area| area != "dkim") {
        eprintln!("interop: there is: dkim");
        return ExitCode::from(2);
    }
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(why) => {
            eprintln!("interop: {why}");
            ExitCode::from(2)
        }
    }
}

/// Whether nobody gave a wrong answer that is not known.
fn run() -> Result<bool, String> {
    let folder = Folder::new().map_err(|error| error.to_string())?;
    println!("{}", Matrix::HEAD);
    let mut right = true;
    for peer in &PEERS {
        let answers = match peer.ask(&folder) {
            Ok(answers) => answers,
            Err(missing) => {
                println!("{}: missing: {missing}", peer.name);
                continue;
            }
        };
        let (verified, signed) =
            (answers.of_ours(peer.name, &folder), answers.of_theirs(peer.name, &folder)?);
        println!("{verified}\n{signed}");
        for what in &answers.lacks {
            println!("  not done: {what}");
        }
        for wrong in verified.known.iter().chain(&signed.known) {
            println!("  known: {wrong}");
        }
        for wrong in verified.wrong.iter().chain(&signed.wrong) {
            println!("  WRONG: {wrong}");
            right = false;
        }
    }
    Ok(right)
}
