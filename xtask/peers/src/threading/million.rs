//! million: about a million messages, and the memory beyond the input.

use std::process::Command;
use std::time::Instant;

use mailwright_threading::{Algorithm, Options};

use super::corpora::{self, Message};
use super::crate_peer;
use super::parsed::ours;
use crate::memory;

const COPIES: usize = 20;

/// Which of them a process is started for: what one leaves behind would count for the next.
const TURN: &str = "MAILWRIGHT_BENCH_MILLION";
const TURNS: [&str; 3] = ["REFS", "REFERENCES", "peer"];

pub(super) fn run() -> Result<(), String> {
    if let Ok(turn) = std::env::var(TURN) {
        return one(&turn);
    }
    let itself = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut found = Vec::new();
    for turn in TURNS {
        let output = Command::new(&itself).args(["threading", "million"]).env(TURN, turn).output();
        let output = output.map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let [messages, threads, seconds, mib] = numbers[..] else { return Err(format!("{turn}: {text}")) };
        found.push((turn, messages, threads, seconds, mib));
    }
    let [refs, references, peer] = found[..] else { return Err("a turn is missing".into()) };
    let name = crate_peer::NAME;
    for ours in [refs, references] {
        println!(
            "threading/million, memory of {}: {:.3} x {name} (want at most 0.25)",
            ours.0,
            ours.4 / peer.4
        );
        println!("threading/million, {}: {:.2} x {name} (want 5)", ours.0, peer.3 / ours.3);
    }
    for (turn, messages, threads, seconds, mib) in found {
        let turn = if turn == "peer" { "mail-threading 0.1.3 without subjects" } else { turn };
        println!(
            "    {turn}: {messages} messages, {threads} threads, {seconds:.2} s, {mib:.0} MiB beyond the input"
        );
    }
    Ok(())
}

/// Prints messages, threads, seconds and MiB.
fn one(turn: &str) -> Result<(), String> {
    let messages = corpora::messages()?;
    let messages: Vec<Message> =
        (0..COPIES).flat_map(|copy| messages.iter().map(move |message| message.fresh(copy))).collect();
    let theirs = if turn == "peer" { crate_peer::messages(&messages) } else { Vec::new() };
    let options = Options::dovecot(if turn == "REFS" { Algorithm::Refs } else { Algorithm::References });
    if !memory::forget_peak() {
        return Err("not measured: the system does not tell the memory".into());
    }
    let before = memory::peak_mib().unwrap_or_default();
    let start = Instant::now();
    let threads = match turn {
        "peer" => crate_peer::threads(&theirs, false),
        _ => ours(&messages, &options),
    };
    let seconds = start.elapsed().as_secs_f64();
    let mib = memory::peak_mib().unwrap_or_default() - before;
    println!("{} {threads} {seconds} {mib}", messages.len());
    Ok(())
}
