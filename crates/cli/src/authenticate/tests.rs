//! How often one message waits for DNS, against a server on loopback.

use mailwright_dkim::key::{DnsRecord, PrivateKey};
use mailwright_dkim::{Signer, arc};
use mailwright_dmarc::{Author, Policy, TempReason, Verdict};
use mailwright_dns::{Counting, Kind, Name, Stub, StubOptions, TemporaryKind, Zone};
use mailwright_message_model::Message;
use mailwright_spf::SpfResult;

use super::loopback::Server;
use super::{Delivery, Found, Receiver, authenticate};

const NOW: u64 = 1_700_000_000;
const SIGNER: &str = "mail.example.org";
const LISTS: [&str; 2] = ["first.lists.example", "second.lists.example"];

/// A message with a DKIM signature and two ARC Sets, each with a key of its own.
struct Sample {
    raw: Vec<u8>,
    /// The lines of the keys.
    keys: String,
}

impl Sample {
    fn new(from: &str) -> Self {
        let body = format!("From: {from}\r\nSubject: hello\r\nMessage-ID: <1@example.org>\r\n\r\nhello\r\n");
        let mut sample = Self { raw: body.into_bytes(), keys: String::new() };
        let key = sample.key(SIGNER);
        let field = Signer::new(SIGNER, "s", key).unwrap().sign(&sample.raw, NOW).unwrap();
        sample.put(field.as_str());
        for list in LISTS {
            let sealer = arc::Sealer::new(list, "s", sample.key(list)).unwrap();
            let zone = Zone::parse(sample.keys.as_bytes(), &Name::ROOT).unwrap();
            let chain = arc::verify(&sample.raw, &zone, &mailwright_dkim::Policy::default(), NOW);
            sample.put(&format!("Authentication-Results: {list}; dmarc=pass header.from=example.org\r\n"));
            let findings = arc::Findings::of_message(&sample.raw, list).unwrap();
            let set = sealer.seal(&sample.raw, &chain, &findings, NOW).unwrap().unwrap();
            sample.put(&set.to_string());
        }
        sample
    }

    fn put(&mut self, field: &str) {
        self.raw.splice(0..0, field.bytes());
    }

    fn key(&mut self, domain: &str) -> PrivateKey {
        let key = PrivateKey::generate_ed25519().unwrap();
        let record =
            DnsRecord::new(&"s".parse().unwrap(), &domain.parse().unwrap(), key.public_key().clone())
                .unwrap();
        self.keys.push_str(&record.zone_line(60));
        self.keys.push('\n');
        key
    }

    /// What a receiver finds with these records beside the keys, and how many rounds of waiting that took: those that the
    /// resolver was asked for, not those that anybody claims.
    fn found(&self, records: &str, delivery: &Delivery, receiver: &Receiver) -> (usize, Found) {
        let zone = Zone::parse(format!("{}{records}", self.keys).as_bytes(), &Name::ROOT).unwrap();
        self.found_in(zone, delivery, receiver)
    }

    fn found_in(&self, zone: Zone, delivery: &Delivery, receiver: &Receiver) -> (usize, Found) {
        let server = Server::start(zone);
        let resolver = Counting::new(Stub::new([server.address], StubOptions::default()));
        let author = Author::of(&Message::parse(&self.raw).unwrap());
        let found = authenticate(&self.raw, &author, Some(delivery), receiver, &resolver);
        assert_eq!(usize::try_from(found.session.rounds()).unwrap(), resolver.rounds());
        (resolver.rounds(), found)
    }
}

fn delivery(mail_from: &str) -> Delivery {
    Delivery {
        ip: "192.0.2.1".parse().unwrap(),
        helo: "helo.example.org".into(),
        mail_from: Some(mail_from.into()),
    }
}

fn receiver() -> Receiver {
    Receiver { name: "mx.example.net".into(), now: NOW, sealers: vec![LISTS[1].parse().unwrap()] }
}

/// Rounds of the whole chain, and the records of SPF behind it: the longest chain of questions decides, and that is SPF's.
#[test]
fn rounds_are_those_of_the_longest_chain() {
    let sample = Sample::new("zoe@example.org");
    for (rounds, result, records) in [
        (1, SpfResult::Pass, r#"example.org. TXT "v=spf1 ip4:192.0.2.1 -all""#),
        (1, SpfResult::None, ""),
        (2, SpfResult::Pass, "example.org. TXT \"v=spf1 a -all\"\nexample.org. A 192.0.2.1"),
        (
            2,
            SpfResult::Fail,
            "example.org. TXT \"v=spf1 a -all exp=why.example.org\"\nwhy.example.org. TXT why",
        ),
        // Ten terms that each ask: all at once.
        (
            2,
            SpfResult::SoftFail,
            "example.org. TXT \"v=spf1 a:a.b.org a:b.b.org exists:%{i}.b.org a:c.b.org a:d.b.org a:e.b.org a:f.b.org ~all\"\n\
             a.b.org. A 192.0.2.9\nb.b.org. A 192.0.2.9\nc.b.org. A 192.0.2.9\nd.b.org. A 192.0.2.9\ne.b.org. A 192.0.2.9",
        ),
        (
            3,
            SpfResult::Pass,
            "example.org. TXT \"v=spf1 mx -all\"\nexample.org. MX 1 a.b.org.\na.b.org. A 192.0.2.1",
        ),
        (
            3,
            SpfResult::Pass,
            "example.org. TXT \"v=spf1 ptr -all\"\n1.2.0.192.in-addr.arpa. PTR a.example.org.\na.example.org. A 192.0.2.1",
        ),
        (
            2,
            SpfResult::Pass,
            "example.org. TXT \"v=spf1 include:b.org -all\"\nb.org. TXT \"v=spf1 ip4:192.0.2.1\"",
        ),
        (
            3,
            SpfResult::Pass,
            "example.org. TXT \"v=spf1 include:c.org include:b.org -all\"\nc.org. TXT \"v=spf1 a:c.org\"\nc.org. A 192.0.2.9\n\
             b.org. TXT \"v=spf1 a:b.org\"\nb.org. A 192.0.2.1",
        ),
        (
            5,
            SpfResult::Pass,
            "example.org. TXT \"v=spf1 include:b.org -all\"\nb.org. TXT \"v=spf1 redirect=c.org\"\n\
             c.org. TXT \"v=spf1 mx:d.org -all\"\nd.org. MX 1 e.org.\ne.org. A 192.0.2.1",
        ),
    ] {
        let records = format!("_dmarc.example.org. TXT \"v=DMARC1; p=reject\"\n{records}\n");
        let (took, found) = sample.found(&records, &delivery("zoe@example.org"), &receiver());
        assert_eq!((took, found.spf.unwrap().result), (rounds, result), "{records}");
        // Nothing was given up for it.
        assert!(found.dkim.signatures[0].is_pass());
        assert_eq!(found.chain.status, arc::Status::Pass);
        assert_eq!(found.dmarc.verdict, Verdict::Pass);
        assert!(found.helo.is_some());
    }
}

/// RFC 9989 4.10: the walks of author and identifiers, eight names each, are asked with the rest; `np` needs one question more,
/// which waits for the record only.
#[test]
fn dmarc_waits_with_the_others() {
    let long = "a.b.c.d.e.f.g.h.i.j.k.example.org";
    let sample = Sample::new(&format!("zoe@{long}"));
    let spf = "example.org. TXT \"v=spf1 a -all\"\nexample.org. A 192.0.2.1\n";
    for (rounds, verdict, record) in [
        (2, Verdict::Pass, "v=DMARC1; p=reject; np=reject"),
        (2, Verdict::Fail, "v=DMARC1; p=quarantine; np=reject; adkim=s; aspf=s"),
    ] {
        let records = format!("{spf}_dmarc.example.org. TXT \"{record}\"\n");
        let (took, found) = sample.found(&records, &delivery("zoe@example.org"), &receiver());
        assert_eq!((took, &found.dmarc.verdict), (rounds, &verdict), "{}", found.dmarc);
        assert_eq!(found.dmarc.published.unwrap().policy, Policy::Reject);
        assert_eq!(found.dmarc.organizational_domain.unwrap(), "example.org");
    }
    // With SPF of one round the existence of the author domain is the second.
    let records =
        "example.org. TXT \"v=spf1 -all\"\n_dmarc.example.org. TXT \"v=DMARC1; p=none; np=reject\"\n";
    let (took, found) = sample.found(records, &delivery("zoe@example.org"), &receiver());
    assert_eq!((took, found.dmarc.verdict), (2, Verdict::Pass));
}

/// A sealer that is trusted and found a pass is a reason to let a message through that fails; any other is none.
#[test]
fn a_trusted_sealer_overrides() {
    let mut sample = Sample::new("zoe@example.org");
    // The author's own signature is lost.
    let records =
        "example.org. TXT \"v=spf1 -all\"\n_dmarc.example.org. TXT \"v=DMARC1; p=reject; adkim=s\"\n";
    let (_, found) = sample.found(records, &delivery("zoe@example.org"), &receiver());
    assert_eq!((&found.dmarc.verdict, found.dmarc.requested), (&Verdict::Fail, Policy::Reject));
    assert_eq!((found.dmarc.overridden, found.dmarc.advised()), (true, Policy::None));
    let field = found.results.to_string();
    assert!(
        field.starts_with("mx.example.net; spf=fail smtp.mailfrom=zoe@example.org; spf=none "),
        "{field}"
    );
    assert!(
        field.contains("; arc=pass smtp.remote-ip=192.0.2.1 header.oldest-pass=0; dmarc=fail "),
        "{field}"
    );

    let nobody = Receiver { sealers: vec!["lists.example".parse().unwrap()], ..receiver() };
    let (_, found) = sample.found(records, &delivery("zoe@example.org"), &nobody);
    assert_eq!((found.dmarc.overridden, found.dmarc.advised()), (false, Policy::Quarantine));

    // A message that was changed behind the last sealer is vouched for by nobody.
    sample.raw.extend(b"more\r\n");
    let (_, found) = sample.found(records, &delivery("zoe@example.org"), &receiver());
    assert_eq!((found.chain.status, found.dmarc.overridden), (arc::Status::Fail, false));
}

/// RFC 9989 5.3.6: where an identifier that would align came to no end, no policy is applied.
#[test]
fn a_server_that_fails_is_no_failure_of_the_message() {
    let sample = Sample::new("zoe@example.org");
    let records = "_dmarc.example.org. TXT \"v=DMARC1; p=reject; adkim=s\"\n";
    let zone = || Zone::parse(format!("{}{records}", sample.keys).as_bytes(), &Name::ROOT).unwrap();
    let found = |zone| sample.found_in(zone, &delivery("zoe@example.org"), &receiver()).1;
    let fault = |name: &str| {
        let mut zone = zone();
        zone.add_fault(name, Kind::Txt, TemporaryKind::ServFail).unwrap();
        found(zone)
    };
    let spf = fault("example.org");
    assert_eq!(spf.spf.unwrap().result, SpfResult::TempError);
    assert_eq!(spf.dmarc.verdict, Verdict::TempError(TempReason::Spf("example.org".parse().unwrap())));
    assert_eq!((spf.dmarc.requested, spf.dmarc.advised()), (Policy::None, Policy::None));
    let record = fault("_dmarc.example.org");
    assert!(matches!(record.dmarc.verdict, Verdict::TempError(TempReason::Dns(..))), "{}", record.dmarc);
    // That of a domain which would not align changes nothing.
    let key = fault("s._domainkey.mail.example.org");
    assert_eq!(key.dmarc.verdict, Verdict::Fail);
    assert_eq!(found(zone()).dmarc.verdict, Verdict::Fail);
}

/// Questions that a stranger's fields make must not use up those that the verdict needs: no policy is applied where one of them
/// stays open.
#[test]
fn strangers_cannot_use_up_the_questions() {
    let mut sample = Sample::new("zoe@example.org");
    for number in 0..100 {
        sample.put(&format!(
            "DKIM-Signature: v=1; a=ed25519-sha256; d=a.b.c.d.e.f.g{number}.org; s=x; h=from;\r\n bh=AAAA; b=AAAA\r\n"
        ));
    }
    let mut records = "_dmarc.example.org. TXT \"v=DMARC1; p=reject; adkim=s\"\nexample.org. TXT \"v=spf1 include:n0.org -all\"\n".to_owned();
    for at in 0..7 {
        records.push_str(&format!("n{at}.org. TXT \"v=spf1 include:n{}.org -all\"\n", at + 1));
    }
    records.push_str("n7.org. TXT \"v=spf1 mx:m.org -all\"\nm.org. MX 1 mx.m.org.\nmx.m.org. A 192.0.2.9\n");
    // The HELO name is the stranger's too: ten exchangers of ten names.
    records.push_str("helo.example.org. TXT \"v=spf1");
    (0..10).for_each(|term| records.push_str(&format!(" mx:h{term}.org")));
    records.push_str(" -all\"\n");
    for (term, host) in (0..10).flat_map(|term| (0..10).map(move |host| (term, host))) {
        records.push_str(&format!("h{term}.org. MX 1 x{term}{host}.org.\nx{term}{host}.org. A 192.0.2.9\n"));
    }
    let (_, found) = sample.found(&records, &delivery("zoe@example.org"), &receiver());
    assert_eq!(found.helo.unwrap().result, SpfResult::Fail);
    assert_eq!(found.spf.unwrap().result, SpfResult::Fail);
    assert_eq!(found.dmarc.verdict, Verdict::Fail);
}

#[test]
fn the_hop_that_is_trusted_tells_the_client() {
    let raw = b"Return-Path: <bounce@example.org>\r\n\
        Received: from helo.example.org (rdns.example.org [192.0.2.1]) by mx.example.net with ESMTPS id 1\r\n\
        Received: from forged.example (forged.example [203.0.113.9]) by helo.example.org with ESMTP id 2\r\n\
        Return-Path: <forged@example.com>\r\n\r\n";
    let message = Message::parse(raw).unwrap();
    assert_eq!(Delivery::of_hop(&message, 1), Ok(delivery("bounce@example.org")));
    assert_eq!(Delivery::of_hop(&message, 2).unwrap().helo, "forged.example");
    assert!(Delivery::of_hop(&message, 3).is_err() && Delivery::of_hop(&message, 0).is_err());
    let of = |header: &str| {
        let raw = format!("{header}\r\n\r\n");
        Delivery::of_hop(&Message::parse(raw.as_bytes()).unwrap(), 1).map(|delivery| delivery.mail_from)
    };
    let hop = "Received: from a (a [192.0.2.1]) by b with SMTP id 1";
    assert_eq!(of(&format!("Return-Path: <>\r\n{hop}")), Ok(Some(String::new())));
    // A Return-Path that a stranger can have written says nothing.
    assert_eq!(of(&format!("{hop}\r\nReturn-Path: <forged@example.com>")), Ok(None));
    assert_eq!(of("Received: by b with SMTP id 1"), Err("the Received field names no address of the client"));
}
