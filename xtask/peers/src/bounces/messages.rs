//! Messages: the real ones of the suite, and one that names many recipients.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use mailwright_bounces::parse;
use mailwright_message_model::Message;

use super::flufl;
use crate::contest::{Entrant, best_of, line, megabytes};
use crate::{data, memory};

const ROUNDS: usize = 10;

/// parse: messages to reports.
pub(super) fn run() -> Result<(), String> {
    let folder = data::folder("bounces")?.join("set-of-emails/bsd");
    let messages = data::files(&folder)?;
    let octets: usize = messages.iter().map(Vec::len).sum();
    let mut python = flufl::Process::start(&folder);
    if let Err(why) = &python {
        println!("bounces/parse: {}: not measured: {why}", flufl::NAME);
    }
    let theirs = |process: &mut Result<flufl::Process, String>| {
        process.as_mut().ok().and_then(|process| process.turn().ok())
    };
    let (mut ours, mut floor, mut peer) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        peer = peer.min(theirs(&mut python).unwrap_or(Duration::MAX));
        let times = best_of(
            1,
            &mut [
                Entrant::new("ours", || messages.iter().map(|raw| parse(raw).recipients.len()).sum()),
                Entrant::new("floor", || messages.iter().filter(|raw| Message::parse(raw).is_ok()).count()),
            ],
        );
        if let [one, other] = times.as_slice() {
            ours = ours.min(*one);
            floor = floor.min(*other);
        }
    }
    if python.is_ok() {
        line("bounces/parse", ours, flufl::NAME, peer, 50.0);
    }
    println!("    {:.2} x message-model's parse alone", ours.as_secs_f64() / floor.as_secs_f64());
    println!(
        "    {} messages: ours {ours:.1?}, {:.0}k messages/s, {:.0} MB/s; {} {peer:.1?}",
        messages.len(),
        messages.len() as f64 / 1e3 / ours.as_secs_f64(),
        megabytes(octets, ours),
        flufl::NAME
    );
    Ok(())
}

/// memory: a report on ten thousand recipients.
pub(super) fn memory() -> Result<(), String> {
    let mut raw = String::from(
        "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n",
    );
    for number in 0..10_000 {
        let _ = write!(
            raw,
            "\nFinal-Recipient: rfc822; recipient{number}@example.net\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; \
             mx.example.net\nDiagnostic-Code: smtp; 550 5.1.1 <recipient{number}@example.net>: Recipient address rejected: User \
             unknown in virtual mailbox table\n"
        );
    }
    raw.push_str("--b--\n");
    if !memory::forget_peak() {
        return Err("not measured: no peak on this system".into());
    }
    let before = memory::peak_mib().ok_or("no peak")?;
    let report = parse(raw.as_bytes());
    let peak = memory::peak_mib().ok_or("no peak")? - before;
    let input = raw.len() as f64 / 1024.0 / 1024.0;
    println!("bounces/memory: {:.1} x input (want at most 8)", peak / input);
    println!("    {} recipients of {input:.1} MiB", black_box(report).recipients.len());
    Ok(())
}
