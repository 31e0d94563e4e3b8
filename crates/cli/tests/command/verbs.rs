//! `tree`, `demo`, `completions`, `man`, and what clap gives.

use crate::program::{run, sample, stdout};
use serde_json::Value;

#[test]
fn demo_needs_nothing_and_finds_something_to_show() {
    let output = run(&["demo"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
    let text = stdout(&output);
    for word in ["good.eml", "AMBIGUOUS", "message/rfc822", "not verified", "the name shows another address"]
    {
        assert!(text.contains(word), "{word} is missing:\n{text}");
    }
    assert!(text.contains("[+2]") && text.contains("\u{2014} Thursday suits me."), "{text}");
    assert!(!text.contains("Everything is merged. Shall we release on Thursday?\n\n"), "{text}");
    let good = run(&["demo", "--print", "good.eml"]);
    assert_eq!(good.stdout, std::fs::read(sample("good.eml")).unwrap());
}

#[test]
fn tree_has_numbers_and_offsets() {
    let text = stdout(&run(&["tree".as_ref(), sample("forward.eml").as_os_str(), "--offsets".as_ref()]));
    let numbers: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(numbers, ["1", "2", "2.1", "2.1.1"]);
    assert!(text.contains("0..807"), "{text}");
}

#[test]
fn tree_takes_several_paths() {
    let (one, other) = (sample("good.eml"), sample("forward.eml"));
    let text = stdout(&run(&["tree".as_ref(), one.as_os_str(), other.as_os_str()]));
    assert!(text.contains("good.eml\n") && text.contains("forward.eml\n"), "{text}");
}

#[test]
fn tree_in_json_gives_back_the_octets() {
    let file = sample("good.eml");
    let raw = std::fs::read(&file).unwrap();
    let tree: Value =
        serde_json::from_str(&stdout(&run(&["tree".as_ref(), file.as_os_str(), "--json".as_ref()]))).unwrap();
    let parts = tree["parts"].as_array().unwrap();
    let csv = parts.iter().find(|part| part["type"] == "text/csv").unwrap();
    assert_eq!(csv["number"], "2");
    let offset = |name: &str| usize::try_from(csv[name].as_u64().unwrap()).unwrap();
    assert!(raw[offset("start")..].starts_with(b"Content-Type: text/csv"));
    assert!(raw[offset("body")..offset("end")].ends_with(b"LEZyaWRheQ0K"));
}

#[test]
fn manual_and_completions_name_every_verb() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(&["man".as_ref(), folder.path().as_os_str()]).status.code(), Some(0));
    let script = stdout(&run(&["completions", "bash"]));
    let help = stdout(&run(&["--help"]));
    for verb in ["check", "tree", "thread", "demo", "completions", "man"] {
        assert!(script.contains(verb) && help.contains(verb), "{verb}");
        assert!(folder.path().join(format!("mailwright-{verb}.1")).is_file(), "{verb}");
    }
    assert!(help.contains("Examples:"), "{help}");
    assert!(stdout(&run(&["--version"])).starts_with("mailwright "));
}
