//! What each mechanism matches (4.8, 5).

use mailwright_dns::Kind;
use mailwright_spf::Request;
use mailwright_spf::SpfResult::{Fail, Neutral, Pass, PermError, SoftFail, TempError};

use crate::{IP, asked, client, of, result};

/// 5: for IPv4 clients A is asked for, for IPv6 clients AAAA; an IPv4-mapped address is IPv4.
#[test]
fn section_5_address_families() {
    let lines = "b A 192.0.2.1\nb AAAA 2001:db8::1\nv4 A 192.0.2.1\nv6 AAAA 2001:db8::1";
    for (ip, host, found) in [
        (IP, "b", Pass),
        ("2001:db8::1", "b", Pass),
        ("::ffff:192.0.2.1", "b", Pass),
        ("::ffff:192.0.2.1", "v6", Fail),
        (IP, "v6", Fail),
        ("2001:db8::1", "v4", Fail),
    ] {
        assert_eq!(client(ip, &format!("v=spf1 a:{host}.test -all"), lines), found, "{ip} {host}");
        let mx = format!("{lines}\nm MX 1 {host}");
        assert_eq!(client(ip, "v=spf1 mx:m.test -all", &mx), found, "{ip} {host}");
    }
    let v6 = Request::mail_from("2001:db8::1".parse().unwrap(), "z@a.test", "");
    let lines = "a TXT \"v=spf1 a mx -all\"\na MX 1 b\nb A 192.0.2.1";
    assert!(asked(Kind::A, &v6, lines).is_empty());
    assert_eq!(asked(Kind::Aaaa, &v6, lines), ["a.test", "b.test"]);
}

/// 5: a failure of DNS ends it with `temperror`; what is not there does not match.
#[test]
fn section_5_dns_failures() {
    for term in ["a:t.test", "mx:t.test", "exists:t.test", "include:t.test", "mx:m.test", "redirect=t.test"] {
        assert_eq!(result(&format!("v=spf1 {term}"), "t TXT \"!TIMEOUT\"\nm MX 1 t"), TempError, "{term}");
        // What matches before it counts.
        assert_eq!(
            result(&format!("v=spf1 ip4:192.0.2.1 {term}"), "t TXT \"!TIMEOUT\"\nm MX 1 t"),
            Pass,
            "{term}"
        );
    }
    assert_eq!(result("v=spf1 a:gone.test ~all", ""), SoftFail);
}

/// 4.8: a name that DNS cannot hold matches nothing; it is no error, since the sender may have made it so.
#[test]
fn section_4_8_names_that_cannot_be() {
    let label = "l".repeat(64);
    for term in ["a", "mx", "exists", "ptr"] {
        assert_eq!(result(&format!("v=spf1 {term}:{label}.test ~all"), ""), SoftFail, "{term}");
        assert_eq!(result(&format!("v=spf1 {term}:%{{l}}..test ~all"), ""), SoftFail, "{term}");
    }
    // A final dot says nothing.
    assert_eq!(result("v=spf1 a:b.test. -all", "b A 192.0.2.1"), Pass);
}

/// 5.1: `all` always matches, and nothing behind it is looked at, nor `redirect`.
#[test]
fn section_5_1_all() {
    assert_eq!(result("v=spf1 ~all ip4:192.0.2.1 include:t.test", "t TXT \"!TIMEOUT\""), SoftFail);
    assert_eq!(result("v=spf1 redirect=b.test ?all", "b TXT \"v=spf1 -all\""), Neutral);
}

/// 5.2: the table of results.
#[test]
fn section_5_2_include() {
    let include = |inner: &str| result("v=spf1 ?include:b.test -all", inner);
    assert_eq!(include("b TXT \"v=spf1 ip4:192.0.2.1 -all\""), Neutral); // pass: it matches
    for inner in ["-all", "~all", "?all", "ip4:192.0.2.9"] {
        assert_eq!(include(&format!("b TXT \"v=spf1 {inner}\"")), Fail, "{inner}");
    }
    assert_eq!(include("b TXT \"!TIMEOUT\""), TempError);
    assert_eq!(include("b TXT \"v=spf1 a:t.test\"\nt TXT \"!TIMEOUT\""), TempError);
    assert_eq!(include("b TXT \"v=spf1 broken\""), PermError);
    assert_eq!(include("b TXT \"v=spf1\"\nb TXT \"v=spf1 -all\""), PermError);
    assert_eq!(include("b TXT \"no record\""), PermError);
    assert_eq!(include(""), PermError);
    // A redirect of the included record goes on within it.
    assert_eq!(include("b TXT \"v=spf1 redirect=c.test\"\nc TXT \"v=spf1 +all\""), Neutral);
    assert_eq!(include("b TXT \"v=spf1 redirect=c.test\"\nc TXT \"v=spf1 -all\""), Fail);
    assert_eq!(include("b TXT \"v=spf1 redirect=c.test\""), PermError);
    // The sender stays, the domain is the included one.
    let lines = "b TXT \"v=spf1 exists:%{o}.%{d}\"\na.test.b A 127.0.0.1";
    assert_eq!(include(lines), Neutral);
}

/// 5.3: an address of the name, within the prefix of the client's family.
#[test]
fn section_5_3_a() {
    let lines = "a A 192.0.2.200\nb A 198.51.100.1\nb A 192.0.2.1\nb AAAA 2001:db8:0:1::9";
    for (ip, term, found) in [
        (IP, "a", Fail),
        (IP, "a/24", Pass),
        (IP, "a/25", Fail),
        (IP, "a:b.test", Pass),
        ("203.0.113.1", "a:b.test/0", Pass),
        ("2001:db8::1", "a:b.test", Fail),
        ("2001:db8::1", "a:b.test//48", Pass),
        ("2001:db8::1", "a:b.test/8//64", Fail),
        ("2001:db8::1", "a:b.test//63", Pass),
        (IP, "a:b.test/32//0", Pass),
        (IP, "a//0", Fail),
    ] {
        assert_eq!(client(ip, &format!("v=spf1 {term} -all"), lines), found, "{ip} {term}");
    }
    for term in ["a/33", "a//129", "a/", "a/01", "a//", "a/24/64", "a/-1"] {
        assert_eq!(result(&format!("v=spf1 {term} -all"), lines), PermError, "{term}");
    }
}

/// 5.4: an address of an exchanger; a domain without MX records has none, its own addresses do not count.
#[test]
fn section_5_4_mx() {
    let lines = "a MX 20 b\na MX 10 c\nb A 192.0.2.1\nc A 192.0.2.9\nd A 192.0.2.1\ne MX 0 .";
    for (term, found) in [
        ("mx", Pass),
        ("mx:a.test", Pass),
        ("mx:d.test", Fail),
        ("mx:e.test", Fail),
        ("mx/24", Pass),
        ("mx:gone.test", Fail),
    ] {
        assert_eq!(result(&format!("v=spf1 {term} -all"), lines), found, "{term}");
    }
    // The order of preference does not matter, and an exchanger without addresses is passed over.
    assert_eq!(result("v=spf1 mx -all", "a MX 1 gone\na MX 2 b\nb A 192.0.2.1"), Pass);
}

/// 5.5: a name of the client that has the client's address and is the domain or below it.
#[test]
fn section_5_5_ptr() {
    let ptr = |names: &[&str]| {
        names.iter().map(|name| format!("1.2.0.192.in-addr.arpa. PTR {name}\n")).collect::<String>()
    };
    let hosts =
        "mail.a A 192.0.2.1\nhost.b A 192.0.2.1\nnota A 192.0.2.1\nwrong.a A 192.0.2.9\na A 192.0.2.1\n";
    for (names, term, found) in [
        (&["mail.a.test."][..], "ptr", Pass),
        (&["MAIL.A.TEST."], "ptr", Pass),
        (&["a.test."], "ptr", Pass),
        (&["host.b.test."], "ptr", Fail),
        (&["host.b.test."], "ptr:b.test", Pass),
        // Only whole labels count.
        (&["nota.test."], "ptr", Fail),
        // A name without the client's address is not the client's.
        (&["wrong.a.test."], "ptr", Fail),
        (&["wrong.a.test.", "mail.a.test."], "ptr", Pass),
        (&[], "ptr", Fail),
    ] {
        assert_eq!(
            result(&format!("v=spf1 {term} -all"), &format!("{hosts}{}", ptr(names))),
            found,
            "{names:?} {term}"
        );
    }
    // A failure of DNS makes no match, and no error.
    let lines = format!("t.a TXT \"!TIMEOUT\"\n{}", ptr(&["t.a.test."]));
    assert_eq!(result("v=spf1 ptr ~all", &lines), SoftFail);
    // Nor is it a look-up that finds nothing (4.6.4).
    assert_eq!(result("v=spf1 ptr ptr ptr ~all", "1.2.0.192.in-addr.arpa. TXT \"!TIMEOUT\""), SoftFail);
    let v6 = format!(
        "{}8.b.d.0.1.0.0.2.ip6.arpa. PTR mail.a.test.\nmail.a AAAA 2001:db8::1",
        "1.".to_owned() + &"0.".repeat(23)
    );
    assert_eq!(client("2001:db8::1", "v=spf1 ptr -all", &v6), Pass);
}

/// 5.6: an address, or a network.
#[test]
fn section_5_6_ip4_and_ip6() {
    for (ip, term, found) in [
        (IP, "ip4:192.0.2.1", Pass),
        (IP, "ip4:192.0.2.0", Fail),
        (IP, "ip4:192.0.2.0/31", Pass),
        (IP, "ip4:192.0.2.2/31", Fail),
        // Bits behind the prefix are not compared.
        (IP, "ip4:192.0.2.255/24", Pass),
        (IP, "ip4:0.0.0.0/0", Pass),
        ("2001:db8::1", "ip6:2001:db8::1", Pass),
        ("2001:db8::1", "ip6:2001:db8::/127", Pass),
        ("2001:db8::1", "ip6:2001:DB8::2/127", Fail),
        ("2001:db8::1", "ip6:::/0", Pass),
        ("2001:db8::1", "ip6:2001:db8::0.0.0.1", Pass),
        (IP, "ip6:::/0", Fail),
        (IP, "ip6:::ffff:192.0.2.1", Fail),
    ] {
        assert_eq!(client(ip, &format!("v=spf1 {term} -all"), ""), found, "{ip} {term}");
    }
    for term in [
        "ip4",
        "ip4:",
        "ip4:192.0.2",
        "ip4:192.0.2.1.1",
        "ip4:192.0.2.256",
        "ip4:192.0.2.1/33",
        "ip4:192.0.2.1/",
        "ip4:192.0.2.01",
        "ip4:192.0.2.1/08",
        // A length is digits, though the standard library would take a sign.
        "ip4:192.0.2.1/+24",
        "ip4:192.0.2.1/-0",
        "ip4:192.0.2.1//32",
        "ip4:2001:db8::1",
        "ip6",
        "ip6:192.0.2.1",
        "ip6:2001:db8::1/129",
        "ip6:2001:db8::1/+32",
        "ip6:2001:db8:::1",
        "ip6:12345::",
        "ip4:%{i}",
        "ip4=192.0.2.1x/24y",
    ] {
        let found = result(&format!("v=spf1 {term} ~all"), "");
        // The last one is a modifier that nobody knows.
        assert_eq!(found, if term.contains('=') { SoftFail } else { PermError }, "{term}");
    }
}

/// 5.7: any A record of the name, whatever the client's family.
#[test]
fn section_5_7_exists() {
    for ip in [IP, "2001:db8::1"] {
        assert_eq!(client(ip, "v=spf1 exists:b.test -all", "b A 203.0.113.200"), Pass);
        assert_eq!(client(ip, "v=spf1 exists:b.test -all", "b AAAA 2001:db8::1"), Fail);
    }
    assert_eq!(result("v=spf1 exists:b.test/24 -all", "b A 127.0.0.1"), PermError);
}

/// 4.3, 5.2, 6.1: a single label is no domain to check, and so has no record, whatever DNS says.
#[test]
fn section_5_2_include_of_a_single_label() {
    for (term, lines) in
        [("include:%{l}", "zoe. TXT \"v=spf1 +all\""), ("redirect=%{l}", "zoe. TXT \"v=spf1 +all\"")]
    {
        assert_eq!(result(&format!("v=spf1 {term}"), lines), PermError, "{term}");
    }
    assert_eq!(result("v=spf1 include:%{l}.test", "zoe TXT \"v=spf1 +all\""), Pass);
}

/// RFC 7505: the root as exchanger says that there is none, and nothing is asked for it.
#[test]
fn section_5_4_null_mx() {
    let request = Request::mail_from(IP.parse().unwrap(), "zoe@a.test", "");
    let lines = "a TXT \"v=spf1 mx -all\"\na MX 0 .\n. A 192.0.2.1";
    assert!(asked(Kind::A, &request, lines).is_empty());
    assert_eq!(result("v=spf1 mx -all", "a MX 0 .\n. A 192.0.2.1"), Fail);
}

/// RFC 8616 4: a local part that is not ASCII makes no name.
#[test]
fn section_7_local_parts_that_are_not_ascii() {
    let found = |local: &str| {
        let sender = format!("{local}@a.test");
        let request = Request::mail_from(IP.parse().unwrap(), &sender, "");
        of(&request, "a TXT \"v=spf1 exists:%{l}.e.test -all\"\n*.e A 127.0.0.1")
    };
    assert_eq!((found("zoe"), found("zo\u{e9}")), (Pass, Fail));
}
