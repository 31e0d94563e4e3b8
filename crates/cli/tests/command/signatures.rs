//! `dkim`, `arc`, and the section of `check` that verifies.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{failure, run, run_on, sample, stdout};

const AT: &str = "1700000000";

/// Arguments, with those that make the samples' keys known behind them.
fn offline<'a>(arguments: impl IntoIterator<Item = &'a str>, file: &Path) -> Vec<OsString> {
    let mut all: Vec<OsString> = arguments.into_iter().map(OsString::from).collect();
    all.extend([file.into(), "--zone".into(), sample("signed.zone").into(), "--at".into(), AT.into()]);
    all
}

#[test]
fn a_signature_that_holds_and_one_that_does_not() {
    let good = run(&offline(["dkim", "verify"], &sample("signed.eml")));
    assert_eq!(
        (good.status.code(), stdout(&good).as_str()),
        (Some(0), "pass by example.org (selector may)\n")
    );
    let changed = run(&offline(["dkim", "verify"], &sample("changed.eml")));
    assert_eq!(changed.status.code(), Some(1));
    assert!(stdout(&changed).contains("RFC 6376 6.1.3"));
    let field =
        stdout(&run(&offline(["dkim", "verify", "--results", "mx.example.net"], &sample("signed.eml"))));
    assert!(field.starts_with("Authentication-Results: mx.example.net;\r\n dkim=pass"), "{field}");
    let json = stdout(&run(&offline(["dkim", "verify", "--json"], &sample("changed.eml"))));
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["signatures"][0]["outcome"], "fail");
}

#[test]
fn what_a_list_did_is_told() {
    let why = run(&offline(["dkim", "explain"], &sample("changed.eml")));
    assert_eq!(why.status.code(), Some(1));
    let why = stdout(&why);
    assert!(why.contains("2 lines were added at the end of the body"), "{why}");
    assert!(why.contains("\"[food]\" was put in front of the subject"), "{why}");
    assert_eq!(run(&offline(["dkim", "explain"], &sample("signed.eml"))).status.code(), Some(0));
}

#[test]
fn check_verifies_when_asked() {
    let report = stdout(&run(&offline(["check"], &sample("changed.eml"))));
    assert!(report.contains("Signatures, verified  the DKIM signature does not hold"), "{report}");
    assert!(report.contains("NOTE: the message is not what was signed"), "{report}");
    let json = stdout(&run(&offline(["check", "--json"], &sample("signed.eml"))));
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["signatures"]["dkim"][0]["outcome"], "pass");
    let silent = stdout(&run(&["check".as_ref(), sample("changed.eml").as_os_str()]));
    assert!(!silent.contains("Signatures"), "{silent}");
}

#[test]
fn demo_shows_a_signature() {
    let text = stdout(&run(&["demo"]));
    assert!(
        text.contains("the DKIM signature holds") && text.contains("was put in front of the subject"),
        "{text}"
    );
    let zone = run(&["demo", "--print", "signed.zone"]);
    assert_eq!(zone.stdout, fs::read(sample("signed.zone")).unwrap());
}

#[test]
fn from_a_new_key_to_a_sealed_message() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let key = path("k.pem");
    let names = ["--domain", "example.org", "--selector", "may"];
    let with_names = |first: &[&str], rest: &[&Path]| {
        let first = first.iter().map(OsString::from);
        let rest = rest.iter().map(|path| path.as_os_str().to_owned());
        first.chain(rest).chain(names.map(OsString::from)).collect::<Vec<_>>()
    };
    let made = run(&with_names(&["dkim", "key", "--new"], &[&key]));
    assert_eq!(made.status.code(), Some(0));
    fs::write(path("zone"), &made.stdout).unwrap();
    assert!(failure(&run(&with_names(&["dkim", "key", "--new"], &[&key]))).contains("never overwritten"));
    let check = with_names(&["dkim", "key", "--check"], &[&key, "--zone".as_ref(), &path("zone")]);
    assert_eq!(run(&check).status.code(), Some(0));

    // A file with LF alone stays one.
    let message = b"From: a@example.org\nSubject: hello\n\nhello\n";
    let arguments = with_names(&["dkim", "sign", "-", "--at", AT], &["--key".as_ref(), &key]);
    let signed = run_on(&arguments, message).stdout;
    assert!(signed.ends_with(message) && !signed.contains(&b'\r'));
    fs::write(path("signed.eml"), &signed).unwrap();
    let verify = |verb: &str| {
        let zone = path("zone");
        let file = path("signed.eml");
        run(&[
            verb.as_ref(),
            "verify".as_ref(),
            file.as_os_str(),
            "--zone".as_ref(),
            zone.as_os_str(),
            "--at".as_ref(),
            AT.as_ref(),
        ])
    };
    assert_eq!(verify("dkim").status.code(), Some(0), "{}", stdout(&verify("dkim")));
    assert_eq!(stdout(&verify("arc")), "none\n");

    let seal = ["arc", "seal", "-", "--authserv-id", "mx.example.org", "--at", AT];
    let seal = with_names(&seal, &["--key".as_ref(), &key, "--zone".as_ref(), &path("zone")]);
    let sealed = run_on(&seal, &signed).stdout;
    assert!(sealed.starts_with(b"ARC-Seal: ") && sealed.ends_with(&signed));
    fs::write(path("signed.eml"), &sealed).unwrap();
    assert!(stdout(&verify("arc")).starts_with("pass; sealed by example.org; unchanged since the first\n"));
    fs::write(path("signed.eml"), [&sealed[..], b"more\n"].concat()).unwrap();
    assert_eq!(verify("arc").status.code(), Some(1));
}

#[test]
fn a_new_rsa_key_and_the_way_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).into_os_string();
    let key_of = |domain: &str, more: &[&str]| {
        let mut all = vec!["dkim".into(), "key".into(), path("k.pem")];
        all.extend(["--domain", domain, "--selector", "may"].map(OsString::from));
        all.extend(more.iter().map(OsString::from));
        run(&all)
    };
    let key = |more: &[&str]| key_of("example.org", more);
    assert!(failure(&key(&["--new", "--algorithm", "rsa", "--bits", "1024"])).contains("RFC 8301 3.2"));
    assert!(failure(&key(&["--new", "--bits", "4096"])).contains("--algorithm rsa"));
    // The name of the record does not fit into DNS: the file is not made either.
    let long = ["a"; 120].join(".");
    assert!(failure(&key_of(&long, &["--new"])).contains("253"));
    assert!(!Path::new(&path("k.pem")).exists());
    let made = key(&["--new", "--algorithm", "rsa", "--plan", "--old", "april", "--at", AT]);
    let text = stdout(&made);
    assert_eq!(made.status.code(), Some(0), "{text}");
    // RFC 1035 3.3.14: 255 octets a string. A key of 2048 bits needs two.
    let strings: Vec<&str> = text.lines().next().unwrap().split('"').skip(1).step_by(2).collect();
    assert!(strings.len() == 2 && strings.iter().all(|string| string.len() <= 255), "{text}");
    assert!(strings.concat().starts_with("v=DKIM1; k=rsa; h=sha256; s=email; p=MII"));
    let plan: Vec<&str> = text.lines().skip(1).collect();
    assert!(
        plan[0].starts_with("; Tue, 14 Nov 2023 22:13:20 +0000  publish may._domainkey.example.org"),
        "{text}"
    );
    assert!(plan[1].contains("sign with selector may"));
    assert!(plan[2].contains("april._domainkey.example.org. 3600 IN TXT \"v=DKIM1; p=\""));
    assert!(plan[3].contains("remove april._domainkey.example.org"));
    // The plan is comments: the output is a master file.
    fs::write(path("zone"), &text).unwrap();
    let zone = path("zone").into_string().unwrap();
    assert_eq!(key(&["--check", "--zone", &zone]).status.code(), Some(0));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path("k.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "a key is for its owner alone");
    }
    let before = fs::read(path("k.pem")).unwrap();
    assert!(failure(&key(&["--new", "--algorithm", "rsa"])).contains("never overwritten"));
    assert!(failure(&key(&["--new"])).contains("never overwritten"));
    assert_eq!(fs::read(path("k.pem")).unwrap(), before);
}

#[test]
fn what_cannot_be_done_is_one_line() {
    let good = sample("signed.eml");
    let with = |zone: &Path| {
        run(&["dkim".as_ref(), "verify".as_ref(), good.as_os_str(), "--zone".as_ref(), zone.as_os_str()])
    };
    assert!(failure(&with("missing.zone".as_ref())).contains("no such file"));
    assert!(failure(&with(&good)).contains("line"));
    let key = run(&[
        "dkim".as_ref(),
        "key".as_ref(),
        good.as_os_str(),
        "--domain".as_ref(),
        "a.example".as_ref(),
        "--selector".as_ref(),
        "s".as_ref(),
    ]);
    assert!(failure(&key).contains("no PEM block"));
}
