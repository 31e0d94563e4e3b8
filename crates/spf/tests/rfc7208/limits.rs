//! The limits of 4.6.4.

use mailwright_spf::SpfResult::{Fail, Pass, PermError, SoftFail};

use crate::{explanation, result};

/// `count` terms, their number in the place of `#`.
fn terms(term: &str, count: usize) -> String {
    (0..count).map(|number| format!("{} ", term.replace('#', &number.to_string()))).collect()
}

fn lines(line: &str, count: usize) -> String {
    terms(&format!("{line}\n"), count).replace("\n ", "\n")
}

/// Ten terms that ask DNS, and no eleventh; `all`, `ip4`, `ip6`, `exp` and the record itself do not count.
#[test]
fn section_4_6_4_ten_terms() {
    let hosts = lines("h# A 198.51.100.1", 11);
    assert_eq!(result(&format!("v=spf1 {}~all", terms("a:h#.test", 10)), &hosts), SoftFail);
    assert_eq!(result(&format!("v=spf1 {}~all", terms("a:h#.test", 11)), &hosts), PermError);
    assert_eq!(result(&format!("v=spf1 {}~all", terms("ip4:192.0.2.9 ip6:::1", 10)), ""), SoftFail);
    // What is not reached does not count.
    assert_eq!(result(&format!("v=spf1 {}ip4:192.0.2.1 a:h10.test", terms("a:h#.test", 10)), &hosts), Pass);
    let why = format!("{hosts}why TXT \"no\"");
    assert_eq!(
        explanation(&format!("v=spf1 {}-all exp=why.test", terms("a:h#.test", 10)), &why).as_deref(),
        Some("no")
    );
    for term in ["mx:h#.test", "include:h#.test", "ptr:h#.test"] {
        let zone = lines("h# A 198.51.100.1\nh# MX 1 h#\nh# TXT \"v=spf1 -all\"", 11)
            + "1.2.0.192.in-addr.arpa. PTR h0";
        assert_eq!(result(&format!("v=spf1 {}~all", terms(term, 10)), &zone), SoftFail, "{term}");
        assert_eq!(result(&format!("v=spf1 {}~all", terms(term, 11)), &zone), PermError, "{term}");
    }
}

/// The terms of included records and of targets of `redirect` count with those of the record, whatever came of them.
#[test]
fn section_4_6_4_the_whole_tree_counts() {
    let hosts = lines("h# A 198.51.100.1", 9);
    let tree = |inner: usize, outer: usize| {
        let zone = format!("{hosts}b TXT \"v=spf1 {}-all\"", terms("a:h#.test", inner));
        result(&format!("v=spf1 include:b.test {}~all", terms("a:h#.test", outer)), &zone)
    };
    assert_eq!(tree(4, 5), SoftFail);
    assert_eq!(tree(5, 5), PermError);
    assert_eq!(tree(4, 6), PermError);
    let on = |count: usize| {
        let zone = format!("{hosts}b TXT \"v=spf1 {}~all\"", terms("a:h#.test", count));
        result("v=spf1 a:h0.test redirect=b.test", &zone)
    };
    assert_eq!((on(8), on(9)), (SoftFail, PermError));
    // A record that includes itself ends there, as does a circle of redirects.
    assert_eq!(result("v=spf1 include:a.test -all", ""), PermError);
    assert_eq!(result("v=spf1 redirect=b.test", "b TXT \"v=spf1 redirect=a.test\""), PermError);
    // Ten records in a row may be, an eleventh may not.
    let chain = |count: usize| {
        let mut zone: String =
            (0..count).map(|at| format!("r{at} TXT \"v=spf1 include:r{}.test\"\n", at + 1)).collect();
        zone.push_str(&format!("r{count} TXT \"v=spf1 +all\""));
        result("v=spf1 include:r0.test -all", &zone)
    };
    assert_eq!((chain(9), chain(10)), (Pass, PermError));
}

/// More than ten exchangers of one name are an error; their addresses do not count to the ten terms.
#[test]
fn section_4_6_4_ten_exchangers() {
    let zone = |count: usize| lines("a MX 1 h#\nh# A 198.51.100.1", count);
    assert_eq!(result("v=spf1 mx ~all", &zone(10)), SoftFail);
    assert_eq!(result("v=spf1 mx ~all", &zone(11)), PermError);
    assert_eq!(result(&format!("v=spf1 {}~all", terms("mx", 10)), &zone(10)), SoftFail);
}

/// Of more than ten names of the client the first ten are looked at.
#[test]
fn section_4_6_4_ten_client_names() {
    let names = |count: usize| {
        let mut zone = lines("1.2.0.192.in-addr.arpa. PTR h#.b.test.\nh#.b A 192.0.2.1", count);
        zone.push_str("1.2.0.192.in-addr.arpa. PTR mail.a.test.\nmail.a A 192.0.2.1");
        result("v=spf1 ptr -all", &zone)
    };
    assert_eq!((names(9), names(10)), (Pass, Fail));
}

/// More than two look-ups that find nothing are an error, be it no name or no records.
#[test]
fn section_4_6_4_two_void_lookups() {
    for void in ["", "h0 TXT x\nh1 TXT x\nh2 TXT x\n"] {
        assert_eq!(result(&format!("v=spf1 {}~all", terms("a:h#.test", 2)), void), SoftFail);
        assert_eq!(result(&format!("v=spf1 {}~all", terms("a:h#.test", 3)), void), PermError);
        assert_eq!(result(&format!("v=spf1 {}~all", terms("exists:h#.test", 3)), void), PermError);
        assert_eq!(result(&format!("v=spf1 {}~all", terms("mx:h#.test", 3)), void), PermError);
    }
    // Exchangers without addresses are such too.
    assert_eq!(result("v=spf1 mx ~all", &lines("a MX 1 h#", 2)), SoftFail);
    assert_eq!(result("v=spf1 mx ~all", &lines("a MX 1 h#", 3)), PermError);
}
