//! What holds for every message that is sealed, and for every octet that is changed.
#![cfg(feature = "arc")]
#![allow(clippy::unwrap_used, reason = "a test that fails here fails")]

mod support;

use mailwright_dkim::arc::{Findings, Status};
use mailwright_dkim::canon::{Body, Canonicalization, field};
use mailwright_message_model::Header;
use proptest::prelude::*;
use support::hops::{keys, sealed, verify};

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_sealed_verifies(message in message(), hops in 1usize..=5) {
        let chain = verify(&sealed(&message, hops), &keys());
        prop_assert_eq!(chain.status, Status::Pass, "{}", chain);
        prop_assert_eq!(chain.sets.len(), hops);
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
