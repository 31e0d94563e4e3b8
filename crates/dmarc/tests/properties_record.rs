//! Properties of records and lists.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test may stop"
)]

use mailwright_dmarc::record::{Severity, lint};
use mailwright_dmarc::{Alignment, FailureOption, Policy, Psd, PublicSuffixList, Record};
use mailwright_message_model::domain::{Domain, OrgDomain};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// Texts that come near to records.
fn near_record() -> impl Strategy<Value = String> {
    let name = select(vec![
        "p", "sp", "np", "adkim", "aspf", "psd", "t", "fo", "rua", "ruf", "pct", "v", "x", "P", "", "1",
    ]);
    let value = prop_oneof![
        select(vec!["none", "Reject", "quarantine", "r", "S", "y", "n", "0", "1:d:s", "0:1", "100", "", " "])
            .prop_map(String::from),
        "(mailto:[a-z]{1,3}@[a-z]{1,3}\\.example(![0-9]{1,3}[kmgt]?)?[ ,]{0,2}){1,3}",
        "[ -~]{0,12}",
        "\\PC{0,4}",
    ];
    let sign = select(vec!["=", " = ", "", "=="]);
    let tag = (name, sign, value).prop_map(|(name, sign, value)| format!("{name}{sign}{value}"));
    vec(tag, 0..8).prop_map(|tags| format!("v=DMARC1;{}", tags.join(" ; ")))
}

fn record() -> impl Strategy<Value = Record> {
    let policy = || of(select(Policy::ALL.to_vec()));
    let mode = || select(Alignment::ALL.to_vec());
    let uris = || vec("mailto:[a-z0-9.+-]{1,8}@[a-z]{1,8}\\.example", 0..3);
    let options = subsequence(FailureOption::ALL.to_vec(), 0..=4).prop_shuffle();
    (
        policy(),
        policy(),
        policy(),
        mode(),
        mode(),
        select(Psd::ALL.to_vec()),
        any::<bool>(),
        options,
        uris(),
        uris(),
    )
        .prop_map(|(p, sp, np, adkim, aspf, psd, t, fo, rua, ruf)| {
            let mut builder =
                Record::builder().adkim(adkim).aspf(aspf).psd(psd).testing(t).failure_options(fo);
            builder = p.into_iter().fold(builder, |builder, policy| builder.policy(policy));
            builder = sp.into_iter().fold(builder, |builder, policy| builder.subdomains(policy));
            builder = np.into_iter().fold(builder, |builder, policy| builder.nonexistent(policy));
            builder = rua.iter().fold(builder, |builder, uri| builder.rua(uri).unwrap());
            ruf.iter().fold(builder, |builder, uri| builder.ruf(uri).unwrap()).build()
        })
}

proptest! {
    #[test]
    fn any_octets_are_read_or_refused(octets in vec(any::<u8>(), 0..200)) {
        let strict = Record::parse_strict(&octets);
        if let Err(error) = Record::parse(&octets) {
            prop_assert!(error.position() <= octets.len());
            prop_assert!(strict.is_err());
        }
    }

    #[test]
    fn what_is_read_reads_back(text in near_record()) {
        let (record, findings) = lint(text.as_bytes()).unwrap();
        prop_assert_eq!(&record.to_string().parse::<Record>().unwrap(), &record);
        for finding in &findings {
            prop_assert!(finding.span.start <= finding.span.end && finding.span.end <= text.len());
        }
        // A strict reader takes what has no syntax error, and reads the same.
        let whole = |finding: &&mailwright_dmarc::record::Finding| finding.span.len() == text.len();
        let errors = findings.iter().filter(|finding| !whole(finding)).any(|finding| finding.severity() == Severity::Error);
        match Record::parse_strict(text.as_bytes()) {
            Ok(strict) => {
                prop_assert!(!errors);
                prop_assert_eq!(strict, record);
            }
            Err(_) => prop_assert!(errors),
        }
    }

    #[test]
    fn built_records_are_strict_and_read_back(record in record()) {
        let text = record.to_string();
        prop_assert_eq!(Record::parse_strict(text.as_bytes()).unwrap(), record);
    }

    #[test]
    fn an_organizational_domain_is_the_name_or_above_it(
        rules in vec("[!*]?\\.?[a-c*]{1,2}(\\.[a-c*]{1,2}){0,3}( .*)?", 0..20),
        name in "[a-c]{1,2}(\\.[a-c]{1,2}){0,5}",
    ) {
        let list = PublicSuffixList::parse(&rules.join("\n"));
        let domain: Domain = name.parse().unwrap();
        let org = list.org(&domain);
        prop_assert!(domain.is_within(&org));
        prop_assert_eq!(list.org(&org), org);
        prop_assert_eq!(list.registrable(&domain).is_none(), list.is_suffix(&domain));
    }

    #[test]
    fn any_text_is_a_list(text in "\\PC{0,200}", name in "[a-c]{1,2}(\\.[a-c]{1,2}){0,5}") {
        let domain: Domain = name.parse().unwrap();
        prop_assert!(domain.is_within(&PublicSuffixList::parse(&text).org(&domain)));
    }
}
