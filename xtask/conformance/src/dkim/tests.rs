//! The runner itself: what it refuses, and how it grades.

use std::fs;

use serde_json::json;

use super::*;
use crate::{Disputes, run};

/// The lines `suite: N of M` over one case, the rest of which is as it must be.
fn lines(change: &[(&str, Value)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("m.eml"), "From: a@example.org\r\n\r\nhello\r\n").unwrap();
    let mut case = json!({"id": "c", "kind": "dkim-verify", "message": "m.eml", "dns": {}, "now": 1,
        "expect": {"overall": "none"}});
    for (key, value) in change {
        case[key] = value.clone();
    }
    let manifest = json!({"format": FORMAT, "cases": [case]});
    fs::write(folder.path().join("manifest.json"), manifest.to_string()).unwrap();
    let report = run(&AREA, folder.path(), &Disputes::default());
    report.map_or_else(
        |why| vec![why],
        |report| {
            report.to_string().lines().filter(|line| line.starts_with("dkim/")).map(str::to_owned).collect()
        },
    )
}

#[test]
fn right_and_wrong() {
    assert_eq!(lines(&[]), ["dkim/verify: 1 of 1", "dkim/verify-pass: 1 of 1"]);
    let wrong = [("expect", json!({"overall": "fail"}))];
    assert_eq!(lines(&wrong), ["dkim/verify: 0 of 1", "dkim/verify-pass: 1 of 1"]);
    let wrong = [("expect", json!({"overall": "pass"}))];
    assert_eq!(lines(&wrong), ["dkim/verify: 0 of 1", "dkim/verify-pass: 0 of 1"]);
    let missing = [("expect", json!({"signatures": [null, "pass"]}))];
    assert_eq!(lines(&missing), ["dkim/verify: 0 of 1", "dkim/verify-pass: 0 of 1"]);
    assert_eq!(lines(&[("expect", json!({"signatures": [null]}))])[0], "dkim/verify: 1 of 1");
}

#[test]
fn what_is_not_described_fails() {
    for (key, value) in [
        ("colour", json!(1)),
        ("dns", json!({"a.example": {"mx": []}})),
        ("dns", json!({"a.example": {"error": "refused"}})),
        ("now", Value::Null),
        ("policy", json!({"lenient": true})),
        ("expect", json!({"overall": "softfail"})),
        ("expect", json!({"overall": "none", "why": 1})),
        ("expect", json!({"overall": "none", "not": "fail"})),
        ("expect", json!({"default_overall": "none"})),
        ("message", json!("gone.eml")),
    ] {
        let printed = lines(&[(key, value.clone())]);
        assert_eq!(printed, ["dkim/verify: 0 of 1", "dkim/verify-pass: 0 of 1"], "{key} {value}");
    }
    assert_eq!(lines(&[("kind", json!("dkim2"))]), ["dkim/manifest: 0 of 1"]);
}

#[test]
fn soft_cases_are_not_counted() {
    let soft = [("expect", json!({"overall": "fail", "soft": true}))];
    assert!(lines(&soft)[0].starts_with("no case in "));
}

#[test]
fn chains() {
    let kind = ("kind", json!("arc-verify"));
    let line = |expect: Value| lines(&[kind.clone(), ("expect", expect)])[0].clone();
    assert_eq!(line(json!({"cv": "none", "reason": "no field"})), "dkim/arc-verify: 1 of 1");
    for wrong in [
        json!({"cv": "pass"}),
        json!({"cv": "none", "oldest_pass": 0}),
        json!({"cv": "temperror"}),
        json!({"oldest_pass": 0}),
        json!({"cv": "none", "cause": 1}),
    ] {
        assert_eq!(line(wrong.clone()), "dkim/arc-verify: 0 of 1", "{wrong}");
    }
}

#[test]
fn seals_without_what_they_need_fail() {
    let kind = ("kind", json!("arc-sign"));
    let expect = ("expect", json!({"AS": "", "AMS": "", "AAR": ""}));
    assert_eq!(lines(&[kind.clone(), expect.clone()]), ["dkim/arc-sign: 0 of 1"]);
    let sign = ("sign", json!({"domain": "example.org", "private_key": "none"}));
    assert_eq!(lines(&[kind, expect.clone(), sign.clone()]), ["dkim/arc-sign: 0 of 1"]);
    // Only a case of sealing has this key.
    assert_eq!(lines(&[expect, sign])[0], "dkim/verify: 0 of 1");
}
