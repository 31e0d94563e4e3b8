//! The runner itself: what it finds, what it refuses, what it reports.

use std::fs;

use super::*;
use crate::{Disputes, run};

/// The report over a folder that holds `contents`, without the lines on failed cases.
fn lines(contents: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in contents {
        let path = folder.path().join("data").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let report = run(&AREA, &folder.path().join("data"), &Disputes::default()).unwrap();
    report.to_string().lines().filter(|line| line.starts_with("message-model/")).map(str::to_owned).collect()
}

#[test]
fn a_folder_without_anything_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(&AREA, folder.path(), &Disputes::default()).is_err());
    assert!(run(&AREA, &folder.path().join("missing"), &Disputes::default()).is_err());
    fs::create_dir(folder.path().join("mbox")).unwrap();
    fs::write(folder.path().join("mbox/a.mbox.txt"), "").unwrap();
    fs::write(folder.path().join("manifest.jsonl"), "\n").unwrap();
    assert!(run(&AREA, folder.path(), &Disputes::default()).is_err());
}

#[test]
fn what_is_not_described_fails() {
    let message = ("m.eml", "A: b\n\nc\n");
    for line in [
        "{",
        r#"{"file":"m.eml","expect":"maybe"}"#,
        r#"{"file":"m.eml","expect":"shape","shape":"text/plain","new":1}"#,
        r#"{"file":"m.eml","expect":"shape","shape":{"type":"text/plain"}}"#,
        r#"{"file":"m.eml","expect":"shape","shape":["multipart/mixed"]}"#,
        r#"{"file":"m.eml","expect":"exact","tree":{"type":"text/plain","start":6,"len":2}}"#,
        r#"{"file":"m.eml","expect":"exact","shape":"text/plain"}"#,
        r#"{"file":"m.eml","bytes":9,"expect":"any"}"#,
        r#"{"file":"gone.eml","expect":"any"}"#,
    ] {
        let printed = lines(&[("manifest.jsonl", line), message]);
        assert_eq!(printed.len(), 1, "{line}");
        assert!(printed[0].ends_with(": 0 of 1"), "{line}: {printed:?}");
    }
    for (path, text) in [
        ("fields/mail-parser-colour.json", r#"[{"header":"x","expected":null}]"#),
        ("fields/mail-parser-date.json", r#"[{"header":"x","expected":null,"why":""}]"#),
        ("fields/mail-parser-date.json", r#"[{"header":"x"}]"#),
        ("fields/mail-parser-date.json", r#"[{"header":"x","expected":{"era":null}}]"#),
        ("fields/mail-parser-date.json", r#"{"header":"x","expected":null}"#),
        ("fields/authres-b.json", r#"[{"value":"a; x","error":"","hint":1}]"#),
        ("fields/authres-b.json", r#"[{"value":"a; none"}]"#),
        ("fields/authres-b.json", r#"[{"value":"a; x","error":null}]"#),
        ("fields/mailparser-date.json", "[]"),
        ("fields", "no folder"),
        ("mbox", "no folder"),
        ("mbox/a.unix-offsets.json", "[]"),
        ("mbox/a.vms-offsets.json", "[]"),
    ] {
        let printed = lines(&[(path, text)]);
        assert_eq!(printed.len(), 1, "{path}");
        assert!(printed[0].ends_with(": 0 of 1"), "{path} {text}: {printed:?}");
    }
}

#[test]
fn a_message_that_stands_twice_does_not_count_twice() {
    let line = r#"{"file":"m.eml","expect":"any"}"#;
    let printed = lines(&[("manifest.jsonl", &format!("{line}\n{line}\n")), ("m.eml", "A: b\n\nc\n")]);
    assert_eq!(printed, ["message-model/any: 1 of 2"]);
}

#[test]
fn each_place_may_stand_alone() {
    let line = r#"{"file":"../m.eml","expect":"shape","shape":"text/plain"}"#;
    assert_eq!(
        lines(&[("manifest.jsonl", line), ("../m.eml", "A: b\n\nc\n")]),
        ["message-model/shape: 1 of 1"]
    );
    let dates = r#"[{"header":"x","expected":null}]"#;
    assert_eq!(lines(&[("fields/mail-parser-date.json", dates)]), ["message-model/fields: 1 of 1"]);
    let result = r#"[{"value":"a; x","error":"no ="}]"#;
    assert_eq!(lines(&[("fields/authres-b.json", result)]), ["message-model/auth-results: 1 of 1"]);
    assert_eq!(
        lines(&[("mbox/a.mbox.txt", ""), ("mbox/a.unix-offsets.json", "[]")]),
        ["message-model/mbox: 1 of 1"]
    );
}

#[test]
fn a_wrong_expectation_is_reported() {
    let message = ("m.eml", "A: b\n\nc\n");
    for (line, right) in [
        // "c\n" starts at octet 6; the digest is that of `printf 'c\n' | sha256sum`.
        (r#"{"type":"text/plain","start":6,"len":2,"sha256_16":"a3a5e715f0cc574a"}"#, 1),
        (r#"{"type":"text/plain","start":5,"len":2,"sha256_16":"a3a5e715f0cc574a"}"#, 0),
        (r#"{"type":"text/html","start":6,"len":2,"sha256_16":"a3a5e715f0cc574a"}"#, 0),
        (r#"{"type":"text/plain","start":6,"len":1,"sha256_16":"a3a5e715f0cc574a"}"#, 0),
        (
            r#"{"type":"message/rfc822","children":[{"type":"text/plain","start":6,"len":2,"sha256_16":"a3a5e715f0cc574a"}]}"#,
            0,
        ),
    ] {
        let line = format!(r#"{{"file":"m.eml","expect":"exact","tree":{line}}}"#);
        assert_eq!(
            lines(&[("manifest.jsonl", &line), message]),
            [format!("message-model/exact: {right} of 1")],
            "{line}"
        );
    }
    // Of an empty body only the length is compared.
    let empty = r#"{"file":"m.eml","expect":"exact","tree":{"type":"text/plain","start":99,"len":0,"sha256_16":"e3b0c44298fc1c14"}}"#;
    assert_eq!(lines(&[("manifest.jsonl", empty), ("m.eml", "A: b\n\n")]), ["message-model/exact: 1 of 1"]);
    // A legal message has no defect to report.
    let any = r#"{"file":"m.eml","expect":"any","defect":true}"#;
    assert_eq!(
        lines(&[
            ("manifest.jsonl", any),
            ("m.eml", "From: a@b.example\r\nDate: 1 Jan 2026 10:00 +0000\r\n\r\nc\r\n")
        ]),
        ["message-model/any: 0 of 1"]
    );
}
