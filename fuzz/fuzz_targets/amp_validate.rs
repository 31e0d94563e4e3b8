//! Any octets are a document: the report is in order, says the same of text and octets, and stops where it is told to.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_amp_mime::{Status, Validator, validate, validate_bytes};

fuzz_target!(|data: &[u8]| {
    let of_octets = validate_bytes(data);
    let Ok(text) = std::str::from_utf8(data) else { return };
    let report = validate(text);
    assert_eq!(of_octets, report);
    assert_eq!(Validator::new().is_valid(text), report.status == Status::Pass);
    assert!(
        report.findings.windows(2).all(|pair| (pair[0].line, pair[0].col) <= (pair[1].line, pair[1].col))
    );
    let first = Validator::new().max_errors(1).validate(text);
    assert!(first.findings.len() <= 1);
    for finding in &report.findings {
        let _ = finding.to_string();
    }
});
