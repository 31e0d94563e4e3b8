//! Properties of evaluation over arbitrary zones.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test may stop"
)]

use std::collections::HashMap;

use mailwright_dmarc::destination::{ReportKind, report_destinations};
use mailwright_dmarc::walk::{MAX_QUERIES, organizational_domain, targets};
use mailwright_dmarc::{
    Author, Config, DkimIdentifier, Identifiers, Mode, Policy, Record, SpfIdentifier, Verdict, evaluate,
};
use mailwright_dns::{Counting, Kind, Limits, Session, TemporaryKind, Zone};
use mailwright_message_model::authres::AuthResult;
use mailwright_message_model::domain::Domain;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

fn name() -> impl Strategy<Value = Domain> {
    "[ab](\\.[ab]){0,11}".prop_map(|name| name.parse().unwrap())
}

fn record() -> impl Strategy<Value = String> {
    let tag = select(vec![
        "p=none",
        "p=reject",
        "p=quarantine",
        "sp=reject",
        "sp=none",
        "np=reject",
        "np=x",
        "psd=y",
        "psd=n",
        "t=y",
        "adkim=s",
        "aspf=s",
        "rua=mailto:a@a.b",
        "rua=mailto:a@b,mailto:b@a.a",
        "pct=0",
        "x=y",
        "",
    ]);
    let version = select(vec!["v=DMARC1", "v=DMARC1", "v=DMARC1", "v=spf1"]);
    (version, vec(tag, 0..5)).prop_map(|(version, tags)| format!("{version};{}", tags.join(";")))
}

#[derive(Clone, Debug)]
enum Entry {
    Txt(String),
    Fault,
    Address,
}

fn entry() -> impl Strategy<Value = Entry> {
    prop_oneof![6 => record().prop_map(Entry::Txt), 1 => Just(Entry::Fault), 2 => Just(Entry::Address)]
}

fn zone(entries: &[(Domain, Entry)]) -> Zone {
    let mut zone = Zone::new();
    for (name, entry) in entries {
        match entry {
            Entry::Txt(text) => zone.add_txt(format!("_dmarc.{name}"), text),
            Entry::Fault => zone.add_fault(format!("_dmarc.{name}"), Kind::Txt, TemporaryKind::ServFail),
            Entry::Address => zone.add_a(name.as_str(), [192, 0, 2, 1].into()),
        }
        .unwrap();
    }
    zone
}

fn found() -> impl Strategy<Value = Identifiers> {
    let result = || select(vec![AuthResult::Pass, AuthResult::Pass, AuthResult::Fail, AuthResult::TempError]);
    let spf = proptest::option::of((name(), result()));
    let dkim = vec((name(), result()), 0..4);
    (spf, dkim).prop_map(|(spf, dkim)| Identifiers {
        spf: spf.map(|(domain, result)| SpfIdentifier::new(domain, result)),
        dkim: dkim
            .into_iter()
            .map(|(domain, result)| DkimIdentifier::new(domain, Some("s"), result))
            .collect(),
        arc: None,
    })
}

/// The walk of RFC 9989 4.10 with the selection of 4.10.2, step by step as the text has it; `None` where a look-up fails.
fn by_the_text(domain: &Domain, zone: &Zone) -> Option<Domain> {
    use mailwright_dns::{Dns, Missing, Name};
    let labels: Vec<&str> = domain.labels().collect();
    let mut asked = vec![labels.join(".")];
    let mut rest = if labels.len() < 8 { &labels[1..] } else { &labels[labels.len() - 7..] };
    while !rest.is_empty() {
        asked.push(rest.join("."));
        rest = &rest[1..];
    }
    let mut seen = Vec::new();
    for name in asked {
        let texts = match zone.txt(&Name::new(format!("_dmarc.{name}")).unwrap()) {
            Ok(texts) => texts,
            Err(Missing::Temporary(_)) => return None,
            Err(_) => continue,
        };
        let records: Vec<String> = texts
            .iter()
            .filter_map(|t| t.to_str())
            .filter(|t| t.starts_with("v=DMARC1;"))
            .map(String::from)
            .collect();
        let [record] = &records[..] else { continue };
        let psd = record.split(';').find_map(|tag| tag.strip_prefix("psd=")).map(String::from);
        let stop = psd.is_some();
        seen.push((name, psd));
        if stop {
            break;
        }
    }
    for (name, psd) in &seen {
        match psd.as_deref() {
            Some("n") => return Some(name.parse().unwrap()),
            Some("y") if *name != *domain.as_str() => {
                let count = name.split('.').count();
                return domain.suffix(count + 1);
            }
            _ => {}
        }
    }
    Some(seen.last().map_or(domain.clone(), |(name, _)| name.parse().unwrap()))
}

proptest! {
    #[test]
    fn a_walk_asks_at_most_eight_names_once(entries in vec((name(), entry()), 0..8), start in name()) {
        let zone = zone(&entries);
        let counting = Counting::new(&zone);
        let org = organizational_domain(&start, &counting);
        let questions = counting.questions();
        prop_assert!(questions.len() <= MAX_QUERIES);
        prop_assert_eq!(counting.names(Kind::Txt).len(), questions.len());
        prop_assert_eq!(targets(&start).count(), start.label_count().min(MAX_QUERIES));
        prop_assert_eq!(org.ok(), by_the_text(&start, &zone));
    }

    #[test]
    fn evaluation_ends_within_the_limits(
        entries in vec((name(), entry()), 0..10), author in name(), found in found(), list in any::<bool>(),
    ) {
        let zone = zone(&entries);
        let counting = Counting::new(&zone);
        let psl = mailwright_dmarc::PublicSuffixList::parse("a.b\n*.a\n");
        let config = if list { Config::public_suffix(&psl) } else { Config::default() };
        let author = Author::of_domain(author);
        let evaluation = evaluate(&author, &found, &counting, &config);
        let walks = 2 + found.dkim.len();
        let mut times: HashMap<_, usize> = HashMap::new();
        for question in counting.questions() {
            *times.entry(question).or_default() += 1;
        }
        prop_assert!(times.len() <= walks * MAX_QUERIES + 1);
        // Identical domains ask none a second time (RFC 9989 4.10.2).
        prop_assert!(times.values().all(|&times| times == 1));
        prop_assert!(!evaluation.pending);
        let passes = evaluation.spf_aligned() || evaluation.dkim_aligned();
        prop_assert_eq!(evaluation.verdict == Verdict::Pass, passes);
        prop_assert!(evaluation.verdict == Verdict::Fail || evaluation.requested == Policy::None);
        prop_assert_ne!(evaluation.advised(), Policy::Reject);
        if let (Verdict::Fail, Some(published)) = (&evaluation.verdict, evaluation.published) {
            prop_assert!(evaluation.requested <= published.policy);
        }
        // The entry can be written and read.
        let field = evaluation.auth_result().to_string();
        let start = format!("dmarc={}", evaluation.verdict);
        prop_assert!(field.starts_with(&start));
        prop_assert!(!evaluation.to_string().is_empty());
    }

    #[test]
    fn a_driver_gives_the_same_in_two_rounds(
        entries in vec((name(), entry()), 0..10), author in name(), found in found(),
    ) {
        let zone = zone(&entries);
        let author = Author::of_domain(author);
        let direct = evaluate(&author, &found, &zone, &Config::default());
        let mut session = Session::new(Limits::default());
        let driven = session.blocking(&zone, |dns| evaluate(&author, &found, dns, &Config::default()));
        prop_assert_eq!(driven, direct);
        prop_assert!(session.rounds() <= 2);
    }

    #[test]
    fn a_report_goes_nowhere_without_consent(
        entries in vec((name(), entry()), 0..6), domain in name(), uris in vec(name(), 0..4),
    ) {
        let zone = zone(&entries);
        let uris: Vec<String> = uris.iter().map(|host| format!("mailto:x@{host}")).collect();
        let record: Record = format!("v=DMARC1; rua={}", uris.join(",")).parse().unwrap();
        let found = report_destinations(&record, ReportKind::Aggregate, &domain, &zone, Mode::TreeWalk);
        prop_assert_eq!(found.list.len(), uris.len());
        for uri in found.deliver_to() {
            // Nobody consents in these zones: only the same organizational domain is left.
            let host = uri.host().unwrap();
            let org = |of: &Domain| organizational_domain(of, &zone).ok();
            prop_assert!(host == domain || org(&host) == org(&domain));
        }
    }
}
