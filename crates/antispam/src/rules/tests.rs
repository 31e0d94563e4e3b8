use mailwright_message_model::Message;

use super::*;
use crate::{ErrorKind, Place};

fn names(set: &RuleSet, raw: &str) -> Vec<String> {
    let message = Message::parse(raw.as_bytes()).unwrap();
    let mut findings = Findings::new();
    set.check(&Input::new(&message, 0), &mut findings);
    findings.into_vec().into_iter().map(|finding| finding.rule.into_owned()).collect()
}

/// The files compile, and every rule meets its own messages. A twin of another rule is an error of its own.
#[test]
fn the_rules_meet_their_messages() {
    let texts = FILES.iter().map(|text| (*text).to_owned()).collect();
    let set = compile::compile(texts, false).unwrap();
    for text in FILES {
        compile::run_tests(&set, &toml::from_str(text).unwrap(), text).unwrap();
    }
    assert!(set.rules.len() > 150);
    assert_eq!(set.rules.len(), RuleSet::builtin().rules.len());
}

#[test]
fn every_rule_is_described_and_tested() {
    for text in FILES {
        let source: source::Source = toml::from_str(text).unwrap();
        for rule in &source.rule {
            let name = rule.name.as_ref();
            assert!(!rule.about.trim().is_empty(), "{name}");
            // The limits are not met by a message of a test's size.
            if name != "MESSAGE_CUT" {
                assert!(!rule.hit.is_empty() && !rule.miss.is_empty(), "{name} needs messages");
            }
            let score = rule.score.as_ref().map_or(0.0, |score| *score.as_ref());
            assert!((-1.5..=5.0).contains(&score), "{name}");
        }
    }
}

/// A rule that only ever fires along with another of the same messages is shadowed by it: each has a message of its own.
#[test]
fn no_rule_is_shadowed() {
    let set = RuleSet::builtin();
    let mut seen: Vec<(String, Vec<Vec<bool>>)> = Vec::new();
    for text in FILES {
        let source: source::Source = toml::from_str(text).unwrap();
        for rule in &source.rule {
            let met = |raw: &toml::Spanned<String>| {
                set.met(&Input::new(&Message::parse(raw.as_ref().as_bytes()).unwrap(), 0)).0
            };
            let all: Vec<Vec<bool>> = rule.hit.iter().chain(&rule.miss).map(met).collect();
            seen.push((rule.name.as_ref().clone(), all));
        }
    }
    let column = |rule: usize| -> Vec<bool> {
        seen.iter().flat_map(|(_, rows)| rows.iter().map(move |row| row[rule])).collect()
    };
    let columns: Vec<Vec<bool>> = (0..set.rules.len()).map(column).collect();
    for (one, column) in columns.iter().enumerate() {
        for (other, earlier) in columns.iter().enumerate().take(one) {
            let scored =
                [one, other].iter().all(|rule| set.rules[*rule].score.is_some_and(|score| score != 0.0));
            assert!(
                !scored || column != earlier,
                "{} and {} meet the same messages",
                set.rules[one].name,
                set.rules[other].name
            );
        }
    }
}

const RULE: &str = "[[rule]]\nname = \"OFFICE\"\nscore = 2.0\nabout = \"our words\"\nall = [{ words = [\"blue elephant\"], in = \"text\" }]\n";

#[test]
fn rules_of_the_user() {
    let set = RuleSet::parse(RULE).unwrap();
    assert_eq!(names(&set, "Subject: a\n\na Blue   elephant!\n"), ["OFFICE"]);
    assert_eq!(names(&set, "Subject: a\n\na blue elephants\n"), [] as [&str; 0]);
    let more = RuleSet::builtin().with(&format!("{RULE}[scores]\nFROM_MISSING = 0.0\n")).unwrap();
    let found = names(&more, "Subject: a\n\na blue elephant\n");
    assert!(found.contains(&"OFFICE".to_owned()) && !found.contains(&"FROM_MISSING".to_owned()));
    assert!(
        names(RuleSet::builtin(), "Subject: a\n\na blue elephant\n").contains(&"FROM_MISSING".to_owned())
    );
}

#[test]
fn an_error_names_its_line() {
    let rule = |test: &str| {
        format!("# one\n[[rule]]\nname = \"A\"\nscore = 1.0\nabout = \"x\"\nall = [\n  {test},\n]\n")
    };
    for test in [
        "{ fact = \"no.such\" }",
        "{ rule = \"NO_SUCH\" }",
        "{ regex = ['('], in = \"text\" }",
        "{ regex = ['a*'], in = \"text\" }",
        "{ regex = ['\\w{1,1000}{1,1000}'], in = \"text\" }",
        "{ regex = ['a'], in = \"nowhere\" }",
        "{ regex = ['a'] }",
        "{ words = ['!'], in = \"text\" }",
        "{ words = ['a'], in = \"html\" }",
        "{ fact = \"url.count\", in = \"text\" }",
        "{ fact = \"url.count\", colour = 1 }",
    ] {
        let error = RuleSet::parse(&rule(test)).unwrap_err();
        assert_eq!(error.place(), &Place::Line(7), "{test}: {error}");
        assert!(matches!(error.kind(), ErrorKind::Rules(_)));
    }
    let line = |text: &str| RuleSet::parse(text).unwrap_err().place().clone();
    assert_eq!(line(&format!("{RULE}{RULE}")), Place::Line(7));
    assert_eq!(line("[[rule]]\nname = \"a b\"\nabout = \"x\"\nall = []\n"), Place::Line(2));
    assert_eq!(line(&format!("{RULE}hit = [\n\"Subject: a\\n\\nred elephant\\n\"]\n")), Place::Line(7));
    assert_eq!(line(&format!("{RULE}miss = [\"Subject: a\\n\\nblue elephant\\n\"]\n")), Place::Line(6));
    assert_eq!(line(&format!("{RULE}[scores]\nNO_SUCH = 1.0\n")), Place::Line(7));
}

#[test]
fn a_finding_says_what_and_where() {
    let raw = b"From: \"service@bank.example\" <x@evil.example>\n\nhi\n";
    let message = Message::parse(raw).unwrap();
    let mut findings = Findings::new();
    RuleSet::builtin().check(&Input::new(&message, 0), &mut findings);
    let found =
        findings.as_slice().iter().find(|finding| finding.rule == "FROM_SHOWS_OTHER_ADDRESS").unwrap();
    assert!(found.detail.ends_with("shows service@bank.example, is x@evil.example"));
    assert_eq!(found.spans, [message.field("From").unwrap().span()]);
}

/// Names of facts are unique and written alike.
#[test]
fn facts_have_names() {
    let mut all: Vec<&str> = fact_names().collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
    assert!(all.iter().all(|name| name.contains('.') && *name == name.to_lowercase()));
}
