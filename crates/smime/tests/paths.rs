//! Paths of a small PKI of our own: usage, addresses, name constraints, lists and responses.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

use mailwright_smime::path::{Purpose, Revocation, RevocationStatus, Rule, Unknown, Validator};
use mailwright_smime::x509::{Certificate, Crl, OcspResponse};
use mailwright_smime::{Policy, Time};

macro_rules! data {
    ($name:literal) => {
        include_bytes!(concat!("data/", $name)).as_slice()
    };
}

fn certificate(der: &'static [u8]) -> Certificate<'static> {
    Certificate::from_der(der).unwrap()
}

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

fn validator() -> Validator<'static> {
    Validator::new([certificate(data!("root.crt"))])
        .certificates([certificate(data!("issuing.crt"))])
        .at(at("2027-06-01T00:00:00Z"))
}

fn refused(validator: &Validator<'static>, der: &'static [u8]) -> Rule {
    validator.validate(&certificate(der)).unwrap_err().rule().clone()
}

#[test]
fn a_refusal_names_rule_section_and_certificate() {
    let refusal =
        validator().at(at("2126-12-01T00:00:00Z")).validate(&certificate(data!("alice.crt"))).unwrap_err();
    assert_eq!(refusal.section(), "RFC 5280 6.1.3 (a)(2)");
    assert_eq!(refusal.certificate(), Some("CN=Issuing CA, O=Example (serial 02)"));
    assert_eq!(
        refusal.to_string(),
        "CN=Issuing CA, O=Example (serial 02): not valid after 2126-10-31T12:18:23Z (RFC 5280 6.1.3 (a)(2))"
    );
}

#[test]
fn without_the_issuer_there_is_no_path() {
    let alone = Validator::new([certificate(data!("root.crt"))]);
    assert_eq!(refused(&alone, data!("alice.crt")), Rule::NoPath);
    assert_eq!(refused(&Validator::new([]), data!("root.crt")), Rule::NoPath);
}

#[test]
fn an_anchor_need_not_be_self_signed() {
    let path = Validator::new([certificate(data!("issuing.crt"))])
        .validate(&certificate(data!("alice.crt")))
        .unwrap();
    assert_eq!(path.certificates().len(), 1);
    // Its name constraints apply all the same (RFC 5937 3.2).
    let issuing = Validator::new([certificate(data!("issuing.crt"))]);
    assert_eq!(refused(&issuing, data!("mallory.crt")), Rule::NameNotPermitted("mallory@example.com".into()));
}

#[test]
fn keys_are_used_for_what_they_are_for() {
    let (sign, encrypt) =
        (validator().purpose(Purpose::EmailSign), validator().purpose(Purpose::EmailEncrypt));
    assert!(sign.validate(&certificate(data!("alice.crt"))).is_ok());
    assert_eq!(refused(&encrypt, data!("alice.crt")), Rule::KeyUsage);
    assert!(encrypt.validate(&certificate(data!("bob.crt"))).is_ok());
    assert_eq!(refused(&sign, data!("bob.crt")), Rule::KeyUsage);
    // clientAuth is not among Alice's purposes; Bob's key is not bound to any.
    let client = || validator().usage("1.3.6.1.5.5.7.3.2".parse().unwrap());
    assert_eq!(refused(&client(), data!("alice.crt")), Rule::ExtendedKeyUsage);
    assert!(client().validate(&certificate(data!("bob.crt"))).is_ok());
}

#[test]
fn a_certificate_that_is_no_ca_issues_nothing() {
    // Alice's certificate as the issuer of a certificate of her name: none is at hand, but as an anchor she may.
    assert_eq!(
        certificate(data!("alice.crt")).basic_constraints().unwrap().map(|basic| basic.ca),
        Some(false)
    );
    assert_eq!(refused(&validator().max_intermediates(0), data!("alice.crt")), Rule::PathLength);
}

#[test]
fn lists_revoke_and_absence_is_told() {
    let listed = validator().crls([Crl::from_der(data!("issuing.crl")).unwrap()]);
    let since = at("2026-10-01T00:00:00Z");
    assert_eq!(refused(&listed, data!("bob.crt")), Rule::Revoked { since, reason: 1 });
    let path = listed.validate(&certificate(data!("alice.crt"))).unwrap();
    let nothing = RevocationStatus::Unknown(Unknown::NothingAtHand);
    assert_eq!(path.revocation(), [RevocationStatus::GoodByCrl, nothing]);
    // Of the issuing CA there is no list.
    let required = listed.clone().revocation(Revocation::Required);
    assert_eq!(refused(&required, data!("alice.crt")), Rule::RevocationUnknown(Unknown::NothingAtHand));
    let ignored = listed.revocation(Revocation::Ignore).validate(&certificate(data!("bob.crt"))).unwrap();
    assert_eq!(ignored.revocation(), [RevocationStatus::NotChecked, RevocationStatus::NotChecked]);
    // Without a time nothing is out of time.
    let early = validator().at(at("2026-11-24T12:18:23Z"));
    let early = early.crls([Crl::from_der(data!("issuing.crl")).unwrap()]);
    let path = early.validate(&certificate(data!("alice.crt"))).unwrap();
    assert_eq!(path.revocation().first(), Some(&RevocationStatus::Unknown(Unknown::NotInTime)));
}

#[test]
fn responses_of_the_ca_and_of_its_delegate_count_and_others_do_not() {
    for (der, counts) in
        [(data!("direct.ocsp"), true), (data!("delegated.ocsp"), true), (data!("forged.ocsp"), false)]
    {
        let response = OcspResponse::from_der(der).unwrap();
        let asked = validator().responses([response]);
        let path = asked.validate(&certificate(data!("alice.crt"))).unwrap();
        let since = at("2026-10-01T00:00:00Z");
        if counts {
            assert_eq!(path.revocation().first(), Some(&RevocationStatus::GoodByOcsp));
            assert_eq!(refused(&asked, data!("bob.crt")), Rule::Revoked { since, reason: 1 });
        } else {
            assert_eq!(path.revocation().first(), Some(&RevocationStatus::Unknown(Unknown::NotSigned)));
            assert!(asked.validate(&certificate(data!("bob.crt"))).is_ok());
        }
    }
}

#[test]
fn any_changed_octet_of_a_certificate_is_seen() {
    let der = data!("alice.crt");
    for at in 0..der.len() {
        let mut changed = der.to_vec();
        changed.iter_mut().skip(at).take(1).for_each(|octet| *octet ^= 1);
        let validator = validator();
        let good = Certificate::from_der(&changed).is_ok_and(|changed| validator.validate(&changed).is_ok());
        assert!(!good, "octet {at}");
    }
}

#[test]
fn weak_keys_and_digests_are_judged_by_the_policy() {
    let (strict, interop) = (validator().policy(Policy::strict()), validator().policy(Policy::interop()));
    assert_eq!(refused(&strict, data!("sha1.crt")), Rule::WeakDigest);
    assert_eq!(refused(&strict, data!("short.crt")), Rule::WeakKey { bits: 1024, least: 2048 });
    assert!(interop.validate(&certificate(data!("sha1.crt"))).is_ok());
    assert!(interop.validate(&certificate(data!("short.crt"))).is_ok());
}
