//! Every reason, by a message made for it.

use std::collections::BTreeSet;

use mailwright_dns::{Answers, Kind, Temporary, TemporaryKind, Zone};

use super::{Outcome, Reason, SignatureResult, verify};
use crate::key::{DnsRecord, KeyErrorKind, PrivateKey, PublicKey};
use crate::signature::SignatureErrorKind as Field;
use crate::tags::TagErrorKind;
use crate::{Policy, Signer, Treat};

const NOW: u64 = 1_700_000_000;
const MESSAGE: &str = "From: ann@example.org\r\nSubject: lunch\r\n\r\nAt noon?\r\n";
const TAGS: &str = "v=1; a=ed25519-sha256; d=example.org; s=s; h=from:subject; bh=AAAA; b=AAAA";
/// RFC 8463 A.2
const KEY: &str = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/// A message, what is in DNS, what is accepted, and why its first signature does not pass.
struct Case {
    message: String,
    record: Option<String>,
    policy: Policy,
    want: Reason,
}

fn key() -> PrivateKey {
    PrivateKey::ed25519(&[7; 32]).unwrap()
}

fn record() -> String {
    let record =
        DnsRecord::new(&"s".parse().unwrap(), &"example.org".parse().unwrap(), key().public_key().clone());
    record.unwrap().text()
}

fn signer() -> Signer {
    Signer::new("example.org", "s", key()).unwrap()
}

fn signed(signer: &Signer) -> String {
    String::from_utf8(signer.sign(MESSAGE.as_bytes(), NOW).unwrap().prepended_to(MESSAGE.as_bytes())).unwrap()
}

/// With the key of the signer, or with one that will not be looked at.
fn case(message: &str, want: Reason) -> Case {
    Case { message: message.into(), record: Some(record()), policy: Policy::default(), want }
}

/// A field with these tags in place of the usual ones.
fn tags(changed: &str) -> String {
    let names: Vec<&str> =
        changed.split("; ").filter_map(|tag| tag.split_once('=')).map(|(name, _)| name).collect();
    let kept =
        TAGS.split("; ").filter(|tag| tag.split_once('=').is_none_or(|(name, _)| !names.contains(&name)));
    let all: Vec<&str> = kept.chain([changed]).collect();
    format!("DKIM-Signature: {}\r\n{MESSAGE}", all.join("; "))
}

fn rsa(n: Vec<u8>, e: Vec<u8>) -> String {
    let key = PublicKey::Rsa { n, e };
    let record = DnsRecord::new(&"s".parse().unwrap(), &"example.org".parse().unwrap(), key).unwrap();
    record.text()
}

impl Case {
    fn record(self, record: &str) -> Self {
        Self { record: Some(record.into()), ..self }
    }

    fn policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    fn result(&self) -> SignatureResult {
        let mut zone = Zone::new();
        for name in ["s._domainkey.example.org", "t._domainkey.example.org"] {
            if let Some(record) = &self.record {
                zone.add_txt(name, record).unwrap();
            }
        }
        if matches!(self.want, Reason::Dns(_)) {
            zone.add_fault("s._domainkey.example.org", Kind::Txt, TemporaryKind::ServFail).unwrap();
        }
        let found = match self.want {
            Reason::Pending => verify(self.message.as_bytes(), &Answers::default(), &self.policy, NOW),
            _ => verify(self.message.as_bytes(), &zone, &self.policy, NOW),
        };
        found.signatures.into_iter().find(|result| result.outcome != Outcome::Pass).unwrap()
    }
}

/// The names of all reasons. A new one does not compile until it stands here, and has no case until it stands below.
fn name(reason: &Reason) -> &'static str {
    match reason {
        Reason::BodyHash => "BodyHash",
        Reason::Signature => "Signature",
        Reason::Field(kind) => match kind {
            Field::Syntax(_) => "Field Syntax",
            Field::Missing(_) => "Field Missing",
            Field::Value(_) => "Field Value",
            Field::Version => "Field Version",
            Field::Algorithm => "Field Algorithm",
            Field::Canonicalization => "Field Canonicalization",
            Field::Query => "Field Query",
            Field::FromNotSigned => "Field FromNotSigned",
            Field::IdentityOutsideDomain => "Field IdentityOutsideDomain",
            Field::ExpiresBeforeSigned => "Field ExpiresBeforeSigned",
            // Those of ARC have their cases there.
            Field::Instance | Field::SealCovered | Field::SealHasHeaderList | Field::ChainValidation => "",
        },
        Reason::BodyTooShort { .. } => "BodyTooShort",
        Reason::NoKey => "NoKey",
        Reason::Key(kind) => match kind {
            KeyErrorKind::Syntax(_) => "Key Syntax",
            KeyErrorKind::Version => "Key Version",
            KeyErrorKind::Type => "Key Type",
            KeyErrorKind::NoKey => "Key NoKey",
            KeyErrorKind::Revoked => "Key Revoked",
            KeyErrorKind::Base64 => "Key Base64",
            KeyErrorKind::Data => "Key Data",
        },
        Reason::KeyType => "KeyType",
        Reason::KeyHash => "KeyHash",
        Reason::KeyService => "KeyService",
        Reason::KeyExactDomain => "KeyExactDomain",
        Reason::KeyName => "KeyName",
        Reason::Sha1 => "Sha1",
        Reason::KeyTooShort { .. } => "KeyTooShort",
        Reason::KeyTooLarge { .. } => "KeyTooLarge",
        Reason::KeyNumbers => "KeyNumbers",
        Reason::KeyRecordTooLong { .. } => "KeyRecordTooLong",
        Reason::Expired => "Expired",
        Reason::Future => "Future",
        Reason::UncoveredBody => "UncoveredBody",
        Reason::UnsignedDuplicate(_) => "UnsignedDuplicate",
        Reason::Unsigned(_) => "Unsigned",
        Reason::TooManySignatures => "TooManySignatures",
        Reason::TooManyQueries => "TooManyQueries",
        Reason::FieldTooLong => "FieldTooLong",
        Reason::HeaderTooLong => "HeaderTooLong",
        Reason::Dns(_) => "Dns",
        Reason::Pending => "Pending",
        Reason::NotTried => "",
    }
}
/// How many of them a DKIM-Signature can have.
const NAMES: usize = 42;

fn of_the_field() -> Vec<Case> {
    let field = |tag: &str, kind| case(&tags(tag), Reason::Field(kind));
    let without = |tag: &str| tags("x").replace("; x", "").replace(&format!("{tag}; "), "");
    vec![
        field("b", Field::Syntax(TagErrorKind::NoEquals)),
        field("z=1; z=2", Field::Syntax(TagErrorKind::Duplicate)),
        case(&without("d=example.org"), Reason::Field(Field::Missing("d"))),
        field("l=-1", Field::Value("l")),
        field("bh=!", Field::Value("bh")),
        field("v=2", Field::Version),
        field("a=ed25519-sha3", Field::Algorithm),
        field("c=nofws", Field::Canonicalization),
        field("q=http", Field::Query),
        field("h=to", Field::FromNotSigned),
        field("i=@example.com", Field::IdentityOutsideDomain),
        field("t=5; x=5", Field::ExpiresBeforeSigned),
        case(&tags("x=1699999999"), Reason::Expired),
        case(&tags("t=1700000301"), Reason::Future),
        case(&tags("a=rsa-sha1"), Reason::Sha1),
        case(
            &tags(&format!("d={}.example; s={}", ["a"; 100].join("."), ["b"; 30].join("."))),
            Reason::KeyName,
        ),
    ]
}

fn of_the_key() -> Vec<Case> {
    let key = |record: &str, want| case(&tags("t=1"), want).record(record);
    let rsa_tags = tags("a=rsa-sha256");
    let mut none = case(&tags("t=1"), Reason::NoKey);
    none.record = None;
    let odd = |octets: usize| vec![0xff; octets];
    let dns = Temporary::new(TemporaryKind::ServFail);
    vec![
        none,
        key("v=spf1 -all; x", Reason::Key(KeyErrorKind::Syntax(TagErrorKind::NoEquals))),
        key("v=DKIM2; p=AAAA", Reason::Key(KeyErrorKind::Version)),
        key("k=dsa; p=AAAA", Reason::Key(KeyErrorKind::Type)),
        key("v=DKIM1", Reason::Key(KeyErrorKind::NoKey)),
        key("v=DKIM1; p=", Reason::Key(KeyErrorKind::Revoked)),
        key("v=DKIM1; p=!", Reason::Key(KeyErrorKind::Base64)),
        key("v=DKIM1; p=AAAA", Reason::Key(KeyErrorKind::Data)),
        case(&rsa_tags, Reason::KeyType).record(KEY),
        key(&KEY.replace("k=", "h=sha1; k="), Reason::KeyHash),
        key(&KEY.replace("k=", "s=tlsrpt; k="), Reason::KeyService),
        case(&tags("i=@mail.example.org"), Reason::KeyExactDomain).record(&KEY.replace("k=", "t=s; k=")),
        case(&rsa_tags, Reason::KeyTooShort { bits: 1016 }).record(&rsa(odd(127), vec![1, 0, 1])),
        case(&rsa_tags, Reason::KeyTooLarge { bits: 8200 }).record(&rsa(odd(1025), vec![1, 0, 1])),
        case(&rsa_tags, Reason::KeyNumbers).record(&rsa(odd(256), vec![1, 0, 0, 0, 1])),
        case(&rsa_tags, Reason::KeyNumbers).record(&rsa(odd(256), vec![1])),
        case(&rsa_tags, Reason::KeyNumbers).record(&rsa(odd(256), vec![1, 0, 0])),
        case(&rsa_tags, Reason::KeyNumbers).record(&rsa(vec![0xfe; 256], vec![1, 0, 1])),
        key(&format!("{KEY}; n={}", "x".repeat(8192)), Reason::KeyRecordTooLong { bytes: KEY.len() + 8196 }),
        case(&tags("t=1"), Reason::Dns(dns)),
        case(&tags("t=1"), Reason::Pending),
    ]
}

fn of_the_message() -> Vec<Case> {
    let good = signed(&signer());
    let long = signed(&signer().body_length(true));
    let mut limits = Policy::default();
    (limits.limits.signatures, limits.limits.queries) = (1, 1);
    let header = |bytes| {
        let mut policy = Policy::default();
        policy.limits.header_bytes = bytes;
        policy
    };
    let mut short = Policy::default();
    short.limits.signature_bytes = 100;
    let reject = Policy::strict();
    let wants = Policy { require_signed: vec!["X-Other".into()], ..Policy::default() };
    let none = signer().oversign(crate::sign::Oversign::None);
    let (field, _) = good.split_once("\r\nFrom:").unwrap();
    let two = format!("{field}\r\n{good}");
    // The second signature has a selector of its own.
    let other = format!("{field}\r\n{}", good.replacen("s=s;", "s=t;", 1));
    let mut queries = limits.clone();
    queries.limits.signatures = 2;
    let (signed_all, total) = (10, 5);
    vec![
        case(&good.replace("noon", "nine"), Reason::BodyHash),
        case(&good.replace("lunch", "supper"), Reason::Signature),
        case(&good, Reason::Signature).record(KEY),
        case(&long.replace("At noon?", "At "), Reason::BodyTooShort { signed: signed_all, total: total - 1 }),
        case(&format!("{long}more\r\n"), Reason::UncoveredBody).policy(reject.clone()),
        case(
            &signed(&none).replace("Subject: l", "Subject: other\r\nSubject: l"),
            Reason::UnsignedDuplicate("Subject".into()),
        )
        .policy(Policy { uncovered_body: Treat::Report, ..reject }),
        case(&good.replace("\r\nSubject", "\r\nX-Other: 1\r\nSubject"), Reason::Unsigned("X-Other".into()))
            .policy(wants),
        case(&two, Reason::TooManySignatures).policy(limits),
        case(&other, Reason::TooManyQueries).policy(queries),
        case(&good, Reason::FieldTooLong).policy(short),
        case(&good, Reason::HeaderTooLong).policy(header(good.len() - 20)),
    ]
}

#[test]
fn every_reason() {
    let mut seen = BTreeSet::new();
    for case in of_the_field().into_iter().chain(of_the_key()).chain(of_the_message()) {
        let result = case.result();
        let reason = result.reason.clone().unwrap();
        assert_eq!(reason, case.want, "{}", case.message);
        assert_eq!(result.outcome, reason.outcome());
        // The sentence names the section where there is one.
        let told = reason.to_string();
        assert_eq!(reason.section().is_some(), told.contains("RFC "), "{told}");
        assert!(reason.section().is_none_or(|section| told.contains(section)), "{told}");
        let span = result.reason_span.unwrap();
        assert!(
            0 < span.start + span.end && span.start <= span.end && span.end <= case.message.len(),
            "{told} at {span}"
        );
        seen.insert(name(&reason));
    }
    assert_eq!(seen.len(), NAMES, "{seen:?}");
}

/// DNS trouble is no verdict (RFC 6376 6.1.2), even where the body tells that there is no hope.
#[test]
fn dns_trouble_is_temporary() {
    let dns = Temporary::new(TemporaryKind::ServFail);
    let result = case(&signed(&signer()).replace("noon", "nine"), Reason::Dns(dns)).result();
    assert_eq!((result.outcome, result.body_ok), (Outcome::TempError, Some(false)));
}

#[test]
fn limits_are_what_is_still_allowed() {
    let mut zone = Zone::new();
    // A record of as many octets as are read.
    let padded = format!("{}; n=", record());
    let most = Policy::default().limits.key_bytes;
    zone.add_txt("s._domainkey.example.org", format!("{padded}{}", "x".repeat(most - padded.len()))).unwrap();
    let message = signed(&signer().expire_in(600));
    let reason = |now| {
        let found = verify(message.as_bytes(), &zone, &Policy::default(), now);
        found.signatures.into_iter().next().unwrap().reason
    };
    // RFC 6376 3.5: x= is past only when a later second has begun; t= may be ahead by the skew.
    assert_eq!((reason(NOW + 600), reason(NOW + 601)), (None, Some(Reason::Expired)));
    let skew = Policy::default().clock_skew;
    assert_eq!((reason(NOW - skew), reason(NOW - skew - 1)), (None, Some(Reason::Future)));
}
