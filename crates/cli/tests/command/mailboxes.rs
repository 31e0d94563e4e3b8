//! `check` on mailboxes, and the page.

use std::fs;
use std::path::Path;

use crate::program::{failure, run, run_on, sample, stdout};
use serde_json::Value;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn mbox() -> Vec<u8> {
    let mut mbox = Vec::new();
    for name in ["good.eml", "ambiguous.eml", "forward.eml"] {
        mbox.extend_from_slice(b"From ann@example.org Sat Jan  3 01:05:34 1996\r\n");
        mbox.extend(fs::read(sample(name)).unwrap());
        mbox.extend_from_slice(b"\r\n");
    }
    mbox
}

#[test]
fn an_mbox_is_known_by_its_first_line() {
    let output = run_on(&["check", "-"], &mbox());
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(text.contains("1 of 3 messages"), "{text}");
    assert!(text.contains("standard input, message 2"), "{text}");
    let as_message = stdout(&run_on(&["check", "-", "--format", "message", "--json"], &mbox()));
    assert_eq!(lines(&as_message).len(), 1);
}

#[test]
fn json_has_a_line_a_message_and_one_for_all() {
    let reports = lines(&stdout(&run_on(&["check", "-", "--json"], &mbox())));
    let kinds: Vec<_> = reports.iter().map(|report| report["report"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["message", "message", "message", "mailbox"]);
    assert_eq!(reports[0]["number"], 1);
    assert_eq!(reports[0]["offset"], 47);
    assert_eq!(reports[1]["verdict"], "ambiguous");
    let all = &reports[3];
    assert_eq!((&all["messages"]["count"], &all["messages"]["fine"]), (&Value::from(3), &Value::from(2)));
    assert_eq!(all["worst"][0]["name"], "standard input, message 2");
    let each = lines(&stdout(&run_on(&["check", "-", "--json", "--each"], &mbox())));
    assert_eq!(each, reports);
}

#[test]
fn each_reports_on_every_message() {
    let text = stdout(&run_on(&["check", "-", "--each"], &mbox()));
    assert_eq!(text.matches("\nStructure").count(), 3, "{text}");
    assert_eq!(text.matches("\nWorst messages").count(), 1, "{text}");
    let brief = stdout(&run_on(&["check", "-"], &mbox()));
    assert_eq!(brief.matches("\nStructure").count(), 0, "{brief}");
}

#[test]
fn an_mbox_of_one_message_is_reported_as_that_message() {
    let one = [b"From x\n".as_slice(), &fs::read(sample("good.eml")).unwrap()].concat();
    let text = stdout(&run_on(&["check", "-"], &one));
    assert!(text.contains("\nStructure") && !text.contains("Worst"), "{text}");
}

fn maildir() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |place: &str, name: &str| {
        let place = folder.path().join(place);
        fs::create_dir_all(&place).unwrap();
        fs::copy(sample(name), place.join(format!("17.{name}:2,FS"))).unwrap();
    };
    put("cur", "good.eml");
    put("new", "forged.eml");
    put("tmp", "ambiguous.eml");
    put(".Archive/cur", "forward.eml");
    fs::create_dir_all(folder.path().join(".Archive/new")).unwrap();
    fs::create_dir_all(folder.path().join(".nothing")).unwrap();
    folder
}

#[test]
fn a_maildir_has_subfolders_and_flags() {
    let folder = maildir();
    let output = run(&["check".as_ref(), folder.path().as_os_str(), "--json".as_ref()]);
    assert_eq!(output.status.code(), Some(0), "what is in tmp is not delivered");
    let reports = lines(&stdout(&output));
    let told: Vec<_> = reports
        .iter()
        .filter(|report| report["report"] == "message")
        .map(|report| (report["folder"].as_str().unwrap(), report["flags"].to_string()))
        .collect();
    let flags = |new: &str| format!("[{new}\"flagged\",\"seen\"]");
    assert_eq!(told, [("", flags("\"new\",")), ("", flags("")), (".Archive", flags(""))]);
    let text = stdout(&run(&["check".as_ref(), folder.path().as_os_str()]));
    assert!(text.contains("1 file passed over: in tmp"), "{text}");
}

#[test]
fn a_folder_holds_messages_and_mboxes_at_any_depth() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("a/b");
    fs::create_dir_all(&below).unwrap();
    fs::write(below.join("three"), mbox()).unwrap();
    fs::copy(sample("good.eml"), folder.path().join("good.txt")).unwrap();
    fs::write(folder.path().join("README"), "not mail at all\n").unwrap();
    let text = stdout(&run(&["check".as_ref(), folder.path().as_os_str()]));
    assert!(text.contains("1 of 4 messages"), "{text}");
    assert!(text.contains("1 file passed over: not mail"), "{text}");
    let no_maildir =
        run(&["check".as_ref(), folder.path().as_os_str(), "--format".as_ref(), "maildir".as_ref()]);
    assert!(failure(&no_maildir).contains("no Maildir"));
}

#[test]
fn several_paths_are_one_mailbox() {
    let paths = [sample("good.eml"), sample("ambiguous.eml")];
    let output = run(&["check".as_ref(), paths[0].as_os_str(), paths[1].as_os_str()]);
    assert!(stdout(&output).contains("1 of 2 messages"));
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

#[test]
fn the_page_is_whole_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    let check = |path: &Path| run(&["check".as_ref(), path.as_os_str(), "--html".as_ref(), page.as_os_str()]);

    failure(&check(Path::new("/no/such/file")));
    assert!(names(folder.path()).is_empty());

    // The first message is read, the second is refused.
    let large = tempfile::NamedTempFile::new().unwrap();
    large.as_file().set_len((64 << 20) + 1).unwrap();
    let (good, html) = (sample("good.eml"), page.as_os_str());
    failure(&run(&["check".as_ref(), good.as_os_str(), large.path().as_os_str(), "--html".as_ref(), html]));
    assert!(names(folder.path()).is_empty());

    assert_eq!(check(&sample("ambiguous.eml")).status.code(), Some(1));
    assert_eq!(names(folder.path()), ["report.html"]);
    let first = fs::read_to_string(&page).unwrap();
    assert!(first.starts_with("<!doctype html>") && first.trim_end().ends_with("</html>"));
    assert!(first.contains("<details"));

    failure(&check(Path::new("/no/such/file")));
    assert_eq!(fs::read_to_string(&page).unwrap(), first, "a failure leaves the page of before");

    fs::create_dir(folder.path().join("d")).unwrap();
    let onto = folder.path().join("d");
    let output = run(&["check".as_ref(), good.as_os_str(), "--html".as_ref(), onto.as_os_str()]);
    assert!(failure(&output).contains("no file"));
}

#[test]
fn the_page_of_a_mailbox_has_the_summary_in_front() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    run_on(
        &["check".as_ref(), "-".as_ref(), "--each".as_ref(), "--html".as_ref(), page.as_os_str()],
        &mbox(),
    );
    let html = fs::read_to_string(&page).unwrap();
    let summary = html.find("Worst messages").unwrap();
    assert!(summary < html.find("<details class=\"card message\"").unwrap());
    assert_eq!(html.matches("<details class=\"card message\"").count(), 3);
    assert_eq!(html.matches("<details").count(), html.matches("</details>").count());
}
