//! Files of any size made and opened in constant memory. The report goes to standard error, and how long it took; on Linux
//! also how much memory at most.
//!
//! ```text
//! stream sign|opaque|encrypt-cbc|encrypt-gcm KEY CERTIFICATE <MESSAGE >OUT
//! stream open KEY CERTIFICATE TRUSTED MESSAGE >CONTENT
//! stream fill MEGABYTES >MESSAGE
//! ```
//!
//! Keys and certificates are DER. `fill` writes a message of text to try with.

use std::error::Error;
use std::fs::{File, read};
use std::io::{BufWriter, Write as _, stdin, stdout};
use std::time::Instant;

use mailwright_smime::cms::Keys;
use mailwright_smime::stream::{self, Opener};
use mailwright_smime::x509::Certificate;
use mailwright_smime::{Cipher, Context, Encryptor, PrivateKey, Signer, SystemRandom};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = BufWriter::with_capacity(1 << 16, stdout().lock());
    let begun = Instant::now();
    match arguments.as_slice() {
        ["fill", megabytes] => fill(megabytes.parse()?, &mut out)?,
        ["open", key, certificate, trusted, message] => {
            let mut keys = Keys::new();
            keys.add(PrivateKey::from_der(&read(key)?)?, &read(certificate)?)?;
            let trusted = read(trusted)?;
            let context = Context::new().trust([Certificate::from_der(&trusted)?]).keys(&keys);
            let report = Opener::new(&context).open(File::open(message)?, &mut out)?;
            eprintln!("{report}");
        }
        [what, key, certificate] => {
            let (key, certificate) = (PrivateKey::from_der(&read(key)?)?, read(certificate)?);
            let mut random = SystemRandom::new();
            let message = stdin().lock();
            match *what {
                "sign" => {
                    let signer = Signer::new(&key, &certificate)?;
                    stream::sign_message(&signer, message, &mut out, &mut random)?;
                }
                "opaque" => {
                    let signer = Signer::new(&key, &certificate)?.opaque();
                    stream::sign_message(&signer, message, &mut out, &mut random)?;
                }
                "encrypt-cbc" | "encrypt-gcm" => {
                    let cipher = if *what == "encrypt-cbc" { Cipher::Aes256Cbc } else { Cipher::Aes256Gcm };
                    let encryptor = Encryptor::new().cipher(cipher).to(&certificate)?;
                    stream::encrypt_message(&encryptor, message, &mut out, &mut random)?;
                }
                _ => return Err("sign, opaque, encrypt-cbc, encrypt-gcm, open or fill".into()),
            }
        }
        _ => return Err("see the head of examples/stream.rs".into()),
    }
    out.flush()?;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown").trim();
    eprintln!("{:.0} ms, peak memory {peak}", begun.elapsed().as_secs_f64() * 1000.0);
    Ok(())
}

fn fill(megabytes: usize, out: &mut impl std::io::Write) -> std::io::Result<()> {
    out.write_all(b"From: p256@example.org\r\nSubject: large\r\nContent-Type: text/plain\r\n\r\n")?;
    let line = [b"0123456789abcdefghijklmnopqrstuvwxyz ".repeat(2), b"\r\n".to_vec()].concat();
    let block = line.repeat(1000);
    for _ in 0..megabytes.saturating_mul(1_000_000).div_ceil(block.len()) {
        out.write_all(&block)?;
    }
    Ok(())
}
