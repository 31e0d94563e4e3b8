//! What a hostile message may cost.

use std::time::Instant;

use mailwright_dkim::{Outcome, Policy, verify};
use mailwright_dns::Counting;

use super::mail::{self, Keys, NOW};
use crate::contest::{Entrant, best_of, times};

const SIGNATURES: usize = 201;
const ROUNDS: usize = 60;

/// Each with a selector of its own.
pub(super) fn signatures() -> Result<(), String> {
    let mut keys = Keys::default();
    let signers: Vec<_> = (0..SIGNATURES).map(|n| keys.signer(&format!("s{n}"), mail::ed25519())).collect();
    let plain = mail::text(5_000);
    let fields =
        mailwright_dkim::Signer::sign_all(&signers, &plain, NOW).map_err(|error| error.to_string())?;
    let head: String = fields.iter().map(mailwright_dkim::SignatureField::as_str).collect();
    let message = [head.as_bytes(), &plain].concat();
    let dns = Counting::new(&keys.zone);
    let start = Instant::now();
    let found = verify(&message, &dns, &Policy::rfc8301(), NOW);
    let time = start.elapsed();
    println!(
        "dkim/many-signatures: {} queries for {SIGNATURES} signatures (want at most 10)",
        dns.questions().len()
    );
    let policy = found.signatures.iter().filter(|result| result.outcome == Outcome::Policy).count();
    let (results, passed) = (found.signatures.len(), found.passing().count());
    println!("    {results} results, {passed} pass, {policy} policy, {time:.1?}");
    Ok(())
}

/// Twice the octets take twice the time, whatever the result.
pub(super) fn header() -> Result<(), String> {
    let (half, whole) = (500 << 10, 1000 << 10);
    double("many fields", |octets| fields(octets), half, whole);
    double("many names in h=", |octets| names(octets), half, whole);
    double("many fields and names", |octets| both(octets), half, whole);
    Ok(())
}

fn double(what: &'static str, message: impl Fn(usize) -> Vec<u8>, half: usize, whole: usize) {
    let keys = {
        let mut keys = Keys::default();
        keys.signer("s", mail::ed25519());
        keys
    };
    let (small, large) = (message(half), message(whole));
    let mut policy = Policy::rfc8301();
    // Otherwise the limits answer before the work begins.
    policy.limits.header_bytes = 4 << 20;
    policy.limits.signature_bytes = 4 << 20;
    let check = |message: &[u8]| verify(message, &keys.zone, &policy, NOW).signatures.len();
    let mut entrants =
        [Entrant::new("1000 KiB", || check(&large)), Entrant::new("500 KiB", || check(&small))];
    let best = best_of(ROUNDS, &mut entrants);
    times(&format!("dkim/long-header, {what}"), best[0], "half of it", best[1], 2.6);
    let reason = verify(&large, &keys.zone, &policy, NOW).signatures.first().map(ToString::to_string);
    let default =
        verify(&large, &keys.zone, &Policy::rfc8301(), NOW).signatures.first().map(ToString::to_string);
    println!("    {:.1?} for 1000 KiB: {}", best[0], reason.unwrap_or_default());
    println!("    by the default policy: {}", default.unwrap_or_default());
}

const END: &str = "bh=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=; b=AAAA\r\n";
const START: &str = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org; s=s;\r\n";

fn fields(octets: usize) -> Vec<u8> {
    let many = "X-Field: some value\r\n".repeat(octets / 21);
    format!("{START}\th=from:x-field; {END}{many}From: ann@example.org\r\n\r\nbody\r\n").into_bytes()
}

fn names(octets: usize) -> Vec<u8> {
    let many = "x-field:".repeat(octets / 8);
    format!("{START}\th={many}from; {END}From: ann@example.org\r\n\r\nbody\r\n").into_bytes()
}

fn both(octets: usize) -> Vec<u8> {
    let names = "x:".repeat(octets / 4);
    let many = "X: y\r\n".repeat(octets / 12);
    format!("{START}\th={names}from; {END}{many}From: ann@example.org\r\n\r\nbody\r\n").into_bytes()
}
