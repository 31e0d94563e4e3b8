//! DMARC records: what is read is written and reads back; findings have places; strict reads are those without errors.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_dmarc::record::{ReportUri, lint};
use mailwright_dmarc::{PublicSuffixList, Record};

fuzz_target!(|octets: &[u8]| {
    let strict = Record::parse_strict(octets);
    match lint(octets) {
        Ok((record, findings)) => {
            assert_eq!(Record::parse(octets).as_ref(), Ok(&record));
            for finding in &findings {
                assert!(finding.span.start <= finding.span.end && finding.span.end <= octets.len());
            }
            let text = record.to_string();
            // A record grows when it is written: a size in megabytes becomes one in octets.
            if text.len() <= mailwright_dmarc::record::MAX_RECORD {
                assert_eq!(text.parse::<Record>().as_ref(), Ok(&record), "{text}");
            }
            if let Ok(strict) = strict {
                assert_eq!(strict, record);
            }
        }
        Err(error) => assert!(error.position() <= octets.len() && strict.is_err()),
    }
    if let Ok(uri) = ReportUri::parse(octets) {
        let _ = (uri.host(), uri.mailbox());
    }
    if let Ok(text) = std::str::from_utf8(octets) {
        let list = PublicSuffixList::parse(text);
        let name = text.lines().last().unwrap_or_default().parse();
        if let Ok(domain) = name {
            assert_eq!(list.registrable(&domain).is_none(), list.is_suffix(&domain));
        }
    }
});
