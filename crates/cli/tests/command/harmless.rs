//! Nothing of a message reaches a terminal or a page as a command.

use crate::program::{command, run, run_on, stdout};
use serde_json::Value;

/// Escape sequences, a C1 control, a bell, a bidirectional override and mark-up wherever a message has text of its own.
fn hostile() -> Vec<u8> {
    let evil = "\x1b]0;owned\x07\x1b[2J\u{9b}31m\u{202e}\u{2066}<script>alert(1)</script>\"'\r";
    let encoded: String = evil.bytes().map(|octet| format!("={octet:02X}")).collect();
    format!(
        "From: \"{evil}\" <{evil}@example.org>\r\nTo: =?utf-8?q?{encoded}?= <a@example.org>, g{evil}: b@x;\r\n\
         Subject: {evil} =?utf-8?q?{encoded}?=\r\nDate: {evil}\r\nMessage-ID: <{evil}>\r\nReferences: <{evil}> <x{evil}>\r\n\
         Received: from {evil} by {evil} with {evil}; {evil}\r\n\
         Authentication-Results: {evil}; dkim=pass reason=\"{evil}\" header.d={evil}\r\n\
         Authentication-Results: x; dkim=pass reason=\"{evil}\" header.d=\"{evil}\"\r\n\
         {evil}\r\n\
         Content-Type: multipart/mixed{evil}; boundary=b\r\n\r\n--b\r\n\
         Content-Type: te{evil}xt/pl{evil}ain; charset=\"{evil}\"; name=\"{evil}\"\r\n\
         Content-Disposition: attachment; filename=\"{evil}\"\r\n\r\n{evil}\r\n--b\r\n\r\n{evil}\r\n--b{evil}\r\n"
    )
    .into_bytes()
}

fn assert_harmless(text: &str) {
    let bad = text.chars().find(|c| {
        (c.is_control() && *c != '\n') || matches!(*c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    });
    assert_eq!(bad, None, "{text}");
}

#[test]
fn a_terminal_is_given_no_command() {
    let hostile = hostile();
    for arguments in [
        &["check", "-"][..],
        &["check", "-", "--full"],
        &["check", "-", "--json"],
        &["check", "-", "--each"],
        &["tree", "-", "--offsets"],
        &["tree", "-", "--json"],
    ] {
        let output = run_on(arguments, &hostile);
        assert!(output.status.code().is_some_and(|status| status < 2), "{arguments:?}");
        let text = stdout(&output);
        assert!(text.contains("owned"), "{text}");
        assert_harmless(&text);
    }
    let mailbox = [b"From x\n".as_slice(), &hostile, b"\n\nFrom y\n", &hostile].concat();
    for arguments in [
        &["check", "-"][..],
        &["check", "-", "--each"],
        &["thread", "-", "--snippets"],
        &["thread", "-", "--snippets", "--json"],
        &["thread", "-", "--dot"],
        &["thread", "-", "--html", "-"],
    ] {
        assert_harmless(&stdout(&run_on(arguments, &mailbox)));
    }
}

#[test]
fn json_keeps_what_it_escapes() {
    let output = run_on(&["check", "-", "--json"], "Subject: a\u{202e}b\u{9b}c\n\n".as_bytes());
    let text = stdout(&output);
    assert!(text.contains(r"a\u202eb\u009bc"), "{text}");
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["message"]["subject"], "a\u{202e}b\u{9b}c");
}

#[test]
fn a_page_holds_no_mark_up_of_the_message() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    let mailbox = [b"From x\n".as_slice(), &hostile(), b"\n\nFrom y\n", &hostile()].concat();
    for (arguments, input) in [
        (&["check", "-"][..], hostile()),
        (&["check", "-", "--each"], mailbox.clone()),
        (&["thread", "-", "--snippets"], mailbox),
    ] {
        let mut arguments: Vec<&std::ffi::OsStr> = arguments.iter().map(AsRef::as_ref).collect();
        arguments.extend(["--html".as_ref(), page.as_os_str()]);
        run_on(&arguments, &input);
        let html = std::fs::read_to_string(&page).unwrap();
        assert!(html.contains("&lt;script&gt;"), "{html}");
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("http://") && !html.contains("https://"), "{html}");
        assert_harmless(&html);
    }
}

#[test]
fn file_names_are_strangers_too() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a\x1b[2J\u{202e}.eml"), "Subject: x\n\n").unwrap();
    assert_harmless(&stdout(&run(&["check".as_ref(), folder.path().as_os_str(), "--each".as_ref()])));
    let missing = run(&["check", "/no\x1b[2J"]);
    assert!(!String::from_utf8(missing.stderr).unwrap().contains('\x1b'));
}

#[test]
fn colour_is_for_terminals_and_for_who_asks() {
    let coloured = |arguments: &[&str], variable: Option<(&str, &str)>| {
        let mut command = command(arguments);
        if let Some((name, value)) = variable {
            command.env(name, value);
        }
        command.output().unwrap().stdout.contains(&0x1b)
    };
    assert!(!coloured(&["demo"], None));
    assert!(coloured(&["demo", "--color", "always"], None));
    assert!(coloured(&["demo"], Some(("CLICOLOR_FORCE", "1"))));
    assert!(!coloured(&["demo", "--color", "never"], Some(("CLICOLOR_FORCE", "1"))));
    assert!(!coloured(&["demo"], Some(("NO_COLOR", "1"))));
    let usage = |color: &[&str]| {
        let mut command = command(&[&["check", "--no-such-option"], color].concat());
        command.env("CLICOLOR_FORCE", "1").output().unwrap().stderr.contains(&0x1b)
    };
    assert!(usage(&[]) && usage(&["--", "--color=never"]));
    assert!(!usage(&["--color", "never"]) && !usage(&["--color=never"]));
}
