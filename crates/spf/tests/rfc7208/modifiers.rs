//! `redirect`, `exp`, and what nobody knows (6).

use mailwright_spf::SpfResult::{Fail, Neutral, Pass, PermError, SoftFail, TempError};

use crate::{explanation, result};

/// 6: `redirect` and `exp` stand at most once, others as often as they like.
#[test]
fn section_6_once() {
    assert_eq!(result("v=spf1 redirect=b.test redirect=b.test", "b TXT \"v=spf1 +all\""), PermError);
    assert_eq!(result("v=spf1 +all exp=b.test exp=b.test", ""), PermError);
    assert_eq!(result("v=spf1 x=1 x=2 +all", ""), Pass);
    assert_eq!(result("v=spf1 +all x=%{", ""), PermError);
}

/// 6.1: the target's result takes the place of this record's, where no term has matched.
#[test]
fn section_6_1_redirect() {
    let on = |record: &str| result("v=spf1 redirect=b.test ip4:192.0.2.9", record);
    for (record, found) in [
        ("b TXT \"v=spf1 +all\"", Pass),
        ("b TXT \"v=spf1 -all\"", Fail),
        ("b TXT \"v=spf1 ~all\"", SoftFail),
        ("b TXT \"v=spf1\"", Neutral),
        ("b TXT \"v=spf1 broken\"", PermError),
        ("b TXT \"!TIMEOUT\"", TempError),
        // Without a record there it is an error, not `none`.
        ("b TXT \"no record\"", PermError),
        ("", PermError),
        ("b TXT \"v=spf1 redirect=c.test\"\nc TXT \"v=spf1 ~all\"", SoftFail),
        // The domain is the target, the sender stays.
        ("b TXT \"v=spf1 exists:%{d}.%{s} -all\"\nb.test.zoe@a A 127.0.0.1", Pass),
    ] {
        assert_eq!(on(record), found, "{record}");
    }
    assert_eq!(result("v=spf1 redirect=b.test ~ip4:192.0.2.1", "b TXT \"v=spf1 -all\""), SoftFail);
    assert_eq!(result("v=spf1 redirect=%{l}.test", "zoe TXT \"v=spf1 +all\""), Pass);
    for record in
        ["v=spf1 redirect=", "v=spf1 redirect:b.test", "v=spf1 redirect=b.test/24", "v=spf1 redirect=abc"]
    {
        assert_eq!(result(record, "b TXT \"v=spf1 +all\""), PermError, "{record}");
    }
}

/// 6.2: what the record that fails says; anything wrong with it means that nothing is said.
#[test]
fn section_6_2_explanation() {
    let why = |lines: &str| explanation("v=spf1 -all exp=why.test", lines);
    assert_eq!(
        why("why TXT \"%{i} may not send %{s}.\"").as_deref(),
        Some("192.0.2.1 may not send zoe@a.test.")
    );
    assert_eq!(why("why TXT \"in \" \"two parts\"").as_deref(), Some("in two parts"));
    for lines in [
        "",
        "why A 192.0.2.1",
        "why TXT \"!TIMEOUT\"",
        "why TXT one\nwhy TXT two",
        "why TXT \"broken %{x}\"",
        "why TXT \"not ASCII \\195\\164\"",
    ] {
        assert_eq!(why(lines), None, "{lines}");
    }
    // Nor does a limit that its macros reach change the result (4.6.4).
    let names = "1.2.0.192.in-addr.arpa. PTR x.test.\n1.2.0.192.in-addr.arpa. PTR y.test.\n1.2.0.192.in-addr.arpa. PTR z.test.\n";
    assert_eq!(explanation("v=spf1 -all exp=%{p}.test", names), None);
    // Macros for explanations alone.
    assert_eq!(why("why TXT \"%{c} %{r} %{t}\"").as_deref(), Some("192.0.2.1 mx.test 1700000000"));
    // That of an included record is not used, that of a target of redirect is.
    let inner = "b TXT \"v=spf1 -all exp=inner.test\"\ninner TXT inner\nwhy TXT outer";
    assert_eq!(explanation("v=spf1 include:b.test -all exp=why.test", inner).as_deref(), Some("outer"));
    assert_eq!(explanation("v=spf1 include:b.test -all", inner), None);
    assert_eq!(explanation("v=spf1 exp=why.test redirect=b.test", inner).as_deref(), Some("inner"));
    // The domain of the macros is that of the record.
    assert_eq!(
        explanation(
            "v=spf1 redirect=b.test",
            "b TXT \"v=spf1 -all exp=%{d}.x.test\"\nb.test.x TXT \"%{d} %{o}\""
        )
        .as_deref(),
        Some("b.test a.test")
    );
    for record in ["v=spf1 -all exp=", "v=spf1 -all exp=why.test/24", "v=spf1 -all exp=%{c}.test"] {
        assert_eq!(result(record, ""), PermError, "{record}");
    }
}
