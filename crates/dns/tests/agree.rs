//! The same questions and the same evaluation through `Zone`, `Stub` and `Hickory` give equal results.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_proto::op::ResponseCode;
use mailwright_dns::{
    AsyncResolver, Dns, Kind, Missing, Name, Question, Records, Stub, StubOptions, TemporaryKind,
    drive_async, drive_blocking,
};
use support::{Fault, Script, Server, TTL, hickory};

/// How long a server gets where it does answer.
const PATIENT: Duration = Duration::from_secs(5);

fn stub(server: SocketAddr, time: Duration) -> Stub {
    let mut options = StubOptions::default();
    (options.try_time, options.tries) = (time, 1);
    Stub::new([server], options)
}

/// A result without what is worded differently: the detail of a failure.
fn plain(result: Result<Records, Missing>) -> Result<Records, Missing> {
    result.map_err(|missing| match missing {
        Missing::Temporary(why) => why.kind.into(),
        other => other,
    })
}

/// The names of the script, names beside, below and above them.
const NAMES: [&str; 24] = [
    "example.com",
    "EXAMPLE.com",
    "com",
    "mx1.example.com",
    "mx2.example.com",
    "x.mx1.example.com",
    "deep.in.the.tree.example.com",
    "in.the.tree.example.com",
    "other.tree.example.com",
    "any.wild.example.com",
    "a.b.wild.example.com",
    "wild.example.com",
    "own.wild.example.com",
    "x.own.wild.example.com",
    "alias.example.com",
    "alias2.example.com",
    "dangling.example.com",
    "empty.example.com",
    "long.example.com",
    "odd\\name @.example.com",
    "\u{fc}.example.com",
    "_dmarc.example.com",
    "cut.example.com",
    "1.2.0.192.in-addr.arpa",
];

fn script() -> Script {
    let mut script = Script::default();
    let zone = &mut script.zone;
    zone.ttl(TTL, TTL);
    zone.add_txt("example.com", "v=spf1 mx -all").unwrap();
    zone.add_txt("example.com", "something else").unwrap();
    zone.add_mx("example.com", 20, "mx2.example.com").unwrap();
    zone.add_mx("example.com", 10, "MX1.example.com").unwrap();
    zone.add_mx("empty.example.com", 0, ".").unwrap();
    zone.add_a("mx1.example.com", [192, 0, 2, 1].into()).unwrap();
    zone.add_a("mx1.example.com", [192, 0, 2, 2].into()).unwrap();
    zone.add_aaaa("mx2.example.com", "2001:db8::2".parse().unwrap()).unwrap();
    zone.add_a("deep.in.the.tree.example.com", [192, 0, 2, 3].into()).unwrap();
    zone.add_txt("*.wild.example.com", "wild").unwrap();
    zone.add_a("own.wild.example.com", [192, 0, 2, 4].into()).unwrap();
    zone.add_txt("long.example.com", "x".repeat(3000)).unwrap();
    zone.add_txt("odd\\name @.example.com", b"\x00\xff").unwrap();
    zone.add_txt("\u{fc}.example.com", "utf-8").unwrap();
    zone.add_txt("_dmarc.example.com", "v=DMARC1; p=none").unwrap();
    zone.add_txt("cut.example.com", "by TCP").unwrap();
    zone.add_ptr(IpAddr::from([192, 0, 2, 1]), "mx1.example.com").unwrap();
    script.alias("alias.example.com", "mx1.example.com");
    script.alias("alias2.example.com", "alias.example.com");
    script.alias("dangling.example.com", "nowhere.example.com");
    script.fault("cut.example.com", Fault::Truncated);
    script
}

#[test]
fn every_question_is_answered_alike() {
    let script = script();
    let zone = script.zone.clone();
    let server = Server::start(script);
    let (stub, hickory) = (stub(server.address, PATIENT), hickory(server.address, PATIENT));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut seen = [0; 3];
    for name in NAMES {
        let name = Name::new(name).unwrap();
        for kind in Kind::ALL {
            let expected = zone.query(&name, kind);
            let question = Question::new(name, kind);
            let by_stub = stub.resolve(&question);
            let by_hickory = runtime.block_on(hickory.resolve(&question));
            for (who, answer) in [("stub", by_stub), ("hickory", by_hickory)] {
                assert_eq!(answer.result, expected.result, "{who}, {question}");
                // What is kept counts down.
                assert!((TTL - 5..=TTL).contains(&answer.ttl), "{who}, {question}: {}", answer.ttl);
            }
            match expected.result {
                Ok(_) => seen[0] += 1,
                Err(Missing::NoData) => seen[1] += 1,
                Err(_) => seen[2] += 1,
            }
        }
    }
    assert!(seen.iter().all(|&count| count > 10), "{seen:?}");
}

#[test]
fn failures_are_of_one_kind() {
    const QUICK: Duration = Duration::from_millis(800);
    let faults = [
        ("silent.example", Fault::Silent, TemporaryKind::Timeout),
        ("late.example", Fault::Late(3000), TemporaryKind::Timeout),
        ("other-id.example", Fault::WrongId, TemporaryKind::Timeout),
        ("servfail.example", Fault::Code(ResponseCode::ServFail), TemporaryKind::ServFail),
        ("refused.example", Fault::Code(ResponseCode::Refused), TemporaryKind::Refused),
        ("notzone.example", Fault::Code(ResponseCode::NotZone), TemporaryKind::OtherCode),
    ];
    let mut script = Script::default();
    let mut zone = mailwright_dns::Zone::new();
    for (name, fault, kind) in faults {
        script.zone.add_a(name, [192, 0, 2, 1].into()).unwrap();
        script.fault(name, fault);
        zone.add_fault(name, Kind::A, kind).unwrap();
    }
    let server = Server::start(script);
    let (stub, hickory) = (stub(server.address, QUICK), hickory(server.address, QUICK));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (name, ..) in faults {
        let question = Question::new(Name::new(name).unwrap(), Kind::A);
        let expected = zone.query(&question.name, question.kind).result;
        assert_eq!(plain(stub.resolve(&question).result), expected, "stub, {name}");
        assert_eq!(plain(runtime.block_on(hickory.resolve(&question)).result), expected, "hickory, {name}");
    }
}

/// An evaluation with two links, a void look-up and a failure.
fn evaluate(dns: &impl Dns) -> String {
    let name = |text: &str| Name::new(text).unwrap();
    let policy = dns.txt(&name("example.com"));
    let exchangers = dns.mx(&name("example.com"));
    let hosts: Vec<String> = exchangers
        .iter()
        .flat_map(|set| set.iter())
        .map(|mx| format!("{} {:?} {:?}", mx.exchange, dns.a(&mx.exchange), dns.aaaa(&mx.exchange)))
        .collect();
    let void = dns.a(&name("nobody.example.com"));
    let failed = matches!(dns.txt(&name("bad.example.com")), Err(Missing::Temporary(_)));
    format!("{policy:?} {exchangers:?} {hosts:?} {void:?} {failed}")
}

#[test]
fn one_evaluation_three_ways() {
    let mut script = script();
    script.fault("bad.example.com", Fault::Code(ResponseCode::ServFail));
    let mut zone = script.zone.clone();
    zone.add_fault("bad.example.com", Kind::Txt, TemporaryKind::ServFail).unwrap();
    let server = Server::start(script);
    let direct = evaluate(&zone);
    assert!(
        direct.contains("192.0.2.2") && direct.contains("2001:db8::2") && direct.ends_with("true"),
        "{direct}"
    );
    assert_eq!(drive_blocking(&zone, evaluate), direct);
    assert_eq!(drive_blocking(&stub(server.address, PATIENT), evaluate), direct);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(runtime.block_on(drive_async(&hickory(server.address, PATIENT), evaluate)), direct);
}

/// Chains of aliases, whole in one reply or one link a reply.
#[test]
fn aliases_are_followed_as_far() {
    let mut script = Script::default();
    script.zone.ttl(TTL, TTL).add_a("end.example", [192, 0, 2, 1].into()).unwrap();
    for (prefix, length) in [("whole", 9), ("apart", 9)] {
        for link in 1..=length {
            let target =
                if link == 1 { "end.example".to_owned() } else { format!("{prefix}{}.example", link - 1) };
            let name = format!("{prefix}{link}.example");
            script.alias(&name, &target);
            if prefix == "apart" {
                script.fault(&name, Fault::AliasAlone);
            }
        }
    }
    script.alias("loop.example", "pool.example");
    script.alias("pool.example", "loop.example");
    script.alias("self.example", "self.example");
    script.alias("void.example", "nodata.example");
    script.zone.add_txt("nodata.example", "x").unwrap();
    script.fault("void.example", Fault::AliasAlone);
    let zone = script.zone.clone();
    let server = Server::start(script);
    let (stub, hickory) = (stub(server.address, PATIENT), hickory(server.address, PATIENT));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (name, found) in [
        ("whole1", true),
        ("whole8", true),
        ("whole9", false),
        ("apart1", true),
        ("apart4", true),
        ("apart7", true),
        // hickory itself stops after seven replies, unless it has the rest.
        ("apart8", true),
        ("apart9", false),
        ("loop", false),
        ("self", false),
        ("void", false),
    ] {
        let question = Question::new(Name::new(format!("{name}.example")).unwrap(), Kind::A);
        let expected = zone.query(&question.name, question.kind).result;
        assert_eq!(expected.is_ok(), found, "{name}");
        assert_eq!(stub.resolve(&question).result, expected, "stub, {name}");
        // With what it has from the questions before, and without.
        let fresh = support::hickory(server.address, PATIENT);
        assert_eq!(runtime.block_on(hickory.resolve(&question)).result, expected, "hickory, {name}");
        if name != "apart8" {
            assert_eq!(runtime.block_on(fresh.resolve(&question)).result, expected, "fresh hickory, {name}");
        }
    }
}
