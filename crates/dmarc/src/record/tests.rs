use super::*;

fn kinds(record: &str) -> Vec<FindingKind> {
    lint(record.as_bytes()).unwrap().1.into_iter().map(|finding| finding.kind).collect()
}

fn error(record: &str) -> (FindingKind, usize) {
    let error = Record::parse(record.as_bytes()).unwrap_err();
    (error.kind(), error.position())
}

#[test]
fn the_version_comes_first_and_is_exact() {
    // RFC 9989 4.7, v.
    assert_eq!(error("v=DMARC2; p=none"), (FindingKind::OtherVersion, 2));
    assert_eq!(error("v=dmarc1; p=none"), (FindingKind::OtherVersion, 2));
    assert_eq!(error("p=none; v=DMARC1"), (FindingKind::NoVersion, 0));
    assert_eq!(error("v=DMARC1 p=none"), (FindingKind::OtherVersion, 2));
    assert_eq!(error(" v=DMARC1; p=none"), (FindingKind::NoVersion, 0));
    assert_eq!(error(""), (FindingKind::NoVersion, 0));
    for record in ["v=DMARC1", "V = DMARC1 ;p=none", "v=DMARC1;", "v\t=\tDMARC1\t;\tp\t=\tnone"] {
        assert!(Record::parse(record.as_bytes()).is_ok(), "{record}");
    }
}

#[test]
fn words_have_no_case_and_defaults_hold() {
    let record: Record = "v=DMARC1; P=REJECT; adkim=S; aspf=x; fo=0:D; t=Y; psd=N; sp".parse().unwrap();
    assert_eq!(record.p().policy(), Some(Policy::Reject));
    assert_eq!((record.adkim(), record.aspf()), (Alignment::Strict, Alignment::Relaxed));
    assert_eq!(record.fo(), [FailureOption::AllFail, FailureOption::Dkim]);
    assert!(record.is_testing());
    assert_eq!((record.psd(), record.sp()), (Psd::No, &PolicyTag::Absent));
}

#[test]
fn failure_options_of_the_grammar() {
    use FailureOption::{AllFail, AnyFail, Dkim, Spf};
    let fo = |value: &str| format!("v=DMARC1; fo={value}").parse::<Record>().unwrap().fo;
    assert_eq!(fo("d:1:s"), [Dkim, AnyFail, Spf]);
    assert_eq!(fo("s:d"), [Spf, Dkim]);
    for broken in ["0:1", "d:d", "0:0", "", "0:", "0 : d", "x"] {
        assert_eq!(fo(broken), [AllFail], "{broken}");
    }
}

#[test]
fn uris_that_are_malformed_go_alone() {
    let record: Record = "v=DMARC1; rua=mailto:a@example.com!10m , ,b@example.com,mailto:c@example.com!x,\
        https://example.net/d,mailto:e,mailto:f%21@example.com,mailto:g%2@example.com,mailto:h!i@example.com"
        .parse()
        .unwrap();
    let uris: Vec<(&str, Option<u64>)> = record.rua().iter().map(|u| (u.uri(), u.obsolete_size())).collect();
    assert_eq!(
        uris,
        [
            ("mailto:a@example.com", Some(10_485_760)),
            ("https://example.net/d", None),
            ("mailto:f%21@example.com", None),
        ]
    );
    assert_eq!(record.rua()[2].mailbox().unwrap().local(), "f!");
    assert_eq!(record.rua()[1].host().unwrap(), "example.net");
}

#[test]
fn hosts_of_uris() {
    let host = |uri: &str| ReportUri::parse(uri.as_bytes()).unwrap().host().map(|host| host.to_string());
    assert_eq!(host("MAILTO:a@Example.com?subject=x").as_deref(), Some("example.com"));
    assert_eq!(host("https://u:p@example.net:8443/x?y=@evil.example").as_deref(), Some("example.net"));
    assert_eq!(host("tel:123"), None);
    assert_eq!(host("https://[2001:db8::1]/"), None);
    assert_eq!(ReportUri::parse(b"mailto:a@[192.0.2.1]"), Err(UriError::Address));
}

#[test]
fn findings_have_places() {
    let record = "v=DMARC1;; p=none; p=reject; =x; ri=1; foo=bar; sp=all;";
    let (_, findings) = lint(record.as_bytes()).unwrap();
    let shown: Vec<(FindingKind, &[u8])> =
        findings.iter().map(|f| (f.kind, f.span.of(record.as_bytes()))).collect();
    assert_eq!(
        shown[..6],
        [
            (FindingKind::EmptyTag, &b""[..]),
            (FindingKind::Duplicate, b"p=reject"),
            (FindingKind::TagName, b"=x"),
            (FindingKind::Historic, b"ri=1"),
            (FindingKind::UnknownTag, b"foo=bar"),
            (FindingKind::PolicyValue, b"all"),
        ]
    );
    assert!(kinds("v=DMARC1; p=none; rua=mailto:a@example.com;").is_empty());
    assert!(
        kinds("v=DMARC1; p=reject; sp=none; rua=mailto:a@b.example").contains(&FindingKind::WeakSubdomains)
    );
    assert!(kinds("v=DMARC1; p=none; fo=1").contains(&FindingKind::FailureWithoutRuf));
}

#[test]
fn strict_refuses_what_lenient_passes_over() {
    assert!(Record::parse_strict(b"v=DMARC1; p=none; x=y; pct=50;").is_ok());
    let error = Record::parse_strict(b"v=DMARC1; p=none; aspf=q").unwrap_err();
    assert_eq!((error.kind(), error.position()), (FindingKind::AlignmentValue, 23));
    assert_eq!(error.to_string(), "at byte 23: the alignment is r or s; the default r holds (RFC 9989 4.7)");
}

#[test]
fn the_text_reads_back() {
    for record in [
        "v=DMARC1",
        "v=DMARC1; p=; sp=a=b",
        "v=DMARC1; p=reject; pct=99",
        "v=DMARC1; p=none; sp=reject; np=quarantine; adkim=s; aspf=s; fo=1:d:s; rua=mailto:a@b.c!5,x:y; ruf=x:z; psd=y; t=y; pct=0",
    ] {
        let read: Record = record.parse().unwrap();
        assert_eq!(read.to_string(), record);
    }
}

/// RFC 9989 4.7, 4.8: unknown and historic tags, empty values, case, and what stands twice. RFC 6376 3.2 has a tag once; of two the
/// second is a syntax error, and those are discarded (4.8).
#[test]
fn what_is_no_tag_of_the_grammar_is_as_if_it_was_not_there() {
    let of = |record: &str| record.parse::<Record>().unwrap();
    let plain = of("v=DMARC1; p=reject");
    for record in [
        "v=DMARC1; p=reject; p=none",
        "v=DMARC1; p=reject; adkim=; aspf=x; psd=; t=; fo=; rua=; ruf=,",
        "v=DMARC1; p=reject; rf=afrf; ri=86400; x=y; v=DMARC2",
        "v=DMARC1; p=reject; ; ;",
        "v=DMARC1;P=Reject",
        "v=DMARC1; p=reject; adkim=rs; aspf=r s; psd=yes; t=yes; fo=2",
        "v=DMARC1; p=reject; p1=none; =; none; \u{fc}=x",
        "V=DMARC1 ;\tp\t=\treject\t;",
    ] {
        assert_eq!(of(record), plain, "{record}");
    }
    // An empty policy is not an absent one (4.10.1).
    for record in ["v=DMARC1; p=", "v=DMARC1; p=reject; sp=", "v=DMARC1; p=reject; np=rejects"] {
        assert!(of(record).is_faulty(), "{record}");
    }
    assert!(of("v=DMARC1; sp=reject").is_faulty(), "p is absent");
}
