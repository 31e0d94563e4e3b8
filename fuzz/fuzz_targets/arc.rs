//! Any octets as a message: its chain has a state and a reason, and sealing it makes a chain that holds, or says why not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_dkim::arc::{Chain, Findings, MAX_INSTANCE, SealError, Sealer, Status, verify};
use mailwright_dkim::key::{DnsRecord, PrivateKey};
use mailwright_dkim::{LineEnds, Policy, SignErrorKind};
use mailwright_dns::{Answer, Dns, Kind, Name, Records, Txt};
use mailwright_message_model::authres::{AuthenticationResults, ClaimedResults};
use mailwright_message_model::domain::Domain;

const NOW: u64 = 1_700_000_000;

/// The same key at every name.
struct Everywhere(Txt);

impl Dns for Everywhere {
    fn query(&self, _: &Name, _: Kind) -> Answer {
        Answer::records(Records::Txt([self.0.clone()].into()), 60)
    }
}

fuzz_target!(|message: &[u8]| {
    let key = PrivateKey::ed25519(&[7; 32]).expect("any octets are a seed");
    let (domain, selector): (Domain, Domain) =
        ("a.example".parse().expect("a domain"), "s".parse().expect("a label"));
    let record = DnsRecord::new(&selector, &domain, key.public_key().clone()).expect("short");
    let dns = Everywhere(Txt::from_joined(record.text()));
    let chain = verify(message, &dns, &Policy::default(), NOW);
    check(&chain, message);

    let findings = Findings::of_message(message, "mx.example.net").expect("a good name");
    let sealer = Sealer::new("a.example", "s", key).expect("names").line_ends(LineEnds::AsIs);
    match sealer.seal(message, &chain, &findings, NOW) {
        Ok(None) => assert!(chain.is_marked_failed()),
        Ok(Some(set)) => {
            let sealed = [set.to_string().as_bytes(), message].concat();
            let again = verify(&sealed, &dns, &Policy::default(), NOW);
            check(&again, &sealed);
            if chain.status == Status::Fail {
                assert!(again.status == Status::Fail);
            } else {
                assert!(again.status == Status::Pass, "{again}");
                assert_eq!(again.sets.len(), chain.sets.len() + 1);
            }
        }
        Err(SealError::TooManySets) => {
            assert!(chain.sets.last().is_some_and(|set| set.instance == MAX_INSTANCE));
        }
        Err(SealError::Sign(error)) => assert!(matches!(
            error.kind(),
            SignErrorKind::HeaderTooLong
                | SignErrorKind::Start
                | SignErrorKind::NoFrom
                | SignErrorKind::ManyFrom
        )),
        Err(error) => panic!("{error}"),
    }
});

fn check(chain: &Chain, message: &[u8]) {
    assert_eq!(chain.problem.is_none(), matches!(chain.status, Status::None | Status::Pass));
    assert!(chain.sets.is_empty() || chain.status != Status::None);
    assert!(chain.sets.windows(2).all(|pair| pair[0].instance < pair[1].instance));
    let span = chain.problem.as_ref().and_then(|problem| problem.span);
    assert!(span.is_none_or(|span| span.end <= message.len()));
    assert!(!chain.to_string().contains(['\r', '\n']));
    let trusted: Vec<Domain> = chain.sets.iter().filter_map(|set| set.sealer().cloned()).collect();
    let vouching = chain.vouching(&trusted).count();
    assert_eq!(vouching, if chain.status == Status::Pass { chain.sets.len() } else { 0 });
    let results = AuthenticationResults::new("mx.example.net").with_result(chain.method_result(None));
    let claimed = ClaimedResults::parse(results.to_string().as_bytes()).expect("our own form");
    assert_eq!(claimed.trust("mx.example.net"), Ok(results));
}
