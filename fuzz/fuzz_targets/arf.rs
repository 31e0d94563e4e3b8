//! Failure reports and other feedback reports: the part for programs, and texts for people.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_dmarc::report::{Limits, failure};

fuzz_target!(|octets: &[u8]| {
    let _ = failure::parse(octets, &Limits::default());
    let part = [b"Content-Type: message/feedback-report\r\n\r\n", octets].concat();
    let report = failure::parse(&part, &Limits::default()).expect("any part is a report").report;
    if let Ok(fields) = report.to_fields() {
        assert!(fields.lines().all(|line| line.len() <= 998 && line.is_ascii()), "{fields}");
        let part = [b"Content-Type: message/feedback-report\r\n\r\n", fields.as_bytes()].concat();
        let again = failure::parse(&part, &Limits::default()).expect("our own form").report;
        assert_eq!(again.auth_failure, report.auth_failure, "{fields}");
        assert_eq!(again.source_ip, report.source_ip);
    }
    let text = [b"Subject: DMARC failure\r\n\r\n", octets].concat();
    let _ = failure::parse(&text, &Limits::default());
});
