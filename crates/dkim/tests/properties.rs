//! Signing and verifying as laws: what is signed verifies, in any split; what was changed does not.
#![cfg(any(feature = "ring", feature = "aws-lc-rs"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use mailwright_dkim::canon::{Canonicalization, Pair};
use mailwright_dkim::key::{DnsRecord, KeyRecord, PrivateKey, SigningKey};
use mailwright_dkim::sign::SignStream;
use mailwright_dkim::signature::Signature;
use mailwright_dkim::tags::TagList;
use mailwright_dkim::{LineEnds, Outcome, Policy, Signer, Verifier, verify};
use mailwright_dns::Zone;
use proptest::collection::vec;
use proptest::prelude::*;

const NOW: u64 = 1_700_000_000;

/// A test key of 2048 bits, made for this file.
const RSA: &str = include_str!("data/rsa2048.pem");

fn keys() -> [PrivateKey; 2] {
    [PrivateKey::from_pem(RSA).unwrap(), PrivateKey::ed25519(&[7; 32]).unwrap()]
}

/// A signer for each key, and the zone that publishes both.
fn signers(pair: Pair, change: impl Fn(Signer) -> Signer) -> (Vec<Signer>, Zone) {
    let mut zone = Zone::new();
    let signers = keys().into_iter().enumerate().map(|(at, key)| {
        let selector = format!("s{at}");
        let record = DnsRecord::new(
            &selector.parse().unwrap(),
            &"example.org".parse().unwrap(),
            key.public_key().clone(),
        );
        let record = record.unwrap();
        zone.add_txt(record.name().to_string(), record.text()).unwrap();
        change(Signer::new("example.org", &selector, key).unwrap().canonicalization(pair))
    });
    let signers = signers.collect();
    (signers, zone)
}

fn signed(signers: &[Signer], message: &[u8]) -> Vec<u8> {
    let fields = Signer::sign_all(signers, message, NOW).unwrap();
    let mut out: Vec<u8> = fields.iter().flat_map(|field| field.as_str().bytes()).collect();
    out.extend_from_slice(message);
    out
}

fn pairs() -> impl Strategy<Value = Pair> {
    let one = || prop_oneof![Just(Canonicalization::Simple), Just(Canonicalization::Relaxed)];
    (one(), one()).prop_map(|(header, body)| Pair { header, body })
}

/// Octets in which what canonicalisation looks at is frequent.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b" ".to_vec()),
        Just(b"\t".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"word".to_vec()),
        Just(b"\xff\xa0".to_vec()),
        vec(any::<u8>(), 0..4),
        vec(b' '..=b'~', 0..200),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// The value of a field: folded, of any octets but bare line breaks.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b" ".to_vec()),
        Just(b"\r\n \t".to_vec()),
        Just(b"text".to_vec()),
        vec(prop_oneof![b' '..=b'~', 0x80..=0xffu8], 0..20),
    ];
    vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn message() -> impl Strategy<Value = Vec<u8>> {
    let names = prop_oneof![
        Just("Subject"),
        Just("To"),
        Just("to"),
        Just("Content-Type"),
        Just("Received"),
        Just("X-Other "),
        Just("Sender")
    ];
    (vec((names, value()), 0..8), value(), 0usize..9, body()).prop_map(|(fields, from, at, body)| {
        let mut fields: Vec<(&str, Vec<u8>)> = fields;
        fields.insert(at.min(fields.len()), ("From", from));
        let mut out = Vec::new();
        for (name, value) in fields {
            out.extend_from_slice(name.as_bytes());
            out.push(b':');
            out.extend_from_slice(&value);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&body);
        out
    })
}

/// `message` in pieces of these sizes, again and again.
fn split<'m>(message: &'m [u8], sizes: &[usize]) -> Vec<&'m [u8]> {
    let mut rest = message;
    let mut pieces = Vec::new();
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, behind) = rest.split_at((*size).min(rest.len()));
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

fn policy() -> Policy {
    Policy { line_ends: LineEnds::AsIs, ..Policy::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_verifies(
        message in message(), pair in pairs(), copy: bool, length: bool, from_alone: bool, expire in 0u64..3,
    ) {
        let (signers, zone) = signers(pair, |signer| {
            let signer = signer.line_ends(LineEnds::AsIs).copy_headers(copy).body_length(length).expire_in(expire + 1);
            let signer = signer.identity("Jo é|;=@mail.example.org").unwrap();
            if from_alone { signer.oversign(mailwright_dkim::sign::Oversign::From) } else { signer }
        });
        let signed = signed(&signers, &message);
        let found = verify(&signed, &zone, &policy(), NOW);
        prop_assert_eq!(found.signatures.len(), 2);
        for result in &found.signatures {
            prop_assert_eq!(result.outcome, Outcome::Pass, "{}", result);
            let signature = result.signature.as_ref().unwrap();
            let identity = signature.identity.to_string();
            prop_assert_eq!(identity, "Jo é|;=@mail.example.org");
            prop_assert_eq!(copy, !signature.copied.is_empty());
            for copied in &signature.copied {
                let value = [b":", &copied.value[..], b"\r\n"].concat();
                prop_assert!(message.windows(value.len()).any(|part| part == value), "{:?}", copied);
            }
        }
        // Lines of a generated field are as long as RFC 5322 2.1.1 wants them.
        let own = signed.len() - message.len();
        prop_assert!(signed[..own].split(|&b| b == b'\n').all(|line| line.len() <= 78));
    }

    #[test]
    fn bare_line_breaks_are_signed_as_crlf(message in message(), pair in pairs()) {
        let (signers, zone) = signers(pair, |signer| signer);
        let normalize = Policy { line_ends: LineEnds::Normalize, ..policy() };
        let found = verify(&signed(&signers, &message), &zone, &normalize, NOW);
        prop_assert!(found.signatures.iter().all(|result| result.is_pass()), "{:?}", found);
    }

    #[test]
    fn any_split_is_the_whole(
        message in message(), pair in pairs(), sizes in vec(1usize..40, 1..6), normalize: bool,
    ) {
        let line_ends = if normalize { LineEnds::Normalize } else { LineEnds::AsIs };
        let (signers, zone) = signers(pair, |signer| signer.line_ends(line_ends));
        let mut stream = SignStream::new(&signers, NOW);
        split(&message, &sizes).into_iter().for_each(|piece| stream.write(piece));
        // Ed25519 and RSASSA-PKCS1-v1_5 are deterministic.
        prop_assert_eq!(stream.finish().unwrap(), Signer::sign_all(&signers, &message, NOW).unwrap());

        let signed = signed(&signers, &message);
        for policy in [Policy { line_ends, ..policy() }, Policy::strict()] {
            let mut verifier = Verifier::new(&policy, NOW);
            split(&signed, &sizes).into_iter().for_each(|piece| verifier.write(piece));
            prop_assert_eq!(verifier.finish().evaluate(&zone), verify(&signed, &zone, &policy, NOW));
        }
    }

    #[test]
    fn any_octets_in_any_split(octets in vec(any::<u8>(), 0..300), sizes in vec(1usize..9, 1..4), limit in 1usize..200) {
        let mut message = b"DKIM-Signature: v=1; a=rsa-sha256; d=a.b; s=c; h=from; bh=AAAA; b=AAAA\r\n".to_vec();
        message.extend_from_slice(&octets);
        let mut policy = Policy::legacy();
        policy.limits.header_bytes = limit;
        let whole = verify(&message, &Zone::new(), &policy, NOW);
        let mut verifier = Verifier::new(&policy, NOW);
        split(&message, &sizes).into_iter().for_each(|piece| verifier.write(piece));
        prop_assert_eq!(verifier.finish().evaluate(&Zone::new()), whole);
    }

    #[test]
    fn a_changed_octet_never_passes(message in message(), at: proptest::sample::Index, bit in 0u8..8, which in 0usize..2) {
        // Simple canonicalisation forgives no change of a signed field or of the body but at its end.
        let pair = Pair::default();
        let (signers, zone) = signers(pair, |signer| {
            let all = ["Subject", "To", "Content-Type", "Received", "X-Other", "Sender"];
            signer.line_ends(LineEnds::AsIs).headers(mailwright_dkim::sign::HeaderSet::of(all).unwrap())
        });
        let one = std::slice::from_ref(&signers[which]);
        let mut changed = signed(one, &message);
        let own = changed.len() - message.len();
        let content = changed.len() - trailing_line_breaks(&changed[own..]);
        let at = at.index(content);
        changed[at] ^= 1 << bit;
        let found = verify(&changed, &zone, &policy(), NOW);
        // White space within the value of b= is not signed (RFC 6376 3.7).
        let b = Signature::parse(&changed[..own]).map(|signature| signature.b_span);
        let own_white_space = b.is_ok_and(|b| b.start <= at && at < b.end) && changed[at].is_ascii_whitespace();
        // The name of the field is not hashed octet by octet where the field is no signature any more.
        prop_assert!(found.passing().next().is_none() || own_white_space, "octet {at} of {own}: {found:?}");
    }

    #[test]
    fn readers_take_any_octets(octets in vec(any::<u8>(), 0..200), text in "[a-z=;: \t\r\nA-Z0-9+/]{0,80}") {
        for octets in [&octets[..], text.as_bytes()] {
            let _ = KeyRecord::parse(octets);
            let _ = Signature::parse(octets);
            if let Ok(list) = TagList::parse(octets) {
                prop_assert!(list.iter().len() > 0);
                for tag in list.iter() {
                    prop_assert_eq!(tag.value_span.of(octets), tag.value);
                    prop_assert_eq!(list.get(std::str::from_utf8(tag.name).unwrap()), Some(tag));
                }
            }
        }
    }
}

fn trailing_line_breaks(octets: &[u8]) -> usize {
    let mut rest = octets;
    while let Some(before) = rest.strip_suffix(b"\r\n") {
        rest = before;
    }
    octets.len() - rest.len()
}

#[test]
fn many_signatures_cost_few_queries() {
    let (signers, zone) = signers(Pair::RELAXED, |signer| signer);
    let message = b"From: a@example.org\r\n\r\nhello\r\n";
    let field = signers[1].sign(message, NOW).unwrap();
    let mut flood: Vec<u8> =
        (0..200).flat_map(|n| field.as_str().replace("s=s1", &format!("s=x{n}")).into_bytes()).collect();
    flood.extend_from_slice(field.as_str().as_bytes());
    flood.extend_from_slice(message);
    let counting = mailwright_dns::Counting::new(&zone);
    let found = verify(&flood, &counting, &policy(), NOW);
    assert_eq!(found.signatures.len(), 201);
    assert_eq!(counting.questions().len(), 10);
    // The same key many times is asked for once.
    let same = [field.as_str().repeat(201).as_bytes(), message].concat();
    let counting = mailwright_dns::Counting::new(&zone);
    let found = verify(&same, &counting, &policy(), NOW);
    assert_eq!((found.passing().count(), counting.questions().len()), (10, 1));
}

#[test]
fn a_megabyte_of_names_or_fields_is_linear() {
    let names = "x:".repeat(500_000);
    let field = format!("DKIM-Signature: v=1; a=rsa-sha256; d=a.b; s=c; h={names}from; bh=AAAA; b=AAAA\r\n");
    let fields = "X: \r\n".repeat(200_000);
    let mut policy = policy();
    policy.limits.signature_bytes = 2 << 20;
    policy.limits.header_bytes = 4 << 20;
    let start = std::time::Instant::now();
    let message = format!("{field}{fields}From: a@a.b\r\n\r\n");
    let found = verify(message.as_bytes(), &Zone::new(), &policy, NOW);
    assert_eq!(found.signatures[0].covers.iter().flatten().count(), 200_001);
    // Quadratic work would take minutes.
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn signer_inputs_that_would_inject() {
    use mailwright_dkim::SignErrorKind as Kind;
    let key = || PrivateKey::ed25519(&[7; 32]).unwrap();
    let kind = |domain: &str, selector: &str| Signer::new(domain, selector, key()).unwrap_err().kind();
    for domain in
        ["example.com\r\nX-Injected: y", "example.com;d=evil.example", "a\0.example", "", "org", "a b.org"]
    {
        assert_eq!(kind(domain, "s"), Kind::Domain, "{domain:?}");
    }
    assert_eq!(kind("example.com", "s\r\n"), Kind::Selector);
    assert_eq!(kind("example.com", &"a".repeat(64)), Kind::Selector);
    let signer = || Signer::new("example.com", "s", key()).unwrap();
    assert_eq!(signer().identity("a\r\nb@example.com").unwrap_err().kind(), Kind::Identity);
    assert_eq!(signer().identity("a@evil.example").unwrap_err().kind(), Kind::IdentityOutsideDomain);
    for name in ["X:Y", "", "X Y", "X\r\nY", "X;b=", "é"] {
        let error = mailwright_dkim::sign::HeaderSet::of([name]).unwrap_err();
        assert_eq!(error.kind(), Kind::HeaderName, "{name:?}");
    }
    let sign = |message: &[u8]| signer().sign(message, NOW).unwrap_err().kind();
    assert_eq!(sign(b"To: a@b.c\r\n\r\nhi"), Kind::NoFrom);
    assert_eq!(sign(b"From: a\r\nFrom: b\r\n\r\nhi"), Kind::ManyFrom);
    assert_eq!(sign(b" ; d=evil.example\r\nFrom: a\r\n\r\nhi"), Kind::Start);
    assert_eq!(sign(b"From a@b.c Mon Jan  1 00:00:00 2024\nFrom: a\r\n\r\nhi"), Kind::Start);
    assert_eq!(sign(&[b"From: a\r\n".to_vec(), b"X: y\r\n".repeat(300_000)].concat()), Kind::HeaderTooLong);
    let late = signer().expire_in(u64::MAX).sign(b"From: a\r\n\r\n", NOW).unwrap_err();
    assert_eq!(late.kind(), Kind::Expiry);
}

#[test]
fn octets_that_are_no_utf8_are_signed_in_every_field() {
    let (signers, zone) = signers(Pair::RELAXED, |signer| signer);
    let message = b"From: caf\xe9 <a@example.org>\r\nSubject: \xff\xfe\r\nTo: \xa0\r\n\r\nhello\r\n";
    let signed = signed(&signers, message);
    assert_eq!(verify(&signed, &zone, &Policy::strict(), NOW).passing().count(), 2);
    for at in (0..signed.len()).filter(|&at| signed[at] >= 0x80) {
        let mut changed = signed.clone();
        changed[at] ^= 1;
        assert_eq!(verify(&changed, &zone, &policy(), NOW).passing().count(), 0);
    }
    // One more field of a name that is oversigned, octets as they are.
    let added = [b"Subject: \xff\xfe\r\n", &signed[..]].concat();
    assert_eq!(verify(&added, &zone, &policy(), NOW).passing().count(), 0);
    assert_eq!(keys()[0].algorithm().as_str(), "rsa-sha256");
}
