//! `bounce`: classify, parse, explain, summary, and the section of `check`.

use crate::program::{run, stdout};

const BOUNCE: &str = "From: MAILER-DAEMON@mx.example.org\nTo: us@example.org\nSubject: Undelivered Mail Returned to Sender\n\
    Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\
    Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n\
    Final-Recipient: rfc822; jo@example.net\nAction: failed\nStatus: 5.1.1\n\
    Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n--b\nContent-Type: message/rfc822\n\n\
    Message-ID: <1@example.org>\n\nhi\n--b--\n";

fn file() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bounce.eml");
    std::fs::write(&path, BOUNCE).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[test]
fn a_reply_is_judged_by_its_words() {
    let ran =
        run(&["bounce", "classify", "550 5.1.1 <jo@example.net> has sent to too many recipients this hour"]);
    assert!(ran.status.success());
    assert!(stdout(&ran).contains("soft, rate_limited"), "{}", stdout(&ran));
    let hard = run(&["bounce", "classify", "--json", "550 5.1.1 User unknown"]);
    assert_eq!(hard.status.code(), Some(1));
    assert!(stdout(&hard).contains("\"reason\":\"recipient_unknown\""));
}

#[test]
fn a_bounce_is_parsed_explained_and_counted() {
    let (folder, path) = file();
    let parsed = stdout(&run(&["bounce", "parse", &path]));
    assert!(parsed.contains("jo@example.net failed 5.1.1: recipient_unknown, hard; suppress"), "{parsed}");
    assert!(parsed.contains("about <1@example.org>"), "{parsed}");
    let explained = stdout(&run(&["bounce", "explain", &path]));
    assert!(
        explained.contains("Bad destination mailbox address") && explained.contains("[no such user]"),
        "{explained}"
    );
    let page = folder.path().join("page.html");
    let counted = stdout(&run(&["bounce", "summary", &path, "--html", page.to_str().unwrap()]));
    assert!(counted.starts_with("1 failed deliveries in 1 messages: 1 hard, 0 soft"), "{counted}");
    assert!(std::fs::read_to_string(page).unwrap().contains("example.net"));
    assert!(stdout(&run(&["check", &path])).contains("Report on mail sent"));
}

#[test]
fn rules_of_the_users_own() {
    let (folder, path) = file();
    let rules = folder.path().join("rules.toml");
    std::fs::write(&rules, "[[rule]]\nname = 'ours'\nreason = 'policy'\nany = ['no such user']\n").unwrap();
    let ran = run(&["bounce", "parse", &path, "--rules", rules.to_str().unwrap()]);
    assert!(stdout(&ran).contains("policy, soft"), "{}", stdout(&ran));
    std::fs::write(&rules, "[[rule]]\nname = 'ours'\nreason = 'tired'\n").unwrap();
    let ran = run(&["bounce", "classify", "550", "--rules", rules.to_str().unwrap()]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("line 3, column 10"));
}
