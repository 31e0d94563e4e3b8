use std::path::PathBuf;

use super::*;
use crate::{Disputes, run};

/// A folder with this `cases.json`, and the lines of its report.
fn lines(name: &str, cases: &str) -> Vec<String> {
    let folder: PathBuf = tempfile::tempdir().unwrap().keep();
    std::fs::write(folder.join("cases.json"), cases).unwrap();
    let report = run(&AREA, &folder, &Disputes::own().unwrap()).map(|report| report.to_string());
    std::fs::remove_dir_all(&folder).unwrap();
    let report = report.unwrap_or_else(|why| panic!("{name}: {why}"));
    report.lines().filter(|line| line.starts_with("antispam/")).map(str::to_owned).collect()
}

#[test]
fn a_wrong_answer_and_an_unknown_field_fail() {
    let query = |more: &str| {
        format!("{{\"dnsbl_query\": [{{\"ip\": \"192.0.2.1\", \"zone\": \"l.example\"{more}}}]}}")
    };
    let right = lines("right", &query(", \"query\": \"1.2.0.192.l.example\""));
    assert!(right[0].contains("1 of 1"), "{right:?}");
    for wrong in
        [", \"query\": \"2.2.0.192.l.example\"", "", ", \"query\": \"1.2.0.192.l.example\", \"colour\": 1"]
    {
        assert!(lines("wrong", &query(wrong))[0].contains("0 of 1"), "{wrong}");
    }
}

#[test]
fn values_that_nobody_described_fail() {
    for case in [
        r#"{"dnsbl_response": [{"codes": {"mask": 2}, "answer": "REFUSED", "expect": "unknown"}]}"#,
        r#"{"dnsbl_response": [{"codes": {"mask": 2}, "answer": [], "expect": "perhaps"}]}"#,
        r#"{"dnsbl_response": [{"codes": {"list": []}, "answer": [], "expect": "not_listed"}]}"#,
        r#"{"dnsbl_health": [{"zone_answers": {"127.0.0.3": []}, "expect": "lists_nothing"}]}"#,
        r#"{"greylist_sequence": [{"steps": [{"t": 0, "expect": "defer"}]}]}"#,
        r#"{"greylist_defaults": {"delay": 1, "window": 2, "expire": 3, "auto_allow_after": 4, "x": 5}, "greylist_sequence": [{"steps": [{"t": 0, "expect": "defer"}]}]}"#,
    ] {
        assert!(lines("odd", case)[0].contains("0 of 1"), "{case}");
    }
}
