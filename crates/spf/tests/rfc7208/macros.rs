//! Macros in names (7).

use mailwright_dns::Kind;
use mailwright_spf::Request;
use mailwright_spf::SpfResult::{Pass, PermError, SoftFail};

use crate::{asked, explanation, result};

/// The name that `exists:SPEC` asks for.
fn name(spec: &str, ip: &str, sender: &str, lines: &str) -> String {
    let request = Request::mail_from(ip.parse().unwrap(), sender, "mx.helo.example");
    let lines = format!("email.example.com. TXT \"v=spf1 exists:{spec} -all\"\n{lines}");
    asked(Kind::A, &request, &lines).pop().unwrap_or_default()
}

/// 7.4: the examples, which are for strong-bad@email.example.com.
#[test]
fn section_7_4_examples() {
    for (spec, ip, found) in [
        ("%{ir}.%{v}._spf.%{d2}", "192.0.2.3", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "192.0.2.3", "bad.strong.lp._spf.example.com"),
        ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "192.0.2.3", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
        ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "192.0.2.3", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "192.0.2.3", "example.com.trusted-domains.example.net"),
        (
            "%{ir}.%{v}._spf.%{d2}",
            "2001:db8::cb01",
            "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com",
        ),
    ] {
        assert_eq!(name(spec, ip, "strong-bad@email.example.com", ""), found, "{spec}");
    }
}

/// 7.3: transformers and delimiters; the parts are joined by dots.
#[test]
fn section_7_3_transformers() {
    for (spec, found) in [
        ("%{l+}.x.test", "a.b-c_d.x.test"),
        ("%{l+-_}.x.test", "a.b.c.d.x.test"),
        ("%{lr+-_}.x.test", "d.c.b.a.x.test"),
        ("%{l2+-_}.x.test", "c.d.x.test"),
        ("%{l2r+-_}.x.test", "b.a.x.test"),
        ("%{l9+-_}.x.test", "a.b.c.d.x.test"),
        ("%{d1}.test", "com.test"),
        ("%{o2r}.test", "example.email.test"),
        ("%{h1}.test", "example.test"),
        ("%{h}.test", "mx.helo.example.test"),
        // An escape in upper case, and what it leaves alone.
        ("%{L}.x.test", "a%2bb-c_d.x.test"),
        ("a%%%-%_.x.test", "a%%20\\032.x.test"),
    ] {
        let asked = name(spec, "192.0.2.3", "a+b-c_d@email.example.com", "").to_ascii_lowercase();
        assert_eq!(asked, found, "{spec}");
    }
    for spec in [
        "%{d0}.test",
        "%{x}.test",
        "%{d",
        "%d.test",
        "%{}.test",
        "%{dx}.test",
        "%{d-2}.test",
        "%{c}.test",
        "%{r}.test",
        "%{t}.test",
        "a.%",
        "%{d2 }.test",
    ] {
        assert_eq!(result(&format!("v=spf1 exists:{spec} ~all"), ""), PermError, "{spec}");
    }
}

/// 7.3: labels go from the left until 253 characters are left.
#[test]
fn section_7_3_names_are_cut() {
    let sender = format!("{}@email.example.com", ["l".repeat(60).as_str(); 4].join("."));
    let asked = name("%{l}.%{d}", "192.0.2.3", &sender, "");
    assert_eq!(asked, format!("{}.email.example.com", ["l".repeat(60).as_str(); 3].join(".")));
}

/// 7.3: the name of the client if it is valid: the domain itself, else one below it, else any, else `unknown`.
#[test]
fn section_7_3_client_name() {
    let zone = |names: &[&str]| {
        let of = |name: &&str| format!("1.2.0.192.in-addr.arpa. PTR {name}.\n{name}. A 192.0.2.1\n");
        names.iter().map(of).collect::<String>() + "why TXT \"%{p}\""
    };
    let p = |lines: &str| explanation("v=spf1 -all exp=why.test", lines).unwrap();
    assert_eq!(p(&zone(&["x.example", "m.a.test", "a.test"])), "a.test");
    assert_eq!(p(&zone(&["x.example", "m.a.test"])), "m.a.test");
    assert_eq!(p(&zone(&["x.example", "y.example"])), "x.example");
    assert_eq!(p(&zone(&[])), "unknown");
    // One that has another address is not valid, and a failure of DNS is as if there were none.
    assert_eq!(p("1.2.0.192.in-addr.arpa. PTR x.test.\nx A 192.0.2.9\nwhy TXT \"%{p}\""), "unknown");
    assert_eq!(p("1.2.0.192.in-addr.arpa. PTR x.test.\nx TXT \"!TIMEOUT\"\nwhy TXT \"%{p}\""), "unknown");
}

/// RFC 8616 4: a local part that is not ASCII makes no name, so that the term does not match.
#[test]
fn rfc_8616_section_4() {
    let request = Request::mail_from("192.0.2.1".parse().unwrap(), "zoë@a.test", "");
    let lines = "a TXT \"v=spf1 exists:%{l}.a.test include:%{l}.a.test ~all\"";
    assert_eq!(crate::of(&request, lines), SoftFail);
    let lines = "a TXT \"v=spf1 exists:%{o}.x.test -all\"\na.test.x A 127.0.0.1";
    assert_eq!(crate::of(&request, lines), Pass);
}
