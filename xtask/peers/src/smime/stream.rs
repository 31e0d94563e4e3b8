//! Messages of 1 GB, verified and opened as they are read, never whole in memory.

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use mailwright_smime::Context;
use mailwright_smime::stream::Opener;

use super::file::{Folder, openssl};
use super::key::{self, said};
use crate::contest::megabytes;
use crate::memory;

const OCTETS: usize = 1_000_000_000;
const MOST_MIB: f64 = 16.0;

pub(super) fn run() -> Result<(), String> {
    let folder = Folder::new("stream")?;
    let entity = folder.entity(OCTETS)?;
    let signed = folder.signed(&entity)?;
    let (keys, mut nowhere) = (key::keys()?, std::io::sink());
    let context = key::context(Some(&keys))?;
    measured("verify", || {
        let report = Opener::new(&context).open(open(&signed)?, &mut nowhere).map_err(said)?;
        if report.verdict().is_good() { Ok(()) } else { Err(report.verdict().to_string()) }
    })?;
    std::fs::remove_file(&signed).map_err(said)?;
    for (name, cipher) in [("decrypt, CBC", "-aes-256-cbc"), ("decrypt, GCM", "-aes-256-gcm")] {
        let sealed = folder.file("sealed.der");
        let mut command = Command::new("openssl");
        command
            .args(["cms", "-encrypt", "-binary", "-stream", cipher, "-outform", "DER", "-in"])
            .arg(&entity);
        command.arg("-out").arg(&sealed).arg(folder.file("rsa.pem"));
        openssl(&mut command)?;
        measured(name, || decrypt(&sealed, &context))?;
    }
    Ok(())
}

fn open(path: &Path) -> Result<File, String> {
    File::open(path).map_err(said)
}

fn decrypt(sealed: &Path, context: &Context<'_>) -> Result<(), String> {
    let mut counted = Counted(0);
    let layer = Opener::new(context).open_cms(open(sealed)?, &mut counted).map_err(said)?;
    match layer.encrypted().map(|layer| &layer.opened) {
        Some(Ok(_)) if counted.0 > OCTETS - (2 << 20) => Ok(()),
        _ => Err(format!("{} octets came out", counted.0)),
    }
}

/// How much is written.
struct Counted(usize);

impl std::io::Write for Counted {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        self.0 += octets.len();
        Ok(octets.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Prints the peak of memory while `work` ran.
fn measured(name: &str, work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    let known = memory::forget_peak();
    let start = Instant::now();
    work()?;
    let (time, peak) = (start.elapsed(), memory::peak_mib().filter(|_| known));
    match peak {
        Some(mib) => {
            println!("smime/stream-1g, {name}: {mib:.1} MiB resident at most (want at most {MOST_MIB})")
        }
        None => println!("smime/stream-1g, {name}: not measured: this system does not tell the peak"),
    }
    println!("    {time:.2?}, {:.0} MB/s", megabytes(OCTETS, time));
    Ok(())
}
