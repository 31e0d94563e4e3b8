//! Properties of reports.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test may stop"
)]
#![cfg(feature = "compress")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use mailwright_dmarc::report::aggregate::{
    self, DiscoveryMethod, Disposition, DkimResult, DmarcResult, Form, Metadata, PolicyPublished, Row, Scope,
    SpfResult,
};
use mailwright_dmarc::report::{ErrorKind, Limits, Report, WarningKind, failure, parse, tlsrpt};
use mailwright_dmarc::{Alignment, Override, OverrideKind, Policy};
use mailwright_message_model::authres::AuthResult;
use mailwright_message_model::date::DateTime;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

/// Text as it may stand in an element: no blanks around it, and nothing that XML cannot hold.
fn text() -> impl Strategy<Value = Box<str>> {
    "[!-~\u{a0}-\u{2ff}]([ -~\r\n\t\u{a0}-\u{2ff}]{0,10}[!-~\u{a1}-\u{2ff}])?".prop_filter_map(
        "trimmed",
        |text| {
            let trimmed = text.trim();
            (!trimmed.is_empty()).then(|| trimmed.into())
        },
    )
}

fn domain() -> impl Strategy<Value = Box<str>> {
    "[a-z]{1,6}(\\.[a-z]{1,6}){1,2}".prop_map(Into::into)
}

fn any_of<T: Copy + std::fmt::Debug + 'static>(all: &[T]) -> impl Strategy<Value = T> + use<T> {
    select(all.to_vec())
}

fn row() -> impl Strategy<Value = Row> {
    let results = vec![
        AuthResult::None,
        AuthResult::Pass,
        AuthResult::Fail,
        AuthResult::Policy,
        AuthResult::Neutral,
        AuthResult::TempError,
        AuthResult::PermError,
    ];
    let dkim = (domain(), text(), select(results.clone()), of(text())).prop_map(
        |(domain, selector, result, human)| DkimResult {
            domain,
            selector: Some(selector),
            result: Some(result),
            human_result: human,
        },
    );
    let scope = of(Just(Scope::MailFrom));
    let spf = (domain(), scope, select(results), of(text())).prop_map(|(domain, scope, result, human)| {
        SpfResult { domain: Some(domain), scope, result: Some(result), human_result: human }
    });
    // The first five are those of RFC 9990.
    let kinds = OverrideKind::ALL.iter().take(5).copied().collect::<Vec<_>>();
    let reason = (select(kinds), of(text()))
        .prop_map(|(kind, comment)| Override { kind, comment: comment.map(String::from) });
    let envelope = prop_oneof![Just(None), Just(Some("".into())), domain().prop_map(Some)];
    (
        any::<std::net::IpAddr>(),
        1..u64::MAX,
        any_of(Disposition::ALL),
        (any_of(DmarcResult::ALL), any_of(DmarcResult::ALL)),
        vec(reason, 1..3),
        (domain(), envelope, of(domain())),
        vec(dkim, 0..3),
        of(spf),
    )
        .prop_map(
            |(
                ip,
                count,
                disposition,
                (dkim, spf),
                reasons,
                (from, envelope_from, envelope_to),
                signatures,
                check,
            )| Row {
                source_ip: Some(ip),
                count,
                disposition: Some(disposition),
                dkim: Some(dkim),
                spf: Some(spf),
                reasons,
                header_from: from,
                envelope_from,
                envelope_to,
                dkim_results: signatures,
                spf_results: check.into_iter().collect(),
                extensions: Vec::new(),
            },
        )
}

fn report() -> impl Strategy<Value = aggregate::Report> {
    let metadata = (text(), text(), of(text()), text(), any::<i64>(), any::<i64>(), of(text()), of(text()))
        .prop_map(|(org_name, email, extra_contact_info, report_id, begin, end, error, generator)| {
            Metadata {
                org_name,
                email,
                extra_contact_info,
                report_id,
                begin: Some(begin),
                end: Some(end),
                errors: error.into_iter().collect(),
                generator,
            }
        });
    let policies = (any_of(Policy::ALL), of(any_of(Policy::ALL)), of(any_of(Policy::ALL)));
    let modes = (of(any_of(Alignment::ALL)), of(any_of(Alignment::ALL)));
    let policy = (domain(), of(any_of(DiscoveryMethod::ALL)), policies, modes, of(text()), of(any::<bool>()))
        .prop_map(|(domain, discovery_method, (p, sp, np), (adkim, aspf), fo, testing)| PolicyPublished {
            domain,
            discovery_method,
            p: Some(p),
            sp,
            np,
            adkim,
            aspf,
            fo,
            testing,
            pct: None,
        });
    (metadata, policy, vec(row(), 1..4)).prop_map(|(metadata, policy, rows)| aggregate::Report {
        form: Form::Rfc9990,
        version: Some("1.0".into()),
        metadata,
        policy,
        rows,
        extensions: Vec::new(),
    })
}

fn read(octets: &[u8]) -> aggregate::Report {
    let parsed = aggregate::parse(octets, &Limits::default()).unwrap();
    assert!(parsed.warnings.is_empty(), "{:?}", parsed.warnings);
    parsed.report
}

/// The schema of RFC 9990 appendix A, and xmllint: where either is missing, nothing can be checked.
fn schema() -> Option<PathBuf> {
    let data =
        std::env::var_os("MAILWRIGHT_CONFORMANCE").filter(|value| !value.is_empty()).map(PathBuf::from);
    let own = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    let path = data.unwrap_or_else(own).join("spf-dmarc/reports/dmarc-xml-0.2.xsd");
    let xmllint = Command::new("xmllint").arg("--version").stderr(Stdio::null()).status();
    let there = path.exists() && xmllint.is_ok_and(|status| status.success());
    assert!(
        there || std::env::var("MAILWRIGHT_CONFORMANCE_REQUIRED").as_deref() != Ok("1"),
        "the schema or xmllint (libxml2-utils) is missing, and MAILWRIGHT_CONFORMANCE_REQUIRED=1"
    );
    there.then_some(path)
}

fn is_valid(xml: &str, schema: &PathBuf) -> Result<(), String> {
    let mut child = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .arg(schema)
        .arg("-")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    child.stdin.take().unwrap().write_all(xml.as_bytes()).map_err(|error| error.to_string())?;
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

proptest! {
    #[test]
    fn what_is_written_reads_back(report in report()) {
        let xml = report.to_xml().unwrap();
        prop_assert_eq!(read(xml.as_bytes()), report);
    }

    #[test]
    fn a_mail_carries_it(report in report(), seed in any::<u64>()) {
        let submission = aggregate::mail::Submission {
            receiver: &"mx.example".parse().unwrap(),
            from: "dmarc@mx.example".parse().unwrap(),
            to: "d@example.com".parse().unwrap(),
            date: DateTime::from_unix(1_764_633_600, 0).unwrap(),
            message_id: "1@mx.example".into(),
            seed,
        };
        let mail = aggregate::mail::write(&report, &submission).unwrap();
        prop_assert_eq!(read(&mail), report);
    }

    #[test]
    fn any_octets_are_read_or_refused(octets in vec(any::<u8>(), 0..400), start in select(vec![
        &b""[..], b"\x1f\x8b\x08\x00\0\0\0\0\0\xff", b"PK\x03\x04", b"<feedback>", b"{\"report-id\":", b"\xff\xfe<\0",
        b"Subject: DMARC\n\nSender Domain: a\nSender IP: 1.1.1.1\n", b"Content-Type: message/feedback-report\n\n",
    ])) {
        let mut all = start.to_vec();
        all.extend(octets);
        let _ = parse(&all, &Limits::default());
    }

    #[test]
    fn broken_xml_is_used_as_far_as_it_goes(report in report(), cut in any::<prop::sample::Index>(), junk in vec(any::<u8>(), 0..4)) {
        let mut xml = report.to_xml().unwrap().into_bytes();
        let at = cut.index(xml.len());
        xml.splice(at..at, junk);
        if let Ok(parsed) = aggregate::parse(&xml, &Limits::default()) {
            prop_assert!(parsed.report.rows.len() <= report.rows.len());
        }
        let cut = aggregate::parse(&xml[..at], &Limits::default());
        prop_assert!(cut.is_err() || !cut.unwrap().warnings.is_empty() || at > xml.len() - 20);
    }

    #[test]
    fn failure_reports_read_back(
        types in vec(select(vec!["dmarc", "dkim", "spf", "bodyhash"]), 1..3),
        alignment in select(vec!["none", "dkim", "spf"]),
        ip in of(any::<std::net::IpAddr>()), port in of(any::<u16>()), date in of(0..4_000_000_000_i64),
        texts in vec("[!-9<-~]{1,40}( [!-'*-~]{1,60}){0,4}", 4), incidents in any::<u64>(), addresses in vec("[a-z]{1,9}@[a-z]{1,9}", 0..3),
    ) {
        let boxed = |text: &String| Some(text.as_str().into());
        let report = failure::Report {
            feedback_type: failure::AUTH_FAILURE.into(),
            version: Some("1".into()),
            user_agent: boxed(&texts[0]),
            source_ip: ip,
            source_port: port,
            arrival_date: date,
            incidents,
            original_mail_from: addresses.first().and_then(boxed),
            original_rcpt_to: addresses.iter().map(|a| a.as_str().into()).collect(),
            reporting_mta: Some("mx.example.org".into()),
            reported_domain: vec!["example.com".into()],
            authentication_results: vec![texts[1].as_str().into()],
            auth_failure: types.iter().map(|&kind| kind.into()).collect(),
            identity_alignment: vec![alignment.into()],
            delivery_result: boxed(&texts[2]),
            dkim: failure::Dkim {
                domain: Some("example.com".into()),
                identity: Some("@example.com".into()),
                selector: Some("s".into()),
                ..failure::Dkim::default()
            },
            spf_dns: vec![texts[3].as_str().into()],
            message: Some(b"From: a@example.com\r\nSubject: x\r\n\r\nbody\r\n".to_vec()),
            ..failure::Report::default()
        };
        let submission = failure::Submission {
            from: "a@example.org".parse().unwrap(),
            to: "b@example.com".parse().unwrap(),
            date: DateTime::from_unix(1_764_633_600, 0).unwrap(),
            message_id: "1@example.org".into(),
            seed: 1,
            header_only: false,
        };
        let mail = failure::mail(&report, &submission).unwrap();
        prop_assert!(mail.split(|&b| b == b'\n').all(|line| line.len() <= 999));
        let parsed = failure::parse(&mail, &Limits::default()).unwrap();
        prop_assert!(parsed.warnings.is_empty(), "{:?}", parsed.warnings);
        prop_assert_eq!(parsed.report, report);
    }

    #[test]
    fn tls_reports_read_back(
        org in text(), id in text(), counts in vec((any::<u64>(), any::<u64>()), 1..3), details in vec((text(), 1..9_u64), 0..3),
    ) {
        let details: Vec<_> = details.into_iter().map(|(result_type, failed_session_count)| {
            tlsrpt::FailureDetails { result_type, failed_session_count, ..tlsrpt::FailureDetails::default() }
        }).collect();
        let policies = counts.into_iter().map(|(ok, failed)| tlsrpt::PolicyResult {
            policy: tlsrpt::Policy {
                policy_type: "sts".into(),
                policy_string: vec!["version: STSv1".into()],
                policy_domain: "example.com".into(),
                mx_host: vec!["*.example.com".into()],
            },
            summary: tlsrpt::Summary { total_successful_session_count: ok, total_failure_session_count: failed },
            failure_details: details.clone(),
        });
        let report = tlsrpt::Report {
            organization_name: org,
            date_range: tlsrpt::DateRange { start_datetime: "2026-01-01T00:00:00Z".into(), end_datetime: "2026-01-01T23:59:59Z".into() },
            contact_info: "a@example.org".into(),
            report_id: id,
            policies: policies.collect(),
        };
        let parsed = tlsrpt::parse(report.to_json().as_bytes(), &Limits::default()).unwrap();
        prop_assert!(parsed.warnings.is_empty());
        prop_assert_eq!(parsed.report, report);
    }
}

proptest! {
    // A process a case.
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_written_is_valid_by_the_schema(report in report()) {
        if let Some(schema) = schema() {
            let xml = report.to_xml().unwrap();
            prop_assert_eq!(is_valid(&xml, &schema), Ok(()));
        }
    }
}

#[test]
fn the_schema_refuses_what_is_not_of_the_form() {
    if let Some(schema) = schema() {
        let xml = format!("<feedback xmlns=\"{}\"><version>1.0</version></feedback>", aggregate::NAMESPACE);
        assert!(is_valid(&xml, &schema).is_err());
    }
}

/// A gzip file of `octets` zeros. Deflate with a preset: 1,032 to one.
fn bomb(octets: usize) -> Vec<u8> {
    use flate2::{Compress, Compression, FlushCompress, Status};
    let zeros = vec![0; 1 << 20];
    let mut out = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    let mut stream = Compress::new(Compression::best(), false);
    let mut step = vec![0; 1 << 16];
    loop {
        let (read, written) = (stream.total_in() as usize, stream.total_out());
        let flush = if read >= octets { FlushCompress::Finish } else { FlushCompress::None };
        let status = stream.compress(&zeros[..zeros.len().min(octets - read)], &mut step, flush).unwrap();
        out.extend_from_slice(&step[..(stream.total_out() - written) as usize]);
        if status == Status::StreamEnd {
            return out;
        }
    }
}

#[test]
fn bombs_are_refused_early() {
    let start = std::time::Instant::now();
    let bomb = bomb(256 << 20);
    let made = start.elapsed();
    let error = parse(&bomb, &Limits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit("ratio"));
    assert!(start.elapsed() - made < made, "refusing takes less than making");
    let generous = Limits { ratio: 2_000, ..Limits::default() };
    assert_eq!(parse(&bomb, &generous).unwrap_err().kind(), ErrorKind::Limit("unpacked"));
}

#[test]
fn declarations_and_depth_are_refused() {
    let dtd =
        b"<?xml version='1.0'?><!DOCTYPE feedback [<!ENTITY a 'b'>]><feedback><report_metadata/></feedback>";
    assert_eq!(parse(dtd, &Limits::default()).unwrap_err().kind(), ErrorKind::DocumentType);
    let deep = format!("<feedback>{}", "<a>".repeat(100));
    assert_eq!(parse(deep.as_bytes(), &Limits::default()).unwrap_err().kind(), ErrorKind::Limit("depth"));
    let entity =
        b"<feedback><report_metadata><org_name>&lt;&bad;&#65;</org_name></report_metadata></feedback>";
    let parsed = aggregate::parse(entity, &Limits::default()).unwrap();
    assert_eq!(&*parsed.report.metadata.org_name, "<&bad;A");
    assert!(parsed.warnings.has(WarningKind::Entity));
}

#[test]
fn limits_cut_and_say_so() {
    let row = "<record><row><source_ip>1.2.3.4</source_ip><count>1</count></row></record>";
    let xml = format!(
        "<feedback><report_metadata><org_name>{}</org_name></report_metadata>{row}{row}</feedback>",
        "x".repeat(50)
    );
    let limits = Limits { text: 20, rows: 1, ..Limits::default() };
    let parsed = aggregate::parse(xml.as_bytes(), &limits).unwrap();
    assert_eq!((parsed.report.metadata.org_name.len(), parsed.report.rows.len()), (20, 1));
    assert!(parsed.warnings.has(WarningKind::TextCut) && parsed.warnings.has(WarningKind::RowsCut));
}

#[test]
fn numbers_that_are_too_large_are_told() {
    let xml = "<feedback><record><row><count>99999999999999999999999</count></row></record></feedback>";
    let parsed = aggregate::parse(xml.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(parsed.report.messages(), 0);
    assert!(parsed.warnings.has(WarningKind::Number));
}

/// An archive with stored members, its sizes as given.
fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, data) in members {
        let mut crc = flate2::Crc::new();
        crc.update(data);
        let mut fields = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        fields.extend(crc.sum().to_le_bytes());
        fields.extend((data.len() as u32).to_le_bytes());
        fields.extend((data.len() as u32).to_le_bytes());
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend((out.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&fields);
        out.extend(name.as_bytes());
        out.extend(*data);
    }
    let at = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((members.len() as u16).to_le_bytes());
    out.extend((members.len() as u16).to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

#[test]
fn archives_with_several_files_give_the_report() {
    let xml = b"<feedback><report_metadata><org_name>x</org_name></report_metadata></feedback>";
    let archive = zip(&[("__MACOSX/a.xml", b"no"), ("a/", b""), ("readme.txt", b"no"), ("b.XML", xml)]);
    let parsed = parse(&archive, &Limits::default()).unwrap();
    assert!(matches!(parsed.report, Report::Aggregate(_)));
    assert!(parsed.warnings.has(WarningKind::SeveralMembers));
    // Without its directory the first member is there.
    let one = zip(&[("b.xml", xml)]);
    let cut = parse(&one[..30 + 5 + xml.len()], &Limits::default()).unwrap();
    assert!(cut.warnings.has(WarningKind::Truncated));
    assert!(matches!(cut.report, Report::Aggregate(_)));
}
