//! The runner itself: what it refuses, and how it grades.

use std::fs;

use serde_json::json;

use super::*;
use crate::{Disputes, run};

/// The lines of the report on a suite `rfc9216` of one case, the rest of which is as it must be. Its certificate cannot
/// be read, so that it is invalid.
fn lines(change: &[(&str, Value)], count: usize) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let suite = folder.path().join("rfc9216");
    fs::create_dir(&suite).unwrap();
    fs::write(suite.join("c.crt"), [0x30, 0x00]).unwrap();
    let mut case = json!({"id": "c", "op": "path", "file": "c.crt", "expect": {"outcome": "invalid"}});
    for (key, value) in change {
        case[key] = value.clone();
    }
    let manifest = json!({"schema": 1, "suite": "s", "count": count, "cases": [case]});
    fs::write(suite.join("manifest.json"), manifest.to_string()).unwrap();
    let report = run(&AREA, folder.path(), &Disputes::default()).unwrap().to_string();
    report.lines().filter(|line| line.starts_with("smime/")).map(str::to_owned).collect()
}

#[test]
fn right_and_wrong() {
    assert_eq!(lines(&[], 1), ["smime/rfc9216: 1 of 1"]);
    assert_eq!(lines(&[("expect", json!({"outcome": "valid"}))], 1), ["smime/rfc9216: 0 of 1"]);
    assert_eq!(lines(&[("expect", json!({"outcome": ["valid", "invalid"]}))], 1), ["smime/rfc9216: 1 of 1"]);
    assert_eq!(lines(&[("expect", json!({"outcome": "valid", "soft": true}))], 1), ["smime/rfc9216: 1 of 1"]);
}

#[test]
fn a_suite_of_another_size_than_its_count_fails() {
    assert_eq!(lines(&[], 2), ["smime/rfc9216: 1 of 2"]);
}

#[test]
fn what_is_not_described_fails() {
    for (key, value) in [
        ("colour", json!(1)),
        ("op", json!("paint")),
        ("purpose", json!("tls")),
        ("rules", json!("lax")),
        ("time", json!("2024-06-01")),
        ("revocation", json!("sometimes")),
        ("policy", json!({"lenient": true})),
        ("trust", json!([1])),
        ("file", json!("missing.crt")),
        ("expect", json!({"outcome": "perhaps"})),
        ("expect", json!({"outcome": "invalid", "colour": 1})),
        ("expect", json!({})),
    ] {
        assert_eq!(lines(&[(key, value.clone())], 1), ["smime/rfc9216: 0 of 1"], "{key}: {value}");
    }
}

#[test]
fn fields_for_people_are_passed_over() {
    let expect = json!({"outcome": "invalid", "reason": "so", "note": "n", "openssl_x509_error": 7});
    let change =
        [("expect", expect), ("note", json!([1])), ("openssl_3", json!("ok")), ("title", json!("t"))];
    assert_eq!(lines(&change, 1), ["smime/rfc9216: 1 of 1"]);
}
