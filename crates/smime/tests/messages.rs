//! Messages made here and opened again: every kind of key, what may change and what may not.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::expect_used, reason = "a test")]

use mailwright_smime::cms::{Keys, SignatureFault};
use mailwright_smime::{
    Cipher, Context, Coverage, Encryptor, ErrorKind, Identity, LayerKind, PrivateKey, Signer, SystemRandom,
    Transport, Verdict, Why, compress, open,
};
use proptest::prelude::*;

mod pairs;

use pairs::{Pair, SEAL, SIGN, context, keys};

fn signed(pair: &Pair, kind: usize, body: &str) -> Vec<u8> {
    let key = pair.key();
    let mut signer = Signer::new(&key, pair.certificate).unwrap();
    if kind & 1 == 1 {
        signer = signer.opaque();
    }
    if kind & 2 == 2 {
        signer = signer.pss().signing_time("2026-12-31T23:00:00Z".parse().unwrap());
    }
    signer.sign_message(&pair.message(body)).unwrap()
}

fn verdict(message: &[u8]) -> Verdict {
    open(message, &context()).unwrap().verdict()
}

#[test]
fn what_every_key_signs_is_good() {
    for pair in &SIGN {
        for kind in 0..4 {
            let message = signed(pair, kind, "Hello.\r\n");
            let report = open(&message, &context()).unwrap();
            assert_eq!(report.verdict(), Verdict::Good, "{} {kind}: {report}", pair.address);
            let signer = &report.layers[0].signed().unwrap().signers[0];
            assert_eq!(signer.identity, Identity::Match);
            assert_eq!(signer.signing_time.is_some(), kind & 2 == 2);
        }
    }
}

#[test]
fn what_is_stored_with_other_line_ends_has_the_same_verdict() {
    for pair in &SIGN {
        let message = signed(pair, 0, "One.\r\nTwo.  \r\n\r\n");
        let stored: Vec<u8> = message.iter().copied().filter(|octet| *octet != b'\r').collect();
        assert_eq!(verdict(&stored), Verdict::Good);
    }
}

#[test]
fn what_is_sealed_for_every_key_opens() {
    let ciphers = [
        Cipher::Aes128Cbc,
        Cipher::Aes192Cbc,
        Cipher::Aes256Cbc,
        Cipher::Aes128Gcm,
        Cipher::Aes192Gcm,
        Cipher::Aes256Gcm,
        Cipher::TripleDesCbc,
    ];
    let plain = SIGN[1].message("For you alone.\r\n");
    for pair in &SEAL {
        for cipher in ciphers {
            if cipher == Cipher::TripleDesCbc && pair.address != "rsa@example.org" {
                continue;
            }
            let sealed = Encryptor::new()
                .cipher(cipher)
                .transport(Transport::Oaep)
                .to(pair.certificate)
                .unwrap()
                .encrypt_message(&plain, &mut SystemRandom::new())
                .unwrap();
            let keys = keys(pair);
            let report = open(&sealed, &context().keys(&keys)).unwrap();
            let layer = report.layers[0].encrypted().unwrap();
            assert_eq!(layer.opened.as_ref().map(|opened| opened.cipher), Ok(cipher), "{}", pair.address);
            assert!(report.content.ends_with(b"\r\n\r\nFor you alone.\r\n"));
            assert!(report.is_encrypted());
            // Another's key opens nothing.
            let other = keys_of_other(pair);
            let report = open(&sealed, &context().keys(&other)).unwrap();
            let error = report.layers[0].encrypted().unwrap().opened.clone().unwrap_err();
            assert_eq!(*error.kind(), ErrorKind::NoRecipient);
        }
    }
}

fn keys_of_other(pair: &Pair) -> Keys {
    let other = SEAL.iter().find(|other| other.address != pair.address).unwrap();
    keys(other)
}

#[test]
fn passwords_and_shared_keys_open() {
    let sealed = Encryptor::new()
        .to_shared(b"id", &[7; 32])
        .to_password(b"correct horse")
        .encrypt_cms(b"content", &mut SystemRandom::new())
        .unwrap();
    let opened = |keys: &Keys| {
        mailwright_smime::open_cms(&sealed, &Context::new().keys(keys))
            .map(|layer| layer.content.into_owned())
    };
    let mut with = Keys::new();
    with.add_shared(Some(b"id"), &[7; 32]);
    assert_eq!(opened(&with).unwrap(), b"content");
    let mut with = Keys::new();
    with.add_password(b"correct horse");
    assert_eq!(opened(&with).unwrap(), b"content");
    let mut with = Keys::new();
    with.add_password(b"wrong");
    assert_eq!(opened(&with).unwrap(), b"", "the layer is there, and stays closed");
}

#[test]
fn the_signature_inside_of_an_encryption_counts() {
    let (alice, bob, mallory) = (&SIGN[1], &SEAL[0], &SIGN[2]);
    let inner = signed(alice, 0, "Pay Bob.\r\n");
    let sealed = Encryptor::new()
        .to(bob.certificate)
        .unwrap()
        .encrypt_message(&inner, &mut SystemRandom::new())
        .unwrap();
    let key = mallory.key();
    let outer = Signer::new(&key, mallory.certificate).unwrap().sign_message(&sealed).unwrap();
    let keys = keys(bob);
    let report = open(&outer, &context().keys(&keys)).unwrap();
    assert_eq!(report.layers.len(), 3);
    assert_eq!(report.verdict(), Verdict::Good, "{report}");
    // Without the key there is nothing that counts: the signature outside says nothing about the text.
    let report = open(&outer, &context()).unwrap();
    assert_eq!(report.verdict(), Verdict::Unsigned);
}

#[test]
fn a_signature_over_a_part_is_not_one_over_the_message() {
    let pair = &SIGN[1];
    let part = String::from_utf8(signed(pair, 0, "Signed.\r\n")).unwrap();
    let part = part.get(part.find("Content-Type").unwrap()..).unwrap();
    let message = format!(
        "From: {}\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nNot signed.\r\n--x\r\n{part}\r\n--x--\r\n",
        pair.address
    );
    let report = open(message.as_bytes(), &context()).unwrap();
    assert!(matches!(report.layers[0].coverage, Coverage::Part(_)));
    assert_eq!(report.verdict(), Verdict::Bad(Why::Partial), "{report}");
}

#[test]
fn another_sender_is_not_the_signer() {
    let message = String::from_utf8(signed(&SIGN[1], 0, "Hello.\r\n")).unwrap();
    for from in [
        "From: boss@example.org",
        "From: \"p256@example.org\" <boss@example.org>",
        "From: p256@example.org\r\nFrom: x@example.org",
        "X: y",
    ] {
        let message = message.replace("From: p256@example.org", from);
        assert!(matches!(verdict(message.as_bytes()), Verdict::Bad(Why::Identity(_))), "{from}");
    }
}

#[test]
fn compressed_content_is_looked_into() {
    let inner = signed(&SIGN[1], 0, "Hello.\r\n");
    let split = inner.windows(4).position(|four| four == b"\r\nMI").unwrap() + 2;
    let entity = &inner[inner.windows(14).position(|start| start == b"Content-Type: ").unwrap()..];
    let made = [&inner[..split], b"MIME-Version: 1.0\r\n", &compress(entity).unwrap()].concat();
    let report = open(&made, &context()).unwrap();
    assert!(matches!(report.layers[0].kind, LayerKind::Compressed));
    assert_eq!(report.verdict(), Verdict::Good, "{report}");
}

#[test]
fn a_certificate_that_is_broken_and_not_needed_breaks_nothing() {
    let pair = &SIGN[1];
    let key = pair.key();
    // SEQUENCE { INTEGER of five octets, of which two are there }
    let broken: &[u8] = &[0x30, 0x04, 0x02, 0x05, 0x01, 0x02];
    let der =
        Signer::new(&key, pair.certificate).unwrap().chain([broken]).opaque().sign_cms(b"content").unwrap();
    let layer = mailwright_smime::open_cms(&der, &context()).unwrap();
    assert_eq!(layer.signed().unwrap().verdict(), Verdict::Good);
}

/// A structure with so many signers, each with the same signature.
fn with_signers(count: usize) -> Vec<u8> {
    let pair = &SIGN[1];
    let key = pair.key();
    let der = Signer::new(&key, pair.certificate).unwrap().opaque().sign_cms(b"content").unwrap();
    // The SET of signers is what ends the structure.
    let set = (1..der.len() - 1).rev().find(|at| {
        let (length, header) = length_at(&der, *at);
        der[*at] == 0x31 && at + header + length == der.len() && der[at + header] == 0x30
    });
    let set = set.unwrap();
    let signer = der[set + length_at(&der, set).1..].to_vec();
    let open = |tag: u8| [tag, 0x80];
    // ContentInfo, [0] and SignedData become of indefinite length.
    let oid = &der[length_at(&der, 0).1..][..11];
    let tagged = length_at(&der, 0).1 + 11;
    let data = tagged + length_at(&der, tagged).1;
    let inside = &der[data + length_at(&der, data).1..set];
    [&open(0x30)[..], oid, &open(0xa0), &open(0x30), inside, &open(0x31), &signer.repeat(count), &[0; 8]]
        .concat()
}

/// The length of the element here, and the octets before its content.
fn length_at(der: &[u8], at: usize) -> (usize, usize) {
    match der[at + 1] {
        short @ 0..0x80 => (usize::from(short), 2),
        long => {
            let octets = usize::from(long & 0x7f);
            let length =
                der[at + 2..].iter().take(octets).fold(0, |sum, octet| sum << 8 | usize::from(*octet));
            (length, 2 + octets)
        }
    }
}

#[test]
fn each_of_several_signers_is_judged() {
    let layer = mailwright_smime::open_cms(&with_signers(32), &context()).unwrap();
    let signers = &layer.signed().unwrap().signers;
    assert_eq!(signers.len(), 32);
    assert!(signers.iter().all(|signer| signer.verdict() == Verdict::Good));
    let error = mailwright_smime::open_cms(&with_signers(33), &context()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit { which: "MAX_SIGNERS", .. }));
}

#[test]
fn content_inside_of_a_detached_signature_is_a_fault() {
    let pair = &SIGN[1];
    let key = pair.key();
    let opaque = Signer::new(&key, pair.certificate).unwrap().opaque().sign_cms(b"inside").unwrap();
    let signed = mailwright_smime::verify_detached(&opaque, b"beside", &context()).unwrap();
    assert_eq!(signed.signers[0].signature, Err(SignatureFault::TwoContents));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_octets_are_read(octets in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = open(&octets, &context());
        let _ = mailwright_smime::open_cms(&octets, &context());
        let _ = PrivateKey::from_der(&octets);
        let _ = PrivateKey::from_pem(&octets);
    }

    /// Any bit of what is signed, in any signature, makes it another.
    #[test]
    fn a_changed_bit_is_never_good(which in prop::sample::select(&[0, 1, 4][..]), opaque in any::<bool>(), at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let pair = &SIGN[which];
        let key = pair.key();
        let content = b"Content-Type: text/plain\r\n\r\nThe price is 100.\r\n".to_vec();
        let mut signer = Signer::new(&key, pair.certificate).unwrap();
        if opaque {
            signer = signer.opaque();
        }
        let der = signer.sign_cms(&content).unwrap();
        let mut changed = content.clone();
        let place = at.index(changed.len());
        changed[place] ^= 1u8 << bit;
        let verdict = if opaque {
            let found = der.windows(content.len()).position(|window| window == content).unwrap();
            let mut der = der;
            der[found..found + content.len()].copy_from_slice(&changed);
            mailwright_smime::open_cms(&der, &context()).unwrap().signed().unwrap().verdict()
        } else {
            mailwright_smime::verify_detached(&der, &changed, &context()).unwrap().verdict()
        };
        prop_assert_eq!(verdict, Verdict::Bad(Why::Signature(SignatureFault::MessageDigest)));
    }

    /// A changed octet anywhere in the structure: never good, unless it stands where nothing is signed.
    #[test]
    fn a_changed_structure_is_read(which in prop::sample::select(&[1, 4][..]), at in any::<prop::sample::Index>(), octet in any::<u8>()) {
        let pair = &SIGN[which];
        let key = pair.key();
        let mut der = Signer::new(&key, pair.certificate).unwrap().sign_cms(b"content").unwrap();
        let place = at.index(der.len());
        der[place] = octet;
        let _ = mailwright_smime::verify_detached(&der, b"content", &context());
    }

    #[test]
    fn what_was_sealed_and_changed_never_opens_as_authenticated(at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let pair = &SEAL[1];
        let mut sealed = Encryptor::new().to(pair.certificate).unwrap()
            .encrypt_cms(b"a content of some length", &mut SystemRandom::new()).unwrap();
        let place = at.index(sealed.len());
        sealed[place] ^= 1u8 << bit;
        let keys = keys(pair);
        if let Ok(layer) = mailwright_smime::open_cms(&sealed, &Context::new().keys(&keys))
            && let Some(encrypted) = layer.encrypted()
            && encrypted.opened.is_ok()
        {
            prop_assert_eq!(&*layer.content, b"a content of some length");
        }
    }
}
