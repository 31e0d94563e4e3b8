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
        ("mbox/a.unix-offsets.json", "[]"),
        ("mbox/a.vms-offsets.json", "[]"),
    ] {
        let printed = lines(&[(path, text)]);
        assert_eq!(printed.len(), 1, "{path}");
        assert!(printed[0].ends_with(": 0 of 1"), "{path} {text}: {printed:?}");
    }
}
