//! The section `authentication` of `check`, completed by what is known of the client.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use crate::program::{failure, run, run_on, sample, stdout};

const AT: &str = "1700000000";

const ZONE: &str = r#"
$ORIGIN example.org.
$TTL 1h
@ TXT "v=spf1 ip4:192.0.2.1 ~ip4:192.0.2.2 -all exp=why.example.org"
why TXT "%{i} may not send for %{d}"
_dmarc TXT "v=DMARC1; p=reject; sp=quarantine; rua=mailto:d@example.org"
mail TXT "v=spf1 a -all"
mail A 192.0.2.1
"#;

/// A folder with the zone above and that of the signed sample.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        let keys = fs::read_to_string(sample("signed.zone")).unwrap();
        let keys = keys.lines().filter(|line| line.contains("_domainkey")).collect::<String>();
        desk.put("zone", &format!("{keys}\n{ZONE}"));
        desk
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.at(name), text).unwrap();
        self.at(name)
    }

    fn check(&self, file: &Path, arguments: &[&str]) -> Output {
        let mut all: Vec<OsString> = vec!["check".into(), file.into(), "--at".into(), AT.into()];
        all.extend(["--zone".into(), self.at("zone").into()]);
        all.extend(arguments.iter().map(OsString::from));
        run(&all)
    }

    fn found(&self, file: &Path, arguments: &[&str]) -> Value {
        let output = self.check(file, &[&["--json"], arguments].concat());
        let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
        assert_eq!(report["authentication"]["verified"], false, "the claims");
        report["authentication"]["found"].clone()
    }
}

/// A message of example.org without a signature.
const PLAIN: &str =
    "From: zoe@example.org\r\nSubject: hello\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n\r\nhello\r\n";

fn from<'a>(ip: &'a str, mail_from: &'a str) -> [&'a str; 6] {
    ["--ip", ip, "--helo", "mail.example.org", "--mail-from", mail_from]
}

#[test]
fn spf_is_completed_and_dmarc_judged() {
    let desk = Desk::new();
    let plain = desk.put("plain.eml", PLAIN);
    for (ip, spf, dmarc, requested, advised) in [
        ("192.0.2.1", "pass", "pass", "none", "none"),
        ("192.0.2.2", "softfail", "fail", "reject", "quarantine"),
        ("192.0.2.3", "fail", "fail", "reject", "quarantine"),
        ("2001:db8::1", "fail", "fail", "reject", "quarantine"),
    ] {
        let found = desk.found(&plain, &from(ip, "zoe@example.org"));
        let words = [
            &found["spf"]["result"],
            &found["dmarc"]["verdict"]["result"],
            &found["dmarc"]["requested"],
            &found["advised"],
        ];
        assert_eq!(words, [spf, dmarc, requested, advised], "{ip}: {found}");
        assert_eq!(found["ip"], ip);
    }
    // Another domain that passes does not align.
    let found = desk.found(&plain, &from("192.0.2.1", "zoe@example.net"));
    assert_eq!([&found["spf"]["result"], &found["dmarc"]["verdict"]["result"]], ["none", "fail"]);
    // The null reverse-path is that of HELO (RFC 7208 2.4), in the same organizational domain.
    let found = desk.found(&plain, &from("192.0.2.1", ""));
    assert_eq!([&found["spf"]["domain"], &found["dmarc"]["verdict"]["result"]], ["mail.example.org", "pass"]);
    assert_eq!(found["helo"], Value::Null);
}

#[test]
fn the_report_says_what_to_do() {
    let desk = Desk::new();
    let plain = desk.put("plain.eml", PLAIN);
    let output = desk.check(&plain, &from("192.0.2.3", "zoe@example.org"));
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "readers agree on it");
    for line in [
        "NOTE: DMARC fails: example.org did not send this message, and asks to reject it",
        "Authentication  DMARC fail: reject is requested, quarantine advised",
        "  SPF          fail for example.org: -all in the record of example.org",
        "               the domain says: 192.0.2.3 may not send for example.org",
        "  SPF of HELO  fail for mail.example.org: -all in the record of mail.example.org",
        "  DKIM         none",
        "  DMARC        fail for example.org: no aligned identifier passed (RFC 9989 5.3.5)",
        "               requested: reject; advised: quarantine (RFC 9989 7.4)",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains('\x1b'), "no colour where standard output is no terminal");
    // Without the client a message may still pass, so that nobody is warned.
    let text = stdout(&desk.check(&plain, &[]));
    assert!(
        text.contains("SPF    not checked")
            && text.contains("\nAuthentication  DMARC fail, SPF not checked\n"),
        "{text}"
    );
    assert!(!text.contains("NOTE:"), "{text}");
    let text = stdout(&desk.check(&sample("signed.eml"), &[]));
    assert!(text.contains("\nAuthentication  DMARC pass\n"), "{text}");
    // Without DNS nothing is said.
    assert!(!stdout(&run(&["check".as_ref(), plain.as_os_str()])).contains("Authentication"));
}

#[test]
fn the_client_is_taken_from_the_hop_that_is_named() {
    let desk = Desk::new();
    let trace = "Return-Path: <zoe@example.org>\r\n\
        Received: from relay (relay.example.net [198.51.100.7]) by store.example.net with LMTP id 2\r\n\
        Received: from mail.example.org (mail.example.org [192.0.2.1]) by mx.example.net with ESMTPS id 1\r\n\
        Received: from forged.example (forged.example [203.0.113.9]) by mail.example.org with ESMTP id 0\r\n";
    let mail = desk.put("mail.eml", &format!("{trace}{PLAIN}"));
    let found = desk.found(&mail, &["--hop", "2"]);
    assert_eq!(
        [&found["ip"], &found["spf"]["result"], &found["helo"]["result"]],
        ["192.0.2.1", "pass", "pass"]
    );
    assert_eq!(desk.found(&mail, &["--hop", "3"])["spf"]["result"], "fail");
    assert_eq!(
        desk.found(&mail, &["--hop", "2", "--mail-from", "a@mail.example.org"])["spf"]["domain"],
        "mail.example.org"
    );
    let found = desk.found(&mail, &["--hop", "4"]);
    assert_eq!(
        [&found["client_error"], &found["spf"]],
        [&"there is no such Received field".into(), &Value::Null]
    );
    assert!(
        failure(&desk.check(&mail, &["--hop", "4", "--add-header", "mx.example.net"]))
            .contains("no such Received")
    );
}

#[test]
fn the_field_is_printed_alone() {
    let desk = Desk::new();
    let client = from("192.0.2.1", "zoe@example.org");
    let field = |file: &Path, more: &[&str]| {
        let output = desk.check(file, &[&client[..], &["--add-header", "mx.example.net"], more].concat());
        assert_eq!(output.status.code(), Some(0));
        (stdout(&output), String::from_utf8(output.stderr).unwrap())
    };
    let plain = desk.put("plain.eml", PLAIN);
    let wanted = "Authentication-Results: mx.example.net;\r\n spf=pass smtp.mailfrom=zoe@example.org;\r\n \
        spf=pass smtp.helo=mail.example.org;\r\n dkim=none;\r\n dmarc=pass header.from=example.org policy.dmarc=reject\r\n";
    assert_eq!(field(&plain, &[]), (wanted.to_owned(), String::new()));
    // A message that is stored with LF gets LF.
    let stored = desk.put("stored.eml", &PLAIN.replace("\r\n", "\n"));
    assert_eq!(field(&stored, &[]).0, wanted.replace("\r\n", "\n"));
    // RFC 8601 5: a field that forges the name is told, since it would be trusted with ours.
    let forged =
        desk.put("forged.eml", &format!("Authentication-Results: MX.example.net; dmarc=pass\r\n{PLAIN}"));
    let (printed, said) = field(&forged, &[]);
    assert_eq!(printed, wanted);
    assert!(said.contains("1 field of this name") && said.lines().count() == 1, "{said}");
    // A reverse-path is a stranger's text: it writes no fields.
    let evil =
        ["--ip", "192.0.2.1", "--mail-from", "a\r\nX-Evil: 1@example.org", "--add-header", "mx.example.net"];
    let printed = stdout(&desk.check(&plain, &evil));
    assert!(printed.lines().skip(1).all(|line| line.starts_with(' ')), "{printed}");

    let mbox = desk.put(
        "mbox",
        &format!(
            "From a Tue Nov 14 22:13:20 2023\n{0}\nFrom a Tue Nov 14 22:13:20 2023\n{0}",
            PLAIN.replace("\r\n", "\n")
        ),
    );
    assert!(failure(&desk.check(&mbox, &["--add-header", "mx.example.net"])).contains("no mailbox"));
}

#[test]
fn wrong_usage_is_told() {
    let file = sample("good.eml");
    for arguments in [
        &["--ip", "192.0.2.1", "--resolve"][..],
        &["--ip", "192.0.2.1", "--helo", "a.example"],
        &["--helo", "a.example", "--resolve"],
        &["--mail-from", "a@b.example", "--resolve"],
        &["--hop", "0", "--resolve"],
        &["--hop", "1", "--ip", "192.0.2.1", "--helo", "a.example", "--resolve"],
        &["--add-header", "mx.example.net"],
        &["--add-header", "mx.example.net", "--json", "--resolve"],
        &["--ip", "example.org", "--helo", "a.example", "--resolve"],
    ] {
        let mut all: Vec<OsString> = vec!["check".into(), file.clone().into()];
        all.extend(arguments.iter().map(OsString::from));
        assert_eq!(run(&all).status.code(), Some(2), "{arguments:?}");
    }
}

/// A list that changes the subject breaks the author's signature, and its own address is no identifier of the author.
#[test]
fn a_sealer_that_is_trusted_is_a_reason_to_let_through() {
    let desk = Desk::new();
    let (key, zone) = (desk.at("list.pem"), desk.at("zone"));
    let names = ["--domain", "lists.example", "--selector", "may"];
    let with_names = |first: &[&str], rest: &[&Path]| {
        let rest = rest.iter().map(|path| path.as_os_str().to_owned());
        first.iter().map(OsString::from).chain(rest).chain(names.map(OsString::from)).collect::<Vec<_>>()
    };
    let line = stdout(&run(&with_names(&["dkim", "key", "--new"], &[&key])));
    desk.put("zone", &format!("{line}{}", fs::read_to_string(&zone).unwrap()));
    let seal = |message: &str| {
        let arguments = ["arc", "seal", "-", "--authserv-id", "lists.example", "--at", AT];
        run_on(
            &with_names(&arguments, &["--key".as_ref(), &key, "--zone".as_ref(), &zone]),
            message.as_bytes(),
        )
        .stdout
    };
    let changed = PLAIN.replace("Subject: ", "Subject: [food] ");
    let passed =
        format!("Authentication-Results: lists.example; dmarc=pass header.from=example.org\r\n{changed}");
    let sealed = desk.put("sealed.eml", &String::from_utf8(seal(&passed)).unwrap());
    let client = from("198.51.100.7", "bounce@lists.example");
    let verdict = |file: &Path, sealer: &str| {
        let found = desk.found(file, &[&client[..], &["--sealer", sealer]].concat());
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        (word(&found["dmarc"]["verdict"]["result"]), word(&found["advised"]), found)
    };
    let (result, advised, found) = verdict(&sealed, "lists.example");
    assert_eq!((&*result, &*advised), ("fail", "none"), "never a pass: {found}");
    assert_eq!(found["dmarc"]["reasons"][0]["type"], "local_policy");
    let text = stdout(&desk.check(&sealed, &[&client[..], &["--sealer", "lists.example"]].concat()));
    assert!(text.contains("arc=pass, sealed by lists.example"), "{text}");
    assert!(text.contains("; a trusted sealer"), "{text}");
    // One that nobody trusts, and one that found no pass, are none.
    assert_eq!(verdict(&sealed, "other.example").1, "quarantine");
    let failed = passed.replace("dmarc=pass", "dmarc=fail");
    let failed = desk.put("failed.eml", &String::from_utf8(seal(&failed)).unwrap());
    assert_eq!(verdict(&failed, "lists.example").1, "quarantine");
}
