//! `cert`.

use std::path::Path;

use serde_json::Value;

use crate::program::{failure, run, sample, stdout};

/// The files of the crate below: a root, an authority, Alice, and Bob, who is revoked since 2026-10-01.
fn words(words: &str) -> Vec<std::ffi::OsString> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../smime/tests/data");
    let word = |word: &str| match word.strip_prefix('@') {
        Some(name) => data.join(name).into_os_string(),
        None => word.into(),
    };
    words.split_whitespace().map(word).collect()
}

#[test]
fn what_a_file_holds() {
    let text = stdout(&run(&words("cert show @alice.crt @issuing.crl @direct.ocsp")));
    for line in [
        "certificate: CN=Alice, O=Example",
        "  serial: 1001",
        "  key: EC, P-256",
        "  addresses: alice@example.org",
        "  usage: digitalSignature",
        "  purposes: emailProtection",
        "revocation list of CN=Issuing CA, O=Example",
        "  revoked: 1",
        "OCSP response",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is missing:\n{text}");
    }
    let json = stdout(&run(&words("cert show @alice.crt @issuing.crl --json")));
    let lines: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["kind"], &lines[1]["kind"]), (&"certificate".into(), &"crl".into()));
    assert_eq!(lines[0]["serial"], "1001");
    assert_eq!(lines[1]["revoked"], 1);
    let bob = sample("bob.pem");
    let keys = stdout(&run(&["cert".as_ref(), "show".as_ref(), bob.as_os_str(), "--keys".as_ref()]));
    assert!(keys.ends_with("private key: P-256\n"), "{keys}");
    assert!(failure(&run(&words("cert show @alice.key"))).contains("--keys"));
}

#[test]
fn a_path_and_what_is_in_its_way() {
    const PATH: &str = "--trust @root.crt --cert @issuing.crt --at 2027-06-01T00:00:00Z";
    let verify = |rest: &str| run(&words(&format!("cert verify {rest} {PATH}")));
    let good = verify("@alice.crt --purpose sign --address alice@example.org --crl @issuing.crl");
    assert_eq!(good.status.code(), Some(0), "{}", stdout(&good));
    assert!(stdout(&good).contains("not revoked, by a list"), "{}", stdout(&good));
    for (rest, rule) in [
        ("@alice.crt --purpose encrypt", "RFC 8550 4.4.2"),
        ("@alice.crt --address bob@example.org", "RFC 8550 3"),
        ("@bob.crt --crl @issuing.crl", "revoked since 2026-10-01"),
        ("@bob.crt --ocsp @direct.ocsp", "revoked since"),
        ("@mallory.crt", "not permitted by a CA above"),
        ("@sha1.crt", "too weak"),
        ("@alice.crt --revocation required", "revocation could not be checked"),
    ] {
        let bad = verify(rest);
        let text = stdout(&bad).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(bad.status.code(), Some(1), "{rest}: {text}");
        assert!(text.starts_with("not good: ") && text.contains(rule), "{rest}: {text}");
    }
    assert_eq!(verify("@sha1.crt --policy interop").status.code(), Some(0));
    let late = run(&words(
        "cert verify @alice.crt --trust @root.crt --cert @issuing.crt --at 2200-01-01T00:00:00Z --json",
    ));
    let json: Value = serde_json::from_str(&stdout(&late)).unwrap();
    assert_eq!((late.status.code(), &json["good"]), (Some(1), &Value::Bool(false)));
    assert!(json["error"]["reason"]["expired"].is_string(), "{json}");
    let alone = run(&words("cert verify @alice.crt --at 2027-06-01T00:00:00Z"));
    assert!(stdout(&alone).contains("no path to a trust anchor"));
}
