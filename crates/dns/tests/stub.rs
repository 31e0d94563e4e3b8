//! The stub client against a server that misbehaves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use hickory_proto::op::ResponseCode;
use mailwright_dns::{
    Answer, Counting, Dns, Kind, Missing, Name, Question, Records, Resolver, Stub, StubOptions,
    TemporaryKind, drive_blocking,
};
use support::{Fault, Script, Server, TTL, Transport};

fn question(name: &str, kind: Kind) -> Question {
    Question::new(Name::new(name).unwrap(), kind)
}

/// One try of 150 ms a server, for those that do not answer.
fn quick() -> StubOptions {
    tries_of(150)
}

/// One try of 5 s a server, so that a busy machine is no fault.
fn patient() -> StubOptions {
    tries_of(5000)
}

fn tries_of(milliseconds: u64) -> StubOptions {
    let mut options = StubOptions::default();
    options.try_time = Duration::from_millis(milliseconds);
    options.tries = 1;
    options
}

/// Whether nothing that counts comes from a server with this fault while a quick try lasts.
fn is_silent(fault: Fault) -> bool {
    use Fault::{Garbage, Late, Silent, WrongId, WrongName, WrongSource, WrongType};
    match fault {
        Late(wait) => wait > 150,
        fault => matches!(fault, Garbage | Silent | WrongId | WrongName | WrongSource | WrongType),
    }
}

fn served(fault: Fault) -> (Server, Stub) {
    let mut script = Script::default();
    script.zone.ttl(TTL, TTL).add_a("host.example", [192, 0, 2, 1].into()).unwrap();
    script.fault("host.example", fault);
    let server = Server::start(script);
    let stub = Stub::new([server.address], if is_silent(fault) { quick() } else { patient() });
    (server, stub)
}

fn address(last: u8) -> Answer {
    Answer::records(Records::A([[192, 0, 2, last].into()].into()), TTL)
}

fn failure(answer: &Answer) -> TemporaryKind {
    match &answer.result {
        Err(Missing::Temporary(why)) => why.kind,
        other => panic!("{other:?}"),
    }
}

/// What comes of a fault, and how often the server was asked by UDP and TCP.
fn outcome(fault: Fault) -> (Answer, usize, usize) {
    let (server, stub) = served(fault);
    let answer = stub.resolve(&question("host.example", Kind::A));
    (answer, server.asked("host.example", Transport::Udp), server.asked("host.example", Transport::Tcp))
}

#[test]
fn replies_that_are_not_of_the_question_are_passed_over() {
    for fault in [Fault::WrongId, Fault::WrongName, Fault::WrongType, Fault::WrongSource, Fault::Garbage] {
        let begun = Instant::now();
        let (answer, udp, tcp) = outcome(fault);
        assert_eq!((failure(&answer), udp, tcp), (TemporaryKind::Timeout, 1, 0), "{fault:?}");
        // It went on waiting for the true reply.
        assert!(begun.elapsed() >= Duration::from_millis(150), "{fault:?}");
    }
    assert_eq!(outcome(Fault::ForgedFirst), (address(1), 1, 0));
}

#[test]
fn many_forged_replies_lead_to_tcp() {
    assert_eq!(outcome(Fault::Flood), (address(1), 1, 1));
}

#[test]
fn truncated_replies_are_asked_again_by_tcp() {
    assert_eq!(outcome(Fault::Truncated), (address(1), 1, 1));
    let (answer, udp, tcp) = outcome(Fault::TruncatedOnly);
    assert_eq!((failure(&answer), udp, tcp), (TemporaryKind::Truncated, 1, 1));
    let mut script = Script::default();
    script.zone.add_txt("long.example", "x".repeat(5000)).unwrap();
    let server = Server::start(script);
    let stub = Stub::new([server.address], patient());
    let texts = stub.resolve(&question("long.example", Kind::Txt)).result.unwrap();
    assert!(
        matches!(texts, Records::Txt(set) if set[0].as_bytes().len() == 5000 && set[0].parts().count() == 20)
    );
    assert_eq!(server.asked("long.example", Transport::Tcp), 1);
}

#[test]
fn failures_have_their_kind() {
    let kind = |fault| failure(&outcome(fault).0);
    assert_eq!(kind(Fault::Silent), TemporaryKind::Timeout);
    assert_eq!(kind(Fault::Code(ResponseCode::ServFail)), TemporaryKind::ServFail);
    assert_eq!(kind(Fault::Code(ResponseCode::Refused)), TemporaryKind::Refused);
    assert_eq!(kind(Fault::Code(ResponseCode::NotZone)), TemporaryKind::OtherCode);
    assert_eq!(kind(Fault::Code(ResponseCode::FormErr)), TemporaryKind::OtherCode);
    assert_eq!(kind(Fault::Referral), TemporaryKind::Refused);
    assert_eq!(kind(Fault::Broken), TemporaryKind::Malformed);
    assert_eq!(
        failure(&Stub::new([], quick()).resolve(&question("a.example", Kind::A))),
        TemporaryKind::Network
    );
    // A port that nobody listens on.
    let closed = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(
        failure(&Stub::new([closed], quick()).resolve(&question("a.example", Kind::A))),
        TemporaryKind::Network
    );
}

#[test]
fn a_server_without_edns_is_asked_without() {
    let (server, stub) = served(Fault::NoEdns);
    assert_eq!(stub.resolve(&question("host.example", Kind::A)), address(1));
    let edns: Vec<_> =
        server.queries().iter().map(|query| query.edns.as_ref().map(|e| e.max_payload())).collect();
    assert_eq!(edns, [Some(1232), None]);
}

#[test]
fn records_of_other_names_are_not_taken() {
    assert_eq!(outcome(Fault::Extra), (address(1), 1, 0));
}

#[test]
fn a_late_reply_counts_while_there_is_time() {
    assert_eq!(outcome(Fault::Late(50)).0, address(1));
    assert_eq!(failure(&outcome(Fault::Late(400)).0), TemporaryKind::Timeout);
}

#[test]
fn the_next_server_is_asked_when_one_fails() {
    let mut script = Script::default();
    script.zone.ttl(TTL, TTL).add_a("host.example", [192, 0, 2, 1].into()).unwrap();
    let good = Server::start(script);
    for fault in [Fault::Silent, Fault::Code(ResponseCode::ServFail), Fault::TruncatedOnly, Fault::Broken] {
        let (bad, _) = served(fault);
        let stub = Stub::new([bad.address, good.address], tries_of(1000));
        assert_eq!(stub.resolve(&question("host.example", Kind::A)), address(1), "{fault:?}");
    }
    // The total time ends it, whatever is left to try.
    let (silent, _) = served(Fault::Silent);
    let mut options = quick();
    (options.tries, options.total_time) = (100, Duration::from_millis(300));
    let begun = Instant::now();
    let answer = Stub::new([silent.address], options).resolve(&question("host.example", Kind::A));
    assert_eq!(failure(&answer), TemporaryKind::Timeout);
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[test]
fn random_case_must_come_back() {
    let long = "a-name-with-many-letters-of-which-the-case-is-chosen.example";
    let mut script = Script::default();
    script.zone.ttl(TTL, TTL).add_a(long, [192, 0, 2, 1].into()).unwrap();
    script.zone.add_a(format!("x.{long}"), [192, 0, 2, 1].into()).unwrap();
    script.fault(&format!("x.{long}"), Fault::LowerCase);
    let server = Server::start(script);
    let stub = |mut options: StubOptions| {
        options.random_case = true;
        Stub::new([server.address], options)
    };
    assert_eq!(stub(patient()).resolve(&question(long, Kind::A)), address(1));
    let sent = server.queries()[0].queries[0].name().to_ascii();
    assert!(
        sent.bytes().any(|b| b.is_ascii_uppercase()) && sent.bytes().any(|b| b.is_ascii_lowercase()),
        "{sent}"
    );
    let answer = stub(quick()).resolve(&question(&format!("x.{long}"), Kind::A));
    assert_eq!(failure(&answer), TemporaryKind::Timeout);
    // Without it the server may write the name as it likes.
    let plain = Stub::new([server.address], patient());
    assert_eq!(plain.resolve(&question(&format!("X.{long}"), Kind::A)), address(1));
}

#[test]
fn ids_and_ports_differ() {
    let mut script = Script::default();
    script.zone.add_a("*.example", [192, 0, 2, 1].into()).unwrap();
    let server = Server::start(script);
    let stub = Stub::new([server.address], patient());
    for at in 0..40 {
        stub.resolve(&question(&format!("n{at}.example"), Kind::A));
    }
    let ids: std::collections::HashSet<u16> = server.queries().iter().map(|query| query.id).collect();
    assert!(ids.len() > 35, "{ids:?}");
}

#[test]
fn answers_are_kept_for_their_ttl() {
    let mut script = Script::default();
    script.zone.ttl(TTL, TTL).add_a("host.example", [192, 0, 2, 1].into()).unwrap();
    script.zone.ttl(0, TTL).add_a("brief.example", [192, 0, 2, 1].into()).unwrap();
    script.fault("bad.example", Fault::Code(ResponseCode::ServFail));
    let server = Server::start(script);
    let stub = Stub::new([server.address], patient());
    for name in ["host.example", "nobody.example", "bad.example"] {
        for _ in 0..3 {
            stub.resolve(&question(name, Kind::A));
        }
    }
    let asked = |name| server.asked(name, Transport::Udp);
    assert_eq!((asked("host.example"), asked("nobody.example"), asked("bad.example")), (1, 1, 3));
    let mut options = patient();
    options.cache_octets = 0;
    let forgetful = Stub::new([server.address], options);
    forgetful.resolve(&question("host.example", Kind::A));
    forgetful.resolve(&question("host.example", Kind::A));
    assert_eq!(asked("host.example"), 3);
}

/// 40 questions of which each takes 100 ms take little more than 100 ms together.
#[test]
fn a_batch_costs_one_waiting_time() {
    let mut script = Script::default();
    for at in 0..40 {
        script.zone.add_a(format!("n{at}.example"), [192, 0, 2, at].into()).unwrap();
        script.fault(&format!("n{at}.example"), Fault::Late(100));
    }
    let server = Server::start(script);
    let stub = Stub::new([server.address], patient());
    let questions: Vec<Question> = (0..40).map(|at| question(&format!("n{at}.example"), Kind::A)).collect();
    let begun = Instant::now();
    let answers = stub.resolve_all(&questions);
    let took = begun.elapsed();
    for (at, answer) in answers.iter().enumerate() {
        assert_eq!(answer.result, address(u8::try_from(at).unwrap()).result);
    }
    // One after the other they would take 4 s.
    assert!(took >= Duration::from_millis(100) && took < Duration::from_secs(2), "{took:?}");
}

#[test]
fn an_evaluation_costs_as_many_rounds_as_its_longest_chain() {
    let mut script = Script::default();
    for at in 0..5 {
        script.zone.add_mx("example.com", at, format!("mx{at}.example.com")).unwrap();
        script.zone.add_a(format!("mx{at}.example.com"), [192, 0, 2, 1].into()).unwrap();
    }
    let server = Server::start(script);
    let counting = Counting::new(Stub::new([server.address], patient()));
    let hosts = drive_blocking(&counting, |dns| {
        let exchangers = dns.mx(&Name::new("example.com").unwrap())?;
        let sets: Vec<_> = exchangers.iter().map(|mx| dns.a(&mx.exchange)).collect();
        sets.into_iter().collect::<Result<Vec<_>, _>>()
    });
    assert_eq!(hosts.unwrap().len(), 5);
    assert_eq!((counting.rounds(), counting.questions().len()), (2, 6));
}
