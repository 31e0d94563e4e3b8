//! `dmarc`: check, record, report.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Output;

use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use crate::program::{command, failure, run, run_on, stdout};

const ZONE: &str = r#"$ORIGIN example.org.
$TTL 1h
@ A 192.0.2.1
_dmarc TXT "v=DMARC1; p=reject; sp=quarantine; np=reject; rua=mailto:d@example.org,mailto:d@reports.example,mailto:d@no.example"
mail A 192.0.2.1
_dmarc.strict TXT "v=DMARC1; p=quarantine; adkim=s; aspf=s; t=y; rua=mailto:d@example.org"
_dmarc.two TXT "v=DMARC1; p=none"
_dmarc.two TXT "v=DMARC1; p=reject"
_dmarc.faulty TXT "v=DMARC1; p=rejct"
example.org._report._dmarc.reports.example. TXT "v=DMARC1;"
"#;

/// A folder with the zone above.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        desk.put("zone", ZONE);
        desk
    }

    fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Runs a verb that asks DNS.
    fn dmarc(&self, arguments: &[&str]) -> Output {
        let mut all: Vec<OsString> = ["dmarc"].iter().chain(arguments).map(OsString::from).collect();
        all.extend(["--zone".into(), self.0.path().join("zone").into()]);
        run(&all)
    }
}

fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), stdout(output))
}

#[test]
fn a_verdict_from_what_spf_and_dkim_found() {
    let desk = Desk::new();
    let first = |arguments: &[&str]| {
        let (status, text) = said(&desk.dmarc(&[&["check"], arguments].concat()));
        let policy = text.lines().find_map(|line| line.trim().strip_prefix("requested: ").map(str::to_owned));
        (status, text.split([' ', ':']).next().unwrap().to_owned(), policy.unwrap_or_default())
    };
    let none = String::new;
    // Relaxed alignment is by the organizational domain (RFC 9989 3.2.10.1), strict alignment is not.
    assert_eq!(
        first(&["--from", "a@mail.example.org", "--dkim", "example.org=pass"]),
        (Some(0), "pass".into(), none())
    );
    assert_eq!(first(&["--from", "a@strict.example.org", "--spf", "strict.example.org=pass"]).0, Some(0));
    let reject = "reject; advised: quarantine (RFC 9989 7.4)";
    let quarantine = "quarantine; advised: quarantine (RFC 9989 7.4)";
    let nothing = "none; advised: none (RFC 9989 7.4)";
    for (from, found, requested) in [
        ("example.org", "--spf=example.org=fail", reject),
        ("example.org", "--dkim=example.com=pass", reject),
        ("mail.example.org", "--spf=example.org=softfail", quarantine),
        // RFC 9989 4.7: np is for names that do not exist.
        ("gone.example.org", "--spf=example.org=neutral", reject),
        // t=y lowers quarantine to none.
        ("strict.example.org", "--spf=example.org=pass", nothing),
    ] {
        assert_eq!(first(&["--from", from, found]), (Some(1), "fail".into(), requested.into()), "{from}");
    }
    assert_eq!(
        first(&["--from", "example.org", "--spf", "example.org=temperror"]),
        (Some(1), "temperror".into(), none())
    );
    for from in ["example.com", "faulty.example.org"] {
        assert_eq!(
            first(&["--from", from, "--dkim", "a.example=pass"]),
            (Some(1), "none".into(), none()),
            "{from}"
        );
    }
}

#[test]
fn a_verdict_on_a_message() {
    let desk = Desk::new();
    let header = "Authentication-Results: mx.example.net; dkim=pass header.d=example.org header.s=may\r\n\
        Authentication-Results: forged.example; spf=pass smtp.mailfrom=mail.example.org\r\n";
    let mail = desk.put("mail.eml", &format!("{header}From: Ann <ann@mail.example.org>\r\n\r\nhello\r\n"));
    let mail = mail.to_str().unwrap();
    let (status, field) =
        said(&desk.dmarc(&["check", mail, "--trust", "mx.example.net", "--results", "mx.example.net"]));
    assert_eq!(status, Some(0));
    assert_eq!(
        field,
        "Authentication-Results: mx.example.net;\r\n dmarc=pass header.from=mail.example.org policy.dmarc=quarantine\r\n"
    );
    // What another server claims does not count.
    assert_eq!(desk.dmarc(&["check", mail, "--trust", "other.example"]).status.code(), Some(1));
    let json: Value =
        serde_json::from_str(&stdout(&desk.dmarc(&["check", mail, "--trust", "mx.example.net", "--json"])))
            .unwrap();
    assert_eq!(json["verdict"]["result"], "pass");
    assert_eq!(json["organizational_domain"], "example.org");
    let two = desk.put("two.eml", "From: a@example.org, b@example.com\r\n\r\n");
    let (status, text) = said(&desk.dmarc(&["check", two.to_str().unwrap()]));
    assert_eq!(
        (status, text.as_str()),
        (Some(1), "none: the addresses in From have several domains (RFC 9989 5.3.1)\n")
    );
    let list = desk.put("list.dat", "org\n");
    let old =
        ["check", "--from", "a.example.org", "--dkim", "b.example.org=pass", "--psl", list.to_str().unwrap()];
    let (status, text) = said(&desk.dmarc(&old));
    assert_eq!(status, Some(0));
    assert!(text.contains("RFC 7489 6.6.2") && !text.contains("RFC 9989"), "{text}");
}

#[test]
fn a_record_and_where_its_reports_go() {
    let desk = Desk::new();
    let (status, text) = said(&desk.dmarc(&["record", "example.org"]));
    assert_eq!(status, Some(1), "sp is weaker");
    for line in [
        "  mailto:d@example.org: in the same organizational domain",
        "  mailto:d@reports.example: elsewhere, and the domain there agrees (RFC 9990 4)",
        "  mailto:d@no.example: the domain there does not agree to take these reports (RFC 9990 4, step 7)",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert_eq!(desk.dmarc(&["record", "strict.example.org"]).status.code(), Some(0));
    let (status, text) = said(&desk.dmarc(&["record", "two.example.org"]));
    assert!(
        status == Some(1) && text.contains("several records: all are discarded (RFC 9989 4.10)"),
        "{text}"
    );
    let (status, text) = said(&desk.dmarc(&["record", "example.com"]));
    assert_eq!((status, text.as_str()), (Some(1), "no DMARC record\n"));
    let (status, text) = said(&run(&["dmarc", "record", "--record", "v=DMARC1; p=rejct; rua=d@example.org"]));
    assert_eq!(status, Some(1));
    assert!(text.contains("error at byte 12: a policy is none, quarantine or reject"), "{text}");
    assert!(text.contains("error at byte 23: a reporting URI needs a scheme, as in `mailto:`"), "{text}");
    let json: Value =
        serde_json::from_str(&stdout(&desk.dmarc(&["record", "example.org", "--json"]))).unwrap();
    assert_eq!(json["records"][0]["record"]["p"]["valid"], "reject");
    assert_eq!(json["records"][0]["destinations"][0]["list"][1]["outcome"], "verified");
}

/// A report of these rows: source, count, whether DKIM is aligned, disposition, author domain, a domain that passed.
fn report(id: &str, begin: u64, rows: &[(&str, u64, bool, &str, &str, &str)]) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\"?><feedback><report_metadata><org_name>Receiver</org_name><email>d@receiver.example</email>\
         <report_id>{id}</report_id><date_range><begin>{begin}</begin><end>{}</end></date_range></report_metadata>\
         <policy_published><domain>example.org</domain><p>reject</p></policy_published>",
        begin + 86_399
    );
    for (ip, count, passes, disposition, from, other) in rows {
        let dkim = if *passes { "pass" } else { "fail" };
        xml.push_str(&format!(
            "<record><row><source_ip>{ip}</source_ip><count>{count}</count><policy_evaluated><disposition>{disposition}</disposition>\
             <dkim>{dkim}</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>{from}</header_from></identifiers>\
             <auth_results><spf><domain>{other}</domain><result>pass</result></spf></auth_results></record>"
        ));
    }
    xml + "</feedback>"
}

const DAY: u64 = 1_700_006_400;

#[test]
fn reports_are_summed_up_by_volume() {
    let desk = Desk::new();
    let one = desk.put(
        "1.xml",
        &report(
            "1",
            DAY,
            &[
                ("192.0.2.1", 1_000, true, "none", "example.org", "example.org"),
                ("198.51.100.7", 2, false, "reject", "example.org", "bounce.mailer.example"),
                ("203.0.113.9", 40, false, "none", "example.org", "x.example"),
            ],
        ),
    );
    let two = desk.put(
        "2.xml",
        &report(
            "2",
            DAY + 86_400,
            &[("198.51.100.7", 70, false, "reject", "example.org", "bounce.mailer.example")],
        ),
    );
    let (one, two) = (one.to_str().unwrap(), two.to_str().unwrap());
    let (status, text) = said(&run(&["dmarc", "report", one, two, one]));
    assert_eq!(status, Some(1));
    assert_eq!(
        text,
        "aggregate report of Receiver for example.org (reject): 42 of 1,042 messages failed\n\
         aggregate report of Receiver for example.org (reject): 70 of 70 messages failed\n\
         aggregate report of Receiver for example.org (reject): 42 of 1,042 messages failed (came again,\n  not counted)\n\
         \n\
         112 of 1,112 messages failed (10.0 %)\n\
         2 reports of 1 organization, 2023-11-15 to 2023-11-16; 1 report that came again is not counted\n\
         failed  messages  source        author domain\n    \
             72        72  198.51.100.7  example.org (passed as bounce.mailer.example; 72 rejected)\n    \
             40        40  203.0.113.9   example.org (passed as x.example)\n     \
              0     1,000  192.0.2.1     example.org\n"
    );
    assert!(!text.contains('\x1b'));
    // On a terminal, or where it is asked for, the failed ones are red.
    assert!(stdout(&run(&["dmarc", "report", one, "--color", "always"])).contains("\x1b["));
    let (_, text) = said(&run(&["dmarc", "report", one, two, "--most", "1"]));
    assert!(
        text.contains("198.51.100.7")
            && !text.contains("203.0.113.9")
            && text.contains("and 2 more (--most shows them)"),
        "{text}"
    );
    let fine =
        desk.put("3.xml", &report("3", DAY, &[("192.0.2.1", 5, true, "none", "example.org", "example.org")]));
    assert_eq!(run(&["dmarc".as_ref(), "report".as_ref(), fine.as_os_str()]).status.code(), Some(0));
}

#[test]
fn narrow_terminals_get_short_lines() {
    let desk = Desk::new();
    let from = "a-rather-long-subdomain.of.some-department.example.org";
    let rows = [
        (
            "2001:db8:1111:2222:3333:4444:5555:6666",
            1_234_567,
            false,
            "quarantine",
            from,
            "bounce.a-mailer-with-a-long-name.example",
        ),
        ("192.0.2.1", 3, false, "none", "example.org", "x.example"),
    ];
    let path = desk.put("1.xml", &report("1", DAY, &rows));
    for columns in ["60", "80", "100"] {
        let output =
            command(&["dmarc", "report", path.to_str().unwrap()]).env("COLUMNS", columns).output().unwrap();
        let text = stdout(&output);
        for line in text.lines() {
            assert!(
                line.width() <= columns.parse().unwrap() && !line.ends_with(' '),
                "{columns}: {line:?}\n{text}"
            );
        }
        for whole in [from, rows[0].0, rows[0].5, "1,234,567 quarantined"] {
            assert!(text.contains(whole), "{whole} is whole: {text}");
        }
    }
}

#[test]
fn reports_as_json() {
    let desk = Desk::new();
    let rows = [("198.51.100.7", 2, false, "reject", "example.org", "a.example")];
    let path = desk.put("1.xml", &report("1", DAY, &rows));
    let (status, text) = said(&run(&[
        "dmarc".as_ref(),
        "report".as_ref(),
        path.as_os_str(),
        path.as_os_str(),
        "--json".as_ref(),
    ]));
    assert_eq!(status, Some(1));
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        [&lines[0]["kind"], &lines[0]["again"], &lines[1]["again"]],
        [&Value::from("aggregate"), &false.into(), &true.into()]
    );
    assert_eq!(lines[0]["report"]["rows"][0]["count"], 2);
    let summary = &lines[2]["summary"];
    assert_eq!(
        [&summary["reports"], &summary["repeated"], &summary["messages"], &summary["failed"]],
        [1, 1, 2, 2]
    );
    assert_eq!(summary["sources"][0]["ip"], "198.51.100.7");
}

#[test]
fn reports_as_a_page() {
    let desk = Desk::new();
    let evil = "&lt;script&gt;alert(1)&lt;/script&gt;";
    let rows = [
        ("198.51.100.7", 2, false, "reject", evil, "\"&gt;&lt;img src=x&gt;"),
        ("192.0.2.1", 9, true, "none", "example.org", "fine.example"),
    ];
    let (path, page) = (desk.put("1.xml", &report("1", DAY, &rows)), desk.0.path().join("page.html"));
    let output =
        run(&["dmarc".as_ref(), "report".as_ref(), path.as_os_str(), "--html".as_ref(), page.as_os_str()]);
    assert_eq!(output.status.code(), Some(1));
    let html = fs::read_to_string(page).unwrap();
    assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"));
    assert!(html.contains("2 of 11 messages failed (18.1 %)") && html.contains("198.51.100.7"));
    assert!(!html.contains("<script") && !html.contains("<img") && html.contains("&lt;script&gt;"));
    assert!(!html.contains("192.0.2.1"), "only what fails");
    assert!(!html.contains("://"), "it loads nothing");
    let nowhere =
        ["dmarc".as_ref(), "report".as_ref(), path.as_os_str(), "--html".as_ref(), "/no/such/page".as_ref()];
    assert!(failure(&run(&nowhere)).contains("/no/such/page"));
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_read() {
    let desk = Desk::new();
    let (good, bad) = (desk.put("1.xml", &report("1", DAY, &[])), desk.put("2.xml", "no report"));
    let output = run(&["dmarc".as_ref(), "report".as_ref(), bad.as_os_str(), good.as_os_str()]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(told.contains("2.xml: ") && told.ends_with("mailwright: 1 report could not be read\n"), "{told}");
    assert!(stdout(&output).contains("aggregate report of Receiver"));
    let piped = run_on(&["dmarc", "report", "-"], report("1", DAY, &[]).as_bytes());
    assert_eq!(piped.status.code(), Some(0));
    assert!(failure(&run(&["dmarc", "report", "/no/such/file"])).contains("no such file"));
    // What was out of form is told where it is asked for.
    let odd =
        desk.put("3.xml", &report("", DAY, &[("example", 1, true, "NONE", "example.org", "a.example")]));
    let output = run(&["dmarc".as_ref(), "report".as_ref(), odd.as_os_str(), "--warnings".as_ref()]);
    assert!(
        stdout(&output).lines().filter(|line| line.starts_with("  ")).count() >= 2,
        "{}",
        stdout(&output)
    );
}

#[test]
fn wrong_usage_is_status_2() {
    let desk = Desk::new();
    for arguments in [
        &["check"][..],
        &["check", "--from", "a b"],
        &["check", "--from", "example.org", "--spf", "example.org"],
        &["check", "--from", "example.org", "--dkim", "example.org=perhaps"],
        &["check", "--from", "example.org", "--trust", "mx.example.net"],
        &["check", "/no/such/file"],
        &["record"],
        &["record", "example.org", "--record", "v=DMARC1"],
    ] {
        assert_eq!(desk.dmarc(arguments).status.code(), Some(2), "{arguments:?}");
    }
    assert_eq!(run(&["dmarc", "report"]).status.code(), Some(2));
    assert_eq!(run(&["dmarc", "record", "example.org", "--zone", "/no/such/zone"]).status.code(), Some(2));
}

/// What has no end is not read to its end.
#[cfg(unix)]
#[test]
fn a_report_is_read_up_to_the_limit() {
    let output = run(&["dmarc", "report", "/dev/zero"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("the report exceeds Limits::octets"), "{said}");
}
