use serde_json::json;

use super::{AREA, entry::Entry};

#[test]
fn a_field_or_value_that_nobody_described_makes_the_case_wrong() {
    let entry = |extra: serde_json::Value| {
        let mut entry =
            json!({ "file": "a/b.eml", "kind": "bounce", "kind_accept": ["bounce"], "recipients": [] });
        entry.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        Entry::read(&entry).map(|_| ())
    };
    assert_eq!(entry(json!({ "any_reason": ["mailbox_full"], "feedback_type": "miss" })), Ok(()));
    assert_eq!(entry(json!({ "colour": "red" })), Err("unknown key `colour`".into()));
    assert!(entry(json!({ "kind": "snail" })).is_err());
    assert!(entry(json!({ "recipients": [{ "recipient": "a@b.example", "reason": "tired" }] })).is_err());
}

#[test]
fn a_folder_of_another_form_is_refused_and_a_broken_entry_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    assert!((AREA.collect)(folder.path()).is_err());
    std::fs::write(folder.path().join("manifest.json"), r#"[{"file": "x", "kind": "auto_reply", "odd": 1}]"#)
        .unwrap();
    let cases = (AREA.collect)(folder.path()).unwrap();
    let suites: Vec<_> = cases.iter().map(|case| (case.suite, case.want.is_err())).collect();
    assert_eq!(suites, [("kind", true), ("no-false-positive", true)]);
}

#[test]
fn either_file_may_be_missing() {
    let folder = tempfile::tempdir().unwrap();
    let line = r#"{"own": [{"line": "550 5.1.1 User unknown", "reason": "recipient_unknown", "bounce_class": "hard"}]}"#;
    std::fs::write(folder.path().join("smtp-lines.json"), line).unwrap();
    assert_eq!((AREA.collect)(folder.path()).unwrap().len(), 1);
}
