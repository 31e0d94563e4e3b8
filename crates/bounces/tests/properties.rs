//! What holds for every input.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use mailwright_bounces::tag::{Batv, Srs, Verp};
use mailwright_bounces::{Class, Reply, Report, Score, classify, parse, sent_by_us};
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_octets_give_a_report(raw in prop::collection::vec(any::<u8>(), 0..2048)) {
        whole(&parse(&raw), raw.len());
    }

    #[test]
    fn anything_in_the_place_of_fields_gives_a_report(fields in "(Final-Recipient|Action|Status|Diagnostic-Code|Reporting-MTA|Original-Recipient)?[ :;a-z0-9.@<>\r\n\t\\x80-\u{ff}]{0,300}") {
        let raw = format!(
            "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
             --b\nContent-Type: message/delivery-status\n\n{fields}\n--b--\n"
        );
        whole(&parse(raw.as_bytes()), raw.len());
    }

    #[test]
    fn a_verdict_points_into_its_reply(line in ".{0,300}") {
        let verdict = classify(&line);
        prop_assert!(line.get(verdict.matched.clone()).is_some(), "{:?}", verdict.matched);
    }

    #[test]
    fn no_transient_reply_makes_an_unknown_user_hard(text in "[ -~]{0,80}") {
        let verdict = classify(&format!("450 4.1.1 {text} user unknown"));
        prop_assert!(verdict.reason != mailwright_bounces::Reason::RecipientUnknown || verdict.class == Class::Soft);
    }

    #[test]
    fn verp_comes_back(local in "[a-z0-9.+_=-]{1,30}", host in "[a-z0-9.-]{1,30}") {
        let verp = Verp::new("bounces", '-');
        let recipient = format!("{local}@{host}");
        let sender = verp.encode(&recipient, "lists.example").unwrap();
        prop_assert_eq!(verp.decode(&sender), Some(recipient));
    }

    #[test]
    fn tags_of_any_text_are_read_or_not(text in ".{0,80}", tail in "(SRS[01][=+-]|prvs=)?.{0,60}@.{0,20}") {
        for text in [text.as_str(), tail.as_str()] {
            let _ = (Srs::decode(text), Batv::decode(text), Verp::new("b", '+').decode(text));
        }
    }

    #[test]
    fn a_score_holds_for_any_clock(times in prop::collection::vec(any::<u32>(), 0..20)) {
        let mut score = Score::default();
        for seconds in times {
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(seconds));
            score.record_verdict(&classify("550 5.7.1 blocked"), None, now);
        }
        prop_assert!(!score.is_suppressed() && score.points() == 0.0);
    }
}

/// What every report holds to.
fn whole(report: &Report, len: usize) {
    for recipient in &report.recipients {
        assert!(recipient.span.start <= recipient.span.end && recipient.span.end <= len, "{recipient:?}");
        assert!(recipient.diagnostic.get(recipient.verdict.matched.clone()).is_some(), "{recipient:?}");
        assert!(!recipient.diagnostic.chars().any(char::is_control), "{recipient:?}");
    }
    let _ = sent_by_us(report, |_| false);
    let _ = Reply::parse("");
}

/// The messages of the conformance suite; none where it is not there.
fn suite() -> Vec<PathBuf> {
    let named = std::env::var_os("MAILWRIGHT_CONFORMANCE").map(PathBuf::from);
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    let mut folders = vec![named.unwrap_or(above).join("bounces")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension != "json" && extension != "md") {
                files.push(path);
            }
        }
    }
    files
}

/// A report without what depends on the length of line breaks.
fn without_places(mut report: Report) -> Report {
    for recipient in &mut report.recipients {
        recipient.span = 0..0;
    }
    report
}

#[test]
fn truncated_messages_give_reports() {
    // All truncations take minutes without optimisation.
    let step = if cfg!(debug_assertions) { 211 } else { 1 };
    for path in suite() {
        let raw = std::fs::read(&path).unwrap();
        let spread = (raw.len().saturating_sub(4096) / 64).max(1);
        let ends =
            (0..raw.len().min(4096)).step_by(step).chain((4096..raw.len()).step_by(spread * step.min(8)));
        for end in ends {
            whole(&parse(&raw[..end]), end);
        }
    }
}

#[test]
fn every_kind_of_line_break_gives_the_same_report() {
    for path in suite() {
        let raw = std::fs::read(&path).unwrap();
        if raw.contains(&0) {
            continue; // Not text.
        }
        let mut lf = Vec::new();
        let mut rest = raw.as_slice();
        while let [first, tail @ ..] = rest {
            rest = tail;
            match (first, tail) {
                (b'\r', [b'\n', behind @ ..]) => {
                    lf.push(b'\n');
                    rest = behind;
                }
                (b'\r', _) => lf.push(b'\n'),
                _ => lf.push(*first),
            }
        }
        let replaced = |with: &[u8]| {
            lf.iter()
                .flat_map(|octet| if *octet == b'\n' { with.to_vec() } else { vec![*octet] })
                .collect::<Vec<u8>>()
        };
        let report = without_places(parse(&lf));
        assert_eq!(report, without_places(parse(&replaced(b"\r\n"))), "CRLF: {}", path.display());
        assert_eq!(report, without_places(parse(&replaced(b"\r"))), "CR: {}", path.display());
    }
}

#[cfg(feature = "serde")]
#[test]
fn a_report_comes_back_from_json() {
    for path in suite() {
        let report = parse(&std::fs::read(&path).unwrap());
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report, "{}", path.display());
    }
}

#[cfg(feature = "user-rules")]
mod rules {
    use mailwright_bounces::{Classifier, Reason, Reply, RuleErrorKind, RuleSet};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_file_is_rules_or_an_error_with_a_place(text in ".{0,200}", phrase in "[ -~]{0,40}") {
            let _ = RuleSet::from_toml(&text);
            let quoted = phrase.replace(['\\', '\''], "");
            let file = format!("[[rule]]\nname = 'a'\nreason = 'policy'\nany = ['{quoted}']\n");
            match RuleSet::from_toml(&file) {
                Ok(rules) => prop_assert_eq!(rules.len(), 1),
                Err(error) => prop_assert_eq!(error.line(), 4, "{}", error),
            }
        }
    }

    #[test]
    fn errors_have_their_place() {
        let place =
            |text: &str| RuleSet::from_toml(text).map(|_| ()).map_err(|error| (error.line(), error.column()));
        assert_eq!(place("[[rule]]\nname = 'a'\nreason = 'tired'\nany = ['x']"), Err((3, 10)));
        assert_eq!(place("[[rule]]\nname = 'a'\nreason = 'policy'\nstatus = ['9.1.1']"), Err((4, 11)));
        assert_eq!(place("[[rule]\n").map_err(|(line, _)| line), Err(1));
        let lost = "[[rule]]\nname = 'a'\nreason = 'policy'\nany = ['foo']\ntest = ['550 bar']";
        let error = RuleSet::from_toml(lost).map(|_| ()).unwrap_err();
        assert!(matches!(error.kind(), RuleErrorKind::Lost { .. }));
        assert_eq!((error.line(), error.to_string().contains("550 bar")), (5, true));
    }

    #[test]
    fn a_users_rule_comes_before_ours() {
        let rules =
            RuleSet::from_toml("[[rule]]\nname = 'vip'\nreason = 'greylisted'\nany = ['user unknown']\n")
                .unwrap();
        let reply = Reply::parse("550 5.1.1 User unknown");
        assert_eq!(Classifier::with_rules(&rules).classify(&reply).reason, Reason::Greylisted);
        assert_eq!(Classifier::default().classify(&reply).reason, Reason::RecipientUnknown);
    }
}
