//! Any octets are a message: a report whose places are inside, whose diagnostics are one line each.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_bounces::{Kind, MAX_DIAGNOSTIC, parse};

fuzz_target!(|data: &[u8]| {
    let report = parse(data);
    for recipient in &report.recipients {
        assert!(recipient.span.start <= recipient.span.end && recipient.span.end <= data.len());
        assert!(recipient.diagnostic.get(recipient.verdict.matched.clone()).is_some());
        assert!(!recipient.diagnostic.chars().any(char::is_control));
        assert!(recipient.diagnostic.len() <= MAX_DIAGNOSTIC + 4);
    }
    if report.kind == Kind::DelayWarning {
        assert!(report.failures().next().is_some());
    }
});
