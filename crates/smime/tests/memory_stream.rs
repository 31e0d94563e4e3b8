//! What is read as it arrives takes no more memory for being large.
#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use std::fs::File;
use std::io::{BufWriter, Read};

use mailwright_smime::cms::Keys;
use mailwright_smime::stream::{self, Opener};
use mailwright_smime::x509::Certificate;
use mailwright_smime::{Cipher, Context, Encryptor, PrivateKey, Signer, SystemRandom};

const KEY: &[u8] = include_bytes!("keys/p256.key");
const CERTIFICATE: &[u8] = include_bytes!("keys/p256.crt");
const CA: &[u8] = include_bytes!("keys/ca.crt");

/// A message of so many lines.
struct Lines {
    header: &'static [u8],
    left: u64,
}

impl Read for Lines {
    fn read(&mut self, place: &mut [u8]) -> std::io::Result<usize> {
        if !self.header.is_empty() {
            return self.header.read(place);
        }
        let line = b"0123456789 0123456789 0123456789 0123456789 0123456789\r\n";
        let lines = (place.len() / line.len()).min(usize::try_from(self.left).unwrap());
        place.chunks_exact_mut(line.len()).take(lines).for_each(|place| place.copy_from_slice(line));
        self.left -= lines as u64;
        Ok(lines * line.len())
    }
}

fn message(megabytes: u64) -> Lines {
    let header = b"From: p256@example.org\r\nContent-Type: text/plain\r\n\r\n";
    Lines { header, left: megabytes * 1_000_000 / 56 }
}

/// The most memory that this process has had, in kilobytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn memory_does_not_grow_with_the_message() {
    let folder = std::env::temp_dir().join(format!("mailwright-stream-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("message");
    let key = PrivateKey::from_der(KEY).unwrap();
    let signer = Signer::new(&key, CERTIFICATE).unwrap();
    let mut keys = Keys::new();
    keys.add(key.clone(), CERTIFICATE).unwrap();
    let context = Context::new().trust([Certificate::from_der(CA).unwrap()]).keys(&keys);
    let mut random = SystemRandom::new();
    let mut after = Vec::new();
    for megabytes in [1, 8] {
        let mut out = BufWriter::new(File::create(&path).unwrap());
        stream::sign_message(&signer, message(megabytes), &mut out, &mut random).unwrap();
        drop(out);
        let report = Opener::new(&context).open(File::open(&path).unwrap(), &mut std::io::sink()).unwrap();
        assert!(report.verdict().is_good(), "{report}");
        for cipher in [Cipher::Aes128Cbc, Cipher::Aes128Gcm] {
            let encryptor = Encryptor::new().cipher(cipher).to(CERTIFICATE).unwrap();
            let mut out = BufWriter::new(File::create(&path).unwrap());
            stream::encrypt_message(&encryptor, message(megabytes), &mut out, &mut random).unwrap();
            drop(out);
            let report =
                Opener::new(&context).open(File::open(&path).unwrap(), &mut std::io::sink()).unwrap();
            assert!(report.is_encrypted(), "{report}");
        }
        after.push(peak());
    }
    std::fs::remove_dir_all(&folder).unwrap();
    let grown = after.last().unwrap() - after.first().unwrap();
    assert!(grown < 2048, "{grown} kilobytes more for eight times the message");
}
