//! Content sealed for an RSA key, and opened.

use std::time::Duration;

use mailwright_smime::{Cipher, Context, Encryptor, SystemRandom, open_cms};
use openssl::cms::{CMSOptions, CmsContentInfo};

use super::key::{self, CERTIFICATES, Theirs, said};
use crate::contest::{Entrant, best_of, line, megabytes};

const LARGE: usize = 100_000_000;

pub(super) fn encrypt() -> Result<(), String> {
    let content = key::text(LARGE);
    let encryptor = Encryptor::new().to(&CERTIFICATES.rsa).map_err(said)?.cipher(Cipher::Aes256Cbc);
    let theirs = Theirs::new()?.recipients()?;
    let ours =
        || encryptor.encrypt_cms(&content, &mut SystemRandom::new()).map_or(0, |sealed| sealed.len() / LARGE);
    let theirs = || {
        let cipher = openssl::symm::Cipher::aes_256_cbc();
        let sealed = CmsContentInfo::encrypt(&theirs, &content, cipher, CMSOptions::BINARY);
        sealed.and_then(|sealed| sealed.to_der()).map_or(0, |sealed| sealed.len() / LARGE)
    };
    let entrants = [Entrant::new("ours", ours), Entrant::new("OpenSSL", theirs)];
    compare("smime/encrypt-100m", entrants, (LARGE, (5, 1)), Some(1.5))
}

pub(super) fn cbc() -> Result<(), String> {
    decrypt("smime/decrypt-cbc-100m", Cipher::Aes256Cbc, LARGE, (5, 1), Some(3.0))
}

pub(super) fn gcm() -> Result<(), String> {
    decrypt("smime/decrypt-gcm-100m", Cipher::Aes256Gcm, LARGE, (5, 1), Some(2.0))
}

/// The private key is most of it.
pub(super) fn small() -> Result<(), String> {
    println!("  ours with {}", key::backend());
    // By default there is nothing to win: RustCrypto takes several times as long for a private key.
    let want = cfg!(feature = "aws-lc-rs").then_some(1.0);
    decrypt("smime/decrypt-10k", Cipher::Aes256Cbc, 10_000, (200, 5), want)
}

pub(super) fn triple_des() -> Result<(), String> {
    println!("  ours with {}", key::backend());
    decrypt("smime/decrypt-3des-1m", Cipher::TripleDesCbc, 1_000_000, (10, 1), None)
}

fn decrypt(
    work: &str,
    cipher: Cipher,
    octets: usize,
    turns: (usize, usize),
    want: Option<f64>,
) -> Result<(), String> {
    let sealed = Encryptor::new()
        .to(&CERTIFICATES.rsa)
        .and_then(|encryptor| {
            encryptor.cipher(cipher).encrypt_cms(&key::text(octets), &mut SystemRandom::new())
        })
        .map_err(said)?;
    let (keys, theirs) = (key::keys()?, Theirs::new()?);
    let context = key::context(Some(&keys))?;
    let ours = || opened(&sealed, &context) / octets;
    let theirs = || {
        let opened =
            CmsContentInfo::from_der(&sealed).and_then(|cms| cms.decrypt(&theirs.key, &theirs.certificate));
        opened.map_or(0, |content| content.len() / octets)
    };
    let entrants = [Entrant::new("ours", ours), Entrant::new("OpenSSL", theirs)];
    compare(work, entrants, (octets, turns), want)
}

/// Octets that came out.
fn opened(sealed: &[u8], context: &Context<'_>) -> usize {
    open_cms(sealed, context).map_or(0, |layer| layer.content.len())
}

/// One turn is so many times the work; each work gives 1 where it was done.
pub(super) fn compare(
    work: &str,
    entrants: [Entrant<'_>; 2],
    (octets, (rounds, turn)): (usize, (usize, usize)),
    want: Option<f64>,
) -> Result<(), String> {
    let mut entrants = entrants
        .map(|mut entrant| Entrant::new(entrant.name, move || (0..turn).map(|_| (entrant.work)()).sum()));
    for entrant in &mut entrants {
        if (entrant.work)() != turn {
            return Err(format!("{work}: {} does something else", entrant.name));
        }
    }
    let best = best_of(rounds, &mut entrants);
    let peer = key::version();
    match want {
        Some(want) => line(work, best[0], &peer, best[1], want),
        None => println!("{work}: {:.2} x {peer}", best[1].as_secs_f64() / best[0].as_secs_f64()),
    }
    for (entrant, time) in entrants.iter().zip(&best) {
        say(entrant.name, *time, octets, turn);
    }
    Ok(())
}

fn say(name: &str, time: Duration, octets: usize, turn: usize) {
    let each = time.as_secs_f64() * 1e6 / turn as f64;
    println!("    {name}: {each:.1} us, {:.0} MB/s", megabytes(octets * turn, time));
}
