//! Any text is a file of rules, of lists or of DNS lists, or an error; any octets are a message that every check judges, twice the
//! same.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use mailwright_antispam::authentication::Authentication;
use mailwright_antispam::dnsbl::DnsLists;
use mailwright_antispam::lists::Lists;
use mailwright_antispam::rules::RuleSet;
use mailwright_antispam::{Filter, Findings, Input, Place};
use mailwright_message_model::Message;

fuzz_target!(|data: &[u8]| {
    static FILTER: OnceLock<Filter> = OnceLock::new();
    let filter = FILTER.get_or_init(|| {
        Filter::new().with_check(RuleSet::builtin().clone()).with_check(Authentication::default())
    });
    // What stands before the first NUL is a file, what stands behind it a message.
    let cut = data.iter().position(|octet| *octet == 0).unwrap_or(0);
    let (file, raw) = data.split_at(cut);
    let text = String::from_utf8_lossy(file);
    let Ok(message) = Message::parse(raw) else { return };
    let input = Input::new(&message, 0);
    let verdict = filter.judge(&input, Findings::new());
    assert!(verdict.score.is_finite());
    assert_eq!(verdict, filter.judge(&input, Findings::new()));
    for finding in &verdict.findings {
        assert!(finding.spans.iter().all(|span| span.start <= span.end && span.end <= raw.len()));
    }
    match RuleSet::parse(&text) {
        Ok(rules) => drop(Filter::new().with_check(rules).judge(&input, Findings::new())),
        Err(error) => assert_ne!(error.place(), &Place::Line(0)),
    }
    if let Ok(lists) = Lists::parse(&text) {
        drop(Filter::new().with_check(lists).judge(&input, Findings::new()));
    }
    let _ = DnsLists::parse(&text);
});
