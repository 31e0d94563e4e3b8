//! What is signed and sealed here, as laws: BER for DER, line ends, any flipped bit, and the way there and back.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

mod pairs;

use mailwright_smime::cms::{Keys, to_der};
use mailwright_smime::{
    Cipher, Context, Digest, Encryptor, Layer, LayerKind, Signer, SystemRandom, Transport, Verdict, open,
    open_cms, verify_detached,
};
use pairs::{Pair, SEAL, SIGN, context, keys};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

const CIPHERS: [Cipher; 6] = [
    Cipher::Aes128Cbc,
    Cipher::Aes192Cbc,
    Cipher::Aes256Cbc,
    Cipher::Aes128Gcm,
    Cipher::Aes192Gcm,
    Cipher::Aes256Gcm,
];

/// An element of DER: identifier octet, header length, content.
fn split(der: &[u8]) -> (u8, usize, &[u8]) {
    let (length, header) = match der[1] {
        short @ 0..0x80 => (usize::from(short), 2),
        long => {
            let octets = usize::from(long & 0x7f);
            (der[2..2 + octets].iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet)), 2 + octets)
        }
    };
    (der[0], header, &der[header..header + length])
}

/// Where things stand in the elements of DER that are inside each other: `path` says which one of each.
fn find(der: &[u8], path: &[usize]) -> std::ops::Range<usize> {
    let mut range = 0..der.len();
    for nth in path {
        let (_, header, content) = split(&der[range.clone()]);
        let mut at = range.start + header;
        let end = at + content.len();
        for _ in 0..*nth {
            let (_, header, content) = split(&der[at..end]);
            at += header + content.len();
        }
        let (_, header, content) = split(&der[at..end]);
        range = at..at + header + content.len();
    }
    range
}

/// The same elements as BER, in a form that `choices` choose: lengths that are indefinite or longer than they need be, strings
/// in pieces, in pieces of pieces and of no octets.
fn as_ber(der: &[u8], choices: &mut impl Iterator<Item = u8>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = der;
    while !rest.is_empty() {
        let (tag, header, content) = split(rest);
        rest = &rest[header + content.len()..];
        let choice = choices.next().unwrap();
        // OCTET STRING, and the sealed content, which is one under a tag of its own.
        let is_string = tag == 0x04 || tag == 0x80 && content.len() > 15;
        if is_string && choice & 1 == 1 {
            let size = usize::from(choice >> 2).max(1);
            let pieces: Vec<Vec<u8>> =
                content.chunks(size).map(|piece| element(0x04, piece, choice >> 3)).collect();
            let mut inside = pieces.concat();
            if choice & 2 == 2 {
                inside = [element(0x24, &inside, choice >> 4), vec![0x04, 0x00]].concat();
            }
            out.extend(element(tag | 0x20, &inside, choice >> 5));
        } else if tag & 0x20 != 0 {
            out.extend(element(tag, &as_ber(content, choices), choice));
        } else {
            out.extend(element(tag, content, choice));
        }
    }
    out
}

/// An element whose length has one of the forms that BER allows.
fn element(tag: u8, content: &[u8], form: u8) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let long = |zeros: usize| {
        let octets = [&vec![0; zeros][..], &length].concat();
        [&[tag, 0x80 | u8::try_from(octets.len()).unwrap()][..], &octets, content].concat()
    };
    match form % 4 {
        0 if tag & 0x20 != 0 => [&[tag, 0x80][..], content, &[0, 0]].concat(),
        1 => long(0),
        2 => long(5),
        _ if content.len() < 0x80 => [&[tag, length[3]][..], content].concat(),
        _ => long(0),
    }
}

fn signer_of(which: usize, pss: bool, digest: Digest, opaque: bool) -> Vec<u8> {
    let pair = &SIGN[which];
    signed_cms(pair, pss, digest, opaque, b"content that is signed")
}

fn signed_cms(pair: &Pair, pss: bool, digest: Digest, opaque: bool, content: &[u8]) -> Vec<u8> {
    let key = pair.key();
    let mut signer = Signer::new(&key, pair.certificate).unwrap();
    // Ed25519 has one digest only.
    signer = signer.clone().digest(digest).unwrap_or(signer);
    if pss {
        signer = signer.pss();
    }
    if opaque {
        signer = signer.opaque();
    }
    signer.sign_cms(content).unwrap()
}

fn verdict(layer: &Layer<'_>) -> Verdict {
    layer.signed().unwrap().verdict()
}

fn digests() -> impl Strategy<Value = Digest> {
    select(&[Digest::Sha256, Digest::Sha384, Digest::Sha512][..])
}

/// Lines of text as they are in mail, also such as look like something else.
fn lines() -> impl Strategy<Value = Vec<String>> {
    vec(
        prop_oneof![
            "[ -~\t]{0,60}",
            select(&["", ".", "--", "From x", "a ", "-- \t"][..]).prop_map(str::to_owned)
        ],
        0..12,
    )
}

fn message(pair: &Pair, pss: bool, lines: &[String]) -> Vec<u8> {
    let key = pair.key();
    let signer = Signer::new(&key, pair.certificate).unwrap();
    let signer = if pss { signer.pss() } else { signer };
    signer.sign_message(&pair.message(&format!("{}\r\n", lines.join("\r\n")))).unwrap()
}

fn without_cr(message: &[u8]) -> Vec<u8> {
    String::from_utf8(message.to_vec()).unwrap().replace("\r\n", "\n").into_bytes()
}

fn of_message(message: &[u8]) -> Verdict {
    open(message, &context()).unwrap().verdict()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn signed_data_in_ber_has_the_verdict_of_der(
        which in 0..5usize, digest in digests(), spoilt in any::<bool>(), known in any::<bool>(), choices in vec(any::<u8>(), 1..40)
    ) {
        let mut der = signer_of(which, false, digest, true);
        if spoilt {
            let at = der.windows(7).position(|seven| seven == b"content").unwrap();
            der[at] ^= 1;
        }
        let ber = as_ber(&der, &mut choices.into_iter().cycle());
        let context = if known { context() } else { Context::new() };
        let (one, other) = (open_cms(&der, &context).unwrap(), open_cms(&ber, &context).unwrap());
        prop_assert_eq!(verdict(&one), verdict(&other));
        prop_assert_eq!(verdict(&one).is_good(), known && !spoilt);
        prop_assert_eq!(one.content, other.content);
        prop_assert_eq!(to_der(&ber).unwrap(), to_der(&der).unwrap());
    }

    #[test]
    fn a_signature_beside_in_ber_has_the_verdict_of_der(which in 0..5usize, choices in vec(any::<u8>(), 1..40), content in vec(any::<u8>(), 0..100)) {
        let der = signed_cms(&SIGN[which], false, Digest::Sha256, false, &content);
        let ber = as_ber(&der, &mut choices.into_iter().cycle());
        prop_assert_eq!(verify_detached(&ber, &content, &context()).unwrap().verdict(), Verdict::Good);
        let other = [&content[..], b"."].concat();
        prop_assert_eq!(
            verify_detached(&ber, &other, &context()).unwrap().verdict(),
            verify_detached(&der, &other, &context()).unwrap().verdict()
        );
    }

    #[test]
    fn what_is_sealed_opens_in_ber_as_in_der(which in 0..5usize, cipher in select(&CIPHERS[..]), choices in vec(any::<u8>(), 1..40)) {
        let pair = &SEAL[which];
        let der = Encryptor::new().cipher(cipher).to(pair.certificate).unwrap()
            .encrypt_cms(b"content that is sealed", &mut SystemRandom::new()).unwrap();
        let ber = as_ber(&der, &mut choices.into_iter().cycle());
        let keys = keys(pair);
        let layer = open_cms(&ber, &Context::new().keys(&keys)).unwrap();
        prop_assert_eq!(&*layer.content, b"content that is sealed");
    }

    #[test]
    fn line_ends_of_storage_change_no_verdict(which in 0..5usize, pss in any::<bool>(), lines in lines(), spoilt in any::<bool>()) {
        let mut message = message(&SIGN[which], pss, &lines);
        if spoilt {
            let at = message.windows(10).position(|ten| ten == b"text/plain").unwrap();
            message[at] = b'T';
        }
        let verdict = of_message(&message);
        prop_assert_eq!(verdict.is_good(), !spoilt, "{}", verdict);
        prop_assert_eq!(of_message(&without_cr(&message)), verdict);
    }

    /// Fields and text of the signed part, any bit.
    #[test]
    fn a_flipped_bit_of_a_signed_message_is_never_good(which in 0..5usize, lines in lines(), at in any::<Index>(), bit in 0..8u8) {
        let pair = &SIGN[which];
        let mut message = message(pair, false, &lines);
        let part = format!("Content-Type: text/plain\r\n\r\n{}\r\n", lines.join("\r\n"));
        let start = message.windows(part.len()).position(|window| window == part.as_bytes()).unwrap();
        message[start + at.index(part.len())] ^= 1 << bit;
        prop_assert!(!of_message(&message).is_good());
    }

    /// The certificate, the attributes and the signature itself, any bit. The name of the signer is not signed, and compares
    /// without case (RFC 5280 7.1): it only finds the certificate.
    #[test]
    fn a_flipped_bit_of_a_signature_is_never_good(
        which in 0..5usize, pss in any::<bool>(), digest in digests(), opaque in any::<bool>(), part in 0..4usize, at in any::<Index>(), bit in 0..8u8
    ) {
        let mut der = signer_of(which, pss, digest, opaque);
        let signer = [1, 0, 4, 0];
        // Certificate; digest, attributes, and signature.
        let path: &[usize] = match part {
            0 => &[1, 0, 3, 0],
            nth => &[&signer[..], &[[2, 3, 5][nth - 1]]].concat(),
        };
        let range = find(&der, path);
        der[range.start + at.index(range.len())] ^= 1 << bit;
        let verdict = match opaque {
            true => open_cms(&der, &context()).ok().map(|layer| match layer.kind {
                LayerKind::Signed(signed) => signed.verdict(),
                _ => Verdict::Unsigned,
            }),
            false => verify_detached(&der, b"content that is signed", &context()).ok().map(|signed| signed.verdict()),
        };
        prop_assert!(verdict.as_ref().is_none_or(|verdict| !verdict.is_good()), "{:?} {:?}", range, verdict);
    }

    #[test]
    fn what_is_signed_verifies(which in 0..5usize, pss in any::<bool>(), digest in digests(), content in vec(any::<u8>(), 0..300)) {
        let pair = &SIGN[which];
        let beside = signed_cms(pair, pss, digest, false, &content);
        prop_assert_eq!(verify_detached(&beside, &content, &context()).unwrap().verdict(), Verdict::Good);
        let opaque = signed_cms(pair, pss, digest, true, &content);
        let layer = open_cms(&opaque, &context()).unwrap();
        prop_assert_eq!(verdict(&layer), Verdict::Good);
        prop_assert_eq!(&*layer.content, &content[..]);
    }

    /// Each of the recipients opens it, and no one else does.
    #[test]
    fn what_is_sealed_opens_for_each_recipient(
        to in subsequence(vec![0usize, 1, 2, 3, 4], 1..5), cipher in select(&CIPHERS[..]), oaep in any::<bool>(), shared in any::<bool>(), content in vec(any::<u8>(), 0..300)
    ) {
        let mut encryptor = Encryptor::new().cipher(cipher);
        if oaep {
            encryptor = encryptor.transport(Transport::Oaep);
        }
        if shared {
            encryptor = encryptor.to_shared(b"id", &[7; 32]);
        }
        for which in &to {
            encryptor = encryptor.to(SEAL[*which].certificate).unwrap();
        }
        let sealed = encryptor.encrypt_cms(&content, &mut SystemRandom::new()).unwrap();
        let opened = |keys: &Keys| {
            let layer = open_cms(&sealed, &Context::new().keys(keys)).unwrap();
            let opened = layer.encrypted().unwrap().opened.is_ok();
            opened.then(|| layer.content.into_owned())
        };
        for (which, pair) in SEAL.iter().enumerate() {
            let wanted = to.contains(&which).then(|| content.clone());
            prop_assert_eq!(opened(&keys(pair)), wanted, "{}", pair.address);
        }
        let mut with = Keys::new();
        with.add_shared(Some(b"id"), &[7; 32]);
        prop_assert_eq!(opened(&with), shared.then_some(content));
    }
}
