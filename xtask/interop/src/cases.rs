//! The messages, our signatures, and the folder in which everybody finds them.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use mailwright_dkim::canon::{Canonicalization, Pair};
use mailwright_dkim::key::{DnsRecord, PrivateKey};
use mailwright_dkim::sign::Oversign;
use mailwright_dkim::{Policy, Signer, verify};
use mailwright_dns::Zone;

use super::peer::PEERS;

pub(crate) const DOMAIN: &str = "example.org";
const RSA: &str = include_str!("../../../crates/dkim/tests/data/rsa2048.pem");
/// Ed25519: a seed of 32 octets 7, which dkimpy takes in base64.
const SEED: [u8; 32] = [7; 32];
const SEED_BASE64: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

/// Both algorithms; the selectors have their names.
pub(crate) const ALGORITHMS: [&str; 2] = ["rsa", "ed25519"];

/// What is signed, by name.
const MESSAGES: [(&str, &[u8]); 9] = [
    ("plain", b"From: ann@example.org\r\nTo: ben@example.net\r\nSubject: hello\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n\r\nLunch?\r\n"),
    ("folded", b"From: Ann\r\n\t Example\r\n  <ann@example.org>\r\nTO: ben@example.net,\r\n\tcarol@example.net\r\nSubject:  two   blanks \t\r\n and a fold \r\n\r\nbody\r\n"),
    ("8bit", b"From: =?utf-8?q?J=C3=B6rg?= <j@example.org>\r\nSubject: Gr\xc3\xbc\xc3\x9fe \xe9\xa0\x20\xff\r\n\r\n\xc3\xa4\xe4\xa0 \xff\r\n"),
    ("empty-body", b"From: ann@example.org\r\nSubject: hello\r\n\r\n"),
    ("no-final-break", b"From: ann@example.org\r\nSubject: hello\r\n\r\nLunch?"),
    ("blanks", b"From: ann@example.org\r\nSubject: hello\r\n\r\n C \t\r\n\r\nD \t E \r\n\r\n \t\r\n\r\n"),
    ("blank-lines", b"From: ann@example.org\r\nSubject: hello\r\n\r\n\r\n\r\n"),
    ("twice", b"Received: two\r\nReceived: one\r\nFrom: ann@example.org\r\nSubject: hello\r\nComments: 1\r\nComments: 2\r\nReply-To: x@example.org\r\n\r\nLunch?\r\n.\r\nFrom the start\r\n"),
    ("blank-before-colon", b"From: ann@example.org\r\nTo  : ben@example.net\r\nSubject: hello\r\n\r\nLunch?\r\n"),
];

/// What is signed and verified.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Dkim,
    Arc,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Dkim, Self::Arc];

    /// The folder of what others sign.
    pub(crate) const fn plain(self) -> &'static str {
        match self {
            Self::Dkim => "plain",
            Self::Arc => "arc-plain",
        }
    }

    /// The folder of what we signed.
    pub(crate) const fn ours(self) -> &'static str {
        match self {
            Self::Dkim => "ours",
            Self::Arc => "arc-ours",
        }
    }

    /// The folder of what others signed, by their tags.
    pub(crate) const fn theirs(self) -> &'static str {
        match self {
            Self::Dkim => "theirs",
            Self::Arc => "arc-theirs",
        }
    }
}

/// A folder with messages plain and signed, and the keys; gone when this is.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    pub(crate) zone: Zone,
    /// Whether an octet of each valid signature is flipped.
    flip: bool,
}

impl Folder {
    pub(crate) fn new(flip: bool) -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("mailwright-interop-{}", std::process::id()));
        let mut folder = Self { path, zone: Zone::new(), flip };
        folder.fill()?;
        Ok(folder)
    }

    fn fill(&mut self) -> io::Result<()> {
        for kind in Kind::ALL {
            for place in [kind.plain(), kind.ours()] {
                std::fs::create_dir_all(self.path.join(place))?;
            }
            for peer in &PEERS {
                std::fs::create_dir_all(self.path.join(kind.theirs()).join(peer.tag))?;
            }
        }
        let mut records = String::new();
        for algorithm in ALGORITHMS {
            let record = record(algorithm).ok_or_else(|| io::Error::other("no key"))?;
            let name = record.name().to_string();
            let name = name.trim_end_matches('.');
            self.zone.add_txt(name, record.text()).map_err(io::Error::other)?;
            records.push_str(&format!("{name}\t{}\n", record.text()));
        }
        self.write("keys.txt", records.as_bytes())?;
        self.write("rsa.pem", RSA.as_bytes())?;
        self.write("ed25519.seed", SEED_BASE64.as_bytes())?;
        let pem = key("ed25519").and_then(|key| key.to_pem()).ok_or_else(|| io::Error::other("no key"))?;
        self.write("ed25519.pem", pem.as_bytes())?;
        for (name, message) in MESSAGES {
            self.write(&format!("{}/{name}", Kind::Dkim.plain()), message)?;
            for algorithm in ALGORITHMS {
                for pair in pairs() {
                    for (length, oversign, mark) in [
                        (false, Oversign::None, ""),
                        (true, Oversign::None, ".l"),
                        (false, Oversign::Auto, ".oversigned"),
                    ] {
                        let file = format!("{name}.{algorithm}.{}{mark}", shown(pair));
                        let signed = sign(algorithm, pair, length, oversign, message)?;
                        self.write_ours(Kind::Dkim, &file, &signed)?;
                        let broken = broken(&signed);
                        self.write(&format!("{}/{file}.broken", Kind::Dkim.ours()), &broken)?;
                    }
                }
            }
            self.write_chains(name, message)?;
        }
        Ok(())
    }

    pub(crate) fn write(&self, name: &str, octets: &[u8]) -> io::Result<()> {
        std::fs::write(self.path.join(name), octets)
    }

    /// Writes a message with valid signatures of ours.
    pub(crate) fn write_ours(&self, kind: Kind, file: &str, signed: &[u8]) -> io::Result<()> {
        self.write(&format!("{}/{file}", kind.ours()), &self.shown(signed))
    }

    /// A message with valid signatures as everybody sees it.
    fn shown<'m>(&self, signed: &'m [u8]) -> Cow<'m, [u8]> {
        if self.flip { broken(signed).into() } else { signed.into() }
    }

    /// The names of the messages that we signed.
    pub(crate) fn ours(&self, kind: Kind) -> Vec<String> {
        let entries = std::fs::read_dir(self.path.join(kind.ours())).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// What we say of a message that another program signed, and of a broken copy: right, or why not.
    pub(crate) fn judge_theirs(&self, kind: Kind, path: &str) -> Result<Result<(), String>, String> {
        let path = self.path.join(path);
        let message = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = now.map_err(|error| error.to_string())?.as_secs();
        let passes = |message: &[u8]| match kind {
            Kind::Dkim => self.signature_passes(message, now),
            Kind::Arc => self.chain_passes(message, now),
        };
        Ok(match passes(&self.shown(&message)) {
            Ok(()) if passes(&broken(&message)).is_ok() => Err("it passes when From is another".into()),
            result => result,
        })
    }

    fn signature_passes(&self, message: &[u8], now: u64) -> Result<(), String> {
        let found = verify(message, &self.zone, &Policy::rfc8301(), now);
        match found.signatures.as_slice() {
            [signature] if signature.is_pass() => Ok(()),
            [signature] => Err(signature.to_string()),
            all => Err(format!("{} signatures", all.len())),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(Path::new(&self.path));
    }
}

/// The four canonicalisations.
fn pairs() -> impl Iterator<Item = Pair> {
    Canonicalization::ALL
        .into_iter()
        .flat_map(|header| Canonicalization::ALL.into_iter().map(move |body| Pair { header, body }))
}

/// `relaxed-simple`: in names of files.
fn shown(pair: Pair) -> String {
    format!("{}-{}", pair.header, pair.body)
}

pub(crate) fn key(algorithm: &str) -> Option<PrivateKey> {
    if algorithm == "rsa" { PrivateKey::from_pem(RSA).ok() } else { PrivateKey::ed25519(&SEED).ok() }
}

fn record(algorithm: &str) -> Option<DnsRecord> {
    let public = key(algorithm)?.public_key().clone();
    DnsRecord::new(&algorithm.parse().ok()?, &DOMAIN.parse().ok()?, public).ok()
}

fn sign(
    algorithm: &str,
    pair: Pair,
    length: bool,
    oversign: Oversign,
    message: &[u8],
) -> io::Result<Vec<u8>> {
    let key = key(algorithm).ok_or_else(|| io::Error::other("no key"))?;
    let signer = Signer::new(DOMAIN, algorithm, key).map_err(io::Error::other)?;
    let signer = signer.canonicalization(pair).body_length(length).oversign(oversign);
    let field = signer.sign(message, 1_700_000_000).map_err(io::Error::other)?;
    Ok(field.prepended_to(message))
}

/// With one octet of the address in From flipped, which every signature covers.
pub(crate) fn broken(message: &[u8]) -> Vec<u8> {
    let mark = b"@example.org";
    let from = message.windows(7).position(|part| part == b"\r\nFrom:").unwrap_or(0);
    let rest = message.get(from..).unwrap_or_default();
    let at = rest.windows(mark.len()).position(|part| part == mark).unwrap_or(0);
    let mut out = message.to_vec();
    if let Some(octet) = out.get_mut(from + at + 1) {
        *octet ^= 1;
    }
    out
}
