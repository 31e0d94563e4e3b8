//! Signed messages and the zone with their keys.

use mailwright_dkim::key::{DnsRecord, PrivateKey};
use mailwright_dkim::{Policy, SignatureField, Signer, verify};
use mailwright_dns::Zone;

pub(super) const NOW: u64 = 1_700_000_000;
pub(super) const DOMAIN: &str = "example.org";
const RSA: &str = include_str!("../../../../crates/dkim/tests/data/rsa2048.pem");

pub(super) fn rsa() -> PrivateKey {
    PrivateKey::from_pem(RSA).expect("a key of our own")
}

pub(super) fn ed25519() -> PrivateKey {
    PrivateKey::ed25519(&[7; 32]).expect("32 octets")
}

/// Keys in DNS.
#[derive(Default)]
pub(super) struct Keys {
    pub(super) zone: Zone,
    /// Name and text.
    pub(super) records: Vec<(String, String)>,
}

impl Keys {
    /// Publishes `key` and makes a signer for it.
    pub(super) fn signer(&mut self, selector: &str, key: PrivateKey) -> Signer {
        let label = selector.parse().expect("a selector");
        let record = DnsRecord::new(&label, &DOMAIN.parse().expect("a domain"), key.public_key().clone());
        let record = record.expect("a name");
        self.zone.add_txt(record.name().to_string(), record.text()).expect("a name");
        self.records.push((record.name().to_string(), record.text()));
        Signer::new(DOMAIN, selector, key).expect("a domain")
    }
}

/// A message signed by each signer, which verifies.
pub(super) fn signed(message: &[u8], signers: &[Signer], keys: &Keys) -> Vec<u8> {
    let fields = Signer::sign_all(signers, message, NOW).expect("a message that can be signed");
    let head: String = fields.iter().map(SignatureField::as_str).collect();
    let signed = [head.as_bytes(), message].concat();
    assert_eq!(passing(&signed, keys), signers.len());
    signed
}

/// How many signatures pass by us.
pub(super) fn passing(message: &[u8], keys: &Keys) -> usize {
    verify(message, &keys.zone, &Policy::rfc8301(), NOW).passing().count()
}

/// A header as mail has it.
pub(super) fn header() -> String {
    let mut text = String::new();
    for hop in 0..4 {
        text.push_str(&format!(
            "Received: from mx{hop}.example.net (mx{hop}.example.net [192.0.2.{hop}])\r\n\
             \tby in.example.com (Postfix) with ESMTPS id 4F{hop}A2B3C4D\r\n\
             \tfor <ben@example.com>; Tue, 14 Nov 2023 22:13:{hop}0 +0000 (UTC)\r\n"
        ));
    }
    text.push_str(
        "From: Ann Example <ann@example.org>\r\nTo: Ben Example <ben@example.com>,\r\n\
         \tCarol Example <carol@example.com>\r\nSubject: the minutes of the meeting  of last week\r\n\
         Date: Tue, 14 Nov 2023 22:13:20 +0000\r\nMessage-ID: <20231114221320.4711@example.org>\r\n\
         In-Reply-To: <20231113221320.4710@example.net>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
    );
    text
}

/// Prose: words with a blank between them, two behind a sentence, a blank at the end of some lines, empty lines between
/// paragraphs.
pub(super) fn text(octets: usize) -> Vec<u8> {
    const WORDS: [&str; 12] = [
        "the",
        "message",
        "was",
        "sent",
        "by",
        "a",
        "list",
        "which",
        "appends",
        "footers",
        "to",
        "everything",
    ];
    let mut random = Random(1);
    let mut out = header().into_bytes();
    let end = out.len() + octets;
    let mut line = 0;
    while out.len() < end {
        let word = WORDS[random.below(WORDS.len())];
        if line + word.len() > 70 {
            if random.below(4) == 0 {
                out.push(b' ');
            }
            out.extend_from_slice(if random.below(9) == 0 { b"\r\n\r\n" } else { b"\r\n" });
            line = 0;
        }
        out.extend_from_slice(word.as_bytes());
        line += word.len() + 1;
        out.extend_from_slice(if random.below(10) == 0 { b".  " } else { b" " });
    }
    out.extend_from_slice(b"\r\n");
    out
}

/// Lines of 76 octets of base64.
pub(super) fn base64(octets: usize) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut random = Random(2);
    let mut out = header().replace("8bit", "base64").into_bytes();
    let end = out.len() + octets;
    while out.len() < end {
        out.extend((0..76).map(|_| ALPHABET[random.below(64)]));
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// The body of a message of ours.
pub(super) fn body(message: &[u8]) -> &[u8] {
    let at = memchr::memmem::find(message, b"\r\n\r\n").expect("a body");
    &message[at + 4..]
}

/// The same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}
