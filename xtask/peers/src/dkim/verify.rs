//! Whole messages, verified.

use std::time::Duration;

use mailwright_dkim::Signer;
use mailwright_dkim::key::PrivateKey;
use ring::digest::{SHA256, digest};

use super::auth::{self, Auth};
use super::mail::{self, Keys, passing, signed};
use super::mailrs::{self, Mailrs};
use super::viadkim::{self, Viadkim};
use crate::contest::{Entrant, best_of, line, times};

const SMALL: usize = 5_000;
const LARGE: usize = 5_000_000;
/// Turns with a small message, of which each is [`SMALL_TURN`] messages.
const SMALL_ROUNDS: usize = 200;
const SMALL_TURN: usize = 20;
const LARGE_ROUNDS: usize = 40;

/// One message of 5 kB.
pub(super) fn rsa() -> Result<(), String> {
    small("dkim/rsa-5k", mail::rsa(), Some(1.0))
}

/// Ours is what the features of this build say: `aws-lc-rs` where it is on, else `ring`.
pub(super) fn ed25519() -> Result<(), String> {
    let with = if cfg!(feature = "aws-lc-rs") { "aws-lc-rs" } else { "ring" };
    println!("  ours with {with}");
    // On ring there is nothing to win: its check alone takes as long as all of mail-auth.
    small("dkim/ed25519-5k", mail::ed25519(), cfg!(feature = "aws-lc-rs").then_some(1.0))
}

fn small(work: &str, key: PrivateKey, want: Option<f64>) -> Result<(), String> {
    let mut keys = Keys::default();
    let signers = [keys.signer("s", key)];
    let message = signed(&mail::text(SMALL), &signers, &keys);
    let (auth, mailrs) = (Auth::new(&keys)?, Mailrs::new(&keys));
    let many = |verify: &dyn Fn() -> usize| (0..SMALL_TURN).map(|_| verify()).sum();
    let mut entrants = vec![
        Entrant::new("ours", || many(&|| passing(&message, &keys))),
        Entrant::new(auth::NAME, || many(&|| auth.passing(&message))),
        Entrant::new(mailrs::NAME, || many(&|| mailrs.passing(&message))),
    ];
    entrants.extend(program(&keys, &message, SMALL_TURN));
    all_pass(work, &mut entrants, SMALL_TURN)?;
    let best = best_of(SMALL_ROUNDS, &mut entrants);
    if let Some(want) = want {
        line(work, best[0], auth::NAME, best[1], want);
    }
    say(&entrants, &best, SMALL_TURN);
    Ok(())
}

/// Prose of 5 MB.
pub(super) fn text() -> Result<(), String> {
    large("dkim/text-5m", &mail::text(LARGE), Some(1.6), 1.6)
}

/// An attachment of 5 MB.
pub(super) fn base64() -> Result<(), String> {
    large("dkim/base64-5m", &mail::base64(LARGE), None, 1.15)
}

fn large(work: &str, message: &[u8], want: Option<f64>, most: f64) -> Result<(), String> {
    let mut keys = Keys::default();
    let signers = [keys.signer("s", mail::rsa())];
    let message = signed(message, &signers, &keys);
    let (auth, mailrs) = (Auth::new(&keys)?, Mailrs::new(&keys));
    let body = mail::body(&message);
    let mut entrants = vec![
        Entrant::new("ours", || passing(&message, &keys)),
        Entrant::new("the SHA-256 of ring", || usize::from(digest(&SHA256, body).as_ref().len() == 32)),
        Entrant::new(auth::NAME, || auth.passing(&message)),
        Entrant::new(mailrs::NAME, || mailrs.passing(&message)),
    ];
    entrants.extend(program(&keys, &message, 1));
    all_pass(work, &mut entrants, 1)?;
    let best = best_of(LARGE_ROUNDS, &mut entrants);
    if let Some(want) = want {
        line(work, best[0], auth::NAME, best[2], want);
    }
    times(work, best[0], "the SHA-256 of ring", best[1], most);
    say(&entrants, &best, 1);
    Ok(())
}

/// viadkim, where it can be built: the pipe adds less than a message.
fn program(keys: &Keys, message: &[u8], turn: usize) -> Option<Entrant<'static>> {
    match Viadkim::start(keys, message) {
        Ok(mut program) => Some(Entrant::new(viadkim::NAME, move || program.passing(turn))),
        Err(why) => {
            println!("  {why}");
            None
        }
    }
}

/// The body is hashed once.
pub(super) fn two_signatures() -> Result<(), String> {
    let mut keys = Keys::default();
    let signers: [Signer; 2] = [keys.signer("s", mail::rsa()), keys.signer("t", mail::ed25519())];
    let plain = mail::text(LARGE);
    let (one, two) = (signed(&plain, &signers[..1], &keys), signed(&plain, &signers, &keys));
    let mut entrants =
        [Entrant::new("two", || passing(&two, &keys)), Entrant::new("one", || passing(&one, &keys))];
    let best = best_of(LARGE_ROUNDS, &mut entrants);
    times("dkim/two-signatures", best[0], "one signature", best[1], 1.1);
    say(&entrants, &best, 1);
    Ok(())
}

/// Who does not find the signature valid does something else.
fn all_pass(work: &str, entrants: &mut [Entrant<'_>], want: usize) -> Result<(), String> {
    for entrant in entrants {
        if (entrant.work)() != want {
            return Err(format!("{work}: {} does not find the signature valid", entrant.name));
        }
    }
    Ok(())
}

fn say(entrants: &[Entrant<'_>], best: &[Duration], messages: usize) {
    for (entrant, time) in entrants.iter().zip(best) {
        let each = time.as_secs_f64() * 1e6 / messages as f64;
        println!("    {}: {each:.1} us", entrant.name);
    }
}
