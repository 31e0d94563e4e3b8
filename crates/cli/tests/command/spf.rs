//! `spf`.

use std::ffi::OsString;
use std::fs;

use serde_json::Value;

use unicode_width::UnicodeWidthStr as _;

use crate::program::{command, failure, run, stdout};

const ZONE: &str = r#"$ORIGIN example.org.
$TTL 1h
@ TXT "v=spf1 mx include:_spf.example.net -all exp=why.example.org"
  MX 10 mail
mail A 192.0.2.1
why TXT "%{i} may not send for %{d}"
_spf.example.net. TXT "v=spf1 ip4:198.51.100.0/24 exists:%{i}.ok.%{d} ?all"
*.ok._spf.example.net. A 127.0.0.2
old TXT "v=spf1 ptr +all mx a:gone.example.org"
soft TXT "v=spf1 ~all"
told TXT "v=spf1 -all exp=why.example.org"
none A 192.0.2.1
broken TXT "v=spf1 ip4:1.2.3 -all"
macros TXT "v=spf1 redirect=%{l}.example.org"
"#;

/// Runs `spf` with the zone above.
fn spf(arguments: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let zone = folder.path().join("example.zone");
    fs::write(&zone, ZONE).unwrap();
    let mut all: Vec<OsString> = ["spf"].iter().chain(arguments).map(OsString::from).collect();
    all.extend(["--zone".into(), zone.into()]);
    let output = run(&all);
    (output.status.code(), stdout(&output))
}

#[test]
fn a_verdict_and_why() {
    let from = ["--mail-from", "zoe@example.org", "--helo", "mail.example.org"];
    let with = |verb: &'static str, ip: &'static str, more: &[&'static str]| {
        spf(&[&[verb, "--ip", ip], &from[..], more].concat())
    };
    assert_eq!(
        with("check", "192.0.2.1", &[]),
        (Some(0), "pass for example.org: mx in the record of example.org\n".into())
    );
    let passed = with("check", "2001:db8::1", &[]);
    assert_eq!((passed.0, passed.1.contains("include:_spf.example.net")), (Some(0), true));
    let (status, field) = with("check", "192.0.2.1", &["--results", "mx.example.com"]);
    assert_eq!(status, Some(0));
    assert_eq!(
        field,
        "Authentication-Results: mx.example.com;\r\n spf=pass smtp.mailfrom=zoe@example.org\r\n"
    );
    assert!(with("check", "192.0.2.1", &["--received-spf"]).1.starts_with("Received-SPF: pass ("));
    let json: Value = serde_json::from_str(&with("check", "192.0.2.1", &["--json"]).1).unwrap();
    assert_eq!(json["result"], "pass");

    let (status, why) = with("explain", "192.0.2.1", &[]);
    assert_eq!(status, Some(0));
    assert!(
        why.contains(
            "  mx [example.org] matches (look-ups 1, void 0)\n    ? example.org MX: mail.example.org\n"
        ),
        "{why}"
    );
    let json: Value = serde_json::from_str(&with("explain", "198.51.100.1", &["--json"]).1).unwrap();
    assert_eq!(json["outcome"]["counts"]["lookups"], 2);
    assert_eq!(json["steps"][0]["asked"].as_array().unwrap().len(), 1);
}

/// As it stands in MAIL FROM (RFC 5321 4.1.2).
#[test]
fn a_path_may_have_its_angle_brackets() {
    let check =
        |path| spf(&["check", "--ip", "192.0.2.1", "--helo", "soft.example.org", "--mail-from", path]);
    assert_eq!(check("<zoe@example.org>"), check("zoe@example.org"));
    assert_eq!(check("<zoe@example.org>").0, Some(0));
    assert_eq!(check("<>"), check(""));
    assert!(check("<>").1.starts_with("softfail for soft.example.org"));
}

#[test]
fn a_stranger_writes_one_line() {
    let (status, said) =
        spf(&["check", "--ip", "192.0.2.9", "--mail-from", "z\u{1b}@old.example.org\n\u{1b}"]);
    assert_eq!(status, Some(1));
    assert!(!said.contains('\u{1b}') && said.lines().count() == 1, "{said:?}");
}

#[test]
fn faults_of_a_record() {
    let (status, found) = spf(&["lint", "old.example.org"]);
    assert_eq!(status, Some(1));
    assert!(found.contains("warning: everyone may send for the domain (octet 11"), "{found}");
    assert!(found.contains("1 of 10 look-ups"), "{found}");
    assert_eq!(spf(&["lint", "example.org"]).0, Some(0));
    let (status, found) = spf(&["lint", "--record", "v=spf1 ip4:1.2.3 -all"]);
    assert_eq!(status, Some(1));
    assert!(found.starts_with("error: this is no address (octet 11"), "{found}");
}

#[test]
fn a_record_without_includes() {
    let (status, flat) = spf(&["flatten", "example.org"]);
    assert_eq!(status, Some(0));
    let record = "example.org. TXT \"v=spf1 ip4:192.0.2.1 ip4:198.51.100.0/24 exists:%{i}.ok._spf.example.net -all \
                  exp=why.example.org\"";
    assert!(flat.lines().any(|line| line == record), "{flat}");
    assert_eq!(spf(&["flatten", "gone.example.org"]).0, Some(2));
}

/// 0 pass or nothing found, 1 another result or a finding, 2 what cannot be done.
#[test]
fn exit_statuses() {
    for (domain, word, status) in [
        ("soft.example.org", "softfail", 1),
        ("none.example.org", "none", 1),
        ("broken.example.org", "permerror", 1),
        ("old.example.org", "pass", 0),
    ] {
        let from = format!("zoe@{domain}");
        for verb in ["check", "explain"] {
            let (found, text) = spf(&[verb, "--ip", "192.0.2.9", "--mail-from", &from]);
            let line = format!("{word} for {domain}");
            assert_eq!(found, Some(status), "{verb} {domain}: {text}");
            assert!(text.lines().any(|found| found.starts_with(&line)), "{verb} {domain}: {text}");
        }
    }
    // HELO by itself where no reverse-path is given.
    assert_eq!(spf(&["check", "--ip", "192.0.2.9", "--helo", "soft.example.org"]).0, Some(1));
    for arguments in [
        &["check", "--ip", "192.0.2.9"][..],
        &["check", "--ip", "host", "--helo", "a.example"],
        &["check", "--helo", "a.example"],
        &["check", "--ip", "192.0.2.9", "--helo", "a.example", "--json", "--received-spf"],
        &["lint"],
        &["lint", "example.org", "--record", "v=spf1"],
        &["flatten"],
        &["flatten", "none.example.org"],
        &["flatten", "broken.example.org"],
        &["flatten", "macros.example.org"],
    ] {
        assert_eq!(spf(arguments).0, Some(2), "{arguments:?}");
    }
    assert!(
        failure(&run(&["spf", "lint", "example.org", "--zone", "/no/such/zone"])).contains("no such file")
    );
    assert_eq!(spf(&["lint", "none.example.org"]).0, Some(1));
}

#[test]
fn a_domain_explains_itself() {
    let (_, text) = spf(&["check", "--ip", "203.0.113.9", "--mail-from", "zoe@told.example.org"]);
    assert_eq!(
        text,
        "fail for told.example.org: -all in the record of told.example.org\n  the domain says: 203.0.113.9 may not send for told.example.org\n"
    );
}

#[test]
fn findings_fit_the_columns_there_are() {
    let record = "v=spf1 ptr +all mx exists:%{L}.example.org a:gone.example.org redirect=b.example.org";
    for columns in ["60", "80"] {
        let arguments = ["spf", "lint", "--record", record];
        let output = command(&arguments).env("COLUMNS", columns).output().unwrap();
        let text = stdout(&output);
        assert!(text.lines().count() > 3);
        for line in text.lines() {
            assert!(line.width() <= columns.parse().unwrap() && !line.contains('\x1b'), "{columns}: {line}");
        }
        let output =
            command(&["dmarc", "record", "--record", "v=DMARC1; p=x; rua=a@b.example; pct=5; foo=1"])
                .env("COLUMNS", columns)
                .output()
                .unwrap();
        for line in stdout(&output).lines() {
            assert!(line.width() <= columns.parse().unwrap(), "{columns}: {line}");
        }
    }
}
