//! Chains that hold, that do not, and what is said of them.
#![cfg(all(feature = "arc", any(feature = "ring", feature = "aws-lc-rs")))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that fails here fails"
)]

mod support;

use mailwright_dkim::Reason;
use mailwright_dkim::arc::{self, Chain, FieldKind, MAX_INSTANCE, Rule, SealError, Status};
use mailwright_dns::{Kind, TemporaryKind, Zone, drive_blocking};
use mailwright_message_model::domain::Domain;
use support::hops::{HOPS, findings, keys, pass_on, sealed, sealer, verify};

const MESSAGE: &[u8] = b"From: ann@example.org\r\nTo: list@a.example\r\nSubject: lunch\r\n\r\nAt noon?\r\n";

fn chain(message: &[u8]) -> Chain {
    verify(message, &keys())
}

fn rule(message: &[u8]) -> (Option<u32>, Option<FieldKind>, Rule) {
    let chain = chain(message);
    assert_eq!(chain.status, Status::Fail);
    let problem = chain.problem.unwrap();
    (problem.instance, problem.field, problem.rule)
}

fn replaced(message: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(message.to_vec()).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    text.replacen(from, to, 1).into_bytes()
}

/// Without the first field of that name.
fn without(message: &[u8], name: &str) -> Vec<u8> {
    let text = String::from_utf8(message.to_vec()).unwrap();
    let start = text.find(&format!("{name}:")).unwrap();
    let rest = &text[start..];
    let end = rest.match_indices("\r\n").find(|(at, _)| !rest[at + 2..].starts_with([' ', '\t'])).unwrap().0;
    format!("{}{}", &text[..start], &rest[end + 2..]).into_bytes()
}

#[test]
fn chains_of_every_length_hold() {
    assert_eq!(chain(MESSAGE).to_string(), "none");
    for hops in 1..=5 {
        let chain = chain(&sealed(MESSAGE, hops));
        assert_eq!(chain.status, Status::Pass, "{chain}");
        assert_eq!(chain.sets.len(), hops);
        // Each host adds a line, so that only the newest message signature holds.
        assert_eq!(chain.oldest_pass, Some(if hops == 1 { 0 } else { u32::try_from(hops).unwrap() }));
        let entry = chain.method_result(Some([192, 0, 2, 9].into())).to_string();
        let oldest = chain.oldest_pass.unwrap();
        assert_eq!(entry, format!("arc=pass smtp.remote-ip=192.0.2.9 header.oldest-pass={oldest}"));
    }
    // Nobody changes anything.
    let kept = (0..3).fold(MESSAGE.to_vec(), |message, hop| pass_on(&message, hop, |message| message));
    assert_eq!(chain(&kept).oldest_pass, Some(0));
}

#[test]
fn what_breaks_a_chain_is_told() {
    use FieldKind::{Message, Results, Seal};
    let two = sealed(MESSAGE, 2);
    assert_eq!(rule(&without(&two, "ARC-Seal")), (Some(2), Some(Seal), Rule::Missing));
    assert_eq!(rule(&without(&two, "ARC-Message-Signature")), (Some(2), Some(Message), Rule::Missing));
    assert_eq!(rule(&without(&two, "ARC-Authentication-Results")), (Some(2), Some(Results), Rule::Missing));
    let first = sealed(MESSAGE, 1);
    let gap = replaced(&replaced(&replaced(&first, "i=1;", "i=2;"), "i=1;", "i=2;"), "i=1;", "i=2;");
    assert_eq!(rule(&gap), (Some(1), None, Rule::Gap));
    let seal = &first[..first.windows(11).position(|name| name == b"ARC-Message").unwrap()];
    assert_eq!(rule(&[seal, &first].concat()), (Some(1), Some(Seal), Rule::Repeated));
    assert_eq!(rule(&replaced(&first, "cv=none", "cv=pass")), (Some(1), Some(Seal), Rule::FirstNotNone));
    assert_eq!(rule(&replaced(&two, "cv=pass", "cv=none")), (Some(2), Some(Seal), Rule::LaterNotPass));
    assert_eq!(rule(&replaced(&two, "cv=pass", "cv=fail")), (Some(2), Some(Seal), Rule::MarkedFailed));
    assert_eq!(
        rule(&replaced(&two, "noon", "nine")),
        (Some(2), Some(Message), Rule::Signature(Reason::BodyHash))
    );
    assert_eq!(
        rule(&replaced(&two, "lunch", "supper")),
        (Some(2), Some(Message), Rule::Signature(Reason::Signature))
    );
    // What an earlier sealer found is under its own seal and all later ones.
    let forged = replaced(&two, "mx.a.example;\r\n arc=none", "mx.a.example;\r\n arc=pass");
    assert_eq!(rule(&forged), (Some(2), Some(Seal), Rule::Signature(Reason::Signature)));
    let told = chain(&forged).to_string();
    assert!(told.contains("ARC-Seal of set 2") && told.contains("RFC 8617 5.2, step 6"), "{told}");
    let span = chain(&forged).problem.unwrap().span.unwrap();
    assert!(span.of(&forged).starts_with(b"ARC-Seal:"));
    assert!(matches!(rule(&replaced(&two, "i=2;", "i=51;")).2, Rule::Signature(Reason::Field(_))));
}

#[test]
fn fields_that_break_a_chain() {
    use mailwright_dkim::signature::SignatureErrorKind as Kind;
    let one = sealed(MESSAGE, 1);
    let field = |from, to| match rule(&replaced(&one, from, to)) {
        (_, Some(field), Rule::Signature(Reason::Field(kind))) => (field, kind),
        other => unreachable!("{other:?}"),
    };
    // RFC 8617 4.2.1, 4.1.3, 4.1.2
    assert_eq!(field("cv=none;", "cv=none; h=from;"), (FieldKind::Seal, Kind::SealHasHeaderList));
    assert_eq!(field("cv=none;", "cv=maybe;"), (FieldKind::Seal, Kind::ChainValidation));
    assert_eq!(field("cv=none;", ""), (FieldKind::Seal, Kind::ChainValidation));
    assert_eq!(field("h=From", "h=arc-seal:From"), (FieldKind::Message, Kind::SealCovered));
    assert_eq!(
        field("cv=none; d=a.example; i=1", "cv=none; d=a.example; i=0"),
        (FieldKind::Seal, Kind::Instance)
    );
    assert_eq!(field("h=From", "i=51; h=From").0, FieldKind::Message);
    // SHA-1 never passes, and what is too long is not read.
    let reason = |message: &[u8]| rule(message).2;
    assert_eq!(reason(&replaced(&one, "a=ed25519-sha256", "a=rsa-sha1")), Rule::Signature(Reason::Sha1));
    assert_eq!(reason(&replaced(&one, "t=1700000000", "t=1800000000")), Rule::Signature(Reason::Future));
    let policy = |change: fn(&mut mailwright_dkim::Limits)| {
        let mut policy = mailwright_dkim::Policy::default();
        change(&mut policy.limits);
        arc::verify(&one, &keys(), &policy, support::NOW).problem.unwrap().rule
    };
    assert_eq!(policy(|limits| limits.header_bytes = 100), Rule::HeaderTooLong);
    assert_eq!(policy(|limits| limits.signature_bytes = 100), Rule::Signature(Reason::FieldTooLong));
}

/// Which keys DNS does not give now, and what that makes of a chain of three sets whose message nobody but its author wrote.
#[test]
fn what_dns_trouble_makes_of_a_chain() {
    let kept = (0..3).fold(MESSAGE.to_vec(), |message, hop| pass_on(&message, hop, |message| message));
    let with = |message: &[u8], hosts: &[&str]| {
        let mut zone = keys();
        for host in hosts {
            zone.add_fault(format!("s._domainkey.{host}"), Kind::Txt, TemporaryKind::ServFail).unwrap();
        }
        verify(message, &zone)
    };
    let broken_seal = replaced(&kept, "mx.a.example;\r\n arc=none", "mx.a.example;\r\n arc=pass");
    let broken_body = replaced(&kept, "noon", "nine");
    for hosts in
        [&["a.example"][..], &["b.example"], &["c.example"], &["a.example", "b.example", "c.example"]]
    {
        let chain = with(&kept, hosts);
        assert_eq!((chain.status, chain.cv()), (Status::Temporary, None), "{hosts:?} {chain}");
        assert!(chain.problem.as_ref().is_some_and(|problem| problem.rule.is_temporary()));
        assert!(chain.to_string().starts_with("temperror: "), "{chain}");
        // Nobody vouches on the strength of a chain that is not verified.
        let trusted: Vec<Domain> = HOPS.iter().map(|host| host.parse().unwrap()).collect();
        assert_eq!(chain.vouching(&trusted).count(), 0);
        // The body is another whatever the keys are.
        let chain = with(&broken_body, hosts);
        assert_eq!(chain.problem.unwrap().rule, Rule::Signature(Reason::BodyHash), "{hosts:?}");
        assert_eq!(chain.status, Status::Fail);
    }
    // A seal that is known not to hold decides; where its key is unknown nothing does.
    assert_eq!(with(&broken_seal, &["b.example"]).status, Status::Fail);
    let all = with(&broken_seal, &HOPS);
    assert_eq!(all.status, Status::Temporary);
}

#[test]
fn dns_trouble_is_temporary_unless_the_chain_is_broken_anyway() {
    let two = sealed(MESSAGE, 2);
    let mut zone = keys();
    zone.add_fault("s._domainkey.a.example", Kind::Txt, TemporaryKind::Timeout).unwrap();
    let chain = verify(&two, &zone);
    assert_eq!((chain.status, chain.cv()), (Status::Temporary, None));
    assert!(chain.method_result(None).to_string().starts_with("arc=temperror"));
    let refused = sealer(2).seal(&two, &chain, &findings(2, &chain), support::NOW);
    assert_eq!(refused, Err(SealError::Temporary));
    assert_eq!(verify(&replaced(&two, "noon", "nine"), &zone).status, Status::Fail);
    // A key that does not exist is final.
    assert_eq!(verify(&two, &support::zone(&[("b.example", 2)])).status, Status::Fail);
    assert_eq!(verify(&two, &Zone::new()).status, Status::Fail);
}

#[test]
fn all_keys_are_asked_for_at_once() {
    let message = sealed(MESSAGE, 4);
    let policy = mailwright_dkim::Policy::default();
    let prepared = mailwright_dkim::arc::Prepared::new(&message, &policy, support::NOW);
    assert_eq!(prepared.questions().len(), 4);
    let mut runs = 0;
    let chain = drive_blocking(&keys(), |dns| {
        runs += 1;
        let chain = prepared.evaluate(dns);
        assert_eq!(chain.is_pending(), runs == 1);
        chain
    });
    assert_eq!((chain.status, runs), (Status::Pass, 2));
}

fn vouching(message: &[u8], trusted: &[&str]) -> Vec<u32> {
    let trusted: Vec<Domain> = trusted.iter().map(|domain| domain.parse().unwrap()).collect();
    chain(message).vouching(&trusted).map(|set| set.instance).collect()
}

#[test]
fn who_vouches() {
    let changed = sealed(MESSAGE, 3);
    assert_eq!(vouching(&changed, &[]), []);
    assert_eq!(vouching(&changed, &HOPS), [3, 2, 1]);
    assert_eq!(vouching(&changed, &["c.example"]), [3]);
    // The message is not what b sealed, and d's word for it is not trusted.
    assert_eq!(vouching(&changed, &["b.example"]), []);
    assert_eq!(vouching(&changed, &["b.example", "a.example"]), []);
    assert_eq!(vouching(&changed, &["c.example", "a.example"]), [3]);
    // Here it is.
    let kept = (0..3).fold(MESSAGE.to_vec(), |message, hop| pass_on(&message, hop, |message| message));
    assert_eq!(vouching(&kept, &["a.example"]), [1]);
    assert_eq!(vouching(&replaced(&kept, "noon", "nine"), &HOPS), []);
    let found = chain(&kept).sets[0].trusted_results().unwrap();
    assert_eq!(found.to_string(), "mx.a.example; arc=none smtp.remote-ip=192.0.2.1; spf=pass");
}

#[test]
fn a_broken_chain_is_sealed_once() {
    let broken = replaced(&sealed(MESSAGE, 2), "noon", "nine");
    let sealed = pass_on(&broken, 2, |message| message);
    let text = String::from_utf8_lossy(&sealed);
    assert!(text.contains("cv=fail") && text.contains("i=3; mx.c.example;\r\n arc=fail"));
    let chain = chain(&sealed);
    assert!(chain.is_marked_failed());
    assert_eq!(sealer(3).seal(&sealed, &chain, &findings(3, &chain), support::NOW), Ok(None));
    // RFC 8617 5.1.2: the seal covers its own set alone, as if there were no other.
    let alone = text.split("ARC-Seal: ").nth(1).unwrap();
    let alone =
        format!("ARC-Seal: {alone}From: x\r\n\r\n").replace("cv=fail", "cv=none").replace("i=3;", "i=1;");
    assert!(verify(alone.as_bytes(), &keys()).problem.is_some());
}

#[test]
fn what_cannot_be_sealed() {
    let two = sealed(MESSAGE, 2);
    let chain = chain(&two);
    let seal = |message: &[u8]| sealer(2).seal(message, &chain, &findings(2, &chain), support::NOW);
    assert!(matches!(seal(&two), Ok(Some(set)) if set.instance == 3));
    assert_eq!(seal(MESSAGE), Err(SealError::OtherChain));
    assert_eq!(seal(&without(&two, "ARC-Seal")), Err(SealError::OtherChain));
    let set = |instance: u32| {
        format!(
            "ARC-Authentication-Results: i={instance}; x; none\r\nARC-Message-Signature: i={instance}\r\nARC-Seal: i={instance}; cv=pass\r\n"
        )
    };
    let full: String = (1..=MAX_INSTANCE).map(set).collect();
    let full = [full.as_bytes(), MESSAGE].concat();
    let chain = verify(&full, &keys());
    let refused = sealer(0).seal(&full, &chain, &findings(0, &chain), support::NOW);
    assert_eq!(refused, Err(SealError::TooManySets));
}

#[test]
fn long_names_and_keys_make_no_long_lines() {
    let names: Vec<String> =
        (0..200).map(|n| format!("X-Some-Long-Field-Name-{n}")).chain(["From".into()]).collect();
    let sealer = sealer(0).with_headers(names).unwrap();
    let chain = chain(MESSAGE);
    let set = sealer.seal(MESSAGE, &chain, &findings(0, &chain), support::NOW).unwrap().unwrap();
    let message = [set.to_string().as_bytes(), MESSAGE].concat();
    assert!(set.to_string().lines().all(|line| line.len() <= 998));
    assert_eq!(verify(&message, &keys()).status, Status::Pass);
}
