//! Reports in gzip, ZIP, JSON, messages and whatever else: no panic, no more than the limits allow.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_dmarc::report::{Limits, Report, parse, tlsrpt};

fuzz_target!(|octets: &[u8]| {
    // Small limits, so that the fuzzer reaches them.
    let limits = Limits { unpacked: 1 << 20, text: 100, rows: 10, entries: 4, depth: 8, ..Limits::default() };
    let Ok(parsed) = parse(octets, &limits) else { return };
    for warning in &parsed.warnings {
        assert!(!warning.to_string().is_empty() && warning.count > 0);
    }
    match parsed.report {
        Report::Aggregate(report) => assert!(report.rows.len() <= limits.rows),
        Report::Tls(report) => {
            let again = tlsrpt::parse(report.to_json().as_bytes(), &Limits::default()).expect("our own form");
            assert_eq!(again.report, *report);
        }
        _ => {}
    }
});
