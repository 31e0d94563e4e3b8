//! What is read as it arrives is what is read in memory, however it arrives.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::expect_used, reason = "a test")]

use std::io::{Cursor, Read, Seek, SeekFrom};

use mailwright_smime::cms::Keys;
use mailwright_smime::stream::{self, Opener};
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

fn signer(key: &PrivateKey, who: usize, opaque: bool) -> Signer<'_> {
    let signer = Signer::new(key, SIGN[who].1).unwrap();
    if opaque { signer.opaque() } else { signer }
}

fn take(step: Step, part: &[u8]) -> Vec<u8> {
    match step {
        Step::Sign(who, opaque) => {
            let key = PrivateKey::from_der(SIGN[who].0).unwrap();
            let signer = signer(&key, who, opaque);
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

/// Bodies of a multipart/signed that are made well, badly, and not at all.
fn framing() -> impl Strategy<Value = String> {
    let signature = message("", &[Step::Sign(0, false)]);
    let signature = String::from_utf8(signature).unwrap();
    let (_, signature) = signature.split_once("Content-Type: application/pkcs7-signature").unwrap();
    let signature =
        format!("Content-Type: application/pkcs7-signature{}", signature.split("--=_").next().unwrap());
    let line = prop_oneof![
        6 => Just("--b".to_owned()),
        2 => Just("--b--".to_owned()),
        1 => Just("--b \t".to_owned()),
        1 => Just("--b-- ".to_owned()),
        1 => Just("--bb".to_owned()),
        1 => Just("--b-".to_owned()),
        1 => Just("-b".to_owned()),
        1 => Just("--".to_owned()),
        3 => Just(String::new()),
        2 => Just("text".to_owned()),
        1 => Just("Content-Type: multipart/mixed; boundary=b".to_owned()),
        1 => Just("Content-Type: multipart/mixed; boundary=bb".to_owned()),
        1 => Just("Content-Type: text/plain".to_owned()),
        3 => Just(signature),
    ];
    let end = prop_oneof![6 => Just("\r\n"), 2 => Just("\n"), 1 => Just("\r"), 1 => Just("")];
    prop::collection::vec((line, end), 0..14)
        .prop_map(|lines| lines.into_iter().map(|(line, end)| line + end).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("CASES").map_or(96, |n| n.parse().unwrap()), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_are_those_of_the_model(
        body in framing(),
        states in any::<bool>(),
        size in prop_oneof![1..9usize, Just(1 << 20)],
    ) {
        let protocol = if states { "protocol=\"application/pkcs7-signature\"; " } else { "" };
        let raw = format!("From: p256@example.org\r\nContent-Type: multipart/signed; {protocol}boundary=b\r\n\r\n{body}");
        same(raw.as_bytes(), &context(), size)?;
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

/// A file that counts how often it is gone back in.
struct Counted<'c>(Cursor<&'c [u8]>, &'c std::cell::Cell<usize>);

impl Read for Counted<'_> {
    fn read(&mut self, place: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(place)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.1.set(self.1.get() + usize::from(matches!(to, SeekFrom::Start(_))));
        self.0.seek(to)
    }
}

#[test]
fn layers_inside_each_other_take_one_more_pass_each() {
    let keys = keys();
    let context = context().keys(&keys);
    for layers in 0..5 {
        let raw = message("Hello.\r\n", &vec![Step::Seal(0, Cipher::Aes128Gcm); layers]);
        let (again, mut content) = (std::cell::Cell::new(0), Vec::new());
        let report = Opener::new(&context).open(Counted(Cursor::new(&raw), &again), &mut content).unwrap();
        assert_eq!(report.layers.len(), layers);
        assert!(content.ends_with(b"Hello.\r\n"));
        assert_eq!(again.get(), layers);
    }
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

/// The same thing done while reading.
fn take_stream(step: Step, part: &[u8], size: usize) -> Vec<u8> {
    let (mut out, part, mut random) = (Vec::new(), trickle(part, size), SystemRandom::new());
    match step {
        Step::Sign(who, opaque) => {
            let key = PrivateKey::from_der(SIGN[who].0).unwrap();
            let signer = signer(&key, who, opaque);
            stream::sign_message(&signer, part, &mut out, &mut random).unwrap();
        }
        Step::Seal(who, cipher) => {
            let encryptor = Encryptor::new().cipher(cipher).to(SIGN[who].1).unwrap();
            stream::encrypt_message(&encryptor, part, &mut out, &mut random).unwrap();
        }
        Step::Compress => unreachable!(),
    }
    out
}

/// Octets of any kind for a body, some of them longer than what is read at once.
fn long_body() -> impl Strategy<Value = String> {
    (body(), prop_oneof![4 => 1..4usize, 1 => 50..150usize]).prop_map(|(body, times)| body.repeat(times))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_while_it_is_read_is_good(
        body in long_body(),
        opaque in any::<bool>(),
        size in prop_oneof![1..80usize, Just(1 << 20)],
        at in any::<prop::sample::Index>(),
        bit in 0..7u32,
    ) {
        let plain = format!("From: p256@example.org\nSubject: test\nContent-Type: text/plain\n\n{body}");
        let raw = take_stream(Step::Sign(0, opaque), plain.as_bytes(), size);
        let context = context();
        let report = open(&raw, &context).unwrap();
        prop_assert_eq!(report.verdict(), Verdict::Good, "{}", report);
        let text = plain.split_once("\n\n").unwrap().1;
        let wanted = format!("Content-Type: text/plain\r\n\r\n{}", text.replace("\r\n", "\n").replace('\n', "\r\n"));
        prop_assert!(report.content == wanted.as_bytes());
        same(&raw, &context, size.max(7))?;
        // A covered octet that is another: of the first part, or of the content inside.
        let start = memchr::memmem::find(&raw, b"text/plain").unwrap_or_else(|| raw.len() - 40);
        let end = memchr::memmem::rfind(&raw, b"\r\n--=_signed_").map_or(start + 8, |_| start + wanted.len() - 14);
        let at = start + at.index(end - start);
        let mut raw = raw;
        raw[at] ^= 1 << bit;
        let mut content = Vec::new();
        let report = Opener::new(&context).open(trickle(&raw, 1 << 20), &mut content).unwrap();
        prop_assert!(report.verdict() != Verdict::Good || content == wanted.as_bytes(), "{}", at);
    }

    #[test]
    fn what_is_sealed_while_it_is_read_opens(
        body in long_body(),
        step in step().prop_filter("sealed", |step| matches!(step, Step::Seal(..))),
        size in prop_oneof![1..80usize, Just(1 << 20)],
    ) {
        let keys = keys();
        let plain = format!("From: p256@example.org\r\nContent-Type: text/plain\r\n\r\n{body}");
        let raw = take_stream(step, plain.as_bytes(), size);
        let context = context().keys(&keys);
        for opener in [Opener::new(&context), Opener::new(&context).checked()] {
            let mut content = Vec::new();
            let report = opener.open(trickle(&raw, size.max(7)), &mut content).unwrap();
            prop_assert!(report.is_encrypted());
            let wanted = plain.split_once("\r\n").unwrap().1.replace("\r\n", "\n").replace('\n', "\r\n");
            prop_assert!(content == wanted.as_bytes());
        }
        same(&raw, &context, size.max(7))?;
    }
}

#[test]
fn octets_that_are_no_text_are_left_alone() {
    let content: Vec<u8> = (0..200_000u32).map(|at| at.wrapping_mul(at).to_be_bytes()[2]).collect();
    let (keys, key) = (keys(), PrivateKey::from_der(SIGN[0].0).unwrap());
    let context = context().keys(&keys).from(None);
    for size in [1000, 1 << 20] {
        for cipher in [Cipher::Aes128Gcm, Cipher::Aes192Cbc] {
            let encryptor = Encryptor::new().cipher(cipher).to(SIGN[0].1).unwrap();
            let mut sealed = Vec::new();
            stream::encrypt_cms(&encryptor, trickle(&content, size), &mut sealed, &mut SystemRandom::new())
                .unwrap();
            let mut opened = Vec::new();
            let layer = Opener::new(&context).open_cms(trickle(&sealed, size), &mut opened).unwrap();
            assert_eq!(layer.encrypted().unwrap().opened.as_ref().unwrap().cipher, cipher);
            assert!(opened == content);
        }
        let signer = Signer::new(&key, SIGN[0].1).unwrap();
        let (mut beside, mut inside) = (Vec::new(), Vec::new());
        stream::sign_cms(&signer, trickle(&content, size), &mut beside).unwrap();
        let signed = Opener::new(&context).verify_detached(&beside, trickle(&content, size)).unwrap();
        assert_eq!(signed.verdict(), Verdict::Good);
        let signed = Opener::new(&context).verify_detached(&beside, trickle(&content[1..], size)).unwrap();
        assert!(!signed.verdict().is_good());
        stream::sign_cms(&signer.opaque(), trickle(&content, size), &mut inside).unwrap();
        let mut opened = Vec::new();
        let layer = Opener::new(&context).open_cms_once(trickle(&inside, size), &mut opened).unwrap();
        assert_eq!(layer.signed().unwrap().verdict(), Verdict::Good);
        assert!(opened == content);
    }
}

/// An input that breaks off.
struct Broken(Cursor<Vec<u8>>);

impl Read for Broken {
    fn read(&mut self, place: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(place)? {
            0 => Err(std::io::ErrorKind::ConnectionReset.into()),
            read => Ok(read),
        }
    }
}

#[test]
fn what_cannot_be_read_is_an_error_and_no_verdict() {
    let raw = message("Hello.\r\n", &[Step::Seal(0, Cipher::Aes128Cbc), Step::Sign(0, false)]);
    let (keys, key) = (keys(), PrivateKey::from_der(SIGN[0].0).unwrap());
    let context = context().keys(&keys);
    let reset = &ErrorKind::Io(std::io::ErrorKind::ConnectionReset);
    for length in (0..raw.len()).step_by(97) {
        let broken = || Broken(Cursor::new(raw[..length].to_vec()));
        let mut out = Vec::new();
        assert_eq!(Opener::new(&context).once(broken(), &mut out).unwrap_err().kind(), reset);
        let signer = Signer::new(&key, SIGN[0].1).unwrap();
        let made = stream::sign_message(&signer, broken(), &mut out, &mut SystemRandom::new());
        assert_eq!(made.unwrap_err().kind(), reset);
    }
}
