//! What reading a report may cost, and in which encodings it is read.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]
#![cfg(feature = "compress")]

use mailwright_dmarc::report::{ErrorKind, Limits, Report, WarningKind, aggregate, parse};

const SMALL: &str = "<feedback><report_metadata><org_name>x\u{e9}</org_name></report_metadata></feedback>";

/// What is found by trying is bounded, so that no file takes longer than its octets.
#[test]
fn a_thousand_members_and_ten_packed_parts_are_tried() {
    let gzip = |text: &[u8]| {
        use std::io::Write as _;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    };
    let members = |empty: usize| [gzip(b"").repeat(empty), gzip(SMALL.as_bytes())].concat();
    assert!(parse(&members(999), &Limits::default()).is_ok());
    assert_eq!(parse(&members(1000), &Limits::default()).unwrap_err().kind(), ErrorKind::Packed);

    let message = |wrong: usize| {
        let part =
            |octets: Vec<u8>| [&b"\r\n--b\r\nContent-Type: application/gzip\r\n\r\n"[..], &octets].concat();
        let mut text = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n".to_vec();
        text.extend(part(gzip(b"no report")).repeat(wrong));
        text.extend(part(gzip(SMALL.as_bytes())));
        text.extend(b"\r\n--b--\r\n");
        text
    };
    assert!(parse(&message(9), &Limits::default()).is_ok());
    assert_eq!(parse(&message(10), &Limits::default()).unwrap_err().kind(), ErrorKind::NoReport);
}

/// XML 1.0 4.3.3, appendix F.1: UTF-16 with a mark or without, and a declaration that cannot be true.
#[test]
fn encodings_are_told_by_the_octets() {
    let le = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let be = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let latin = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>();
    let declared = |name: &str| format!("<?xml version='1.0' encoding='{name}'?>{SMALL}");
    for (octets, name) in [
        (le(&format!("\u{feff}{SMALL}")), "x\u{e9}"),
        (be(&format!("\u{feff}{SMALL}")), "x\u{e9}"),
        (le(SMALL), "x\u{e9}"),
        (be(&declared("UTF-16")), "x\u{e9}"),
        (latin(&declared("ISO-8859-1")), "x\u{e9}"),
        (latin(&declared("UTF-16")), "x\u{fffd}"),
        (declared("UTF-16").into_bytes(), "x\u{e9}"),
    ] {
        let Report::Aggregate(report) = parse(&octets, &Limits::default()).unwrap().report else { panic!() };
        assert_eq!(&*report.metadata.org_name, name);
    }
}

/// A row may have many entries, and a report many rows, but not both.
#[test]
fn entries_of_all_rows_are_bounded() {
    let row = |entries: usize| {
        format!(
            "<record><auth_results>{}</auth_results></record>",
            "<dkim><domain>d</domain></dkim>".repeat(entries)
        )
    };
    let xml = format!("<feedback>{}{}{}</feedback>", row(3), row(3), row(3));
    let limits = Limits { entries: 2, all_entries: 5, ..Limits::default() };
    let parsed = aggregate::parse(xml.as_bytes(), &limits).unwrap();
    let entries: Vec<usize> = parsed.report.rows.iter().map(|row| row.dkim_results.len()).collect();
    assert_eq!(entries, [2, 2, 1]);
    assert!(parsed.warnings.has(WarningKind::EntriesCut));
}
