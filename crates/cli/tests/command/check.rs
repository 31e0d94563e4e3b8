//! `check` on single messages: exit status, sections, JSON, failures.

use std::fs;
use std::process::Stdio;

use crate::program::{command, failure, run, run_on, sample, stdout};
use serde_json::Value;

#[test]
fn exit_status_says_whether_readers_may_differ() {
    for (name, status) in [("good.eml", 0), ("forward.eml", 0), ("forged.eml", 0), ("ambiguous.eml", 1)] {
        let output = run(&["check".as_ref(), sample(name).as_os_str()]);
        assert_eq!(output.status.code(), Some(status), "{name}");
        assert!(output.stderr.is_empty());
    }
    let illegal = run_on(&["check", "-"], b"Subject: no From and no Date\r\n\r\nhi\r\n");
    assert_eq!(illegal.status.code(), Some(0));
    assert!(stdout(&illegal).contains("ILLEGAL"));
}

#[test]
fn defects_have_rule_place_and_octets() {
    let text = stdout(&run(&["check".as_ref(), sample("ambiguous.eml").as_os_str()]));
    assert!(text.contains("DuplicateMimeField  RFC 2045 3  line 8, offset 220, 26 octets"), "{text}");
    assert!(text.contains(r"│ Content-Type: text/plain\r\n"), "{text}");
    assert!(text.contains("part 1.1, line 17"), "{text}");
}

#[test]
fn json_is_one_object_with_every_section() {
    let text = stdout(&run(&["check".as_ref(), sample("forged.eml").as_os_str(), "--json".as_ref()]));
    assert_eq!(text.lines().count(), 1);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["report"], "message");
    assert_eq!(report["verdict"], "no_defect");
    assert_eq!(report["path"].as_str(), sample("forged.eml").to_str());
    assert_eq!(report["message"]["hints"][0], "hidden_characters");
    assert_eq!(report["message"]["date"], "2025-01-17T03:00:00Z");
    assert_eq!(report["addresses"]["list"][0]["hints"][0], "address_in_name");
    assert_eq!(report["addresses"]["list"][1]["hints"][0], "other_domain_than_from");
    assert_eq!(report["structure"]["list"][0]["type"], "text/plain");
    assert_eq!(report["defects"]["count"], 0);
    assert_eq!(report["authentication"]["verified"], false);
    assert_eq!(report["authentication"]["claims"][0]["authserv_id"], "mx.example.org");
    assert_eq!(report["authentication"]["claims"][0]["results"][2]["method"], "dmarc");
    assert_eq!(report["trace"]["list"][0]["from_ip"], "203.0.113.77");
    assert_eq!(report["text"]["text"][0], "1");
}

#[test]
fn what_may_deceive_is_not_called_fine() {
    let text = stdout(&run(&["check".as_ref(), sample("forged.eml").as_os_str()]));
    assert!(text.contains("\nNO DEFECT: every reader sees the same message\n"), "{text}");
    assert!(text.contains("\nNOTE: the subject holds invisible or reordering characters\n"), "{text}");
    let twice = "\nNOTE: 2 addresses to look at twice; From: the name shows another address";
    assert!(text.contains(twice) && !text.to_lowercase().contains("fine"), "{text}");
}

#[test]
fn claims_are_called_claims() {
    let text = stdout(&run(&["check".as_ref(), sample("forged.eml").as_os_str()]));
    assert!(text.contains("1 field, not verified"), "{text}");
    assert!(text.contains("dkim=pass header.d=bank.example"), "{text}");
}

#[test]
fn standard_input_is_read() {
    let good = std::fs::read(sample("good.eml")).unwrap();
    let output = run_on(&["check", "-"], &good);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).starts_with("standard input  1.5 kB"));
}

#[test]
fn what_is_no_mail_is_one_line_and_status_2() {
    let empty = tempfile::tempdir().unwrap();
    assert!(failure(&run(&["check", "/no/such/file"])).contains("no such file"));
    assert!(failure(&run(&["check".as_ref(), empty.path().as_os_str()])).contains("no mail"));
    assert!(failure(&run_on(&["check", "-", "--format", "mbox"], b"Subject: x\n\n")).contains("no mbox"));
    std::fs::write(empty.path().join("notes"), "no header here\n").unwrap();
    assert!(failure(&run(&["check".as_ref(), empty.path().as_os_str()])).contains("no mail"));
    let usage = run(&["check", "--no-such-option"]);
    assert_eq!(usage.status.code(), Some(2));
}

#[test]
fn a_message_beyond_the_limit_is_refused_by_its_name() {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(64 << 20).unwrap();
    let within = run(&["check".as_ref(), file.path().as_os_str()]);
    assert_eq!(within.status.code(), Some(1));
    file.as_file().set_len((64 << 20) + 1).unwrap();
    let said = failure(&run(&["check".as_ref(), file.path().as_os_str()]));
    assert!(said.contains("Limits::bytes"), "{said}");
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    for arguments in
        [&["demo"][..], &["check", "-"], &["check", "-", "--json"], &["completions", "bash"], &["man"]]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let said = failure(&command(arguments).stdin(Stdio::null()).stdout(writer).output().unwrap());
        assert!(said.contains("standard output was closed"), "{arguments:?}: {said}");
    }
}

#[test]
fn long_lists_are_cut_and_counted() {
    let many = b"To: a@example.org\r\n".repeat(5_000);
    let text = stdout(&run_on(&["check", "-"], &many));
    assert!(text.contains("and 4,900 more"), "{text}");
    assert!(text.len() < 20_000);
    let whole = stdout(&run_on(&["check", "-", "--full"], &many));
    assert!(whole.contains("To (5000)") && !whole.contains(" more "));
    let json: Value = serde_json::from_str(&stdout(&run_on(&["check", "-", "--json"], &many))).unwrap();
    assert_eq!(json["addresses"]["count"], 5_000);
    assert_eq!(json["addresses"]["list"].as_array().unwrap().len(), 1_000);
}

#[test]
fn nesting_does_not_recurse() {
    let nested = b"Content-Type: message/rfc822\n\n".repeat(100_000);
    for arguments in
        [&["check", "-"][..], &["check", "-", "--json"], &["check", "-", "--full"], &["tree", "-"]]
    {
        let output = run_on(arguments, &nested);
        assert!(output.status.code().is_some_and(|status| status < 2), "{arguments:?}");
        assert!(output.stdout.len() < 400_000, "{arguments:?}: {}", output.stdout.len());
    }
}

#[test]
fn a_page_never_takes_the_place_of_mail() {
    let folder = tempfile::tempdir().unwrap();
    let cur = folder.path().join("cur");
    fs::create_dir(&cur).unwrap();
    fs::create_dir(folder.path().join("new")).unwrap();
    let mail = cur.join("1");
    fs::copy(sample("good.eml"), &mail).unwrap();
    let before = fs::read(&mail).unwrap();
    for read in [mail.as_path(), folder.path()] {
        let output = run(&["check".as_ref(), read.as_os_str(), "--html".as_ref(), mail.as_os_str()]);
        assert!(failure(&output).contains("is part of what is read"));
        assert_eq!(fs::read(&mail).unwrap(), before);
    }
}
