//! Records: what reads is written and reads back the same; findings lie in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_spf::{Record, lint};

fuzz_target!(|octets: &[u8]| {
    for finding in lint(octets) {
        assert!(finding.span.start <= finding.span.end);
        assert!(!finding.to_string().is_empty());
    }
    match Record::parse(octets) {
        Ok(record) => {
            for term in record.terms() {
                assert_eq!(octets.get(term.span.start..term.span.end), Some(term.text.as_bytes()));
            }
            let written = record.to_string();
            let again = Record::parse(written.as_bytes()).expect("our own form");
            assert_eq!(again.terms().len(), record.terms().len());
            let same = again.terms().zip(record.terms()).all(|(again, term)| again.kind == term.kind);
            // What was omitted may be written out, but means the same.
            assert!(same || again.to_string() == written, "{written}");
        }
        Err(error) => assert!(error.position() <= octets.len(), "{error}"),
    }
});
