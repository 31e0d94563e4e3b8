//! `check` on mailboxes, and the page.

use std::fs;
use std::path::Path;

use crate::program::{command, failure, run, run_on, sample, stdout};
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
    assert_eq!(
        (&all["messages"]["count"], &all["messages"]["no_defect"]),
        (&Value::from(3), &Value::from(2))
    );
    assert_eq!(all["worst"][0]["name"], "standard input, message 2");
    assert_eq!(all["worst"][0]["number"], 2);
    assert_eq!(all["defects"][0]["first"]["number"], 2);
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

#[test]
fn a_summary_names_what_may_deceive() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["good.eml", "forged.eml"] {
        fs::copy(sample(name), folder.path().join(name)).unwrap();
    }
    let forged = folder.path().join("forged.eml");
    let output = run(&["check".as_ref(), folder.path().as_os_str()]);
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output);
    assert!(
        text.contains("\nNO DEFECT: every reader sees the same messages\nNOTE: 1 message to look"),
        "{text}"
    );
    assert!(text.contains("From: the name shows another address"), "{text}");
    let reports = lines(&stdout(&run(&["check".as_ref(), folder.path().as_os_str(), "--json".as_ref()])));
    let twice = &reports[2]["look_twice"];
    assert_eq!((&twice["count"], twice["list"].as_array().unwrap().len()), (&Value::from(1), 1));
    assert_eq!(twice["list"][0]["path"].as_str(), forged.to_str());
    assert_eq!(twice["list"][0]["notes"][0], "the subject holds invisible or reordering characters");

    let page = folder.path().join("page");
    let page_of =
        ["check".as_ref(), forged.as_os_str(), sample("good.eml").as_os_str()].map(ToOwned::to_owned);
    run(&[&page_of[..], &["--html".into(), page.clone().into()]].concat());
    assert!(fs::read_to_string(&page).unwrap().contains("To look at twice"));
}

#[test]
fn a_summary_verifies_signatures_too() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["signed.eml", "changed.eml"] {
        fs::copy(sample(name), folder.path().join(name)).unwrap();
    }
    let text = stdout(&run(&[
        "check".as_ref(),
        folder.path().as_os_str(),
        "--zone".as_ref(),
        sample("signed.zone").as_os_str(),
        "--at".as_ref(),
        "1700000000".as_ref(),
    ]));
    assert!(text.contains("changed.eml: ") && text.contains("the message is not what was signed"), "{text}");
    assert!(text.contains("NOTE: 1 message to look at twice"), "{text}");
}

#[test]
fn a_path_and_a_number_open_a_message_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("m.mbox");
    fs::write(&file, mbox()).unwrap();
    for verb in [&["check"][..], &["tree"], &["dkim", "verify"], &["dkim", "explain"], &["arc", "verify"]] {
        let mut arguments: Vec<&std::ffi::OsStr> = verb.iter().map(AsRef::as_ref).collect();
        arguments.extend([file.as_os_str(), "--json".as_ref()]);
        if verb.len() > 1 {
            arguments.extend(["--zone".as_ref(), sample("signed.zone").leak().as_os_str()]);
        }
        let reports = lines(&stdout(&run(&arguments)));
        assert_eq!(reports[1]["path"].as_str(), file.to_str(), "{verb:?}");
        assert_eq!(reports[1]["number"], 2, "{verb:?}");
    }
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
fn a_page_goes_to_standard_output_alone() {
    let folder = tempfile::tempdir().unwrap();
    let good = sample("good.eml");
    let page = |more: &[&str]| {
        let arguments = ["check".as_ref(), good.as_os_str(), "--html".as_ref(), "-".as_ref()];
        let more: Vec<_> = more.iter().map(AsRef::as_ref).collect();
        command(&[&arguments[..], &more].concat()).current_dir(folder.path()).output().unwrap()
    };
    let output = page(&[]);
    assert_eq!(output.status.code(), Some(0));
    let html = stdout(&output);
    assert!(html.starts_with("<!doctype html>") && html.ends_with("</html>\n"), "{html}");
    assert!(failure(&page(&["--json"])).contains("both write standard output"));
    assert!(names(folder.path()).is_empty());
}

#[test]
fn what_is_said_of_a_page_is_of_the_messages() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    let (file, page) = (sample("ambiguous.eml"), page.as_os_str());
    let text = stdout(&run(&["check".as_ref(), file.as_os_str(), "--html".as_ref(), page]));
    assert_eq!(text, format!("wrote {}; worst message: ambiguous\n", page.display()));
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
