//! A message of 1 GB, signed and verified as it comes, never whole in memory.

use std::time::Instant;

use mailwright_dkim::sign::SignStream;
use mailwright_dkim::{Policy, Verifier};

use super::mail::{self, Keys, NOW};
use crate::contest::megabytes;
use crate::memory;

const SIZE: usize = 1_000_000_000;
const CHUNK: usize = 64 << 10;
const MOST_MIB: f64 = 16.0;

pub(super) fn run() -> Result<(), String> {
    let mut keys = Keys::default();
    let signers = [keys.signer("s", mail::rsa())];
    let chunk = mail::text(CHUNK);
    let (header, body) = (mail::header().into_bytes(), mail::body(&chunk));
    let parts = || std::iter::once(&header[..]).chain(std::iter::repeat_n(body, SIZE / body.len()));
    let mut stream = SignStream::new(&signers, NOW);
    parts().for_each(|part| stream.write(part));
    let fields = stream.finish().map_err(|error| error.to_string())?;

    let known = memory::forget_peak();
    let start = Instant::now();
    let mut verifier = Verifier::new(&Policy::rfc8301(), NOW);
    fields.iter().for_each(|field| verifier.write(field.as_str().as_bytes()));
    parts().for_each(|part| verifier.write(part));
    let found = verifier.finish().evaluate(&keys.zone);
    let (time, peak) = (start.elapsed(), memory::peak_mib().filter(|_| known));
    if found.passing().count() != 1 {
        return Err("the message does not verify".into());
    }
    match peak {
        Some(mib) => println!("dkim/stream-1g: {mib:.1} MiB resident at most (want under {MOST_MIB})"),
        None => println!("dkim/stream-1g: not measured: this system does not tell the peak"),
    }
    println!("    {time:.2?}, {:.0} MB/s", megabytes(SIZE, time));
    Ok(())
}
