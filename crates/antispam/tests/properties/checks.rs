//! Rules, lists, DNS lists and greylisting.

use std::net::IpAddr;

use mailwright_antispam::attachment::{Archive, Content, FileName};
use mailwright_antispam::dnsbl::{Codes, DnsLists, Subjects};
use mailwright_antispam::greylist::{Answer, Greylist, Greylisted, Key, MemoryGreylist, Policy};
use mailwright_antispam::html::Html;
use mailwright_antispam::lists::{Lists, Who};
use mailwright_antispam::names::{likeness, skeleton};
use mailwright_antispam::rules::RuleSet;
use mailwright_antispam::{Filter, Findings, Input};
use mailwright_dns::Zone;
use mailwright_message_model::Message;
use proptest::prelude::*;

/// Octets that look like mail more often than not.
fn mailish() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<Vec<u8>>(),
        proptest::sample::select(vec![
            "From: \"a@b.com\" <c@d.example>\n",
            "Subject: F R E E $$$   x\n",
            "Content-Type: text/html\n",
            "\n\n",
            "<a href=http://",
            "&#x41;",
            "<!--",
            "-->",
            "<font color=white size=",
            "\"'>",
            "http://%41:80@1.2/",
            "PK\x03\x04",
            "Received: from [",
            "Date: ",
            "://",
            "www.",
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n",
            "--b\n",
            "é",
            "\u{200b}",
        ])
        .prop_map(|text: &str| text.as_bytes().to_vec()),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_octets_are_judged_twice_the_same(raw in mailish()) {
        let filter = Filter::new().with_check(RuleSet::builtin().clone());
        let message = Message::parse(&raw).unwrap();
        let input = Input::new(&message, 0);
        let verdict = filter.judge(&input, Findings::new());
        prop_assert!(verdict.score.is_finite());
        prop_assert_eq!(verdict.score.to_bits(), filter.judge(&input, Findings::new()).score.to_bits());
        for finding in &verdict.findings {
            prop_assert!(finding.spans.iter().all(|span| span.end <= raw.len()));
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), octets in any::<Vec<u8>>()) {
        let _ = (RuleSet::parse(&text).is_ok(), Lists::parse(&text).is_ok(), DnsLists::parse(&text).is_ok(), Codes::parse(&text).is_ok());
        let _ = (likeness(&text).is_some(), skeleton(&text), FileName(&text).trick(), Content::of(&octets));
        prop_assert!(Archive::read(&octets).members.len() <= octets.len());
        prop_assert!(Html::read(&text).visible.len() <= text.len() * 4);
    }

    /// The network of an address has it, and no list of it names another network.
    #[test]
    fn networks_have_their_addresses(ip in any::<[u8; 16]>(), bits in 0_u8..=128, other in any::<[u8; 16]>()) {
        let mask = u128::MAX.checked_shl(u32::from(128 - bits)).unwrap_or(0);
        let (ip, other) = (u128::from_be_bytes(ip), u128::from_be_bytes(other));
        let canonical = |bits: u128| IpAddr::V6(bits.into()).to_canonical();
        prop_assume!(canonical(ip & mask).is_ipv6() && canonical(ip).is_ipv6() && canonical(other).is_ipv6());
        let lists = Lists::parse(&format!("deny client {}/{bits}", canonical(ip & mask))).unwrap();
        let met = |ip: u128| lists.find(&Who { client: Some(canonical(ip)), ..Who::default() }).is_some();
        prop_assert!(met(ip));
        prop_assert_eq!(met(other), other & mask == ip & mask);
    }

    /// Whatever the clock does, nobody passes before the delay is over since some earlier attempt.
    #[test]
    fn nobody_passes_at_once(times in proptest::collection::vec(0_u64..2_000_000, 1..20)) {
        let greylist = Greylist::new(MemoryGreylist::new());
        let key = Key::new([192, 0, 2, 1].into(), "a@x.example", "b@y.example");
        let delay = Policy::default().delay.as_secs();
        for (at, now) in times.iter().enumerate() {
            if greylist.check(&key, *now) == Greylisted::Known(Answer::Pass) {
                let earlier = times.get(..at).unwrap_or_default();
                prop_assert!(earlier.iter().any(|before| earlier.iter().chain([now]).any(|later| later.saturating_sub(*before) >= delay)));
            }
        }
    }

    /// A key of a key is the key.
    #[test]
    fn keys_are_normal(sender in "[a-zA-Z0-9=+.-]{0,24}@[a-z]{1,6}\\.example", ip in any::<[u8; 4]>()) {
        let key = Key::new(ip.into(), &sender, "B@Y.example");
        prop_assume!(!sender.to_lowercase().starts_with("prvs="));
        prop_assert_eq!(Key::new(ip.into(), key.sender(), key.recipient()), key);
    }

    #[test]
    fn nothing_is_listed_by_an_empty_zone(hosts in proptest::collection::vec("[a-z0-9.\\[\\]:-]{0,30}", 0..40)) {
        let org = |domain: &mailwright_message_model::domain::Domain| domain.clone();
        let subjects = Subjects::default().with_hosts(hosts.iter().map(String::as_str), &org);
        let report = DnsLists::known().ask(&Zone::new(), &subjects);
        prop_assert_eq!(report.findings().count(), 0);
    }
}
