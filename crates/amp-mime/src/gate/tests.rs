use std::collections::BTreeSet;

use mailwright_message_model::Message;
use mailwright_message_model::authres::{
    AuthResult, AuthenticationResults, Method, MethodResult, PropertyType,
};
use mailwright_message_model::domain::Domain;

use super::FallbackReason::*;
use super::*;

/// 2026-11-24T00:00:00Z.
const NOW: u64 = 1_795_478_400;

/// Valid, whatever a profile asks for.
const AMP: &str = "<!doctype html><html \u{26a1}4email data-css-strict><head><meta charset=\"utf-8\">\
    <script async src=\"https://cdn.ampproject.org/v0.js\"></script>\
    <style amp4email-boilerplate>body{visibility:hidden}</style></head><body>hello</body></html>";

fn mail(header: &str, parts: &[(&str, &str)]) -> String {
    let parts: String = parts
        .iter()
        .map(|(type_, body)| format!("--b\r\nContent-Type: {type_}; charset=utf-8\r\n\r\n{body}\r\n"))
        .collect();
    format!("{header}Content-Type: multipart/alternative; boundary=b\r\n\r\n{parts}--b--\r\n")
}

fn good(header: &str) -> String {
    mail(header, &[("text/plain", "hello"), ("text/x-amp-html", AMP), ("text/html", "<p>hello</p>")])
}

const HEADER: &str = "From: News <news@shop.example>\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n";

fn results(dkim: AuthResult, spf: AuthResult, dmarc: AuthResult) -> AuthenticationResults {
    AuthenticationResults::new("mx.example.org")
        .with_result(MethodResult::new(Method::Dkim, dkim).with_prop(
            PropertyType::Header,
            "d",
            "shop.example",
        ))
        .with_result(MethodResult::new(Method::Spf, spf).with_prop(
            PropertyType::Smtp,
            "mailfrom",
            "x@shop.example",
        ))
        .with_result(MethodResult::new(Method::Dmarc, dmarc).with_prop(
            PropertyType::Policy,
            "dmarc",
            "reject",
        ))
}

fn passing() -> AuthenticationResults {
    results(AuthResult::Pass, AuthResult::Pass, AuthResult::Pass)
}

fn registered() -> Registered {
    let mut registered = Registered::new();
    for client in ["gmail", "mailru", "outlook"] {
        registered = registered.with_address(client, "news@shop.example".parse().unwrap());
    }
    registered.with_dkim_domain("yahoo", "shop.example".parse().unwrap())
}

fn verdict(raw: &str, auth: &SenderAuth<'_>, profile: &ClientProfile) -> Verdict {
    let message = Message::parse(raw.as_bytes()).unwrap();
    decide(&message, auth, profile, &registered(), NOW).verdict
}

#[test]
fn a_mail_that_meets_everything_is_rendered() {
    let auth = SenderAuth::verified(passing()).with_tls(true);
    for profile in [ClientProfile::gmail(), ClientProfile::yahoo(), ClientProfile::mail_ru()] {
        let message = good(HEADER);
        let message = Message::parse(message.as_bytes()).unwrap();
        let decision = decide(&message, &auth, &profile, &registered(), NOW);
        assert_eq!(decision.verdict, Verdict::Render, "{decision}");
        assert!(decision.checks.iter().all(|check| check.outcome == Outcome::Met), "{decision}");
    }
    let fair = ClientProfile::fair_email();
    assert_eq!(verdict(&good(HEADER), &auth, &fair), Verdict::Manual);
    let outlook = ClientProfile::outlook();
    assert_eq!(verdict(&good(HEADER), &auth, &outlook), Verdict::Fallback(UnsupportedClient));
}

/// Each profile, and everything that it asks for, in the order of the reasons.
fn wanted() -> Vec<(ClientProfile, Vec<FallbackReason>)> {
    vec![
        (
            ClientProfile::gmail(),
            vec![
                Malformed,
                AuthFailed,
                DkimFailed,
                DkimNotMatchingFrom,
                SpfFailed,
                NoTls,
                SenderNotRegistered,
                TooOld,
                InvalidAmp,
            ],
        ),
        (
            ClientProfile::yahoo(),
            vec![Malformed, AuthFailed, DkimFailed, DmarcFailed, SenderNotRegistered, TooOld, InvalidAmp],
        ),
        (
            ClientProfile::mail_ru(),
            vec![
                Malformed,
                AuthFailed,
                DkimFailed,
                DkimNotMatchingFrom,
                SpfFailed,
                DmarcFailed,
                SenderNotRegistered,
                TooOld,
                InvalidAmp,
            ],
        ),
        (ClientProfile::fair_email(), vec![NoAmp]),
        (
            ClientProfile::outlook(),
            vec![
                UnsupportedClient,
                Malformed,
                AuthFailed,
                DkimFailed,
                DkimNotMatchingFrom,
                SpfFailed,
                SenderNotRegistered,
                TooOld,
                InvalidAmp,
            ],
        ),
    ]
}

#[test]
fn a_mail_that_fails_everything_at_once_lists_everything() {
    let header = "From: a@shop.example, b@shop.example\r\nDate: Thu, 1 Oct 2026 10:00:00 +0000\r\n";
    let auth = SenderAuth::verified(results(AuthResult::Fail, AuthResult::SoftFail, AuthResult::Fail));
    let auth = auth.with_tls(false);
    for (profile, wanted) in wanted() {
        let parts: &[_] = match profile.support {
            Support::Manual => &[("text/plain", "hello")],
            _ => &[("text/x-amp-html", "<p onclick=x>hello</p>")],
        };
        let raw = mail(header, parts);
        let message = Message::parse(raw.as_bytes()).unwrap();
        let decision = decide(&message, &auth, &profile, &registered(), NOW);
        let failed: Vec<FallbackReason> = decision.failed().map(|check| check.reason).collect();
        assert_eq!(failed, wanted, "{decision}");
        assert_eq!(decision.verdict, Verdict::Fallback(wanted[0]));
        for reason in wanted {
            assert!(decision.to_string().contains(reason.code()), "{decision}");
        }
    }
}

#[test]
fn each_requirement_fails_alone() {
    let old = HEADER.replace("22 Nov", "01 Oct");
    let other = HEADER.replace("news@", "News@");
    let (pass, fail) = (AuthResult::Pass, AuthResult::None);
    let verified = |dkim: &AuthResult, spf: &AuthResult, dmarc: &AuthResult| {
        SenderAuth::verified(results(dkim.clone(), spf.clone(), dmarc.clone()))
    };
    let (gmail, yahoo, mail_ru) = (ClientProfile::gmail(), ClientProfile::yahoo(), ClientProfile::mail_ru());
    let unregistered = ClientProfile { registration: Registration::No, ..yahoo.clone() };
    let good_auth = verified(&pass, &pass, &pass);
    let cases = [
        (good(&old), good_auth.clone(), &gmail, TooOld),
        (good(&other), good_auth.clone(), &gmail, SenderNotRegistered),
        (good(HEADER), good_auth.clone().with_tls(false), &gmail, NoTls),
        (good(HEADER), verified(&pass, &fail, &pass), &gmail, SpfFailed),
        (good(HEADER), verified(&fail, &pass, &pass), &unregistered, DkimFailed),
        (good(&HEADER.replace("shop.", "mail.shop.")), verified(&pass, &fail, &fail), &yahoo, DmarcFailed),
        (good(HEADER), verified(&pass, &pass, &fail), &mail_ru, DmarcFailed),
        (
            good(HEADER).replace("<body>", "<body onload=x>").replace("boilerplate", "nothing"),
            good_auth.clone(),
            &gmail,
            InvalidAmp,
        ),
        (good(HEADER), SenderAuth::unknown().with_tls(true), &yahoo, AuthFailed),
    ];
    for (raw, auth, profile, reason) in cases {
        let message = Message::parse(raw.as_bytes()).unwrap();
        let decision = decide(&message, &auth, profile, &registered(), NOW);
        let failed: Vec<FallbackReason> = decision.failed().map(|check| check.reason).collect();
        assert_eq!(failed, [reason], "{decision}");
    }
    // The age is counted in hours, not in days: the last second counts.
    let at = |date: &str| verdict(&good(&HEADER.replace("22 Nov 2026 10:00:00", date)), &good_auth, &yahoo);
    assert_eq!(at("25 Oct 2026 00:00:00"), Verdict::Render);
    assert_eq!(at("24 Oct 2026 23:59:59"), Verdict::Fallback(TooOld));
}

#[test]
fn relaxed_needs_an_organizational_domain() {
    let org = |domain: &Domain| domain.suffix(2).unwrap_or_else(|| domain.clone());
    let header = HEADER.replace("shop.", "mail.shop.");
    let raw = good(&header);
    let gmail = ClientProfile { registration: Registration::No, ..ClientProfile::gmail() };
    let auth = SenderAuth::verified(passing());
    assert_eq!(verdict(&raw, &auth, &gmail), Verdict::Fallback(DkimNotMatchingFrom));
    assert_eq!(verdict(&raw, &auth.clone().with_org_domain(&org), &gmail), Verdict::Render);
    let strict = ClientProfile { dkim_matches_from: DkimMatch::Strict, ..gmail };
    assert_eq!(verdict(&raw, &auth.with_org_domain(&org), &strict), Verdict::Fallback(DkimNotMatchingFrom));
}

const FIELD: &str = "Authentication-Results: mx.example.org (our own); dkim=fail header.d=other.example;\r\n\
    \tdkim=pass (good) header.i=@shop.example; spf=pass smtp.mailfrom=x@shop.example;\r\n\
    \tdmarc=pass (dis=none sp=none P=Quarantine) header.from=shop.example\r\n";

#[test]
fn a_field_opens_nothing_by_itself() {
    let raw = good(&format!("{FIELD}{HEADER}"));
    let message = Message::parse(raw.as_bytes()).unwrap();
    let mail_ru = ClientProfile::mail_ru();
    assert_eq!(verdict(&raw, &SenderAuth::unknown(), &mail_ru), Verdict::Fallback(AuthFailed));
    let trusting = |id: &str| verdict(&raw, &SenderAuth::trusting(&message, id), &mail_ru);
    assert_eq!(trusting("MX.example.org"), Verdict::Render);
    assert_eq!(trusting("example.org"), Verdict::Fallback(AuthFailed));
    assert_eq!(trusting(""), Verdict::Fallback(AuthFailed));
}

#[test]
fn the_block_at_the_top_counts_and_nothing_below() {
    let spf = "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=shop.example\r\n";
    let dkim = "Authentication-Results: mx.example.org; dkim=pass header.d=shop.example\r\n";
    let foreign = "Authentication-Results: mx.example.net; none\r\n";
    let received = "Received: from a by b; Sun, 22 Nov 2026 10:00:00 +0000\r\n";
    let methods = |header: &[&str]| {
        let raw = good(&format!("{}{HEADER}", header.concat()));
        let message = Message::parse(raw.as_bytes()).unwrap();
        let auth = SenderAuth::trusting(&message, "mx.example.org");
        let all = auth.results().iter().flat_map(AuthenticationResults::results);
        all.map(|result| result.method().to_string())
            .collect::<BTreeSet<String>>()
            .into_iter()
            .collect::<Vec<_>>()
    };
    assert_eq!(methods(&[spf, dkim]), ["dkim", "spf"]);
    assert_eq!(methods(&[received, spf, foreign, dkim]), ["dkim", "spf"]);
    assert_eq!(methods(&[foreign, received, spf]), ["spf"]);
    assert_eq!(methods(&[spf, received, dkim]), ["spf"]);
    assert_eq!(methods(&[foreign]), [""; 0]);
}

#[test]
fn what_is_unknown_fails_nothing() {
    let raw = good("From: news@shop.example\r\n");
    let message = Message::parse(raw.as_bytes()).unwrap();
    let decision =
        decide(&message, &SenderAuth::verified(passing()), &ClientProfile::gmail(), &NotKnown, NOW);
    assert_eq!(decision.verdict, Verdict::Render, "{decision}");
    let unknown: Vec<FallbackReason> = decision.unknown().map(|check| check.reason).collect();
    assert_eq!(unknown, [NoTls, SenderNotRegistered, TooOld]);
    let nobody = decide(&message, &SenderAuth::unknown(), &ClientProfile::gmail(), &NotKnown, NOW);
    assert_eq!(nobody.verdict, Verdict::Fallback(AuthFailed), "{nobody}");
    assert_eq!(nobody.failed().count(), 1);
    let manual = decide(&message, &SenderAuth::unknown(), &ClientProfile::fair_email(), &NotKnown, NOW);
    assert_eq!(manual.verdict, Verdict::Manual);
}

#[test]
fn filters_that_disagree_prove_nothing() {
    let other = MethodResult::new(Method::Spf, AuthResult::Fail).with_prop(
        PropertyType::Smtp,
        "mailfrom",
        "y.example",
    );
    let helo =
        MethodResult::new(Method::Spf, AuthResult::Fail).with_prop(PropertyType::Smtp, "helo", "y.example");
    let gmail = ClientProfile::gmail();
    let with = |result| verdict(&good(HEADER), &SenderAuth::verified(passing().with_result(result)), &gmail);
    assert_eq!(with(other), Verdict::Fallback(SpfFailed));
    assert_eq!(with(helo), Verdict::Render);
}

#[test]
fn an_author_without_an_address_is_an_author() {
    let auth = SenderAuth::verified(passing());
    let of = |from: &str| {
        verdict(&good(&HEADER.replace("News <news@shop.example>", from)), &auth, &ClientProfile::gmail())
    };
    assert_eq!(of("Somebody, news@shop.example"), Verdict::Fallback(AuthFailed));
    assert_eq!(of("a@shop.example\r\nFrom: news@shop.example"), Verdict::Fallback(AuthFailed));
    assert_eq!(of("Team: news@shop.example;"), Verdict::Render);
    assert_eq!(of(""), Verdict::Fallback(AuthFailed));
}
