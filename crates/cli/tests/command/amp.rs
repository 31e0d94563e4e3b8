//! `amp`: validate, lint, explain, build, strip, the section of `check`, and the message of `demo`.

use serde_json::Value;

use crate::program::{run, stdout};

/// A folder with the sample message and its description.
fn files() -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, run(&["demo", "--print", name]).stdout).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (message, description) = (write("rsvp.eml"), write("rsvp.toml"));
    (folder, message, description)
}

fn explain(message: &str, more: &[&str]) -> (Option<i32>, String) {
    let ran = run(&[&["amp", "explain", message, "--at", "1795600000"], more].concat());
    (ran.status.code(), stdout(&ran))
}

#[test]
fn the_sample_is_what_its_description_makes() {
    let (_folder, message, description) = files();
    let built = run(&["amp", "build", &description]);
    assert!(built.status.success());
    assert!(std::fs::read(message).unwrap().ends_with(&built.stdout));
    assert_eq!(run(&["amp", "build"]).stdout, std::fs::read(description).unwrap());
}

#[test]
fn documents_and_messages_are_validated() {
    let (folder, message, description) = files();
    let ran = run(&["amp", "validate", &message]);
    assert_eq!((ran.status.code(), stdout(&ran).ends_with(": valid\n")), (Some(0), true), "{}", stdout(&ran));
    let page = folder.path().join("page.html");
    let page = page.to_str().unwrap();
    assert!(run(&["amp", "build", &description, "--part", "amp", "-o", page]).status.success());
    assert_eq!(run(&["amp", "validate", page]).status.code(), Some(0));
    let text = std::fs::read_to_string(page).unwrap().replace("<h1>", "<h1 onclick=x>");
    std::fs::write(page, text).unwrap();
    let ran = run(&["amp", "validate", page, "--json"]);
    assert_eq!(ran.status.code(), Some(1));
    let found: Value = serde_json::from_str(&stdout(&ran)).unwrap();
    assert_eq!(found["status"], "FAIL");
    assert_eq!(found["findings"][0]["code"], "DISALLOWED_ATTR");
    assert!(stdout(&run(&["amp", "validate", page])).contains("DISALLOWED_ATTR"));
    // A message without AMP.
    let plain = folder.path().join("plain.eml");
    std::fs::write(&plain, "Subject: x\n\nhello\n").unwrap();
    let ran = run(&["amp", "validate", plain.to_str().unwrap()]);
    assert_eq!(ran.status.code(), Some(1));
    assert!(stdout(&ran).contains("no AMP part"));
    assert_eq!(run(&["amp", "validate", "not there"]).status.code(), Some(2));
}

#[test]
fn what_is_valid_and_not_shown_is_found() {
    let (folder, message, _) = files();
    assert_eq!(run(&["amp", "lint", &message]).status.code(), Some(0));
    let page = folder.path().join("page.html");
    std::fs::write(&page, "<html \u{26a1}4email data-css-strict><body><button on='tap:AMP.print'>x</button>")
        .unwrap();
    let ran = run(&["amp", "lint", page.to_str().unwrap(), "--json"]);
    assert_eq!(ran.status.code(), Some(1));
    let found: Value = serde_json::from_str(&stdout(&ran)).unwrap();
    assert_eq!(found["lints"][0]["rule"], "DISALLOWED_ACTION");
}

#[test]
fn why_a_client_shows_html() {
    let (folder, message, _) = files();
    let (status, text) = explain(&message, &[]);
    assert_eq!(status, Some(1));
    assert!(text.contains("Gmail: shows HTML or text") && text.contains("(AUTH_FAILED)"), "{text}");
    assert!(text.contains("FairEmail: shows the AMP part when its user asks for it"), "{text}");
    let (status, text) = explain(&message, &["--trust", "mx.example.org"]);
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("Mail.ru: shows the AMP part\n"), "{text}");
    let gmail = ["--trust", "mx.example.org", "--client", "gmail"];
    let (status, text) =
        explain(&message, &[&gmail[..], &["--registered", "a@b.example", "--tls", "false"]].concat());
    assert_eq!(status, Some(1));
    assert!(text.contains("(NO_TLS)") && text.contains("(SENDER_NOT_REGISTERED)"), "{text}");
    let (status, text) = explain(&message, &[&gmail[..], &["--json"]].concat());
    let found: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, &found["clients"][0]["verdict"]), (Some(0), &Value::from("render")));

    let profiles = folder.path().join("clients.toml");
    std::fs::write(&profiles, "[ours]\nname = 'x'\n").unwrap();
    let ran = run(&["amp", "explain", &message, "--profiles", profiles.to_str().unwrap()]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("line 2"));
    assert_eq!(explain(&message, &["--client", "nobody"]).0, Some(2));
}

#[test]
fn strip_leaves_text_and_html() {
    let (folder, message, _) = files();
    let plain = folder.path().join("plain.eml");
    let plain = plain.to_str().unwrap();
    assert!(run(&["amp", "strip", &message, "-o", plain]).status.success());
    let (whole, left) = (std::fs::read_to_string(&message).unwrap(), std::fs::read_to_string(plain).unwrap());
    assert!(whole.len() > left.len() && !left.contains("x-amp-html"));
    let html = whole.split_once("Content-Type: text/html").unwrap().1;
    assert!(left.ends_with(html));
    assert_eq!(run(&["amp", "strip", plain]).stdout, left.as_bytes());
    assert_eq!(run(&["amp", "strip", &message, "-o", &message]).status.code(), Some(2));
}

#[test]
fn a_description_that_makes_nothing_valid() {
    let (folder, _, description) = files();
    let broken = folder.path().join("broken.toml");
    let text = std::fs::read_to_string(description).unwrap();
    for (from, to, said) in [
        ("https://events.example/rsvp", "http://events.example/rsvp", "Url: the URL must be absolute"),
        ("Thank you, {{name}}!", "Thank you, {{name!", "Template: at octet"),
        ("color: #234", "color: url(x", "css: "),
        ("kind = \"heading\"", "kind = \"marquee\"", "unknown variant `marquee`"),
    ] {
        std::fs::write(&broken, text.replacen(from, to, 1)).unwrap();
        let ran = run(&["amp", "build", broken.to_str().unwrap()]);
        let stderr = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(said), "{stderr}");
    }
}

#[test]
fn check_and_demo_show_the_amp_part() {
    let (_folder, message, _) = files();
    let text = stdout(&run(&["check", &message]));
    assert!(text.contains("\nAMP  valid\n"), "{text}");
    let ran = run(&["check", &message, "--json"]);
    let found: Value = serde_json::from_str(&stdout(&ran)).unwrap();
    assert_eq!(found["amp"]["structure"], "ok");
    let demo = stdout(&run(&["demo"]));
    assert!(demo.contains("Yahoo Mail: shows the AMP part"), "{demo}");
}
