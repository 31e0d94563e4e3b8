use mailwright_message_model::Message;
use mailwright_message_model::authres::{
    AuthResult, AuthenticationResults, Method, MethodResult, PropertyType,
};
use mailwright_message_model::domain::Domain;
use mailwright_message_model::envelope::Envelope;

use super::*;
use crate::{Action, Filter, Place};

fn passed(method: Method, ptype: PropertyType, name: &str, value: &str) -> AuthenticationResults {
    let result = MethodResult::new(method, AuthResult::Pass).with_prop(ptype, name, value);
    AuthenticationResults::new("mx.example.net").with_result(result)
}

fn decide(lists: &str, who: &Who<'_>) -> Option<bool> {
    Lists::parse(lists).unwrap().find(who).map(|found| found.is_allowed())
}

/// address > domain > glob > network, whatever the order of the lines and whether allowed or denied.
#[test]
fn precedence_of_kinds() {
    let results = passed(Method::Spf, PropertyType::Smtp, "mailfrom", "mail.example.org");
    let who = Who {
        client: Some([192, 0, 2, 7].into()),
        sender: Some("joe@mail.example.org"),
        authentication: Some(&results),
        ..Who::default()
    };
    let entries = ["joe@mail.example.org", "example.org", "*@*.example.org", "192.0.2.7/32"];
    for (higher, high) in entries.iter().enumerate() {
        for low in entries.iter().skip(higher + 1) {
            for (action, other, allowed) in [("allow", "deny", true), ("deny", "allow", false)] {
                let lines = format!("{other} {low}\n{action} {high}\n");
                assert_eq!(decide(&lines, &who), Some(allowed), "{lines}");
                let lines = format!("{action} {high}\n{other} {low}\n");
                assert_eq!(decide(&lines, &who), Some(allowed), "{lines}");
            }
        }
    }
}

#[test]
fn at_equal_rank_allow_beats_deny() {
    let results = passed(Method::Spf, PropertyType::Smtp, "mailfrom", "example.org");
    let who = Who {
        client: Some([192, 0, 2, 7].into()),
        sender: Some("joe@example.org"),
        authentication: Some(&results),
        ..Who::default()
    };
    for entry in ["joe@example.org", "example.org", "j*@example.org", "192.0.2.0/24"] {
        assert_eq!(decide(&format!("deny {entry}\nallow {entry}\n"), &who), Some(true), "{entry}");
        assert_eq!(decide(&format!("allow {entry}\ndeny {entry}\n"), &who), Some(true), "{entry}");
    }
}

#[test]
fn the_longer_one_is_higher() {
    let client = |ip: &str| Who { client: Some(ip.parse().unwrap()), ..Who::default() };
    let lists =
        "allow 10.0.0.0/8\ndeny 10.1.0.0/16\nallow 10.1.2.3\ndeny 2001:db8::/32\nallow 2001:db8:1::/48\n";
    assert_eq!(decide(lists, &client("10.9.9.9")), Some(true));
    assert_eq!(decide(lists, &client("10.1.9.9")), Some(false));
    assert_eq!(decide(lists, &client("::ffff:10.1.2.3")), Some(true));
    assert_eq!(decide(lists, &client("2001:db8:2::1")), Some(false));
    assert_eq!(decide(lists, &client("2001:db8:1::1")), Some(true));
    assert_eq!(decide(lists, &client("192.0.2.1")), None);
    let sender = |sender| Who { sender: Some(sender), ..Who::default() };
    let lists = "allow example.org\ndeny mail.example.org\n";
    assert_eq!(decide(lists, &sender("a@mail.example.org")), Some(false));
    assert_eq!(decide(lists, &sender("a@badexample.org")), None);
}

/// What anybody can write into a header lets nobody in, and keeps nobody out.
#[test]
fn from_holds_only_when_it_is_authentic() {
    let from = |results| Who { from: vec!["Boss@Example.org"], authentication: results, ..Who::default() };
    let spf_of_other = passed(Method::Spf, PropertyType::Smtp, "mailfrom", "spammer.example");
    let dmarc = passed(Method::Dmarc, PropertyType::Header, "from", "example.org");
    let dkim = passed(Method::Dkim, PropertyType::Header, "d", "example.org");
    let dkim_of_other = passed(Method::Dkim, PropertyType::Header, "d", "example.com");
    for action in ["allow", "deny"] {
        for entry in ["boss@example.org", "example.org", "*@example.org"] {
            let lists = format!("{action} from {entry}\n");
            let allowed = Some(action == "allow");
            assert_eq!(decide(&lists, &from(None)), None, "{lists}");
            assert_eq!(decide(&lists, &from(Some(&spf_of_other))), None, "{lists}");
            assert_eq!(decide(&lists, &from(Some(&dkim_of_other))), None, "{lists}");
            assert_eq!(decide(&lists, &from(Some(&dmarc))), allowed, "{lists}");
            assert_eq!(decide(&lists, &from(Some(&dkim))), allowed, "{lists}");
        }
    }
    let failed = MethodResult::new(Method::Dmarc, AuthResult::Fail).with_prop(
        PropertyType::Header,
        "from",
        "example.org",
    );
    let failed = AuthenticationResults::new("mx.example.net").with_result(failed);
    assert_eq!(decide("allow from example.org", &from(Some(&failed))), None);
    let entries = Lists::parse("allow from example.org").unwrap().not_authentic(&from(Some(&failed)));
    assert_eq!(entries[0].entry(), "allow from example.org");
}

#[test]
fn a_signature_of_the_organization_speaks_for_its_subdomains() {
    let dkim = passed(Method::Dkim, PropertyType::Header, "d", "example.org");
    let org = |domain: &Domain| domain.suffix(2).unwrap_or_else(|| domain.clone());
    let mut who = Who { from: vec!["a@news.example.org"], authentication: Some(&dkim), ..Who::default() };
    assert_eq!(decide("allow from example.org", &who), None);
    who.org = Some(&org);
    assert_eq!(decide("allow from example.org", &who), Some(true));
}

#[test]
fn an_allowed_sender_needs_spf_a_denied_one_does_not() {
    let spf = passed(Method::Spf, PropertyType::Smtp, "mailfrom", "joe@example.org");
    let mut who = Who { sender: Some("joe@example.org"), ..Who::default() };
    assert_eq!(decide("allow sender joe@example.org", &who), None);
    assert_eq!(decide("deny sender joe@example.org", &who), Some(false));
    who.authentication = Some(&spf);
    assert_eq!(decide("allow sender joe@example.org", &who), Some(true));
    // It says nothing about From.
    who.from = vec!["joe@example.org"];
    who.sender = Some("");
    assert_eq!(decide("deny sender joe@example.org", &who), None);
}

#[test]
fn an_error_names_its_line() {
    let wrong = [
        "permit example.org",
        "allow",
        "allow from sender example.org",
        "allow whom example.org",
        "allow 192.0.2.0/33",
        "allow 192.0.2.1/24",
        "allow from 192.0.2.1",
        "allow client example.org",
        "deny two..dots",
        "deny a@two..dots",
    ];
    for line in wrong {
        let error = Lists::parse(&format!("# first\nallow example.org\n\n{line}\n")).unwrap_err();
        assert_eq!(error.place(), &Place::Line(4), "{line}: {error}");
    }
    assert!(Lists::parse("").unwrap().is_empty());
    assert_eq!(Lists::parse("deny @example.org # all of it\n").unwrap().len(), 1);
}

#[test]
fn as_a_check() {
    let message = Message::parse(b"From: Boss <boss@example.org>\r\n\r\nhi\r\n").unwrap();
    let lists = Lists::parse("deny client 192.0.2.0/24\nallow from boss@example.org\n").unwrap();
    let filter = Filter::new().with_check(lists);
    let envelope = Envelope::builder([192, 0, 2, 1].into()).build();
    let input = Input::new(&message, 0).envelope(&envelope);
    let verdict = filter.judge(&input, Findings::new());
    assert_eq!(verdict.action, Action::Reject);
    let rules: Vec<&str> = verdict.findings.iter().map(|finding| finding.rule.as_ref()).collect();
    assert_eq!(rules, ["LIST_NOT_AUTHENTIC", "LIST_DENY"]);
    let dmarc = passed(Method::Dmarc, PropertyType::Header, "from", "example.org");
    let verdict = filter.judge(&input.authentication(&dmarc), Findings::new());
    assert_eq!(verdict.action, Action::Accept);
    assert_eq!(verdict.findings[0].rule, "LIST_ALLOW");
}
