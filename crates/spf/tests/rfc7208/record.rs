//! Which record is evaluated, and which is none (2.3, 2.4, 3, 4).

use mailwright_dns::Kind;
use mailwright_spf::SpfResult::{Fail, Neutral, None, Pass, PermError, SoftFail, TempError};
use mailwright_spf::{Identity, Request, check_host};

use crate::{IP, asked, client, of, result, zone};

fn helo(name: &str) -> Request<'_> {
    Request::helo(IP.parse().unwrap(), name)
}

fn mail_from<'r>(address: &'r str, helo: &'r str) -> Request<'r> {
    Request::mail_from(IP.parse().unwrap(), address, helo)
}

/// 2.3: HELO is checked with `postmaster` and its own name.
#[test]
fn section_2_3_helo_identity() {
    assert_eq!(of(&helo("h.test"), "h TXT \"v=spf1 a -all\"\nh A 192.0.2.1"), Pass);
    assert_eq!(
        of(&helo("h.test"), "h TXT \"v=spf1 exists:%{l}.%{o}.%{h} -all\"\npostmaster.h.test.h A 127.0.0.1"),
        Pass
    );
    assert_eq!(of(&helo("h.test"), "h TXT \"v=spf1 exists:%{l}.%{h} -all\"\npostmaster.h A 127.0.0.1"), Pass);
    let outcome =
        check_host(&helo("h.test"), &zone("h TXT \"v=spf1 -all\""), &mailwright_spf::Config::default());
    assert_eq!(outcome.identity, Identity::Helo);
    // An address literal has no record.
    assert_eq!(of(&helo("[192.0.2.1]"), ""), None);
}

/// 2.4: with a null reverse-path it is `postmaster` at the HELO name that is checked.
#[test]
fn section_2_4_null_reverse_path() {
    let lines =
        "h TXT \"v=spf1 exists:%{l}.%{d}.x -all\"\npostmaster.h.test.x A 127.0.0.1\na TXT \"v=spf1 ~all\"";
    let lines = lines.replace("%{d}.x", "%{d}.x.test");
    assert_eq!(of(&mail_from("", "h.test"), &lines), Pass);
    assert_eq!(of(&mail_from("zoe@a.test", "h.test"), &lines), SoftFail);
}

/// 3.1: records are of type TXT; no other type is asked for. 3.3: strings are joined without a blank.
#[test]
fn section_3_3_strings_are_joined() {
    assert_eq!(of(&mail_from("z@a.test", ""), "a TXT \"v=spf1 ip4:192.0\" \".2.1 -\" \"all\""), Pass);
    assert_eq!(of(&mail_from("z@a.test", ""), "a TXT \"v=spf1\" \"ip4:192.0.2.1 -all\""), None);
}

/// 4.3: what is no name of more than one label, of labels of 1 to 63 octets, has no record; nothing is asked.
#[test]
fn section_4_3_initial_processing() {
    let long = format!("{}.test", "l".repeat(64));
    for domain in ["test", "a..test", ".a.test", long.as_str(), "[192.0.2.1]", ""] {
        let sender = format!("zoe@{domain}");
        assert_eq!(
            of(&mail_from(&sender, "h.test"), "@ TXT \"v=spf1 +all\"\na TXT \"v=spf1 +all\""),
            None,
            "{domain}"
        );
    }
    let most = format!("{}.test", "l".repeat(63));
    assert_eq!(
        of(&mail_from(&format!("zoe@{most}"), ""), &format!("{}\tTXT \"v=spf1 +all\"", "l".repeat(63))),
        Pass
    );
    assert!(asked(Kind::Txt, &mail_from("zoe@test", ""), "").is_empty());
    // A missing local part is `postmaster`.
    for sender in ["@a.test", "a.test"] {
        let lines = "a TXT \"v=spf1 exists:%{l}.a.test -all\"\npostmaster.a A 127.0.0.1";
        assert_eq!(of(&mail_from(sender, "h.test"), lines), Pass, "{sender}");
    }
    // What is before the last @ is the local part.
    assert_eq!(
        of(&mail_from("\"a@b.test\"@a.test", ""), "a TXT \"v=spf1 +all\"\nb TXT \"v=spf1 -all\""),
        Pass
    );
}

/// 4.4: no such name, or no records, is `none`; a server that fails or says nothing is `temperror`.
#[test]
fn section_4_4_record_lookup() {
    assert_eq!(of(&mail_from("z@a.test", ""), ""), None);
    assert_eq!(of(&mail_from("z@a.test", ""), "a A 192.0.2.1"), None);
    assert_eq!(of(&mail_from("z@a.test", ""), "a TXT \"!TIMEOUT\""), TempError);
    // An alias is followed.
    assert_eq!(of(&mail_from("z@a.test", ""), "a CNAME b\nb TXT \"v=spf1 +all\""), Pass);
    // Names have no case.
    assert_eq!(of(&mail_from("z@A.TEST", ""), "a TXT \"v=spf1 +all\""), Pass);
}

/// 4.5: the version ends at a blank or at the end; more than one record is an error, none is `none`.
#[test]
fn section_4_5_selecting_records() {
    for (text, found) in [
        ("v=spf1", Neutral),
        ("V=SPF1 +all", Pass),
        ("v=spf1 +all", Pass),
        ("v=spf10 +all", None),
        ("v=spf1\\009+all", None),
        (" v=spf1 +all", None),
        ("v=spf2.0/pra +all", None),
        ("spf1 +all", None),
    ] {
        assert_eq!(result(text, "a TXT \"other text\""), found, "{text}");
    }
    assert_eq!(result("v=spf1 +all", "a TXT \"v=spf1 -all\""), PermError);
    assert_eq!(result("v=spf1 +all", "a TXT \"v=spf1\""), PermError);
    assert_eq!(result("v=spf1 +all", "a TXT \"v=spf10 -all\""), Pass);
}

/// 4.6: the syntax of the whole record is looked at before anything is evaluated.
#[test]
fn section_4_6_syntax_comes_first() {
    for record in [
        "v=spf1 ip4:192.0.2.1 unknown -all",
        "v=spf1 +all ip4:192.0.2",
        "v=spf1 ip4:192.0.2.1 include:",
        "v=spf1 +all exp=a.test exp=a.test",
        "v=spf1 +all moo",
        "v=spf1 +all a/33",
        "v=spf1 +all ++ip4:1.2.3.4",
        "v=spf1 +all include",
        "v=spf1 +all exists",
        "v=spf1 all:a.test",
        "v=spf1 +all a:",
        "v=spf1 +all =x",
        "v=spf1 +all 1x=y",
        "v=spf1 all/8",
        "v=spf1 +all \\233",
    ] {
        assert_eq!(result(record, ""), PermError, "{record}");
    }
    // 4.6.1, 6: several blanks, modifiers between mechanisms and ones that nobody knows are no faults; words have no case.
    for record in [
        "v=spf1  +all  ",
        "v=spf1 x=y +all",
        "v=spf1 x-y_z.1=%{s}a,b: +ALL",
        "v=spf1 IP4:192.0.2.1 -all",
        "v=spf1 +aLl Exp=a.test",
    ] {
        assert_eq!(result(record, ""), Pass, "{record}");
    }
}

/// 4.6.2: the qualifier of the term that matches is the result; without one it is `+`.
#[test]
fn section_4_6_2_qualifiers() {
    for (qualifier, found) in [("", Pass), ("+", Pass), ("-", Fail), ("~", SoftFail), ("?", Neutral)] {
        assert_eq!(result(&format!("v=spf1 {qualifier}all"), ""), found);
        assert_eq!(result(&format!("v=spf1 -ip4:192.0.2.2 {qualifier}ip4:192.0.2.1 -all"), ""), found);
    }
}

/// 4.7: `neutral` where nothing matches.
#[test]
fn section_4_7_default_result() {
    assert_eq!(result("v=spf1 ip4:192.0.2.2 -a:b.test", "b A 192.0.2.3"), Neutral);
    assert_eq!(client("2001:db8::1", "v=spf1 ip4:0.0.0.0/0", ""), Neutral);
}
