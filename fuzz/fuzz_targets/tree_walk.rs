//! Evaluation over any zone: it ends within its limits, asks nothing twice, and a driver gives the same.
//!
//! The first line is `author spf dkim`, each further one `name record` or `name !` for a failure.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_dmarc::walk::{MAX_QUERIES, organizational_domain};
use mailwright_dmarc::{
    Author, Config, DkimIdentifier, Identifiers, Policy, SpfIdentifier, Verdict, evaluate,
};
use mailwright_dns::{Counting, Kind, Limits, Session, TemporaryKind, Zone};
use mailwright_message_model::authres::AuthResult;

fuzz_target!(|octets: &[u8]| {
    let text = String::from_utf8_lossy(octets);
    let mut lines = text.lines();
    let mut names = lines.next().unwrap_or_default().split(' ').map(str::parse);
    let Some(Ok(author)) = names.next() else { return };
    let spf = names.next().and_then(Result::ok);
    let dkim = names.next().and_then(Result::ok);
    let mut zone = Zone::new();
    for line in lines.take(50) {
        let Some((name, record)) = line.split_once(' ') else { continue };
        let name = format!("_dmarc.{name}");
        let _ = match record {
            "!" => zone.add_fault(&name, Kind::Txt, TemporaryKind::Timeout),
            record => zone.add_txt(&name, record),
        };
    }
    let found = Identifiers {
        spf: spf.map(|domain| SpfIdentifier::new(domain, AuthResult::Pass)),
        dkim: dkim
            .into_iter()
            .map(|domain| DkimIdentifier::new(domain, None, AuthResult::TempError))
            .collect(),
        arc: None,
    };
    let walk = Counting::new(&zone);
    let _ = organizational_domain(&author, &walk);
    assert!(walk.questions().len() <= MAX_QUERIES);

    let counting = Counting::new(&zone);
    let author = Author::of_domain(author);
    let evaluation = evaluate(&author, &found, &counting, &Config::default());
    let questions = counting.questions();
    assert!(questions.len() <= 3 * MAX_QUERIES + 1);
    let once: std::collections::HashSet<_> = questions.iter().collect();
    assert_eq!(once.len(), questions.len(), "asked twice");
    assert_eq!(evaluation.verdict == Verdict::Pass, evaluation.spf_aligned() || evaluation.dkim_aligned());
    assert_ne!(evaluation.advised(), Policy::Reject);
    let _ = (evaluation.to_string(), evaluation.auth_result().to_string());
    let mut session = Session::new(Limits::default());
    let driven = session.blocking(&zone, |dns| evaluate(&author, &found, dns, &Config::default()));
    assert_eq!(driven, evaluation);
    assert!(session.rounds() <= 2);
});
