use super::*;

fn claimed(value: &str) -> ClaimedResults {
    value.parse().unwrap_or_else(|e| panic!("{value}: {e}"))
}

fn error(value: &str) -> (AuthResErrorKind, usize) {
    let e = value.parse::<ClaimedResults>().unwrap_err();
    (e.kind(), e.position())
}

fn header(name: &str, result: &MethodResult) -> Option<String> {
    result.property(&PropertyType::Header, name).map(str::to_owned)
}

#[test]
fn appendix_b_of_the_rfc() {
    // RFC 8601 B.2 and B.6
    assert_eq!(claimed("example.org 1; none").results(), []);
    assert_eq!(claimed("example.org 1; none").version(), Some(1));
    let two = claimed(
        "example.com;\r\n dkim=pass reason=\"good signature\"\r\n  header.i=@mail-router.example.net;\r\n \
         dkim=fail reason=\"bad signature\"\r\n  header.i=@newyork.example.com",
    );
    assert_eq!(two.results()[0].reason(), Some("good signature"));
    assert_eq!(header("i", &two.results()[1]).as_deref(), Some("@newyork.example.com"));
    // RFC 8601 B.7: comments everywhere
    let odd = claimed(
        "foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n  \
         policy (A dot can go here) . (like that) expired\r\n  (this surprised me) = (as I wasn't expecting it) 1362471462",
    );
    let result = &odd.results()[0];
    assert_eq!((odd.authserv_id(), odd.version()), (Some("foo.example.net"), Some(1)));
    assert_eq!(
        (result.method(), result.version(), result.result()),
        (&Method::Dkim, Some(1), &AuthResult::Fail)
    );
    assert_eq!(result.property(&PropertyType::Policy, "expired"), Some("1362471462"));
    assert_eq!(odd.comments(), ["foobar", "baz"]);
    assert_eq!(result.comments().len(), 7);
}

#[test]
fn what_the_wild_adds() {
    let ms = claimed(
        "spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=example.org; dkim=none (message not signed)\r\n \
         header.d=none;dmarc=bestguesspass action=none header.from=example.org;compauth=pass reason=109",
    );
    assert_eq!(ms.authserv_id(), None);
    assert_eq!(ms.results().len(), 4);
    assert_eq!(ms.results()[2].result().as_str(), "bestguesspass");
    assert_eq!(ms.results()[2].props().len(), 1);
    assert_eq!(ms.results()[3].reason(), Some("109"));
    assert_eq!(ms.trust(""), Err(TrustError::NoAuthservId));

    let late = claimed("a.example; spf=fail smtp.mailfrom=; x=1 header . d = e.org reason=late;");
    assert_eq!(late.results()[0].property(&PropertyType::Smtp, "mailfrom"), Some(""));
    assert_eq!(
        (late.results()[1].reason(), header("d", &late.results()[1])),
        (Some("late"), Some("e.org".into()))
    );
    assert_eq!(header("b", &claimed("a; dkim=pass header.b=Qgi/Fo+0=").results()[0]).unwrap(), "Qgi/Fo+0=");
    let srs = claimed("a; spf=pass smtp.mailfrom=SRS0=x=y=b.org=joe@c.org").results()[0].clone();
    assert_eq!(srs.props()[0].value(), "SRS0=x=y=b.org=joe@c.org");
    assert_eq!(claimed("spf=none smtp.mailfrom=<>;").results()[0].props()[0].value(), "<>");
    let local = claimed(r#"a; spf=pass smtp.mailfrom="joe \"q\""@c.org"#).results()[0].clone();
    assert_eq!(local.props()[0].value(), r#""joe \"q\""@c.org"#);
}

#[test]
fn the_server_is_named_in_many_ways() {
    assert_eq!(claimed("\"mx \\\"a\\\"\"; none").authserv_id(), Some("mx \"a\""));
    assert_eq!(claimed("(c) mx.example:25 ; none").authserv_id(), Some("mx.example:25"));
    assert_eq!(claimed("none; none=pass").results().len(), 1);
    let ours = claimed("MX.Example.ORG.; spf=pass");
    assert!(ours.trust("mx.example.org").is_ok());
    assert_eq!(ours.trust("x.example.org"), Err(TrustError::OtherServer));
    assert_eq!(claimed("mx.example 2; spf=pass").trust("mx.example"), Err(TrustError::UnknownVersion));
    #[cfg(feature = "idna")]
    assert!(claimed("\"bücher.example\"; spf=pass").trust("xn--bcher-kva.example").is_ok());
}

#[test]
fn what_is_refused_and_where() {
    use AuthResErrorKind as K;
    assert_eq!(error(""), (K::NoAuthservId, 0));
    assert_eq!(error("a"), (K::NoResults, 1));
    assert_eq!(error("a;"), (K::NoResults, 2));
    assert_eq!(error("a b; none"), (K::NoSemicolon, 2));
    assert_eq!(error("a; spf"), (K::NoMethod, 3));
    assert_eq!(error("a; spf=pass;b.org; dkim=none"), (K::NoMethod, 12));
    assert_eq!(error("a; spf="), (K::NoResult, 7));
    assert_eq!(error("a; spf=pass word"), (K::NoEquals, 16));
    assert_eq!(error("a; spf=pass smtp.=b"), (K::NoPropertyName, 17));
    assert_eq!(error("a; iprev=pass policy.iprev=2001:db8::1"), (K::Unquoted, 31));
    assert_eq!(error("a; spf=pass, dkim=pass"), (K::Unexpected, 11));
    assert_eq!(error("a; spf=pass (b (c) \\)"), (K::OpenComment, 12));
    assert_eq!(error("a; spf=pass reason=\"b"), (K::OpenQuote, 19));
    assert_eq!(error("a; dkim/99999999999=pass"), (K::Version, 8));
    let shown = "a; x=y z.z=1:2".parse::<ClaimedResults>().unwrap_err().to_string();
    assert!(shown.starts_with("at byte 12: ") && shown.contains("RFC 2045 5.1"), "{shown}");
}

#[test]
fn hostile_text_is_quoted() {
    let result = MethodResult::new(Method::Dkim, AuthResult::Fail)
        .with_comment("a) evil=pass (\r\nX: y")
        .with_reason("x; spf=pass")
        .with_prop(PropertyType::Header, "d\"; b", "a;b\0\\\"c")
        .with_prop(PropertyType::Header, "i", "@example.org");
    let results = AuthenticationResults::new("mx; spf=pass").with_result(result);
    assert_eq!(
        results.to_string(),
        "\"mx; spf=pass\"; dkim=fail (a\\) evil=pass \\(  X: y) reason=\"x; spf=pass\" header.d---b=\"a;b?\\\\\\\"c\" \
         header.i=@example.org"
    );
    assert_eq!(claimed(&results.to_string()).claim, results);
}

#[test]
fn folded_fields() {
    let dkim = MethodResult::new(Method::Dkim, AuthResult::Pass)
        .with_comment("a comment that is so long that it has to be folded, since it alone fills more than a line of the field")
        .with_prop(PropertyType::Header, "d", "example.org");
    let results = AuthenticationResults::new("mx.example.org")
        .with_result(MethodResult::new(Method::Spf, AuthResult::None))
        .with_result(dkim);
    let field = results.to_field();
    assert!(
        field.starts_with("Authentication-Results: mx.example.org;\r\n spf=none;\r\n dkim=pass "),
        "{field}"
    );
    assert!(field.ends_with("\r\n"));
    for line in field.lines() {
        assert!(line.len() <= 78 && !line.trim().is_empty(), "{line:?}");
    }
    let value = field.strip_prefix("Authentication-Results:").unwrap();
    assert_eq!(claimed(value).trust("mx.example.org").unwrap(), results);

    let arc = results.to_arc_field(3);
    let value = arc.strip_prefix("ARC-Authentication-Results: ").unwrap();
    let (instance, claim) = ClaimedResults::parse_arc(value.as_bytes()).unwrap();
    assert_eq!((instance, claim.claim), (3, results));
}

#[test]
fn hostile_size_is_linear_and_limited() {
    let deep = format!("a; spf=pass {}{}", "(".repeat(500_000), ")".repeat(500_000));
    assert_eq!(claimed(&deep).results()[0].comments().len(), 1);
    let long = format!("a; spf=pass smtp.mailfrom=\"{}\"", "x ".repeat(500_000));
    assert_eq!(claimed(&long).results()[0].props()[0].value().len(), 1_000_000);
    assert_eq!(error(&format!("a{}", "; b=c".repeat(200_000))).0, AuthResErrorKind::TooMany);
    assert_eq!(error(&format!("a; b=c {}", "()".repeat(200_000))).0, AuthResErrorKind::TooMany);
}

#[cfg(feature = "serde")]
#[test]
fn json() {
    let claim = claimed("spf=pass (c) smtp.mailfrom=a@b.c");
    let expected = serde_json::json!({
        "authserv_id": null, "version": null, "comments": [],
        "results": [{
            "method": "spf", "version": null, "result": "pass", "reason": null, "comments": ["c"],
            "props": [{"ptype": "smtp", "name": "mailfrom", "value": "a@b.c"}],
        }],
    });
    assert_eq!(serde_json::to_value(&claim).unwrap(), expected);
    let x = AuthenticationResults::new("mx")
        .with_result(MethodResult::new("x-tls".parse().unwrap(), AuthResult::Pass));
    assert_eq!(serde_json::to_value(&x).unwrap()["results"][0]["method"], "x-tls");
}
