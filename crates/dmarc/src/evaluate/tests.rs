use super::*;
use crate::identifiers::{ArcChain, DkimIdentifier, SpfIdentifier};
use crate::psl::PublicSuffixList;
use mailwright_dns::{Counting, Resolver, Session, TemporaryKind, Zone};

fn zone(records: &[(&str, &str)]) -> Zone {
    let mut zone = Zone::new();
    for (domain, record) in records {
        zone.add_txt(format!("_dmarc.{domain}"), record).unwrap();
    }
    zone
}

fn domain(name: &str) -> Domain {
    name.parse().unwrap()
}

fn dkim(name: &str, result: AuthResult) -> Identifiers {
    Identifiers { dkim: vec![DkimIdentifier::new(domain(name), Some("s"), result)], ..Identifiers::default() }
}

fn spf(name: &str, result: AuthResult) -> Identifiers {
    Identifiers { spf: Some(SpfIdentifier::new(domain(name), result)), ..Identifiers::default() }
}

fn run<D: Dns>(dns: &D, from: &str, found: &Identifiers) -> Evaluation {
    evaluate(&Author::of_domain(domain(from)), found, dns, &Config::default())
}

fn asked(counting: &Counting<Zone>) -> Vec<String> {
    counting
        .names(Kind::Txt)
        .iter()
        .map(|name| name.to_string().trim_start_matches("_dmarc.").to_owned())
        .collect()
}

#[test]
fn identical_domains_ask_once() {
    // RFC 9989 4.10.2: no walk where author and identifiers are the same.
    let counting = Counting::new(zone(&[("mail.example.com", "v=DMARC1; p=reject")]));
    let evaluation = run(&counting, "mail.example.com", &spf("mail.example.com", AuthResult::Pass));
    assert_eq!(evaluation.verdict, Verdict::Pass);
    assert_eq!(evaluation.organizational_domain, Some(domain("mail.example.com")));
    assert_eq!(asked(&counting), ["mail.example.com"]);
}

#[test]
fn strict_alignment_and_strangers_ask_nothing() {
    let counting = Counting::new(zone(&[("example.com", "v=DMARC1; p=reject; aspf=s")]));
    assert_eq!(run(&counting, "example.com", &spf("a.example.com", AuthResult::Pass)).verdict, Verdict::Fail);
    assert_eq!(run(&counting, "example.com", &dkim("evil.example", AuthResult::Pass)).verdict, Verdict::Fail);
    assert_eq!(asked(&counting), ["example.com"]);
}

#[test]
fn a_strangers_name_server_has_no_say() {
    let mut zone = zone(&[("example.com", "v=DMARC1; p=reject; psd=n")]);
    zone.add_fault_else("_dmarc.evil.com", TemporaryKind::ServFail).unwrap();
    assert_eq!(run(&zone, "example.com", &dkim("evil.com", AuthResult::Pass)).verdict, Verdict::Fail);
    assert_eq!(run(&zone, "example.com", &dkim("evil.com", AuthResult::TempError)).verdict, Verdict::Fail);
}

#[test]
fn what_cannot_be_found_out_is_neither_pass_nor_fail() {
    // RFC 9989 5.3.6.
    let reject = zone(&[("example.com", "v=DMARC1; p=reject")]);
    let evaluation = run(&reject, "example.com", &dkim("a.example.com", AuthResult::TempError));
    assert_eq!(evaluation.verdict, Verdict::TempError(TempReason::Dkim(domain("a.example.com"))));
    assert_eq!((evaluation.requested, evaluation.advised()), (Policy::None, Policy::None));
    // A pass needs nothing more.
    let mut both = dkim("a.example.com", AuthResult::TempError);
    both.spf = Some(SpfIdentifier::new(domain("example.com"), AuthResult::Pass));
    assert_eq!(run(&reject, "example.com", &both).verdict, Verdict::Pass);
    let mut broken = zone(&[]);
    broken.add_fault("_dmarc.example.com", Kind::Txt, TemporaryKind::Timeout).unwrap();
    assert_eq!(run(&broken, "a.example.com", &both).verdict.as_str(), "temperror");
    // Whether the author domain exists decides between sp and np.
    let mut np = zone(&[("example.com", "v=DMARC1; p=none; np=reject")]);
    np.add_fault_else("a.example.com", TemporaryKind::Timeout).unwrap();
    assert_eq!(run(&np, "a.example.com", &Identifiers::default()).verdict.as_str(), "temperror");
    assert_eq!(run(&np, "a.example.com", &dkim("example.com", AuthResult::Pass)).verdict, Verdict::Pass);
}

#[test]
fn the_author_domains_own_record_has_no_subdomain_policy() {
    let zone = zone(&[
        ("a.example.com", "v=DMARC1; p=none; sp=reject"),
        ("example.com", "v=DMARC1; p=quarantine; sp=reject"),
    ]);
    let own = run(&zone, "a.example.com", &Identifiers::default());
    assert_eq!(own.published, Some(Published { policy: Policy::None, source: Source::P }));
    // A record between is no policy (RFC 9989 4.10.1).
    let below = run(&zone, "b.a.example.com", &Identifiers::default());
    assert_eq!(below.policy_domain, Some(domain("example.com")));
    assert_eq!(below.published, Some(Published { policy: Policy::Reject, source: Source::Sp }));
}

#[test]
fn records_without_a_usable_policy() {
    // RFC 9989 4.10.1.
    let found = |record: &str| run(&zone(&[("example.com", record)]), "example.com", &Identifiers::default());
    assert_eq!(found("v=DMARC1").verdict, Verdict::None(NoneReason::FaultyRecord));
    let assumed = found("v=DMARC1; p=reject; sp=nope; rua=mailto:a@example.com");
    assert_eq!((assumed.verdict.as_str(), assumed.requested), ("fail", Policy::None));
    assert_eq!(assumed.published.unwrap().source, Source::Assumed);
    assert_eq!(found("v=DMARC1; p=reject; rua=a@example.com").requested, Policy::Reject);
}

#[test]
fn testing_lowers_and_arc_overrides() {
    let zone = zone(&[("example.com", "v=DMARC1; p=reject; t=y")]);
    let mut found = dkim("list.example", AuthResult::Pass);
    found.arc = Some(ArcChain { sealer: domain("list.example"), result: AuthResult::Pass });
    let untrusted = run(&zone, "example.com", &found);
    assert_eq!((untrusted.requested, untrusted.overridden), (Policy::Quarantine, false));
    assert_eq!(untrusted.reasons[0].kind, OverrideKind::PolicyTestMode);
    let config = Config::default().trust_sealer(domain("list.example"));
    let trusted = evaluate(&Author::of_domain(domain("example.com")), &found, &zone, &config);
    assert_eq!((trusted.verdict.as_str(), trusted.advised()), ("fail", Policy::None));
    assert_eq!(trusted.reasons[1].comment.as_deref(), Some("arc=pass, sealed by list.example"));
    // A broken chain is none.
    found.arc = Some(ArcChain { sealer: domain("list.example"), result: AuthResult::Fail });
    assert!(!evaluate(&Author::of_domain(domain("example.com")), &found, &zone, &config).overridden);
}

#[test]
fn several_authors() {
    // RFC 9989 5.3.1 and 11.5.
    let zone = zone(&[("a.example", "v=DMARC1; p=quarantine"), ("b.example", "v=DMARC1; p=reject")]);
    let author = Author::of_addresses(["x@a.example", "y@b.example", "z@a.example"]);
    let found = dkim("a.example", AuthResult::Pass);
    let none = evaluate(&author, &found, &zone, &Config::default());
    assert_eq!(none.verdict, Verdict::None(NoneReason::NoAuthor(NoAuthor::SeveralDomains)));
    let strictest = evaluate(&author, &found, &zone, &Config::default().several_authors(2));
    assert_eq!((strictest.requested, strictest.author), (Policy::Reject, Some(domain("b.example"))));
    assert_eq!(
        evaluate(&author, &found, &zone, &Config::default().several_authors(1)).verdict.as_str(),
        "none"
    );
}

#[test]
fn rfc_7489_with_a_list() {
    let list = PublicSuffixList::parse("com\nco.uk\n");
    let zone = zone(&[
        ("example.co.uk", "v=DMARC1; p=reject; sp=none; np=reject; pct=0; t=y"),
        ("two.com", "v=DMARC1; p=none"),
        ("two.com", "v=DMARC1; p=reject"),
        ("a.two.com", "v=DMARC1; p=none"),
        ("a.two.com", "v=DMARC1; p=reject"),
    ]);
    let run = |from: &str, found: &Identifiers, config: &Config<'_>| {
        evaluate(&Author::of_domain(domain(from)), found, &zone, config)
    };
    let all = Config::public_suffix(&list);
    let own = run("example.co.uk", &Identifiers::default(), &all);
    assert_eq!((own.published.unwrap().policy, own.requested), (Policy::Reject, Policy::Quarantine));
    assert_eq!(own.reasons[0].kind, OverrideKind::SampledOut);
    let sub = run("ghost.example.co.uk", &Identifiers::default(), &all);
    assert_eq!(sub.published.unwrap(), Published { policy: Policy::None, source: Source::Sp });
    assert_eq!(
        run("a.example.co.uk", &dkim("b.example.co.uk", AuthResult::Pass), &all).verdict,
        Verdict::Pass
    );
    // RFC 7489 6.6.3, step 5.
    assert_eq!(
        run("a.two.com", &Identifiers::default(), &all).verdict,
        Verdict::None(NoneReason::SeveralRecords)
    );
}

#[test]
fn one_round_of_waiting() {
    struct Rounds<'z>(&'z Zone);
    impl Resolver for Rounds<'_> {
        fn resolve_all(&self, questions: &[mailwright_dns::Question]) -> Vec<mailwright_dns::Answer> {
            self.0.resolve_all(questions)
        }
    }
    let zone = zone(&[("example.com", "v=DMARC1; p=reject")]);
    let mut found = dkim("b.example.com", AuthResult::Pass);
    found.spf = Some(SpfIdentifier::new(domain("c.d.example.com"), AuthResult::Pass));
    let mut session = Session::new(mailwright_dns::Limits::default());
    let author = Author::of_domain(domain("a.example.com"));
    let evaluation =
        session.blocking(&Rounds(&zone), |dns| evaluate(&author, &found, dns, &Config::default()));
    assert_eq!((evaluation.verdict, evaluation.pending, session.rounds()), (Verdict::Pass, false, 1));
}

#[test]
fn the_explanation_names_record_tag_and_section() {
    let zone = zone(&[("example.com", "v=DMARC1; p=none; np=reject")]);
    let text = run(&zone, "ghost.example.com", &spf("evil.example", AuthResult::Pass)).to_string();
    assert_eq!(
        text,
        "fail for ghost.example.com: no aligned identifier passed (RFC 9989 5.3.5)\n\
         record: _dmarc.example.com: v=DMARC1; p=none; np=reject\n\
         policy: reject (np, for subdomains that do not exist, RFC 9989 4.7)\n\
         organizational domain: example.com\n\
         spf: pass evil.example, not aligned\n\
         requested: reject; advised: quarantine (RFC 9989 7.4)"
    );
}

/// In the mode of RFC 7489 no section of RFC 9989 is cited but that of the advice, which RFC 7489 does not have.
#[test]
fn the_explanation_cites_the_rfc_that_was_followed() {
    let list = PublicSuffixList::parse("com\n");
    let zone = zone(&[
        ("example.com", "v=DMARC1; p=reject; sp=quarantine"),
        ("faulty.com", "v=DMARC1; p=x"),
        ("none.com", "v=DMARC1; sp=x; rua=mailto:a@none.com"),
        ("two.com", "v=DMARC1; p=none"),
        ("two.com", "v=DMARC1; p=none"),
    ]);
    let found = dkim("b.example.com", AuthResult::Pass);
    let run = |author: Author| evaluate(&author, &found, &zone, &Config::public_suffix(&list));
    let of = |name: &str| run(Author::of_domain(domain(name)));
    assert_eq!(
        of("a.example.com").to_string(),
        "pass for a.example.com: an aligned identifier passed (RFC 7489 6.6.2)\n\
         record: _dmarc.example.com: v=DMARC1; p=reject; sp=quarantine\n\
         policy: quarantine (sp, for subdomains, RFC 7489 6.3)\n\
         organizational domain: example.com\n\
         dkim: pass b.example.com (s), aligned by the organizational domain (RFC 7489 3.1)"
    );
    for evaluation in [
        of("gone.com"),
        of("faulty.com"),
        of("none.com"),
        of("two.com"),
        run(Author::of_addresses(["a@a.com", "b@b.com"])),
    ] {
        let text = evaluation.to_string().replace(" (RFC 9989 7.4)", "");
        assert!(text.contains("RFC 7489") && !text.contains("RFC 9989"), "{text}");
        assert!(!evaluation.auth_result().to_string().contains("RFC 9989"));
    }
}

/// The policy that applies to `from` with these records, and the tag that it is from.
fn policy_of(zone: &Zone, from: &str) -> Option<Published> {
    run(zone, from, &Identifiers::default()).published
}

/// RFC 9989 4.7, 4.10.1: which tag applies; 3.2.13: only NXDOMAIN is no existence, a name without records exists.
#[test]
fn subdomains_that_exist_and_others() {
    let of = |record: &str| {
        let mut zone = zone(&[("example.com", record)]);
        zone.add_txt("host.example.com", "any record").unwrap();
        zone.add_txt("below.empty.example.com", "any record").unwrap();
        ["example.com", "host.example.com", "empty.example.com", "gone.example.com"]
            .map(|name| policy_of(&zone, name).map(|found| (found.policy, found.source)).unwrap())
    };
    use Policy::{None, Quarantine, Reject};
    use Source::{Assumed, Np, P, Sp};
    let (p, sp, np) = ((None, P), (Quarantine, Sp), (Reject, Np));
    assert_eq!(of("v=DMARC1; p=none; sp=quarantine; np=reject"), [p, sp, sp, np]);
    assert_eq!(of("v=DMARC1; p=none; np=reject"), [p, p, p, np]);
    assert_eq!(of("v=DMARC1; p=none; sp=quarantine"), [p, sp, sp, sp]);
    assert_eq!(of("v=DMARC1; p=none"), [p; 4]);
    // 4.10.1: with a policy that is not valid and a valid rua it is p=none for all of them.
    let assumed = (None, Assumed);
    for faulty in ["sp=reject", "p=reject; sp=x", "p=reject; np="] {
        assert_eq!(of(&format!("v=DMARC1; {faulty}; rua=mailto:a@b.example")), [assumed; 4], "{faulty}");
    }
}

/// RFC 9989 4.10.1: the author domain's record, else its organizational domain's, else the public suffix domain's; never one between.
#[test]
fn the_record_that_applies() {
    let applies = |records: &[(&str, &str)], from: &str| {
        run(&zone(records), from, &Identifiers::default()).policy_domain.map(|domain| domain.to_string())
    };
    let (c, d) = (("c.example", "v=DMARC1; p=none"), ("b.c.example", "v=DMARC1; p=none"));
    assert_eq!(applies(&[c, d], "a.b.c.example").as_deref(), Some("c.example"), "none between");
    assert_eq!(applies(&[c, d], "b.c.example").as_deref(), Some("b.c.example"));
    let suffix = ("example", "v=DMARC1; p=reject; psd=y");
    assert_eq!(applies(&[suffix], "a.b.c.example").as_deref(), Some("example"));
    assert_eq!(applies(&[suffix, c], "a.b.c.example").as_deref(), Some("c.example"));
    // Below the suffix and its registrant, a record between the author and the organizational domain is none.
    assert_eq!(applies(&[suffix, d], "a.b.c.example").as_deref(), Some("example"));
    let own = ("b.c.example", "v=DMARC1; p=none; psd=n");
    assert_eq!(applies(&[c, own], "a.b.c.example").as_deref(), Some("b.c.example"));
    // Several records at a name are none (4.10, steps 2 and 6).
    assert_eq!(applies(&[d, d, c], "b.c.example").as_deref(), Some("c.example"));
    assert_eq!(applies(&[("example.org", "v=DMARC1")], "a.b.c.example"), None);
}

/// RFC 9989 4.4.2, 4.10.2, 5.3.5: alignment of each mechanism by its own mode.
#[test]
fn alignment_by_mode() {
    let passes = |record: &str, author: &str, found: &Identifiers| {
        run(&zone(&[("example.com", record)]), author, found).verdict == Verdict::Pass
    };
    let pass = |name: &str| [spf(name, AuthResult::Pass), dkim(name, AuthResult::Pass)];
    for (record, by_spf, by_dkim) in [
        ("v=DMARC1; p=none", true, true),
        ("v=DMARC1; p=none; aspf=s", false, true),
        ("v=DMARC1; p=none; adkim=S", true, false),
        ("v=DMARC1; p=none; aspf=s; adkim=s", false, false),
    ] {
        for identifier in ["example.com", "other.example.com", "below.mail.example.com"] {
            let [spf, dkim] = pass(identifier);
            assert_eq!(passes(record, "mail.example.com", &spf), by_spf, "{record} {identifier}");
            assert_eq!(passes(record, "mail.example.com", &dkim), by_dkim, "{record} {identifier}");
        }
        for found in pass("MAIL.Example.com") {
            assert!(passes(record, "mail.example.com", &found), "{record}");
        }
        for found in pass("example.org").iter().chain(&pass("notexample.com")).chain(&pass("com")) {
            assert!(!passes(record, "mail.example.com", found), "{record}");
        }
    }
    for result in [
        AuthResult::Fail,
        AuthResult::SoftFail,
        AuthResult::Neutral,
        AuthResult::None,
        AuthResult::PermError,
        AuthResult::Policy,
    ] {
        assert!(!passes("v=DMARC1; p=none", "example.com", &spf("example.com", result.clone())), "{result}");
    }
}
