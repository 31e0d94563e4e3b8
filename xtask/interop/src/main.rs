//! Our DKIM signatures and ARC chains with other programs, and theirs with us: `interop dkim`.
//!
//! For each program two lines: how many of our signatures it judges rightly, and how many of its signatures we do. Wrong is a
//! valid signature refused, and a broken one accepted. What a program is known to do wrong stands in `known.rs`, with the
//! section of the RFC; it counts only where the other programs agree with us. Exit status 1 for any other wrong answer; a
//! program that is not installed is named as missing.
//!
//! `--flip` tests the test: one octet of every valid signature is flipped, ours as it is written and theirs as we read it. Exit
//! status 0 means that each of them turned red.
//!
//! `interop smime`: signatures and encryption of S/MIME with OpenSSL, gpgsm, NSS and Bouncy Castle; see `smime/mod.rs`.
//!
//! `interop threading`: the threads of the index with those that DuckDB finds; see `threads.rs`.
#![forbid(unsafe_code)]

mod cases;
mod chains;
mod known;
mod matrix;
mod peer;
mod smime;
mod threads;

use std::process::ExitCode;

use cases::{Folder, Kind};
use matrix::Matrix;
use peer::{Answers, PEERS};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["dkim"] => run(false),
        ["dkim", "--flip"] => run(true),
        ["smime"] => smime::run(None),
        ["smime", program] => smime::run(Some(program)),
        ["threading"] => threads::run(),
        _ => {
            eprintln!(
                "interop: there are: dkim [--flip], smime [openssl|gpgsm|nss|bouncy-castle], threading"
            );
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(why) => {
            eprintln!("interop: {why}");
            ExitCode::from(2)
        }
    }
}

/// Whether nobody gave a wrong answer that is not known; with `flip`, whether nobody accepted anything.
fn run(flip: bool) -> Result<bool, String> {
    let folder = Folder::new(flip).map_err(|error| error.to_string())?;
    let all = ask(&folder)?;
    let mut right = true;
    let mut red = 0;
    for kind in Kind::ALL {
        if !flip {
            println!("{}", Matrix::head(kind));
        }
        for answers in all.iter().filter(|answers| answers.does(kind)) {
            let (ours, theirs) =
                (answers.of_ours(kind, &all, &folder), answers.of_theirs(kind, &all, &folder)?);
            if flip {
                red += ours.wrong.len() + theirs.wrong.len();
                // What is excused of theirs is no valid signature to begin with.
                if ours.accepted + theirs.accepted > 0 || !ours.known.is_empty() {
                    println!("NOT RED: {ours}\n{theirs}\n  {:?}", ours.known);
                    right = false;
                }
                continue;
            }
            for line in [ours, theirs] {
                println!("{line}");
                for (fault, count) in &line.known {
                    println!("  known: {count} x {fault}");
                }
                for wrong in &line.wrong {
                    println!("  WRONG: {wrong}");
                    right = false;
                }
            }
        }
    }
    for answers in &all {
        for what in &answers.lacks {
            println!("{} lacks {what}", answers.peer.name);
        }
    }
    if flip {
        println!("{red} turned red");
    }
    Ok(right && (!flip || red > 0))
}

/// Has every program sign, and then verify our signatures and those of all programs.
fn ask(folder: &Folder) -> Result<Vec<Answers>, String> {
    let mut all = Vec::new();
    for peer in &PEERS {
        match peer.sign(folder) {
            Ok(answers) => all.push(answers),
            Err(missing) => println!("{}: missing: {missing}", peer.name),
        }
    }
    let tags: Vec<&str> = all.iter().map(|answers| answers.peer.tag).collect();
    for answers in &mut all {
        for kind in Kind::ALL {
            answers.verify(folder, kind.ours())?;
            for tag in &tags {
                answers.verify(folder, &format!("{}/{tag}", kind.theirs()))?;
            }
        }
    }
    Ok(all)
}
