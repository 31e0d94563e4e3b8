//! What holds for every message that is sealed, and for every octet that is changed.
#![cfg(all(feature = "arc", any(feature = "ring", feature = "aws-lc-rs")))]
#![allow(clippy::unwrap_used, reason = "a test that fails here fails")]

mod support;

use mailwright_dkim::arc::{self, Findings, Status};
use mailwright_dkim::canon::{Body, Canonicalization, field};
use mailwright_dkim::{LineEnds, Policy, Signer};
use mailwright_message_model::Header;
use proptest::collection::vec;
use proptest::prelude::*;
use support::hops::{findings, keys, sealed, sealer, verify};
use support::{NOW, key};

/// A message all of whose fields are covered.
fn message() -> impl Strategy<Value = Vec<u8>> {
    let text = "[ -~\u{e9}\t]{0,30}";
    (text, text, "[ -~\r\n\t\u{20ac}]{0,200}", prop::bool::ANY).prop_map(|(from, subject, body, to)| {
        let to = if to { "To: bob@example.net\r\n" } else { "" };
        format!("From: {from}\r\n{to}Subject: {subject}\r\n\r\n{body}").into_bytes()
    })
}

/// All that a relaxed signature sees.
fn canonical(message: &[u8]) -> (Vec<Vec<u8>>, Vec<u8>) {
    let mut header = Header::new(message);
    let fields = header.by_ref().map(|found| {
        let mut out = Vec::new();
        field(Canonicalization::Relaxed, found.raw(), &mut out);
        out
    });
    let fields: Vec<Vec<u8>> = fields.collect();
    let end = Header::new(message).map(|field| field.span().end).max().unwrap_or(0);
    let (mut body, mut out) = (Body::new(Canonicalization::Relaxed), Vec::new());
    body.write(message.get(end..).unwrap(), &mut |run| out.extend_from_slice(run));
    body.finish(&mut |run| out.extend_from_slice(run));
    (fields, out)
}

/// In pieces of these sizes, over and over.
fn pieces<'m>(message: &'m [u8], sizes: &[usize]) -> Vec<&'m [u8]> {
    let (mut rest, mut out) = (message, Vec::new());
    for size in sizes.iter().cycle() {
        let (piece, behind) = rest.split_at((*size).min(rest.len()));
        out.push(piece);
        rest = behind;
        if rest.is_empty() {
            break;
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_sealed_verifies(message in message(), hops in 1usize..=5) {
        let chain = verify(&sealed(&message, hops), &keys());
        prop_assert_eq!(chain.status, Status::Pass, "{}", chain);
        prop_assert_eq!(chain.sets.len(), hops);
    }

    #[test]
    fn dkim_and_arc_in_one_pass_and_any_split(
        message in message(), hops in 0usize..=3, sizes in vec(1usize..60, 1..6), normalize: bool, bare: bool,
    ) {
        let signer = Signer::new("a.example", "s", key(1)).unwrap();
        let signed = sealed(&signer.sign(&message, NOW).unwrap().prepended_to(&message), hops);
        let line_ends = if normalize { LineEnds::Normalize } else { LineEnds::AsIs };
        let policy = Policy { line_ends, ..Policy::default() };
        let sent = if bare { signed.iter().copied().filter(|&b| b != b'\r').collect() } else { signed };
        let whole = (
            mailwright_dkim::verify(&sent, &keys(), &policy, NOW),
            arc::verify(&sent, &keys(), &policy, NOW),
        );
        prop_assert_eq!(&arc::PreparedBoth::new(&sent, &policy, NOW).evaluate(&keys()), &whole);
        let mut both = arc::VerifierBoth::new(&policy, NOW);
        let mut chain = arc::Verifier::new(&policy, NOW);
        for piece in pieces(&sent, &sizes) {
            both.write(piece);
            chain.write(piece);
        }
        prop_assert_eq!(&both.finish().evaluate(&keys()), &whole);
        prop_assert_eq!(chain.finish().evaluate(&keys()), whole.1);
    }

    #[test]
    fn sealed_in_any_split_as_the_whole(
        message in message(), hops in 0usize..=2, sizes in vec(1usize..40, 1..6), normalize: bool,
    ) {
        let line_ends = if normalize { LineEnds::Normalize } else { LineEnds::AsIs };
        let came = sealed(&message, hops);
        let (chain, sealer) = (verify(&came, &keys()), sealer(hops).line_ends(line_ends));
        let leaves = [&came[..], b"one\rtwo\nthree"].concat();
        let found = findings(hops, &chain);
        let mut stream = sealer.stream();
        pieces(&leaves, &sizes).into_iter().for_each(|piece| stream.write(piece));
        let set = stream.finish(&chain, &found, NOW).unwrap();
        prop_assert_eq!(&set, &sealer.seal(&leaves, &chain, &found, NOW).unwrap());
        let again = [set.unwrap().to_string().as_bytes(), &leaves].concat();
        let policy = Policy { line_ends, ..Policy::default() };
        prop_assert!(arc::verify(&again, &keys(), &policy, NOW).status == Status::Pass);
    }

    #[test]
    fn any_octets_in_any_split(
        octets in vec(prop_oneof![Just(b'\r'), Just(b'\n'), any::<u8>()], 0..200),
        sizes in vec(1usize..9, 1..4), limit in 1usize..300,
    ) {
        let chain = sealed(b"From: a\r\n\r\nx\r\n", 1);
        let mut policy = Policy::default();
        policy.limits.header_bytes = limit * 4;
        let message = [&octets, &chain[..]].concat();
        let mut both = arc::VerifierBoth::new(&policy, NOW);
        pieces(&message, &sizes).into_iter().for_each(|piece| both.write(piece));
        let whole = (
            mailwright_dkim::verify(&message, &keys(), &policy, NOW),
            arc::verify(&message, &keys(), &policy, NOW),
        );
        prop_assert_eq!(both.finish().evaluate(&keys()), whole);
    }

    #[test]
    fn a_changed_octet_never_passes(
        message in message(),
        hops in 1usize..=3,
        at in any::<prop::sample::Index>(),
        octet in any::<u8>(),
    ) {
        let sealed = sealed(&message, hops);
        let mut changed = sealed.clone();
        *changed.get_mut(at.index(sealed.len())).unwrap() = octet;
        if canonical(&changed) != canonical(&sealed) {
            prop_assert_ne!(verify(&changed, &keys()).status, Status::Pass);
        }
    }

    #[test]
    fn any_octets_have_a_chain(
        fields in prop::collection::vec(
            ("(?i)(ARC-Seal|ARC-Message-Signature|ARC-Authentication-Results|From|x)", "[ -~\\x00-\\xff]{0,60}"),
            0..12,
        ),
    ) {
        let text: String = fields.iter().map(|(name, value)| format!("{name}:{value}\r\n")).collect();
        let chain = verify(text.as_bytes(), &keys());
        prop_assert_ne!(chain.status, Status::Pass);
        prop_assert!(!chain.to_string().is_empty());
        let _ = Findings::of_message(text.as_bytes(), "x");
    }
}
