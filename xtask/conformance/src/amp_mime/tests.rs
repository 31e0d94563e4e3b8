use super::AREA;

fn suites(file: &str, text: &str) -> Vec<(&'static str, bool)> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("cases")).unwrap();
    std::fs::write(folder.path().join(file), text).unwrap();
    let cases = (AREA.collect)(folder.path()).unwrap();
    cases.iter().map(|case| (case.suite, case.want.is_err())).collect()
}

#[test]
fn a_folder_of_another_form_is_refused() {
    assert!((AREA.collect)(tempfile::tempdir().unwrap().path()).is_err());
}

#[test]
fn a_key_that_nobody_described_makes_the_line_wrong() {
    let line = |extra: &str| {
        format!("{{\"id\": \"x\", \"html\": \"\", \"status\": \"FAIL\", \"errors\": []{extra}}}\n")
    };
    let lines = line("") + &line(", \"odd\": 1") + "{broken\n";
    assert_eq!(suites("cases/a.jsonl", &lines), [("cases", false), ("cases", true), ("cases", true)]);
    assert_eq!(suites("cases/limits.json", r#"{"cases": [{}]}"#), [("limits", true)]);
}
