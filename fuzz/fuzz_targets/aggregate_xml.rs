//! The XML of aggregate reports: whatever is read stays within the limits; what can be written reads back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_dmarc::report::{Limits, aggregate};

fuzz_target!(|octets: &[u8]| {
    let limits = Limits::default();
    // `<` in front, so that the input is taken for XML.
    let xml = [b"<", octets.strip_prefix(b"<").unwrap_or(octets)].concat();
    let Ok(parsed) = aggregate::parse(&xml, &limits) else { return };
    let report = parsed.report;
    assert!(report.rows.len() <= limits.rows);
    for row in &report.rows {
        assert!(row.dkim_results.len() <= limits.entries && row.reasons.len() <= limits.entries);
    }
    let Ok(written) = report.to_xml() else { return };
    let again = aggregate::parse(written.as_bytes(), &limits).expect("our own form").report;
    assert_eq!(again.rows.len(), report.rows.len());
    assert_eq!(again.messages(), report.messages());
    assert_eq!(again.to_xml().as_ref(), Ok(&written));
});
