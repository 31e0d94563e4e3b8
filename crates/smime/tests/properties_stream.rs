//! What is read as it arrives is what is read in memory, however it arrives.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::expect_used, reason = "a test")]

use std::io::{Cursor, Read, Seek, SeekFrom};

use mailwright_smime::cms::Keys;
use mailwright_smime::stream::Opener;
use mailwright_smime::x509::Certificate;
use mailwright_smime::{
    Cipher, Context, Coverage, Encryptor, ErrorKind, LayerKind, PrivateKey, Report, Signer, SystemRandom,
    Verdict, compress, open,
};
use proptest::prelude::*;

const CA: &[u8] = include_bytes!("keys/ca.crt");

const SIGN: [(&[u8], &[u8], &str); 3] = [
    (include_bytes!("keys/p256.key"), include_bytes!("keys/p256.crt"), "p256"),
    (include_bytes!("keys/rsa.key"), include_bytes!("keys/rsa.crt"), "rsa"),
    (include_bytes!("keys/ed25519.key"), include_bytes!("keys/ed25519.crt"), "ed25519"),
];

/// A reader that gives a few octets at a time.
#[derive(Clone)]
struct Trickle {
    octets: Cursor<Vec<u8>>,
    size: usize,
}

impl Read for Trickle {
    fn read(&mut self, place: &mut [u8]) -> std::io::Result<usize> {
        let most = place.len().min(self.size);
        self.octets.read(&mut place[..most])
    }
}

impl Seek for Trickle {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.octets.seek(to)
    }
}

fn trickle(octets: &[u8], size: usize) -> Trickle {
    Trickle { octets: Cursor::new(octets.to_vec()), size }
}

fn context<'k>() -> Context<'k> {
    let now = "2027-01-01T00:00:00Z".parse().unwrap();
    Context::new().trust([Certificate::from_der(CA).unwrap()]).at(now)
}

fn keys() -> Keys {
    let mut keys = Keys::new();
    for (key, certificate, name) in SIGN {
        if name != "ed25519" {
            keys.add(PrivateKey::from_der(key).unwrap(), certificate).unwrap();
        }
    }
    keys
}

/// What is done to a message, one thing after the other.
#[derive(Clone, Copy, Debug)]
enum Step {
    Sign(usize, bool),
    Seal(usize, Cipher),
    Compress,
}

fn step() -> impl Strategy<Value = Step> {
    let cipher = prop::sample::select(vec![
        Cipher::Aes128Cbc,
        Cipher::Aes256Cbc,
        Cipher::Aes128Gcm,
        Cipher::Aes256Gcm,
        Cipher::TripleDesCbc,
    ]);
    prop_oneof![
        3 => (0..SIGN.len(), any::<bool>()).prop_map(|(who, opaque)| Step::Sign(who, opaque)),
        3 => (0..2usize, cipher).prop_map(|(who, cipher)| Step::Seal(who, cipher)),
        1 => Just(Step::Compress),
    ]
}

fn take(step: Step, part: &[u8]) -> Vec<u8> {
    match step {
        Step::Sign(who, opaque) => {
            let (key, certificate, _) = SIGN[who];
            let key = PrivateKey::from_der(key).unwrap();
            let signer = Signer::new(&key, certificate).unwrap();
            let signer = if opaque { signer.opaque() } else { signer };
            signer.sign(part).unwrap()
        }
        Step::Seal(who, cipher) => {
            let encryptor = Encryptor::new().cipher(cipher).to(SIGN[who].1).unwrap();
            encryptor.encrypt(part, &mut SystemRandom::new()).unwrap()
        }
        Step::Compress => compress(part).unwrap(),
    }
}

fn message(body: &str, steps: &[Step]) -> Vec<u8> {
    let part = format!("Content-Type: text/plain; charset=us-ascii\r\n\r\n{body}").into_bytes();
    let part = steps.iter().fold(part, |part, step| take(*step, &part));
    [b"From: p256@example.org\r\nSubject: test\r\nMIME-Version: 1.0\r\n", part.as_slice()].concat()
}

/// Lines, long and short, with line ends of every kind.
fn body() -> impl Strategy<Value = String> {
    let line =
        ("[a-zA-Z .-]{0,90}", prop_oneof![8 => Just("\r\n"), 1 => Just("\n"), 1 => Just("\r\n--x\r\n")]);
    prop::collection::vec(line, 0..60)
        .prop_map(|lines| lines.into_iter().map(|(text, end)| text + end).collect())
}

fn same(raw: &[u8], context: &Context<'_>, size: usize) -> Result<(), TestCaseError> {
    let wanted = open(raw, context).unwrap();
    if wanted.layers.iter().any(|layer| layer.coverage != Coverage::Whole) {
        return Ok(()); // a part that is signed is not looked for
    }
    let mut content = Vec::new();
    let report = Opener::new(context).open(trickle(raw, size), &mut content).unwrap();
    prop_assert_eq!(kinds(&report), kinds(&wanted));
    prop_assert_eq!(report.verdict(), wanted.verdict());
    prop_assert_eq!(&report.from, &wanted.from);
    prop_assert_eq!(&report.sender, &wanted.sender);
    let is_open = |kind: &LayerKind| match kind {
        LayerKind::Encrypted(layer) => layer.opened.is_ok(),
        LayerKind::Unreadable(_) => false,
        _ => true,
    };
    if report.layers.iter().all(|layer| is_open(&layer.kind)) {
        prop_assert_eq!(&report.header, &wanted.header);
        let inside = wanted.layers.last().map_or(raw, |layer| &layer.content);
        prop_assert!(content == inside, "{} octets, wanted {}", content.len(), inside.len());
    }
    Ok(())
}

fn kinds(report: &Report<'_>) -> Vec<String> {
    report.layers.iter().map(|layer| format!("{:?}", layer.kind)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("CASES").map_or(48, |n| n.parse().unwrap()), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_arrives_is_what_is_in_memory(
        body in body(),
        steps in prop::collection::vec(step(), 0..4),
        size in prop_oneof![1..80usize, Just(1 << 20)],
    ) {
        let keys = keys();
        let raw = message(&body, &steps);
        same(&raw, &context().keys(&keys), size)?;
        let stored: Vec<u8> = raw.iter().copied().filter(|octet| *octet != b'\r').collect();
        same(&stored, &context().keys(&keys), size)?;
    }

    #[test]
    fn so_it_is_when_something_is_damaged(
        body in body(),
        steps in prop::collection::vec(step(), 1..3),
        size in prop_oneof![1..80usize, Just(1 << 20)],
        at in any::<prop::sample::Index>(),
        damage in any::<u8>(),
    ) {
        let keys = keys();
        let mut raw = message(&body, &steps);
        let at = at.index(raw.len());
        match damage {
            0..80 => raw[at] ^= 1 + damage % 64,
            80..160 => raw.truncate(at),
            160..200 => { raw.remove(at); }
            _ => raw.insert(at, damage / 3),
        }
        same(&raw, &context().keys(&keys), size)?;
    }
}

#[test]
fn gcm_with_another_tag_gives_not_one_octet() {
    let keys = keys();
    let context = context().keys(&keys);
    let raw = message("Hello.\r\n", &[Step::Seal(0, Cipher::Aes256Gcm)]);
    let der = {
        let report = mailwright_message_model::Message::parse(&raw).unwrap();
        report.root().decoded().bytes.into_owned()
    };
    for bit in 0..8 {
        let mut der = der.clone();
        *der.last_mut().unwrap() ^= 1 << bit;
        let mut content = Vec::new();
        let layer = Opener::new(&context).open_cms(Cursor::new(&der), &mut content).unwrap();
        assert_eq!(layer.encrypted().unwrap().opened.as_ref().unwrap_err().kind(), &ErrorKind::Decrypt);
        assert!(content.is_empty());
    }
    let mut content = Vec::new();
    let layer = Opener::new(&context).open_cms_once(&der[..], &mut content).unwrap();
    assert_eq!(layer.encrypted().unwrap().opened.as_ref().unwrap_err().kind(), &ErrorKind::NotSeekable);
    assert!(content.is_empty());
    let layer = Opener::new(&context).open_cms(Cursor::new(&der), &mut content).unwrap();
    assert!(layer.encrypted().unwrap().is_authenticated());
    assert!(content.ends_with(b"Hello.\r\n"));
}

#[test]
fn a_digest_that_micalg_does_not_name_is_made_when_it_can_be() {
    let raw = message("Hello.\r\n", &[Step::Sign(0, false)]);
    let lies = String::from_utf8(raw).unwrap().replace("micalg=sha-256", "micalg=sha-512");
    let context = context();
    let mut content = Vec::new();
    let report = Opener::new(&context).open(Cursor::new(&lies), &mut content).unwrap();
    assert_eq!(report.verdict(), Verdict::Good);
    assert_eq!(content, b"Content-Type: text/plain; charset=us-ascii\r\n\r\nHello.\r\n");
    let once = Opener::new(&context).once(lies.as_bytes(), &mut content).unwrap();
    assert!(matches!(once.verdict(), Verdict::Unknown(_)), "{once}");
    let none = lies.replace("micalg=sha-512;", "");
    let once = Opener::new(&context).once(none.as_bytes(), &mut content).unwrap();
    assert_eq!(once.verdict(), Verdict::Good, "{once}");
}
