//! `smime`, and what `check` and `demo` say of S/MIME.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use crate::program::{command, failure, run, run_on, sample, stdout};

/// A time at which the certificates of the samples are valid.
const AT: &str = "2027-06-01T00:00:00Z";

const PLAIN: &[u8] = b"From: bob@example.net\nTo: alice@example.org\nSubject: Lunch\n\nTomorrow at one?\n";

/// A folder to write in.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, octets: &[u8]) -> PathBuf {
        fs::write(self.path(name), octets).unwrap();
        self.path(name)
    }

    /// The binary with these words, of which `@NAME` is a file here and `%NAME` a sample.
    fn run(&self, words: &str) -> Output {
        run(&self.words(words))
    }

    fn words(&self, words: &str) -> Vec<OsString> {
        let word = |word: &str| match (word.strip_prefix('@'), word.strip_prefix('%')) {
            (Some(name), _) => self.path(name).into_os_string(),
            (_, Some(name)) => sample(name).into_os_string(),
            _ => word.into(),
        };
        words.split_whitespace().map(word).collect()
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What the tests of the crate below have: keys and certificates in DER, a PKCS #12 file.
fn of_the_crate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../smime/tests").join(name)
}

#[test]
fn what_is_signed_is_good_however_it_is_stored() {
    let desk = Desk::new();
    for (at, raw) in
        [PLAIN.to_vec(), String::from_utf8(PLAIN.to_vec()).unwrap().replace('\n', "\r\n").into_bytes()]
            .iter()
            .enumerate()
    {
        desk.put("plain.eml", raw);
        for opaque in ["", "--opaque"] {
            let signed =
                desk.run(&format!("smime sign @plain.eml --key %bob.pem -o @signed.eml --at {AT} {opaque}"));
            assert_eq!(signed.status.code(), Some(0), "{}", stderr(&signed));
            let made = fs::read(desk.path("signed.eml")).unwrap();
            assert_eq!(made.contains(&b'\r'), at == 1, "the line ends stay as they were");
            let verified = desk.run(&format!("smime verify @signed.eml --trust %root.pem --at {AT}"));
            let text = stdout(&verified);
            assert_eq!(verified.status.code(), Some(0), "{text}");
            assert!(text.contains("bob@example.net: good") && text.ends_with("\ngood\n"), "{text}");
        }
    }
    let content =
        desk.run(&format!("smime verify @signed.eml --trust %root.pem --at {AT} --content @inside"));
    assert_eq!(content.status.code(), Some(0));
    assert_eq!(fs::read(desk.path("inside")).unwrap(), b"\r\nTomorrow at one?\r\n");
}

#[test]
fn a_changed_text_is_bad_and_a_stranger_unknown() {
    let desk = Desk::new();
    desk.put("plain.eml", PLAIN);
    desk.run(&format!("smime sign @plain.eml --key %bob.pem -o @signed.eml --at {AT}"));
    let unknown = desk.run(&format!("smime verify @signed.eml --at {AT}"));
    assert_eq!(unknown.status.code(), Some(1));
    assert!(
        stdout(&unknown).contains("\nunknown: ") && stdout(&unknown).contains("no path to a trust anchor")
    );
    let signed = fs::read_to_string(desk.path("signed.eml")).unwrap();
    desk.put("changed.eml", signed.replace("at one", "at two").as_bytes());
    desk.put("forged.eml", signed.replace("From: bob", "From: boss").as_bytes());
    let with = |words: &str| desk.run(&format!("smime verify {words} --trust %root.pem --at {AT}"));
    let changed = with("@changed.eml --content @inside");
    assert_eq!(changed.status.code(), Some(1));
    assert!(stdout(&changed).contains("\nbad: the content was changed"), "{}", stdout(&changed));
    assert!(!desk.path("inside").exists(), "nothing is written of what is bad");
    let forged = with("@forged.eml --json");
    let json: Value = serde_json::from_str(&stdout(&forged)).unwrap();
    assert_eq!(forged.status.code(), Some(1));
    assert_eq!(json["verdict"]["why"]["about"], "identity");
    assert_eq!(json["layers"][0]["kind"]["signed"]["signers"][0]["identity"]["from"][0], "boss@example.net");
    assert_eq!(with("@forged.eml --any-from").status.code(), Some(0));
    assert_eq!(with("@forged.eml --from bob@example.net").status.code(), Some(0));
    // Judged for a time before the certificate was valid.
    let early = desk.run("smime verify @signed.eml --trust %root.pem --at 1000000000");
    assert_eq!(early.status.code(), Some(1));
    assert_eq!(with("@plain.eml").status.code(), Some(1), "not signed is not good");
}

#[test]
fn what_is_sealed_is_opened_by_its_key_alone() {
    let desk = Desk::new();
    desk.put("plain.eml", PLAIN);
    let sealed = desk.run("smime encrypt @plain.eml --to %bob.pem -o @sealed.eml");
    assert_eq!(sealed.status.code(), Some(0));
    assert!(stderr(&sealed).contains("no certificate is given for alice@example.org"), "{}", stderr(&sealed));
    let text = fs::read_to_string(desk.path("sealed.eml")).unwrap();
    assert!(text.contains("authEnveloped-data") && !text.contains("Tomorrow") && !text.contains('\r'));
    let opened = desk.run("smime decrypt @sealed.eml --key %bob.pem");
    assert_eq!((opened.status.code(), stderr(&opened).as_str()), (Some(0), ""));
    let expected = "From: bob@example.net\r\nTo: alice@example.org\r\nSubject: Lunch\r\nMIME-Version: 1.0\r\n\r\nTomorrow at one?\r\n";
    assert_eq!(stdout(&opened), expected);
    let inside = desk.run("smime decrypt @sealed.eml --key %bob.pem --entity");
    assert_eq!(stdout(&inside), "\r\nTomorrow at one?\r\n");

    let (key, certificate) = (of_the_crate("keys/rsa.key"), of_the_crate("keys/rsa.crt"));
    fs::copy(key, desk.path("other.key")).unwrap();
    fs::copy(certificate, desk.path("other.crt")).unwrap();
    let closed = desk.run("smime decrypt @sealed.eml --key @other.key --cert @other.crt -o @opened.eml");
    assert_eq!(closed.status.code(), Some(1));
    assert!(
        stderr(&closed).contains("it is for the holder of certificate 03 of CN=Example Root"),
        "{}",
        stderr(&closed)
    );
    assert!(!desk.path("opened.eml").exists());
    let plain = desk.run("smime decrypt @plain.eml --key %bob.pem");
    assert_eq!((plain.status.code(), plain.stdout.len()), (Some(1), 0));
    assert!(stderr(&plain).contains("not encrypted"));

    // A flipped octet of what is authenticated opens nothing.
    let at = text.len() - 40;
    let mut octets = text.into_bytes();
    octets[at] = if octets[at] == b'A' { b'B' } else { b'A' };
    desk.put("flipped.eml", &octets);
    let flipped = desk.run("smime decrypt @flipped.eml --key %bob.pem -o @opened.eml");
    assert_eq!(flipped.status.code(), Some(1), "{}", stderr(&flipped));
    assert!(!desk.path("opened.eml").exists());
}

#[test]
fn every_cipher_opens_and_what_is_not_authenticated_is_said() {
    let desk = Desk::new();
    desk.put("plain.eml", PLAIN);
    for cipher in ["aes128-gcm", "aes192-gcm", "aes256-gcm", "aes128-cbc", "aes192-cbc", "aes256-cbc", "3des"]
    {
        desk.run(&format!("smime encrypt @plain.eml --to %bob.pem --cipher {cipher} -o @sealed.eml"));
        let opened = desk.run("smime decrypt @sealed.eml --key %bob.pem");
        assert_eq!(opened.status.code(), Some(0), "{cipher}");
        assert!(stdout(&opened).ends_with("Tomorrow at one?\r\n"), "{cipher}");
        assert_eq!(stderr(&opened).contains("not authenticated"), !cipher.ends_with("gcm"), "{cipher}");
    }
}

#[test]
fn a_recipient_who_is_not_certified_gets_nothing() {
    let desk = Desk::new();
    desk.put("plain.eml", PLAIN);
    fs::copy(of_the_crate("keys/rsa.crt"), desk.path("other.crt")).unwrap();
    let words = format!("smime encrypt @plain.eml --trust %root.pem --at {AT} -o @sealed.eml --to %bob.pem");
    assert_eq!(desk.run(&words).status.code(), Some(0));
    fs::remove_file(desk.path("sealed.eml")).unwrap();
    let refused = desk.run(&format!("{words} --to @other.crt"));
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("no path to a trust anchor"), "{}", stderr(&refused));
    assert!(!desk.path("sealed.eml").exists());
}

#[test]
fn signed_then_sealed_through_pipes() {
    let desk = Desk::new();
    let signed = run_on(&desk.words("smime sign - --key %bob.pem --no-time"), PLAIN).stdout;
    let sealed = run_on(&desk.words("smime encrypt - --to %bob.pem"), &signed).stdout;
    let opened = run_on(&desk.words("smime decrypt - --key %bob.pem"), &sealed).stdout;
    let verified = run_on(&desk.words(&format!("smime verify - --trust %root.pem --at {AT}")), &opened);
    assert_eq!(verified.status.code(), Some(0), "{}", stdout(&verified));
    let info = run_on(&desk.words("smime info - --key %bob.pem"), &sealed);
    let text = stdout(&info);
    assert_eq!(info.status.code(), Some(0));
    assert!(text.starts_with("encrypted, AES-256-GCM, opened with the key of CN=Bob"), "{text}");
    assert!(text.contains("signed, beside its content") && text.contains("signer bob@example.net"), "{text}");
    let json: Value =
        serde_json::from_slice(&run_on(&desk.words("smime info - --json"), &sealed).stdout).unwrap();
    assert_eq!(json["layers"][0]["kind"]["encrypted"]["recipients"][0]["form"], "key_agreement");
    assert_eq!(run_on(&desk.words("smime info -"), PLAIN).status.code(), Some(1));
}

#[test]
fn a_password_comes_from_a_file_or_the_environment() {
    let desk = Desk::new();
    fs::copy(of_the_crate("data/alice.p12"), desk.path("alice.p12")).unwrap();
    fs::copy(of_the_crate("data/alice.pbes2.pem"), desk.path("alice.pem")).unwrap();
    fs::copy(of_the_crate("data/alice.crt"), desk.path("alice.crt")).unwrap();
    desk.put("right", b"Passw0rd\nmore\n");
    desk.put("wrong", b"password\n");
    desk.put("plain.eml", PLAIN);
    for key in ["@alice.p12", "@alice.pem --cert @alice.crt"] {
        let words = format!("smime sign @plain.eml --key {key}");
        assert_eq!(desk.run(&format!("{words} --password-file @right")).status.code(), Some(0), "{key}");
        let wrong = desk.run(&format!("{words} --password-file @wrong"));
        assert!(failure(&wrong).contains("the password is wrong"), "{}", stderr(&wrong));
        assert!(wrong.stdout.is_empty());
        let with_variable = desk.words(&format!("{words} --password-env MAILWRIGHT_TEST_PASSWORD"));
        let mut right = command(&with_variable);
        assert_eq!(
            right.env("MAILWRIGHT_TEST_PASSWORD", "Passw0rd").output().unwrap().status.code(),
            Some(0)
        );
        let missing = command(&with_variable).env_remove("MAILWRIGHT_TEST_PASSWORD").output().unwrap();
        assert!(failure(&missing).contains("no such environment variable"));
    }
    // Others see the arguments of a program.
    let argument = desk.run("smime sign @plain.eml --key @alice.p12 --password Passw0rd");
    assert_eq!(argument.status.code(), Some(2));
}

#[test]
fn a_message_is_sealed_with_a_password() {
    let desk = Desk::new();
    desk.put("plain.eml", PLAIN);
    desk.put("right", b"between us\n");
    desk.put("wrong", b"between them\n");
    desk.run("smime encrypt @plain.eml --to-password --password-file @right -o @sealed.eml");
    let open = |file: &str| {
        desk.run(&format!("smime decrypt @sealed.eml --password-recipient --password-file {file}"))
    };
    assert!(stdout(&open("@right")).ends_with("Tomorrow at one?\r\n"));
    let wrong = open("@wrong");
    assert_eq!((wrong.status.code(), wrong.stdout.len()), (Some(1), 0));
}

#[test]
fn what_is_read_is_never_written_over() {
    let desk = Desk::new();
    desk.put("plain.eml", PLAIN);
    let bob = fs::read(sample("bob.pem")).unwrap();
    desk.put("bob.pem", &bob);
    for words in [
        "smime sign @plain.eml --key %bob.pem -o @plain.eml",
        "smime encrypt @plain.eml --to %bob.pem -o @plain.eml",
        "smime decrypt @plain.eml --key %bob.pem -o @plain.eml",
        "smime verify @plain.eml --content @plain.eml",
        "smime sign @plain.eml --key @bob.pem -o @bob.pem",
        "smime encrypt @plain.eml --to @bob.pem -o @bob.pem",
        "smime encrypt @plain.eml --to %bob.pem --trust @bob.pem -o @bob.pem",
        "smime decrypt @plain.eml --key @bob.pem -o @bob.pem",
        "smime decrypt @plain.eml --key %bob.pem --password-file @bob.pem -o @bob.pem",
        "smime verify @plain.eml --trust @bob.pem --content @bob.pem",
    ] {
        assert!(failure(&desk.run(words)).contains("is part of what is read"), "{words}");
        assert_eq!(fs::read(desk.path("plain.eml")).unwrap(), PLAIN);
        assert!(fs::read(desk.path("bob.pem")).unwrap() == bob, "{words}");
    }
    let text = String::from_utf8(PLAIN.to_vec()).unwrap().replace("one", "\u{fc}");
    desk.put("plain.eml", text.as_bytes());
    let eight = desk.run("smime sign @plain.eml --key %bob.pem -o @signed.eml");
    assert!(failure(&eight).contains("--opaque"));
    assert!(!desk.path("signed.eml").exists());
}

#[test]
fn files_that_are_missing_or_hostile_are_one_line() {
    let desk = Desk::new();
    desk.put("plain.eml", PLAIN);
    desk.put("empty", b"");
    desk.put("noise", &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x30, 0x03, 0x02, 0x01, 0x03]);
    desk.put("deep", &[0x30, 0x80].repeat(100_000));
    desk.put("pem", b"-----BEGIN CERTIFICATE-----\nMIIB\x1b[2J\n-----END CERTIFICATE-----\n");
    desk.put("half", b"-----BEGIN PRIVATE KEY-----\nMIIB");
    desk.put("password", b"x\n");
    for file in ["missing", "empty", "noise", "deep", "pem", "half", "plain.eml"] {
        for words in [
            format!("smime verify @plain.eml --trust @{file}"),
            format!("smime verify @plain.eml --crl @{file}"),
            format!("smime verify @plain.eml --ocsp @{file}"),
            format!("smime sign @plain.eml --key @{file}"),
            format!("smime decrypt @plain.eml --key @{file}"),
            format!("smime encrypt @plain.eml --to @{file}"),
            format!("cert show @{file}"),
            format!("cert verify @{file}"),
        ] {
            let said = failure(&desk.run(&format!("{words} --password-file @password")));
            assert!(!said.contains('\x1b') && said.len() < 400, "{words}: {said}");
        }
    }
    assert!(failure(&desk.run("smime verify @missing.eml")).contains("no such file"));
    assert!(failure(&desk.run("smime sign @plain.eml --key %root.pem")).contains("no private key"));
    assert_eq!(desk.run("smime verify @plain.eml --at yesterday").status.code(), Some(2));
    // No signer is there who says a time: one that is over must not be good for want of one.
    for words in ["cert verify %bob.pem", "smime encrypt @plain.eml --to %bob.pem"] {
        let said = failure(&desk.run(&format!("{words} --trust %root.pem --at signed")));
        assert!(said.contains("--at takes a time here"), "{words}: {said}");
    }
}

#[test]
fn text_of_a_signer_reaches_no_terminal_raw() {
    let desk = Desk::new();
    let hostile = b"From: \"\x1b[2J\" <\x1b[2J@example.net>\nSubject: x\n\nhello\n";
    desk.put("plain.eml", hostile);
    desk.run("smime sign @plain.eml --key %bob.pem -o @signed.eml");
    for words in ["smime verify @signed.eml --trust %root.pem", "smime info @signed.eml", "check @signed.eml"]
    {
        assert!(!desk.run(words).stdout.contains(&0x1b), "{words}");
    }
}

#[test]
fn check_says_who_signed_and_not_whom_to_trust() {
    let desk = Desk::new();
    desk.put("plain.eml", PLAIN);
    desk.run("smime sign @plain.eml --key %bob.pem -o @signed.eml");
    let report = desk.run("check @signed.eml");
    let text = stdout(&report);
    assert_eq!(report.status.code(), Some(0));
    assert!(text.contains("S/MIME  the signature holds, trust not checked"), "{text}");
    assert!(!text.contains("NOTE") && !text.contains("bad"), "{text}");
    let text = stdout(&desk.run(&format!("check @signed.eml --trust %root.pem --at {}", 1_800_000_000)));
    assert!(text.contains("S/MIME  signed, good"), "{text}");
    let signed = fs::read_to_string(desk.path("signed.eml")).unwrap();
    desk.put("changed.eml", signed.replace("at one", "at two").as_bytes());
    let text = stdout(&desk.run("check @changed.eml"));
    assert!(text.contains("NOTE: the S/MIME signature is not to be relied on"), "{text}");
    desk.put("forged.eml", signed.replace("From: bob", "From: boss").as_bytes());
    let text = stdout(&desk.run("check @forged.eml"));
    assert!(
        text.contains("NOTE: the message is from boss@example.net, its signer is bob@example.net"),
        "{text}"
    );
    let json: Value = serde_json::from_str(&stdout(&desk.run("check %sealed.eml --json"))).unwrap();
    assert_eq!(json["smime"]["trust_checked"], false);
    assert_eq!(json["smime"]["layers"][0]["kind"]["encrypted"]["error"]["kind"], "no_recipient");
    let opened = desk.run("check %sealed.eml --key %bob.pem --trust %root.pem --at 1800000000 --json");
    let json: Value = serde_json::from_str(&stdout(&opened)).unwrap();
    assert_eq!(json["smime"]["verdict"]["result"], "good");
    assert_eq!(
        serde_json::from_str::<Value>(&stdout(&desk.run("check @plain.eml --json"))).unwrap()["smime"],
        Value::Null
    );
}

#[test]
fn demo_opens_a_sealed_message_and_one_that_was_changed() {
    let text = stdout(&run(&["demo"]));
    assert!(text.contains("S/MIME  encrypted; signed, good"), "{text}");
    assert!(text.contains("S/MIME  encrypted; bad\n"), "{text}");
    for name in ["sealed.eml", "tampered.eml", "root.pem", "bob.pem"] {
        assert_eq!(run(&["demo", "--print", name]).stdout, fs::read(sample(name)).unwrap(), "{name}");
    }
}

#[test]
fn what_is_too_large_to_hold_is_a_stream() {
    let desk = Desk::new();
    const LINES: usize = 165_000;
    let text = "a line of a large message\n".repeat(LINES);
    let plain = [PLAIN, text.as_bytes()].concat();
    let with_crlf = String::from_utf8(plain.clone()).unwrap().replace('\n', "\r\n").into_bytes();
    for (raw, opaque, cipher) in [(plain, "", "aes256-gcm"), (with_crlf, "--opaque", "aes128-cbc")] {
        let is_crlf = raw.contains(&b'\r');
        desk.put("plain.eml", &raw);
        let signed =
            desk.run(&format!("smime sign @plain.eml --key %bob.pem -o @signed.eml --at {AT} {opaque}"));
        assert_eq!(signed.status.code(), Some(0), "{}", stderr(&signed));
        let octets = fs::read(desk.path("signed.eml")).unwrap();
        assert_eq!(octets.contains(&b'\r'), is_crlf);
        let words = desk.words(&format!("smime encrypt - --to %bob.pem --cipher {cipher}"));
        let sealed = run_on(&words, &octets);
        assert!(sealed.status.success() && stderr(&sealed).contains("no certificate is given for alice"));
        desk.put("sealed.eml", &sealed.stdout);
        let opened = desk.run("smime decrypt @sealed.eml --key %bob.pem -o @opened.eml");
        assert_eq!(opened.status.code(), Some(0), "{}", stderr(&opened));
        assert_eq!(stderr(&opened).contains("not authenticated"), cipher == "aes128-cbc");
        let verified =
            desk.run(&format!("smime verify @opened.eml --trust %root.pem --at {AT} --content @inside"));
        assert_eq!(verified.status.code(), Some(0), "{}", stdout(&verified));
        let inside = fs::read_to_string(desk.path("inside")).unwrap();
        assert_eq!(inside.matches("a line of a large message\r\n").count(), LINES);
        assert_eq!(inside.lines().count(), LINES + 2);
        let signed = fs::read_to_string(desk.path("signed.eml")).unwrap();
        desk.put("cut.eml", &signed.as_bytes()[..signed.len() / 2]);
        fs::remove_file(desk.path("inside")).unwrap();
        let cut = desk.run(&format!("smime verify @cut.eml --trust %root.pem --at {AT} --content @inside"));
        assert_eq!(cut.status.code(), Some(1), "{}", stdout(&cut));
        assert!(!desk.path("inside").exists());
        let sealed = fs::read(desk.path("sealed.eml")).unwrap();
        desk.put("half.eml", &sealed[..sealed.len() / 2]);
        fs::remove_file(desk.path("opened.eml")).unwrap();
        let half = desk.run("smime decrypt @half.eml --key %bob.pem -o @opened.eml");
        assert_eq!(half.status.code(), Some(1), "{}", stderr(&half));
        assert!(!desk.path("opened.eml").exists());
    }
}
