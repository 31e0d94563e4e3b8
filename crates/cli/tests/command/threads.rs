//! `thread`, and what `check` tells of the threads of a mailbox.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use crate::program::{failure, run, run_on, sample, stdout};
use serde_json::Value;

fn thread(more: &[&str]) -> std::process::Output {
    let file = sample("conversation.mbox");
    let mut arguments: Vec<&OsStr> = vec!["thread".as_ref(), file.as_os_str()];
    arguments.extend(more.iter().map(|word| OsStr::new(*word)));
    run(&arguments)
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_mailbox_is_a_tree_of_lines() {
    let output = thread(&[]);
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output);
    let mut lines = text.lines();
    assert!(lines.next().unwrap().ends_with("conversation.mbox: 5 messages in 1 thread"));
    let tree: Vec<&str> = lines.skip(1).map(|line| line.split("  ").next().unwrap()).collect();
    assert_eq!(tree, ["Zo\u{eb} Baker", "├─Ann Archer", "│ └─Jo Curie", "│", "└─Max Dietz"]);
}

#[test]
fn snippets_and_folds() {
    let text = stdout(&thread(&["--snippets"]));
    assert!(text.contains("\u{2014} Thank you! Thursday, then.") && !text.contains("wrote"), "{text}");
    let folded = stdout(&thread(&["--fold"]));
    assert_eq!(folded.lines().count(), 3, "{folded}");
    assert!(folded.contains("[+4]"), "{folded}");
}

#[test]
fn the_answer_of_an_imap_server() {
    // RFC 5256 2.1 knows no AW
    assert_eq!(stdout(&thread(&["--imap"])), "* THREAD (1 2 3 4)(5)\n");
    let all = stdout(&thread(&["--imap", "--algorithm", "orderedsubject"]));
    assert_eq!(all, "* THREAD (1 (2)(3)(4))(5)\n");
    let own = stdout(&thread(&["--imap", "--algorithm", "refs"]));
    assert_eq!(own, "* THREAD (1 2 3 4)(5)\n");
}

#[test]
fn json_is_flat_and_names_each_message() {
    let threads = lines(&stdout(&thread(&["--json"])));
    assert_eq!(threads.len(), 1);
    let list = threads[0]["list"].as_array().unwrap();
    let told = |key: &str| list.iter().map(|entry| entry[key].to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(told("parent"), "null 0 1 2 0");
    assert_eq!(told("number"), "1 2 3 4 5");
    assert_eq!(list[4]["rule"], "Subject");
    assert_eq!(list[1]["message_id"], "2@example.org");
    assert_eq!(threads[0]["participants"].as_array().unwrap().len(), 4);
    let split = lines(&stdout(&thread(&["--json", "--by-subject", "never"])));
    assert_eq!(split.len(), 2);
}

#[test]
fn a_missing_root_is_an_entry() {
    let mbox =
        "From x\nMessage-ID: <2@a>\nReferences: <1@a>\n\n\nFrom x\nMessage-ID: <3@a>\nReferences: <1@a>\n\n";
    let threads = lines(&stdout(&run_on(&["thread", "-", "--json"], mbox.as_bytes())));
    let list = threads[0]["list"].as_array().unwrap();
    assert_eq!(
        (list.len(), &list[0]["missing"], &list[2]["parent"]),
        (3, &Value::from(true), &Value::from(0))
    );
}

#[test]
fn a_message_is_explained() {
    let file = sample("conversation.mbox");
    let explain = |id: &str, more: &[&str]| {
        let mut arguments: Vec<OsString> =
            vec!["thread".into(), "explain".into(), file.clone().into(), id.into()];
        arguments.extend(more.iter().map(OsString::from));
        run(&arguments)
    };
    let output = explain("<3@example.com>", &[]);
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output).replace("\n  ", " ");
    assert!(
        text.contains("References ends with <2@example.org>, which is the message above (RFC 5256"),
        "{text}"
    );
    assert!(text.contains("it names no other message"), "{text}");
    assert!(text.contains("the thread has 5 messages"), "{text}");
    let by_subject = stdout(&explain("5@example.de", &[])).replace("\n  ", " ");
    assert!(
        by_subject.contains("its base subject is that of the thread: Release on Thursday?"),
        "{by_subject}"
    );
    let json: Value = serde_json::from_str(&stdout(&explain("3@example.com", &["--json"]))).unwrap();
    assert_eq!(json["steps"].as_array().unwrap().len(), 3);
    assert_eq!(json["steps"][0]["id"], "2@example.org");
    let none = explain("none@example.org", &[]);
    assert_eq!(none.status.code(), Some(1));
    assert!(stdout(&none).starts_with("no message of "));
}

#[test]
fn a_page_is_whole_and_never_over_the_mail() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("threads.html");
    let text = stdout(&thread(&["--html", page.to_str().unwrap(), "--snippets"]));
    assert!(text.starts_with("wrote ") && text.contains("5 messages in 1 thread"), "{text}");
    let html = fs::read_to_string(&page).unwrap();
    assert!(html.starts_with("<!DOCTYPE html>") && html.trim_end().ends_with("</html>"));
    assert_eq!(html.matches("<details").count(), html.matches("</details>").count());
    assert!(!html.contains("<script") && !html.contains("http://") && !html.contains("https://"));

    let copy = folder.path().join("mail.mbox");
    fs::copy(sample("conversation.mbox"), &copy).unwrap();
    let onto = run(&["thread".as_ref(), copy.as_os_str(), "--html".as_ref(), copy.as_os_str()]);
    assert!(failure(&onto).contains("is part of what is read"));
    assert_eq!(fs::read(&copy).unwrap(), fs::read(sample("conversation.mbox")).unwrap());
    let both = thread(&["--json", "--imap"]);
    assert_eq!(both.status.code(), Some(2));
}

fn maildir(folder: &Path) {
    let mbox = fs::read_to_string(sample("conversation.mbox")).unwrap();
    let place = folder.join("cur");
    fs::create_dir_all(&place).unwrap();
    fs::create_dir_all(folder.join("new")).unwrap();
    for (number, message) in mbox.split("\nFrom ").enumerate() {
        let (_, message) = message.split_once('\n').unwrap();
        // a body that is longer than what is read with a header
        let message = format!("{}\n{}", message, "long ".repeat(40_000));
        let flags = if number == 4 { "" } else { "S" };
        fs::write(place.join(format!("17368{number:05}.a:2,{flags}")), message).unwrap();
    }
}

#[test]
fn a_maildir_is_threaded_by_its_headers() {
    let folder = tempfile::tempdir().unwrap();
    maildir(folder.path());
    let output = run(&["thread".as_ref(), folder.path().as_os_str(), "--json".as_ref()]);
    assert_eq!(output.status.code(), Some(0));
    let threads = lines(&stdout(&output));
    assert_eq!((threads.len(), &threads[0]["messages"], &threads[0]["unread"]), (1, &5.into(), &1.into()));
    let imap = stdout(&run(&["thread".as_ref(), folder.path().as_os_str(), "--imap".as_ref()]));
    assert_eq!(imap, "* THREAD (1 2 3 4)(5)\n");
}

#[test]
fn subjects_have_rules_of_the_users_own() {
    let folder = tempfile::tempdir().unwrap();
    let prefixes = folder.path().join("prefixes");
    fs::write(&prefixes, "R # Italian\n").unwrap();
    let mbox = "From x\nFrom: a@a\nSubject: [cucina] pranzo\n\n\nFrom x\nFrom: a@a\nSubject: R: pranzo\n\n";
    let threads = |more: &[&str]| {
        let arguments = [&["thread", "-", "--json"][..], more].concat();
        lines(&stdout(&run_on(&arguments, mbox.as_bytes()))).len()
    };
    let own = prefixes.to_str().unwrap();
    assert_eq!(threads(&["--prefixes", own]), 2);
    assert_eq!(threads(&["--list-tag", "[cucina]"]), 2);
    assert_eq!(threads(&["--prefixes", own, "--list-tag", "cucina"]), 1);
    let failed = run_on(&["thread", "-", "--prefixes", "/no/such/file"], mbox.as_bytes());
    assert!(failure(&failed).contains("no such file"));
}

#[test]
fn a_limit_is_a_finding() {
    let references: String = (0..2000).map(|n| format!("<{n}@a> ")).collect();
    let mbox = format!("From x\nMessage-ID: <x@a>\nReferences: {references}\n\n");
    assert_eq!(run_on(&["thread", "-"], mbox.as_bytes()).status.code(), Some(1));
    assert!(failure(&run(&["thread", "/no/such/mailbox"])).contains("no such file"));
}

#[test]
fn check_counts_the_threads_of_a_mailbox() {
    let file = sample("conversation.mbox");
    let text = stdout(&run(&["check".as_ref(), file.as_os_str()]));
    assert!(text.contains("\nThreads  1 thread\n"), "{text}");
    let reports = lines(&stdout(&run(&["check".as_ref(), file.as_os_str(), "--json".as_ref()])));
    let threads = &reports[5]["threads"];
    assert_eq!(
        (&threads["count"], &threads["by"]["references"], &threads["by"]["subject"]),
        (&1.into(), &3.into(), &1.into())
    );
    assert_eq!(threads["longest"][0]["messages"], 5);
    assert_eq!(threads["longest"][0]["first"]["number"], 1);
}

#[test]
fn an_index_is_kept_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("redb:{}", folder.path().join("threads.redb").display());
    let file = sample("conversation.mbox");
    let file = file.to_str().unwrap();
    let index =
        |arguments: &[&str]| run(&[&["thread", "index"][..], arguments, &["--store", &store]].concat());
    assert!(failure(&index(&["show"])).contains("no such index"));
    let added = stdout(&index(&["add", file]));
    assert!(added.starts_with("5 messages added, 0 known before\n2 threads appeared"), "{added}");
    assert!(stdout(&index(&["add", file])).starts_with("0 messages added, 5 known before\n"));
    assert_eq!(stdout(&index(&["show"])).lines().count(), 2);

    let tree = stdout(&index(&["show", "3@example.com", "--mail", file]));
    let (title, lines) = tree.split_once("\n\n").unwrap();
    assert!(title.ends_with(": 4 messages") && lines.lines().count() == 4, "{tree}");
    assert!(lines.contains("Jo Curie"), "{tree}");

    let split = index(&["split", "<3@example.com>"]);
    assert_eq!(split.status.code(), Some(0));
    let split = stdout(&split);
    assert_eq!(stdout(&index(&["show"])).lines().count(), 3, "{split}");
    let joined = stdout(&index(&["join", "5@example.de", "1@example.net"]));
    assert_eq!(stdout(&index(&["show"])).lines().count(), 2, "{joined}");
    let operation = |told: &str| {
        let line = told.lines().find(|line| line.ends_with("undoes it")).unwrap();
        line.split(' ').nth(3).unwrap().to_owned()
    };
    index(&["undo", &operation(&joined)]);
    index(&["undo", &operation(&split)]);
    assert_eq!(stdout(&index(&["show"])).lines().count(), 2);
    assert!(stdout(&index(&["show", "4@example.org"])).contains(": 4 messages"));
    assert!(failure(&index(&["undo", &operation(&split)])).contains("undone"));
    assert!(failure(&index(&["split", "none@example.org"])).contains("no such message"));
    let down = run(&["thread", "index", "show", "--store", "redis://127.0.0.1:1"]);
    assert!(failure(&down).contains("redis"));
    assert!(failure(&run(&["thread", "index", "show", "--store", "x"])).contains("redb:PATH"));
}

#[test]
fn an_index_takes_messages_of_one_id() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("redb:{}", folder.path().join("threads.redb").display());
    let mbox = "From x\nMessage-ID: <1@a>\nSubject: a\n\n\nFrom x\nMessage-ID: <1@a>\nSubject: b\nReferences: <2@a>\n\n\n\
                From x\nSubject: c\n\n";
    let add = || stdout(&run_on(&["thread", "index", "add", "-", "--store", &store], mbox.as_bytes()));
    assert!(add().starts_with("3 messages added, 0 known"));
    assert!(add().starts_with("0 messages added, 3 known"));
}

#[test]
fn an_index_is_made_by_add_alone() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.mbox");
    fs::write(&empty, b"").unwrap();
    let store = format!("redb:{}", empty.display());
    assert!(failure(&run(&["thread", "index", "show", "--store", &store])).contains("no such index"));
    assert_eq!(fs::metadata(&empty).unwrap().len(), 0);
    assert!(failure(&run(&["thread", "index", "show", "--store", "redb:"])).contains("name the file"));
    // rules that an index does not follow are refused
    let file = sample("conversation.mbox");
    let rules = ["thread", "index", "add", file.to_str().unwrap(), "--rfc", "--store", &store];
    assert_eq!(run(&rules).status.code(), Some(2));
}

#[test]
fn a_message_is_joined_to_another_one_only() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("redb:{}", folder.path().join("threads.redb").display());
    let file = sample("conversation.mbox");
    stdout(&run(&["thread", "index", "add", file.to_str().unwrap(), "--store", &store]));
    let joined = run(&["thread", "index", "join", "5@example.de", "<5@example.de>", "--store", &store]);
    assert_eq!((joined.status.code(), stdout(&joined).as_str()), (Some(1), "nothing to do\n"));
}

#[test]
fn an_identifier_may_have_brackets_inside_and_a_message_no_date() {
    let folder = tempfile::tempdir().unwrap();
    let mbox = folder.path().join("a.mbox");
    fs::write(&mbox, "From x\nMessage-ID: <\"<b>\"@a.example>\nSubject: a\n\n").unwrap();
    let mbox = mbox.to_str().unwrap();
    let explained = run(&["thread", "explain", mbox, "\"<b>\"@a.example"]);
    assert_eq!(explained.status.code(), Some(0));
    assert!(stdout(&explained).contains("no date"));
    let threads = lines(&stdout(&run(&["thread", mbox, "--json"])));
    assert_eq!((&threads[0]["newest"], &threads[0]["list"][0]["date"]), (&Value::Null, &Value::Null));
}

#[test]
fn an_empty_file_is_a_mailbox_without_messages() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.mbox");
    fs::write(&empty, b"").unwrap();
    let thread = |form: &str| run(&["thread", empty.to_str().unwrap(), form]);
    assert!(stdout(&thread("--snippets")).contains(": 0 messages in 0 threads"));
    assert_eq!((thread("--json").status.code(), stdout(&thread("--json")).as_str()), (Some(0), ""));
    assert_eq!(stdout(&thread("--imap")), "* THREAD\n");
}
