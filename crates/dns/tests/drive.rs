//! The drivers: rounds, limits, announcements, and a future that any executor can run.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use mailwright_dns::{
    Answer, Answers, AsyncResolver, Counting, Dns, Kind, Limits, Missing, Name, Question, Records, Resolver,
    Session, TemporaryKind, Txt, Zone, drive_async, drive_blocking,
};

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn mail_zone() -> Zone {
    let mut zone = Zone::new();
    zone.add_mx("example.com", 10, "mx1.example.com").unwrap();
    zone.add_mx("example.com", 20, "mx2.example.com").unwrap();
    zone.add_mx("example.com", 30, "mx3.example.com").unwrap();
    for (host, last) in [("mx1", 1), ("mx2", 2), ("mx3", 3)] {
        zone.add_a(format!("{host}.example.com"), [192, 0, 2, last].into()).unwrap();
    }
    zone.add_txt("_dmarc.example.com", "v=DMARC1; p=none").unwrap();
    zone
}

/// Asks for the exchangers, then for all their addresses at once; says how many addresses there are.
fn addresses(dns: &impl Dns) -> Result<usize, Missing> {
    let exchangers = dns.mx(&name("example.com"))?;
    let sets: Vec<_> = exchangers.iter().map(|mx| dns.a(&mx.exchange)).collect();
    sets.into_iter().try_fold(0, |sum, set| Ok(sum + set?.len()))
}

/// Runs a future to its end on this thread.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Idle;
    impl Wake for Idle {
        fn wake(self: Arc<Self>) {}
    }
    let waker = Waker::from(Arc::new(Idle));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

#[test]
fn a_round_takes_all_that_is_pending() {
    let counting = Counting::new(mail_zone());
    assert_eq!(drive_blocking(&counting, addresses), Ok(3));
    assert_eq!(counting.rounds(), 2);
    assert_eq!(counting.questions().len(), 4);
    assert_eq!(counting.names(Kind::A).len(), 3);
}

#[test]
fn evaluations_side_by_side_share_their_rounds() {
    let zone = mail_zone();
    let mut session = Session::new(Limits::default());
    let (sum, policy) = session
        .blocking(&zone, |dns| (addresses(dns), dns.txt(&name("_dmarc.example.com")).map(|txt| txt.len())));
    assert_eq!((sum, policy), (Ok(3), Ok(1)));
    assert_eq!((session.rounds(), session.questions()), (2, 5));
    // What is known is not asked again.
    assert_eq!(session.blocking(&zone, addresses), Ok(3));
    assert_eq!((session.rounds(), session.questions()), (2, 5));
}

#[test]
fn announcements_ride_along_and_never_make_a_round() {
    let zone = mail_zone();
    let mut session = Session::new(Limits::default());
    let evaluate = |dns: &Answers| {
        for host in ["mx1", "mx2", "mx3"] {
            dns.announce(&name(&format!("{host}.example.com")), Kind::A);
        }
        addresses(dns)
    };
    assert_eq!(session.blocking(&zone, evaluate), Ok(3));
    assert_eq!((session.rounds(), session.questions()), (1, 4));
    let mut idle = Session::new(Limits::default());
    idle.blocking(&zone, |dns| dns.announce(&name("example.com"), Kind::Mx));
    assert_eq!((idle.rounds(), idle.questions()), (0, 0));
}

#[test]
fn limits_end_every_evaluation_with_a_temporary_failure() {
    // An evaluation that asks for one more name in every run.
    let endless = |dns: &Answers| {
        for step in 0..dns.len() + 1 {
            dns.txt(&name(&format!("s{step}.example.com"))).ok();
        }
        dns.txt(&name(&format!("s{}.example.com", dns.len())))
    };
    let zone = Zone::new();
    let mut limits = Limits::default();
    limits.rounds = 5;
    let mut session = Session::new(limits);
    assert_eq!(session.blocking(&zone, endless), Err(TemporaryKind::Limit.into()));
    assert_eq!(session.rounds(), 5);

    let wide = |dns: &Answers| {
        let sets: Vec<_> = (0..50).map(|at| dns.txt(&name(&format!("w{at}.example.com")))).collect();
        sets.iter().filter(|set| **set == Err(Missing::NxDomain)).count()
    };
    let mut limits = Limits::default();
    (limits.questions, limits.questions_a_round) = (30, 20);
    let mut session = Session::new(limits);
    assert_eq!(session.blocking(&zone, wide), 30);
    assert_eq!((session.rounds(), session.questions()), (2, 30));

    let mut limits = Limits::default();
    limits.time = Some(std::time::Duration::ZERO);
    let slow = Slow(mail_zone());
    assert_eq!(Session::new(limits).blocking(&slow, addresses), Err(TemporaryKind::Timeout.into()));
}

struct Slow(Zone);

impl Resolver for Slow {
    fn resolve_all(&self, questions: &[Question]) -> Vec<Answer> {
        std::thread::sleep(std::time::Duration::from_millis(2));
        self.0.resolve_all(questions)
    }
}

/// Gives too few answers, and none that is one.
struct Broken;

impl Resolver for Broken {
    fn resolve_all(&self, _: &[Question]) -> Vec<Answer> {
        vec![Answer::missing(Missing::Pending, 0)]
    }
}

#[test]
fn a_resolver_that_answers_nothing_is_a_temporary_failure() {
    let result = drive_blocking(&Broken, |dns| (dns.a(&name("a.example")), dns.a(&name("b.example"))));
    let malformed = |set: &Result<_, Missing>| matches!(set, Err(Missing::Temporary(why)) if why.kind == TemporaryKind::Malformed);
    assert!(malformed(&result.0) && malformed(&result.1));
}

/// Ready only when polled for the third time, and remembers how many wait at once.
struct Late<'z>(&'z Zone, std::sync::atomic::AtomicUsize, std::sync::atomic::AtomicUsize);

impl AsyncResolver for Late<'_> {
    fn resolve(&self, question: &Question) -> impl Future<Output = Answer> + Send {
        use std::sync::atomic::Ordering::SeqCst;
        let (question, mut polls) = (*question, 0);
        std::future::poll_fn(move |context| {
            polls += 1;
            if polls == 1 {
                let waiting = self.1.fetch_add(1, SeqCst) + 1;
                self.2.fetch_max(waiting, SeqCst);
            }
            if polls < 3 {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            self.1.fetch_sub(1, SeqCst);
            Poll::Ready(self.0.query(&question.name, question.kind))
        })
    }
}

#[test]
fn asynchronous_questions_wait_together() {
    fn send<T: Send>(value: T) -> T {
        value
    }
    let zone = mail_zone();
    let late = Late(&zone, 0.into(), 0.into());
    assert_eq!(block_on(send(drive_async(&late, addresses))), Ok(3));
    assert_eq!(late.2.into_inner(), 3);
    assert_eq!(block_on(drive_async(&zone, addresses)), Ok(3));
    let mut session = Session::new(Limits::default());
    assert_eq!(block_on(session.asynchronous(&zone, addresses)), Ok(3));
    assert_eq!(session.rounds(), 2);
}

#[test]
fn the_log_holds_what_an_evaluation_rested_on() {
    let mut session = Session::new(Limits::default());
    session.blocking(&mail_zone(), |dns| addresses(dns).is_ok());
    let log: Vec<String> = session.answers().iter().map(|(question, _)| question.to_string()).collect();
    assert_eq!(log, ["example.com MX", "mx1.example.com A", "mx2.example.com A", "mx3.example.com A"]);
    // The log alone answers the same evaluation again.
    let replayed = session.answers().clone();
    assert_eq!(addresses(&replayed), Ok(3));
    assert!(replayed.pending().is_empty());
}

#[test]
fn a_record_of_the_wrong_type_is_no_data() {
    let mut answers = Answers::new();
    let question = Question::new(name("example.com"), Kind::A);
    answers.insert(question, Answer::records(Records::Txt([Txt::from_joined("x")].into()), 1));
    assert_eq!(answers.a(&question.name), Err(Missing::NoData));
}
